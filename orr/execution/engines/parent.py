"""The warm process: it has loaded everything, executes nothing, and forks the children that do the jobs.

It runs as `python -m orr.report.warming PURPOSE CONTROL FOLDER [WORKSPACE]` and has a single thread for
as long as it lives: forking beside another thread copies locks that nobody will release. It reads
no job; the child does. So nothing of one job is ever in the process that the next one is copied
from.

A child is asked for on the control socket by one byte with two sockets. On `data` it reads its job
and answers; where that left nothing, it waits for another there. On `status` the caller may send
`INTERRUPT` (the child gets SIGINT), and ends the child by closing its side (SIGKILL); when it is
gone, its exit status comes back there. If the caller dies, every socket closes: all children are
killed and the folder is removed. Where something else has begun a thread, as agents do that are
loaded into every Python, there is no child, and `CANNOT_FORK` comes back in place of its exit status.
"""

from __future__ import annotations

import gc
import os
import selectors
import shutil
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from orr.execution.engines import threads
from orr.execution.engines.child import PR_SET_CHILD_SUBREAPER, live, prctl

INTERRUPT = b"i"
STATUS = struct.Struct("!i")
CANNOT_FORK = 1 << 16
"""No process ends with this status."""
READY = b"r"
LAST = 2.0
"""In seconds: how long the last processes have to be gone."""


@dataclass
class Child:
    """A job under way."""

    pid: int
    status: socket.socket
    folder: Path


class Forking:
    """Forks children, ends them and buries them."""

    def __init__(self, control: socket.socket, folder: Path, purpose: str, *, alone: bool = True) -> None:
        self._control, self._folder, self._purpose, self._alone = control, folder, purpose, alone
        self._children: dict[int, Child] = {}
        self._count = 0
        self._ended = 0
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._job)
        # A child's end wakes the loop through a pipe.
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        # Programs that a child leaves become this process's own, even those that lead a session.
        prctl()(PR_SET_CHILD_SUBREAPER, 1)
        self._wake = reading
        self._selector.register(reading, selectors.EVENT_READ, self._bury)

    def run(self) -> None:
        """Work until the caller is gone."""
        self._control.sendall(READY)
        while not self._ended or self._children:
            for key, _ in self._selector.select():
                if isinstance(key.data, Child):
                    self._told(key.data)
                else:
                    key.data()
        until = time.monotonic() + LAST
        while self._end_what_is_left() and time.monotonic() < until:
            time.sleep(0.01)

    def _job(self) -> None:
        try:
            asked, sockets, _, _ = socket.recv_fds(self._control, 1, 2)
        except OSError:
            asked, sockets = b"", []
        if not asked:
            self._ended = 1
            self._selector.unregister(self._control)
            for child in self._children.values():
                _kill(child.pid)
            return
        data, status = (socket.socket(fileno=number) for number in sockets)
        if not self._alone or threads() != 1:
            with data, status, suppress(OSError):
                status.sendall(STATUS.pack(CANNOT_FORK))
            return
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_child(data, folder, parent)
        data.close()
        child = Child(pid, status, folder)
        self._children[pid] = child
        self._selector.register(status, selectors.EVENT_READ, child)

    def _become_child(self, data: socket.socket, folder: Path, parent: int) -> NoReturn:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        live(data, folder, parent, self._purpose)

    def _told(self, child: Child) -> None:
        if self._children.get(child.pid) is not child:
            return  # it was buried by what was heard in the same moment
        try:
            said = child.status.recv(1)
        except OSError:
            said = b""
        if said == INTERRUPT:
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGINT)
            return
        self._selector.unregister(child.status)
        _kill(child.pid)

    def _bury(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._wake, 1 << 12)
        for child in list(self._children.values()):
            pid, ended = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            del self._children[pid]
            # What it began and left behind goes with it: it led a group of its own.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            with suppress(KeyError, ValueError):
                self._selector.unregister(child.status)
            _remove(child.folder)
            with suppress(OSError):
                child.status.sendall(STATUS.pack(os.waitstatus_to_exitcode(ended)))
            child.status.close()
        self._end_what_is_left()

    def _end_what_is_left(self) -> bool:
        """End what children that are gone began, which is whatever else is a child of this process; was there any."""
        left = _children() - self._children.keys()
        for pid in left:
            _kill(pid)
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # else its end wakes the loop, which looks for what it began in turn
        return bool(left)


def _children() -> set[int]:
    """All children of this process; none where the system does not tell."""
    try:
        told = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return set()
    return set(map(int, told.split()))


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)  # by itself too: it may not lead its group yet
        os.killpg(pid, signal.SIGKILL)


def _remove(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)


def main(load: Callable[[str, Path, Path | None], None]) -> None:
    """Load, then fork for as long as the caller lives.

    Parameters
    ----------
    load
        Loads what a purpose needs, and what the jobs of a workspace share; it may use a private folder.
    """
    purpose, control, folder = sys.argv[1], socket.socket(fileno=int(sys.argv[2])), Path(sys.argv[3])
    workspace = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C is for the caller, who tells us what it means
    ended = 1
    alone = threads() == 1
    try:
        gc.disable()  # what is loaded stays, and to look for garbage takes a tenth of the time
        if alone:  # else nothing will ever be forked
            load(purpose, folder, workspace)
        prctl()
        gc.freeze()  # so that no child has to copy a page only because it looked for garbage
        gc.enable()
        Forking(control, folder, purpose, alone=alone).run()
        ended = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(ended)  # what libraries would do at the end, they would do in a folder that is gone
