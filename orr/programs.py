"""Programs that this process started and that must not outlive it, each with all that it started itself."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess

started: set[subprocess.Popen[bytes]] = set()
"""Those that are not known to have ended; each leads a session of its own."""


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
