"""Engines of papermill that start no new Python for each notebook.

`orr-worker` executes the cells in a child of a warm process, `orr-kernel` in a whole Jupyter
kernel that was forked from one; `papermill` is the one that papermill uses by itself. They are
entry points of papermill, so `papermill --engine orr-worker` works without the rest of orr.
The verdict never depends on which of them ran a notebook.
"""

from __future__ import annotations

import os
import sys
import threading

WORKER = "orr-worker"
KERNEL = "orr-kernel"
STOCK = "papermill"
ENGINES = (WORKER, KERNEL, STOCK)

TIMEOUT = 600.0
"""How many seconds a notebook may take where nobody says otherwise."""


def can_fork() -> bool:
    """Whether processes of this machine may be forked safely.

    macOS has the call, but its own libraries do not survive it.
    """
    return sys.platform == "linux"


def threads() -> int:
    """How many threads this process has, those of C libraries included."""
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - no objects are needed
    except OSError:
        return threading.active_count()


def engine_or_default(asked: str | None) -> str:
    """The engine to use: the one that was asked for, else the quickest that works here.

    Raises
    ------
    ValueError
        If there is none of this name.
    """
    if asked is None:
        return WORKER if can_fork() else STOCK
    if asked not in ENGINES:
        raise ValueError(f"{asked!r} is not one of {', '.join(ENGINES)}")
    return asked
