"""The near side of a warm process: start it, give it jobs, notice whatever becomes of them."""

from __future__ import annotations

import atexit
import os
import secrets
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orr
from orr.engine import can_fork, wire
from orr.engine.child import Job
from orr.engine.forking import CANNOT_FORK, INTERRUPT, STATUS

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
GRACE = 5.0
LOOK = 0.5
"""How often, in seconds, a deadline is looked at."""


Ends = tuple[socket.socket, socket.socket]
"""Our ends of the two sockets of a child: data and status."""


class Lost(Exception):  # noqa: N818 - it says what happened
    """A job without an answer.

    Attributes
    ----------
    exitcode
        How its process ended; a signal is negative. None where nobody saw it.
    late
        Whether it was killed at its deadline.
    """

    def __init__(self, exitcode: int | None, late: bool = False) -> None:
        super().__init__(f"the process ended with {exitcode}")
        self.exitcode, self.late = exitcode, late


class CannotFork(Exception):  # noqa: N818 - a fact, not a mistake
    """No process can be forked: not on this system, or not beside a thread that something begins in every Python."""

    def __init__(self) -> None:
        super().__init__("processes cannot be forked here; use --engine papermill")


class Crashed(Exception):  # noqa: N818 - it says what happened
    """A job raised something that cannot travel; `kind` and `says` are its name and words."""

    def __init__(self, kind: str, says: str) -> None:
        super().__init__(kind, says)
        self.kind, self.says = kind, says


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
        self._under_way: set[_Waiting] = set()
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
                (data, status), its = self._resting.pop()
                if its == environment and _is_waiting(data):
                    return data, status
                data.close()
                status.close()
        return None

    def _try(self, job: Job, ends: Ends, seconds: float | None, on_event: Callable[[Any], float | None] | None) -> Any:
        waiting = _Waiting(job, *ends, seconds, on_event)
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
                    for end in ends:
                        end.close()

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
            for end in ends:
                end.close()
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
        command = [sys.executable, "-P", "-m", "orr.warming", self.purpose, str(far.fileno()), str(self._folder)]
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


class Running:
    """A job that nobody waits for.

    Parameters
    ----------
    data, status
        Our ends of its sockets.
    """

    def __init__(self, data: socket.socket, status: socket.socket) -> None:
        self.data, self._status = data, status
        self._exitcode: int | None = None

    def fileno(self) -> int:
        """What becomes readable at its end."""
        return self._status.fileno()

    def exitcode(self) -> int | None:
        """How it ended; None while it runs."""
        if self._exitcode is None:
            try:
                told = self._status.recv(STATUS.size, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except OSError:
                told = b""
            # Where nobody saw its end, its parent died, and it with it.
            self._exitcode = int(STATUS.unpack(told)[0]) if len(told) == STATUS.size else -signal.SIGKILL
        if self._exitcode == CANNOT_FORK:
            raise CannotFork
        return self._exitcode

    def interrupt(self) -> None:
        """Interrupt it."""
        with suppress(OSError):
            self._status.sendall(INTERRUPT)

    def kill(self) -> None:
        """Kill it."""
        with suppress(OSError):
            self._status.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Forget it, which kills it."""
        self.data.close()
        self._status.close()


class _Waiting:
    """Waits for one job."""

    def __init__(
        self,
        job: Job,
        data: socket.socket,
        status: socket.socket,
        seconds: float | None,
        on_event: Callable[[Any], float | None] | None,
    ) -> None:
        self._job = job
        self._data, self._status, self._on_event = data, status, on_event
        self._until = None if seconds is None else time.monotonic() + seconds
        self._until_event: float | None = None
        self._reader = wire.Reader(job.token)
        self._answer: tuple[str, Any] | None = None
        self._interrupted = self._late = False

    @property
    def stays(self) -> bool:
        """Whether its child waits for another job."""
        return self._answer is not None and self._answer[0] == "stays" and not (self._interrupted or self._late)

    def interrupt(self) -> None:
        """Let it clean up after itself; kill it if it takes too long."""
        self._interrupted = True
        self._ask_to_end()

    def _ask_to_end(self) -> None:
        self._until, self._until_event = time.monotonic() + GRACE, None
        with suppress(OSError):
            self._status.sendall(INTERRUPT)

    def outcome(self) -> Any:
        try:
            with suppress(OSError):  # a process that is gone already tells so on the other socket
                wire.send(self._data, self._job)
            exitcode = self._ended()
        except KeyboardInterrupt:
            self.interrupt()
            self._ended()
            raise
        if self._interrupted:
            raise KeyboardInterrupt
        if exitcode == CANNOT_FORK:
            raise CannotFork
        if self._answer is None or self._late:
            raise Lost(exitcode, self._late)
        how, what = self._answer
        if how == "interrupted":
            raise KeyboardInterrupt
        if how == "crashed":
            raise Crashed(*what)
        if how == "raised":
            raise what
        return what

    def _ended(self) -> int | None:
        """Read what the child says until its parent has buried it; give its exit code."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._data, selectors.EVENT_READ)
            selector.register(self._status, selectors.EVENT_READ)
            while True:
                if self.stays:
                    return None
                ready = {key.fileobj for key, _ in selector.select(LOOK)}
                if self._data in ready and not self._read():
                    selector.unregister(self._data)
                elif self._status in ready and self._data not in ready:
                    # All that it said was there before its parent could tell of its end.
                    told = self._status.recv(STATUS.size)
                    return int(STATUS.unpack(told)[0]) if len(told) == STATUS.size else None
                ends = [end for end in (self._until, self._until_event) if end is not None]
                if ends and time.monotonic() >= min(ends) and not ready:
                    if self._late or self._interrupted:
                        self._until = self._until_event = None
                        with suppress(OSError):
                            self._status.shutdown(socket.SHUT_WR)
                    else:
                        self._late = True
                        self._ask_to_end()

    def _read(self) -> bool:
        try:
            piece = self._data.recv(wire.CHUNK)
            said = self._reader.feed(piece)
        except (OSError, wire.Garbled):
            return False
        for how, what in said:
            if how == "event":
                more = self._on_event(what) if self._on_event is not None else None
                self._until_event = None if more is None else time.monotonic() + more
            else:
                self._answer = (how, what)
        return bool(piece)


def _is_waiting(data: socket.socket) -> bool:
    """Whether a child waits for another job at the far end: it says nothing, and has not ended."""
    try:
        data.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def _environment(folder: Path) -> dict[str, str]:
    environment = dict(os.environ)
    environment.update(dict.fromkeys(ONE_THREAD, "1"))
    environment["IPYTHONDIR"] = str(folder / "ipython")
    source = str(Path(orr.__file__).parent.parent)
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
