"""The commands, one file each; a file is loaded when its command is called."""
