"""The life of a forked child: from a clean state to an answer, and on to another where the work before left nothing.

Whether it did is for the work to say, and looked at besides: the environment, the folders, what was
opened, begun or built in must be as they were.
"""

from __future__ import annotations

import builtins
import gc
import os
import random
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from orr.execution.engines import state, threads, wire
from orr.system import processes

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
CANNOT_ANSWER = 70
MOST = 100
"""How many jobs a child does at most."""
PATIENCE = 2.0
"""How many seconds it waits for another."""


@dataclass(frozen=True)
class Job:
    """What a child is asked to do.

    Attributes
    ----------
    token
        What its answer must bear, so that no stray byte is taken for one.
    work, arguments
        A function of a module, and what it is called with.
    environment
        That of the caller.
    stand
        The folder to stand in; None for an empty one.
    another
        Whether the child may do another job of this caller after it.
    """

    token: bytes
    work: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    stand: str | None = None
    another: bool = False


RARELY = (50_000, 20, 100)
"""A child lives so shortly that looking for garbage mostly finds none."""


def live(data: socket.socket, folder: Path, parent: int, purpose: str) -> NoReturn:
    """Do the job that comes over `data`, answer, and end, or do another that may follow it.

    Parameters
    ----------
    data
        Where the job comes from and the answer goes to.
    folder
        An empty folder, which the parent removes.
    parent
        The process that forked this one, whose end is this one's too.
    purpose
        What this process is warm for.
    """
    ended = CANNOT_ANSWER
    try:
        _be_alone(data, parent)
        processes.scratch = str(folder)
        job: Job = wire.receive(data)
        _start_afresh(job, folder, purpose)
        before = _surroundings(folder) if job.another else None
        for left in reversed(range(MOST)):
            following = _another(data) if _do(job, data, folder, before if left else None) else None
            if following is None:
                break
            job = following
            _start_over(purpose)
        ended = 0
    except KeyboardInterrupt:
        pass  # between its work and its answer; the caller knows why
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        processes.end_all()
        # No handler of the parent may run here, nor any thread hold this process back.
        os._exit(ended)


def _do(job: Job, data: socket.socket, folder: Path, before: tuple[object, ...] | None) -> bool:
    """Do a job and answer; say whether this process may do another, which only one with known surroundings may."""
    this = state.current = state.Here(job.token, data)
    how, what = _answer(job)
    state.current = None
    stays = how == "value" and this.left_nothing and before is not None and _surroundings(folder) == before
    try:
        wire.send(data, ("stays" if stays else how, what), job.token)
    except Exception as error:  # it cannot be pickled
        wire.send(data, ("crashed", (type(error).__name__, str(error))), job.token)
        return False
    return stays


def _another(data: socket.socket) -> Job | None:
    """Wait for another job; None where there is none, or for too long."""
    data.settimeout(PATIENCE)
    try:
        job: Job = wire.receive(data)
    except (OSError, EOFError, KeyboardInterrupt):
        return None
    data.settimeout(None)
    return job


def _surroundings(folder: Path) -> tuple[object, ...]:
    """What work might change for the work after it, although a caller hands it over like any other."""
    mask = os.umask(0)
    os.umask(mask)
    held = ({**os.environ}, [*sys.path], {**vars(builtins)}, mask, sys.getrecursionlimit(), sys.stdout, sys.stderr)
    try:
        files = [os.listdir(place) for place in (folder, "/proc/self/fd")]  # noqa: PTH208 - no objects are needed
        begun = Path("/proc/thread-self/children").read_bytes()
        return *held, os.getcwd(), *map(sorted, files), begun, threads()  # noqa: PTH109
    except OSError:
        return (os.urandom(16),)  # not to be known, so unlike any other


def _answer(job: Job) -> tuple[str, Any]:
    try:
        return "value", job.work(*job.arguments, **job.keywords)
    except KeyboardInterrupt:
        return "interrupted", None
    except Exception as error:
        import pickle

        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own; an exception may take more than its words
        except Exception:
            return "crashed", (type(error).__name__, str(error))
        return "raised", error


@cache
def prctl() -> Any:
    """The system's `prctl`; a warm process asks for it before it forks, so that no child has to look for it."""
    import ctypes

    return ctypes.CDLL(None).prctl


def _be_alone(data: socket.socket, parent: int) -> None:
    os.setsid()
    prctl()(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(CANNOT_ANSWER)  # it died before it could be watched
    # The sockets of the jobs beside this one are none of its business.
    os.closerange(3, data.fileno())
    os.closerange(data.fileno() + 1, os.sysconf("SC_OPEN_MAX") if data.fileno() > 4096 else 4096)
    signal.signal(signal.SIGINT, _interrupted)


def _start_afresh(job: Job, folder: Path, purpose: str) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # Most of it is as it was, and to set it once more would copy it.
    for name in os.environ.keys() - job.environment.keys():
        del os.environ[name]
    os.environ.update(job.environment.items() - os.environ.items())
    os.chdir(job.stand or folder)
    gc.set_threshold(*RARELY)
    _seed()
    if purpose == "worker":
        from orr.execution.engines import cells

        cells.begin(folder_is_ours=job.stand is None)


def _start_over(purpose: str) -> None:
    _seed()
    if purpose == "worker":
        from orr.execution.engines import cells

        cells.begin_again()


def _seed() -> None:
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()  # else every child would draw what its parent would have drawn


def _interrupted(number: int, *_: object) -> None:
    if state.current is not None:
        state.current.interrupted = True
    processes.interrupt_first_time(number)
