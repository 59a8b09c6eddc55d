"""The folder that holds `orr.yaml`: find, read, check and save its files."""
