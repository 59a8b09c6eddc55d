"""The fleet, its history and an impact as text and JSON."""
