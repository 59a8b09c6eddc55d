"""Run the command line: `python -m orr`."""

from orr.cli import run

run()
