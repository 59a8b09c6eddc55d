"""Processes of this machine, for tests that start and interrupt some."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil


def children(pid: int) -> list[int]:
    """List the processes below another, those of its children included."""
    return [process.pid for process in psutil.Process(pid).children(recursive=True)]


def runs_still(pid: int) -> bool:
    """Whether a process is there and does not only wait to be reaped."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(what: str, condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so; it fails with what was waited for."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.01)
