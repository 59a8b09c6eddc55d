"""Workers as their caller has them: started, given jobs, and ended with all that they began.

Where there is a fork server, a supervisor stands between: a program that executes nothing, so it can be relied on
whatever workers do. It is asked for one by a byte with two sockets: `data` becomes the worker's; on `status` the
caller says in how many seconds it is to end (None: not at all), and hears how it did when all that it began is gone.
What a worker leaves becomes a child of the supervisor, even if it leads a session.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import pickle
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.util import get_temp_dir
from pathlib import Path
from typing import Any

from orr.execution.engines.worker import OUTDATED, Job, live
from orr.system import processes

GRACE, LAST = 5.0, 2.0  # how many seconds a worker may take to clean up, and how many what it left has to be gone
LONGEST = 70  # how long the name of a folder may be in which sockets are made
NOT_STARTED, UNSEEN = 1 << 16, 255  # exit codes where nothing was started, and where its fork server died, or its own
WATCH = "orr-watch"  # the name of threads that watch workers
PROGRAM = "from orr.execution.engines.workers import supervise; supervise()"
# With these variables no library begins a thread in a fork server that loads it.
QUIET = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
QUIET["JE_ARROW_MALLOC_CONF"] = "background_thread:false"

_shared: dict[tuple[int, str, bool], Workers] = {}
_lock = threading.Lock()  # held where `multiprocessing` looks how processes ended, which it can read only once
_adopts = False  # whether this process is a supervisor, and the parent of what workers leave


class Lost(Exception):
    """Job without an answer, with its exit code if known; `late` at its deadline."""

    def __init__(self, exitcode: int | None, late: bool = False) -> None:
        super().__init__(f"the process ended with {exitcode}")
        self.exitcode, self.late = exitcode, late


class CannotFork(Exception):
    """No worker can be started, mostly since a thread begins in every Python."""


class Worker:
    """Our ends of a worker's connections, and the variables that its jobs see."""

    def __init__(self, data: Any, status: Any, environment: dict[str, str]) -> None:
        self._data, self._status, self.environment = data, status, environment
        self.stays = self._interrupted = False

    def do(self, job: Job, seconds: float | None, on_event: Callable[[Any], float | None]) -> Any:
        """Have a job done, as `Workers.call` describes it."""
        how: str = "gone"
        what: Any = None
        try:
            self._end_in(seconds)
            with suppress(OSError, EOFError):
                self._data.send(job)
                while (part := self._data.recv_bytes()).startswith(job.token):  # anybody may have written there
                    how, what = pickle.loads(part[len(job.token) :])  # noqa: S301 - it bears our token
                    if how != "event":
                        break
                    self._end_in(on_event(what))
        except KeyboardInterrupt:
            self.interrupt()
        self.stays = how == "stays" and not self._interrupted
        if self.stays:
            self._end_in(None)
            return what
        exitcode, late = self.end()
        if self._interrupted:
            raise KeyboardInterrupt
        if exitcode == NOT_STARTED:
            raise CannotFork("processes cannot be forked here; use --engine papermill")
        if how not in ("value", "raised") or late:
            raise Lost(exitcode, late)
        if how == "raised":
            raise what
        return what

    def end(self) -> tuple[int | None, bool]:
        """Reap it and all that it started; return exit code and whether late."""
        self._data.close()
        with self._status, suppress(OSError, EOFError):
            return self._status.recv()  # type: ignore[no-any-return]
        return None, False

    def interrupt(self) -> None:
        """Interrupt its job, to let it clean up; kill it if that takes long."""
        self._interrupted = True
        self._end_in(0)

    def _end_in(self, seconds: float | None) -> None:
        with suppress(OSError):  # it has ended
            self._status.send(seconds)


class Workers:
    """The workers of this process: they end with `close`, or with it. Any thread may call.

    The fork server loads the module `preload`, so that no worker has to. Where nothing `forks`, as on Windows, there
    is none: each worker is started anew, and watched from here.
    """

    def __init__(self, preload: str, *, forks: bool = os.name == "posix") -> None:
        self._preload, self._forks, self._lock = preload, forks, threading.RLock()
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._home, self._busy, self._idle = "", set[Worker](), list[Worker]()

    def call(
        self,
        work: Callable[..., Any],
        *arguments: Any,
        seconds: float | None = None,
        stand: str | None = None,
        on_event: Callable[[Any], float | None] = lambda _: None,
        fresh: bool = True,
    ) -> Any:
        """Call a function in a worker; return or raise what it returns or raises.

        It may take so many seconds, and stands in the folder `stand`, or in an empty one. `on_event` is called with
        what it sends before its answer, and returns how many seconds may pass until it sends more. If it need not be
        a fresh process, it may be one that did such work before and said that this left nothing (`Here.left_nothing`);
        what does not end well there is done once more in a fresh one. `Lost`, `Crashed` or `CannotFork` is raised if
        there is no answer, none that can travel, or nothing that can answer, KeyboardInterrupt if it was interrupted.
        """
        job = Job(secrets.token_bytes(16), partial(work, *arguments), dict(os.environ), stand, not fresh)
        for attempt in ("used", "fresh", "again")[int(fresh) :]:
            worker = self._rested(job.environment) if attempt == "used" else self._fresh(job.environment)
            if worker is None:
                continue
            self._busy.add(worker)
            try:
                return worker.do(job, seconds, on_event)
            except Exception as error:
                code, late = (error.exitcode, error.late) if isinstance(error, Lost) else (0, False)
                # A fresh process shows whether it is the work that fails; an end that nobody saw says nothing of it.
                if late or attempt == "again" or (attempt == "fresh" and code not in (None, UNSEEN, OUTDATED)):
                    raise
                if code == OUTDATED:
                    self.close()
            finally:
                self._busy.discard(worker)
                self._idle += [worker] * worker.stays
        raise AssertionError("the last attempt returns or raises")

    def _rested(self, environment: dict[str, str]) -> Worker | None:
        """Take a worker that waits for another job, or did until now."""
        with suppress(IndexError):
            while (worker := self._idle.pop()).environment != environment:
                worker.end()
            return worker
        return None

    def _fresh(self, environment: dict[str, str]) -> Worker:
        """Start a worker."""
        (data, far_data), (status, far_status) = multiprocessing.Pipe(), multiprocessing.Pipe()
        with self._lock:
            if self._forks:
                with far_data, far_status, suppress(OSError):  # ends that nobody takes are closed, which is noticed
                    socket.send_fds(self._supervised(), [b"w"], [far_data.fileno(), far_status.fileno()])
            else:
                self._home = self._home or tempfile.mkdtemp(prefix="orr-", dir=processes.scratch)
                _start("spawn", far_data, far_status, self._home)
        return Worker(data, status, environment)

    def _supervised(self) -> socket.socket:
        """Start a supervisor where there is none; give the socket on which it is asked."""
        if self._supervisor is None or self._supervisor.poll() is not None:
            self.close()
            home = self._home = tempfile.mkdtemp(prefix="orr-", dir=processes.scratch)
            places = {"TMPDIR": home if len(home) <= LONGEST else "/tmp", "IPYTHONDIR": f"{home}/ipython"}  # noqa: S108
            self._control, far = socket.socketpair()
            with far:
                self._supervisor = subprocess.Popen(  # noqa: S603 - our own module
                    [sys.executable, "-P", "-c", PROGRAM, str(far.fileno()), home, self._preload],
                    stdin=subprocess.DEVNULL,
                    stdout=2,
                    pass_fds=[far.fileno()],
                    env={**os.environ, **processes.python_path(), **QUIET, **places},
                    cwd=home,
                    start_new_session=True,  # ^C reaches a whole group: jobs get one from us alone
                )
        assert self._control is not None
        return self._control

    def interrupt(self) -> None:
        """Interrupt every job: each cleans up after itself, and is killed if it takes too long."""
        for worker in [*self._busy]:
            worker.interrupt()

    def close(self) -> None:
        """End every worker, and all that they began."""
        with self._lock:
            self._rested({})
            if self._supervisor is not None and self._control is not None:
                self._control.close()
                with suppress(subprocess.TimeoutExpired):
                    self._supervisor.wait(2 * GRACE)
                self._supervisor.kill()
                self._supervisor.wait()
            if self._home:
                shutil.rmtree(self._home, ignore_errors=True)
            self._supervisor, self._home = None, ""


def shared(preload: str = "orr.execution.engines.preload", *, forks: bool = os.name == "posix") -> Workers:
    """Give the workers of this process that have such a preload, for all its threads."""
    key = os.getpid(), preload, forks  # a fork has the ends of its parent, but they are not its own
    if key not in _shared:
        workers = _shared[key] = Workers(preload, forks=forks)
        atexit.register(_close, key[0], workers)
    return _shared[key]


def _close(pid: int, workers: Workers) -> None:
    if os.getpid() == pid:
        workers.interrupt()  # whatever still runs is a thread's that nobody waits for
        workers.close()


def supervise() -> None:
    """Start what a caller asks for, until it is gone, and its workers."""
    global _adopts
    control, home = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    tries = 2 if processes.threads() == 1 else 0  # something begins them in every Python: nothing is forked beside them
    _adopts = processes.prctl(processes.PR_SET_CHILD_SUBREAPER, 1)
    multiprocessing.set_forkserver_preload([sys.argv[3]])
    with suppress(OSError):
        while sockets := socket.recv_fds(control, 1, 2)[1]:
            _start("forkserver", Connection(sockets[0]), Connection(sockets[1]), home, tries)
    for thread in threading.enumerate():
        if thread.name == WATCH:
            thread.join()
    for folder in (home, get_temp_dir()):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # what libraries would do at the end, they would do in folders that are gone


def _start(method: str, data: Any, status: Any, home: str, tries: int = 1) -> None:
    """Start a worker by a method of `multiprocessing`, and a thread that watches it."""
    folder, context = tempfile.mkdtemp(dir=home), multiprocessing.get_context(method)
    with data:
        for _ in range(tries):
            process = context.Process(target=live, args=(data, Path(folder), method == "forkserver"))  # type: ignore[attr-defined]
            with suppress(OSError, EOFError, AssertionError), _lock:  # a daemon may have no children
                with processes.safe_path():
                    process.start()
                threading.Thread(target=_watch, args=(process, status, folder), name=WATCH, daemon=True).start()
                return
    with status:
        status.send((NOT_STARTED, False))


def _watch(process: Any, status: Any, folder: str) -> None:
    until, late, ended = None, False, process.sentinel
    with suppress(OSError, EOFError):  # else the caller is gone
        while ended not in (ready := wait([ended, status], until and max(0, until - time.monotonic()))):
            if status in ready:
                seconds = status.recv()
                until = None if seconds is None else time.monotonic() + seconds
            elif late:
                break
            else:
                late, until = True, time.monotonic() + GRACE
                os.kill(process.pid, signal.SIGINT)
    if not wait([ended], 0):
        processes.kill(process)
        wait([ended])
    with _lock:
        process.join()
    code = process.exitcode
    processes.kill(process)  # its group may have outlived it
    until = time.monotonic() + LAST
    while _adopts and (left := processes.strays()) and time.monotonic() < until:
        for pid in left:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.002)
    shutil.rmtree(folder, ignore_errors=True)
    with status, suppress(OSError):
        status.send((code, late))
