"""The kinds of check that come with orr, one file or folder each."""
