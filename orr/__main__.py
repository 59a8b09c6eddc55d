"""Run the command line: `python -m orr`."""

import os.path
import sys

# Python looks into the current folder first; unless orr itself lies there, nothing that does is to be imported.
if not sys.flags.safe_path and sys.path[0] != os.path.dirname(os.path.dirname(__file__)):  # noqa: PTH120 - as it is
    del sys.path[0]

from orr.cli import run

run()
