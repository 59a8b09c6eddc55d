"""A worker: it does a job, and others after it where that one left nothing.

Whether it did is for the job to say, and looked at besides: the environment, the folders, the files of orr's
modules, what was opened, begun or built in must be as they were.
"""

from __future__ import annotations

import builtins
import os
import pickle
import random
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from multiprocessing import resource_tracker
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from orr.system import processes
from orr.system.processes import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, prctl

FAILED, OUTDATED = 70, 71  # exit codes of one that cannot answer, and of one whose code has changed since it was loaded
MOST, MOST_FILES = 100, 4096  # how many jobs one does, and above which number it has no file
PATIENCE = 2.0  # how many seconds it waits for another job


class Crashed(Exception):
    """Something that cannot travel between processes was raised; it is in the words."""


class Job(NamedTuple):
    """Job of a worker: a function to call, with its environment and folder."""

    token: bytes  # what the answer must bear, so that no stray byte is taken for one
    work: Callable[[], Any]
    environment: dict[str, str]
    stand: str | None
    another: bool  # whether the worker may do another job of this caller after it


class Here:
    """Current job of this process, and a scratch folder for what it must not see."""

    def __init__(self, job: Job, data: Any, folder: Path) -> None:
        self._job, self._data, self.folder = job, data, folder
        self.interrupted = self.runs_cells = False
        self.left_nothing = False  # the work may say that whatever is done here next will not notice it

    def send(self, how: str, what: object) -> None:
        """Send the caller a part of the answer."""
        self._data.send_bytes(self._job.token + pickle.dumps((how, what), pickle.HIGHEST_PROTOCOL))


here: Here | None = None  # the job that this process does; None where it is no worker
_loaded: dict[str, int] = {}


def note_code() -> bool:
    """Note when orr's modules were changed; return whether one was since loading."""
    known = {**_loaded}
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] == "orr" and (file := getattr(module, "__file__", None)) is not None:
            with suppress(OSError):
                _loaded[file] = os.stat(file).st_mtime_ns  # noqa: PTH116 - no objects are needed
    return not known.items() <= _loaded.items()


def live(data: Any, folder: Path, is_forked: bool) -> None:
    """Be a worker: do the job that arrives over `data`, answer, and repeat."""
    code = FAILED
    signal.signal(signal.SIGINT, _interrupted)
    try:
        if is_forked:
            os.setsid()
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            prctl(PR_SET_CHILD_SUBREAPER, 1)  # so that it sees what a job puts elsewhere
            os.dup2(2, 1)  # what is written to standard output is nobody's answer
            kept = sorted((data.fileno(), resource_tracker.getfd()))
            for before, after in pairwise((2, *kept, MOST_FILES)):  # files of other processes
                os.closerange(before + 1, after)
        code = _work(data, folder)
    except (EOFError, ConnectionError, KeyboardInterrupt):
        code = 0  # nobody waits for an answer any more
    except BaseException:
        traceback.print_exc()
    finally:
        processes.end_all()
        os._exit(code)  # nothing of the process that it is a copy of may run at its end


def _work(data: Any, folder: Path) -> int:
    global here
    scratch = folder / "scratch"
    scratch.mkdir()
    processes.scratch = str(scratch)
    job: Job = data.recv()
    if note_code():
        return OUTDATED
    processes.set_environment(job.environment)
    os.chdir(job.stand or scratch)
    sys.path += [""] * (job.stand is not None)  # from there cells may import, but nothing that is installed
    before = _surroundings(scratch)
    for _ in range(MOST):
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()  # else every worker would draw what its fork server would have drawn
        here = Here(job, data, folder)
        try:
            how, what = "value", job.work()
            if job.another and here.left_nothing and _surroundings(scratch) == before:
                how = "stays"
        except (Exception, KeyboardInterrupt) as error:
            how, what = "raised", error
        try:
            if how == "raised":
                pickle.loads(pickle.dumps(what))  # noqa: S301 - our own; an exception may take more than its words
            here.send(how, what)
        except Exception as error:
            why = what if how == "raised" else error
            how = "raised"
            here.send(how, Crashed(f"{type(why).__name__}: {why}"))
        if how != "stays" or not data.poll(PATIENCE) or note_code():
            break
        job = data.recv()
    return 0


def _surroundings(scratch: Path) -> tuple[object, ...]:
    """State of the process that a job might change for the next one."""
    mask = os.umask(0)
    os.umask(mask)
    held = ({**os.environ}, [*sys.path], {**vars(builtins)}, mask, sys.getrecursionlimit(), sys.stdout, sys.stderr)
    begun: object = None
    with suppress(ChildProcessError, AttributeError):  # Windows does not tell
        begun = os.waitpid(-1, os.WNOHANG)
    try:
        files = [sorted(os.listdir(place)) for place in (scratch, "/dev/fd")]  # noqa: PTH208 - no objects are needed
    except OSError:
        files = [] if os.name == "nt" else [[str(os.urandom(8))]]  # what is not known is unlike any other
    return *held, os.getcwd(), files, begun, processes.threads()  # noqa: PTH109


def _interrupted(number: int, frame: FrameType | None) -> None:
    if here is not None:
        here.interrupted = True
    processes.interrupt_first_time(number, frame)
