"""The near side of a warm process: start it, give it jobs, notice whatever becomes of them."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from orr.execution.engines import can_fork, wire
from orr.execution.engines.child import Job
from orr.execution.engines.job import GRACE, CannotFork, Crashed, Ends, Lost, Running, Waiting, close, is_waiting

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Warm:
    """A warm process and the jobs that it forks.

    It is started by the first job and ends with `close`, or with this process. Any thread
    may call.

    Parameters
    ----------
    purpose
        What it is warm for: `worker` or `kernel`.
    workspace
        The workspace that most of its jobs will be about, where it is known: what its workloads share is
        then read once.
    """

    def __init__(self, purpose: str = "worker", workspace: Path | None = None) -> None:
        self.purpose, self._workspace = purpose, workspace
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._folder: Path | None = None
        self._under_way: set[Waiting] = set()
        self._resting: list[tuple[Ends, dict[str, str]]] = []

    @property
    def pid(self) -> int | None:
        """The warm process, where there is one."""
        return self._process.pid if self._process is not None else None

    def call(
        self,
        work: Callable[..., Any],
        *arguments: Any,
        seconds: float | None = None,
        stand: str | None = None,
        on_event: Callable[[Any], float | None] | None = None,
        fresh: bool = True,
        **keywords: Any,
    ) -> Any:
        """Do work in a child, and wait for what it returns or raises.

        Parameters
        ----------
        work
            A function of a module.
        arguments, keywords
            What it is called with.
        seconds
            How long it may take; then it is killed.
        stand
            The folder it stands in; an empty one where none is said.
        on_event
            Called with what the child tells before its answer; what it returns is how
            many seconds may pass from now until it tells more.
        fresh
            Whether it has a child of its own. Else it may be one that did such work before and said that
            this left nothing (`Here.left_nothing`); what does not end well there is done once more in a fresh one.

        Raises
        ------
        Lost
            If its process ended without an answer, or was killed at its deadline.
        Crashed
            If it raised what cannot travel between processes.
        CannotFork
            If there can be no such child.
        KeyboardInterrupt
            If it was interrupted.
        """
        job = Job(secrets.token_bytes(16), work, arguments, keywords, dict(os.environ), stand, not fresh)
        used = None if fresh else self._rested(job.environment)
        if used is not None:
            try:
                return self._try(job, used, seconds, on_event)
            except Lost as lost:
                if lost.late:
                    raise
            except Exception:  # noqa: S110 - a fresh child tells whether it is the work that raises it
                pass
        process = None
        try:
            with self._lock:
                self._start()
                process = self._process
            return self._try(job, self._fork(), seconds, on_event)
        except Lost as lost:
            if lost.exitcode is not None or lost.late:
                raise
            # The warm process died beside it, which says nothing of this job.
            with self._lock:
                if self._process is process and process is not None:
                    process.kill()
                    process.wait()
            return self._try(job, self._fork(), seconds, on_event)

    def scratch(self) -> Path:
        """A folder for what the caller makes for a while: it goes with the process, also where the caller is killed."""
        with self._lock:
            self._start()
            assert self._folder is not None
            folder = self._folder / "scratch"
            folder.mkdir(exist_ok=True)
        return folder

    def begin(
        self, work: Callable[..., Any], *arguments: Any, environment: dict[str, str], stand: str | None = None
    ) -> Running:
        """Begin work in a child of its own, without waiting for it.

        Parameters
        ----------
        work
            A function of a module, of which only its end is of interest.
        arguments
            What it is called with.
        environment
            Its environment.
        stand
            The folder it stands in; an empty one where none is said.
        """
        running = Running(*self._fork())
        with suppress(OSError):
            wire.send(running.data, Job(secrets.token_bytes(16), work, arguments, {}, environment, stand))
        return running

    def _fork(self) -> Ends:
        """Ask for a child; give our ends of its sockets."""
        data, far_data = socket.socketpair()
        status, far_status = socket.socketpair()
        with self._lock, far_data, far_status:
            self._start()
            assert self._control is not None
            with suppress(OSError):  # the ends that are not taken are closed: whoever waits notices
                socket.send_fds(self._control, [b"j"], [far_data.fileno(), far_status.fileno()])
        return data, status

    def _rested(self, environment: dict[str, str]) -> Ends | None:
        """Our ends of the sockets of a child that waits for another job, where there is one."""
        with self._lock:
            while self._resting:
                ends, its = self._resting.pop()
                if its == environment and is_waiting(ends):
                    return ends
                close(ends)
        return None

    def _try(self, job: Job, ends: Ends, seconds: float | None, on_event: Callable[[Any], float | None] | None) -> Any:
        waiting = Waiting(job, *ends, seconds, on_event)
        with self._lock:
            self._under_way.add(waiting)
        try:
            return waiting.outcome()
        finally:
            with self._lock:
                self._under_way.discard(waiting)
                if waiting.stays and self._process is not None:
                    self._resting.append((ends, job.environment))
                else:
                    close(ends)

    def interrupt(self) -> None:
        """Interrupt every job: each cleans up after itself, and is killed if it takes too long."""
        with self._lock:
            for waiting in self._under_way:
                waiting.interrupt()

    def close(self) -> None:
        """End the process, and every job with it."""
        with self._lock:
            process, control, folder = self._process, self._control, self._folder
            self._process = self._control = self._folder = None
            self._rest_no_more()
        if control is not None:
            control.close()
        if process is not None:
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _rest_no_more(self) -> None:
        for ends, _ in self._resting:
            close(ends)
        self._resting.clear()

    def _start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._rest_no_more()
        if self._folder is not None:  # it was killed
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._control is not None:
            self._control.close()
        if not can_fork():
            raise CannotFork
        self._folder = Path(tempfile.mkdtemp(prefix="orr-"))
        self._control, far = socket.socketpair()
        command = [sys.executable, "-P", "-m", "orr.report.warming", self.purpose, str(far.fileno()), str(self._folder)]
        if self._workspace is not None:
            command.append(str(self._workspace.absolute()))
        with far:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.DEVNULL,
                stdout=2,
                pass_fds=[far.fileno()],
                env=_environment(self._folder),
                cwd=self._folder,
                start_new_session=True,  # ^C reaches a whole group: it hears of one from us alone
            )


def _environment(folder: Path) -> dict[str, str]:
    environment = dict(os.environ)
    environment.update(dict.fromkeys(ONE_THREAD, "1"))
    environment["IPYTHONDIR"] = str(folder / "ipython")
    source = str(Path(__file__).parents[3])
    if source not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        # Run from its sources: it must find the same ones.
        before = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([source, before] if before else [source])
    return environment


_shared: dict[str, Warm] = {}
_shared_lock = threading.Lock()
_owner = os.getpid()


def shared(purpose: str = "worker", workspace: Path | None = None) -> Warm:
    """The warm process of this one, for all its threads; it ends with it.

    Parameters
    ----------
    purpose, workspace
        As `Warm` takes them; once it is there, its workspace stays.
    """
    global _owner
    with _shared_lock:
        if os.getpid() != _owner:  # a fork has the sockets of its parent, but they are not its own
            _shared.clear()
            _owner = os.getpid()
        if not _shared:
            atexit.register(close_shared)
        return _shared.setdefault(purpose, Warm(purpose, workspace))


def close_shared() -> None:
    """End the warm processes of this one."""
    with _shared_lock:
        ending = list(_shared.values()) if os.getpid() == _owner else []
        _shared.clear()
    for warm in ending:
        warm.close()


def interrupt_shared() -> None:
    """Interrupt the jobs of all warm processes of this one."""
    for warm in list(_shared.values()):
        warm.interrupt()


__all__ = ["CannotFork", "Crashed", "Lost", "Running", "Warm", "close_shared", "interrupt_shared", "shared"]
