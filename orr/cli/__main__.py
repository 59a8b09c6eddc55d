"""`python -m orr.cli`."""

from orr.cli import run

run()
