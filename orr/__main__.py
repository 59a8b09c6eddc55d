"""`python -m orr`."""

from orr.cli import run

run()
