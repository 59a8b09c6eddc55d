"""Processes of this machine, for tests that start and interrupt some."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    direct = [int(word) for word in listed.split()]
    return direct + [below for child in direct for below in children(child)]


def runs_still(pid: int) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())  # nothing where it only waits to be buried
    except OSError:
        return False


def wait_for(what: str, condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so; it fails with what was waited for."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.01)
