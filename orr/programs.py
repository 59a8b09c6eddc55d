"""What this process started and made for a while, and must not outlive it: programs, and temporary folders."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import tempfile
from pathlib import Path

scratch: str | None = None
"""Where temporary folders are made; None for where the system has them.

In a process that may be killed at any moment it is a folder that whoever forked it removes.
"""

started: set[subprocess.Popen[bytes]] = set()
"""Those that are not known to have ended; each leads a session of its own."""


def temporary_folder(within: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """Make a folder that is gone at the end.

    Parameters
    ----------
    within
        Where; else in `scratch`.
    """
    return tempfile.TemporaryDirectory(prefix="orr-", dir=within or scratch, ignore_cleanup_errors=True)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a program and its group, which outlives its first process."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


@atexit.register
def end_all() -> None:
    """End all of them, as at the end of a process that was interrupted; one that `os._exit` ends must call it."""
    for process in list(started):
        kill(process)
