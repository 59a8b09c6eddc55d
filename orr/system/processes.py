"""Child processes and temporary folders that must not outlive this process."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

GROUPS = Path("/proc/self/cgroup")

MOUNTED = Path("/sys/fs/cgroup")

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
"""What `prctl` is called with to die with one's parent, and to become the parent of what others leave."""

SAFE_PATH = "PYTHONSAFEPATH"
"""The environment variable with which Python imports nothing from the current folder, or from that of a script."""

LATER_SECONDS = 0.01
"""After how long an interrupt that came at a bad moment comes again."""

scratch: str | None = None
"""Where temporary folders are made; None for where the system has them.

In a process that may be killed at any moment it is a folder that whoever forked it removes.
"""

interrupted = False
"""Whether an interrupt was raised since the command began."""

started: set[subprocess.Popen[bytes]] = set()
"""Those that are not known to have ended; each leads a session of its own."""


def find_program(name: str, path: str) -> str | None:
    """Find a program in absolute folders of `PATH`, never in the current one."""
    for folder in path.split(os.pathsep):
        program = os.path.join(folder, f"{name}.exe" if os.name == "nt" else name)  # noqa: PTH118 - kept as it is
        if os.path.isabs(folder) and os.path.isfile(program) and os.access(program, os.X_OK):  # noqa: PTH113, PTH117
            return program
    return None


def temporary_folder(within: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """Make a folder that is gone at the end.

    Parameters
    ----------
    within
        Where; else in `scratch`.
    """
    return tempfile.TemporaryDirectory(prefix="orr-", dir=within or scratch, ignore_cleanup_errors=True)


def kill(process: Any) -> None:
    """End a process, of `subprocess` or `multiprocessing`, and its group, which outlives its first process."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()


@atexit.register
def end_all() -> None:
    """End all child processes; call it before `os._exit`."""
    for process in list(started):
        kill(process)


def interrupt(_number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, except within an import, which it would leave half loaded."""
    global interrupted
    if not (_imports(frame) and _later()):
        interrupted = True
        raise KeyboardInterrupt


def interrupt_again(lost: Any) -> None:
    """Repeat an interrupt that code unable to raise swallowed: hook for unraisable exceptions."""
    if not (issubclass(lost.exc_type, KeyboardInterrupt) and _later()):
        sys.__unraisablehook__(lost)


def _later() -> bool:
    """Interrupt in a moment; return whether the system can."""
    if not hasattr(signal, "setitimer"):
        return False
    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, LATER_SECONDS)
    return True


def interrupt_first_time(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt for the first signal and ignore later ones."""
    signal.signal(number, signal.SIG_IGN)
    interrupt(number, frame)


def end_interrupts() -> None:
    """Ignore what stops the process from now on: it ends by itself."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _imports(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def threads() -> int:
    """Count the threads of this process, those of C libraries included."""
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - no objects are needed
    except OSError:
        return threading.active_count()


def strays() -> list[int]:
    """Children of this process in other sessions; none where the system lists none."""
    found = []
    for path in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread has ended
            for pid in map(int, path.read_text(encoding="ascii").split()):
                with contextlib.suppress(ProcessLookupError):
                    found += [pid] * (os.getsid(pid) != os.getsid(0))
    return found


def prctl(option: int, value: int) -> bool:
    """Call the system's `prctl`; return whether there is one."""
    if sys.platform != "linux":
        return False
    import ctypes

    return bool(ctypes.CDLL(None).prctl(option, value) == 0)


def home_instead(folder: Path) -> dict[str, str]:
    """`HOME` for users who have none; Jupyter does not start without it."""
    try:
        Path.home()
    except RuntimeError:  # of a number without a name, as in a container
        return {"HOME": str(folder)}
    return {}


def set_environment(environment: Mapping[str, str]) -> None:
    """Replace the environment of this process, writing changed variables only.

    To set them all would copy memory.
    """
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment.items() - os.environ.items())


@contextlib.contextmanager
def safe_path() -> Iterator[None]:
    """Have each Python that is started meanwhile import nothing from the current folder."""
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        os.environ.pop(SAFE_PATH)
        if before is not None:
            os.environ[SAFE_PATH] = before


def python_path() -> dict[str, str]:
    """`PYTHONPATH` for a Python that is to find these modules too; nothing where they are installed."""
    source = str(Path(__file__).parents[2])
    if source in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))}


def processors(groups: Path = GROUPS, mounted: Path = MOUNTED) -> int:
    """Count the processors that may be used at once.

    Parameters
    ----------
    groups
        The file that names the control groups of this process (cgroups(7)).
    mounted
        Where they are mounted.

    Returns
    -------
    int
        Those that this process may run on; fewer where a group of it, or one above, is given
        less time than they have (`docker run --cpus`, `limits.cpu`, `CPUQuota=`), counting a
        begun one; at least 1.
    """
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, ceil(min([here, *_given(groups, mounted)])))


def _given(groups: Path, mounted: Path) -> Iterator[float]:
    """The processors that each group has time for, where that is limited."""
    for line in _lines(groups):
        _, _, rest = line.partition(":")
        controllers, _, name = rest.partition(":")
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = mounted / controllers if controllers else mounted
        path = PurePosixPath(name.lstrip("/"))
        for group in (top / path, *(top / above for above in path.parents)):
            if controllers:
                told = [*_lines(group / "cpu.cfs_quota_us"), *_lines(group / "cpu.cfs_period_us")]
            else:
                told = " ".join(_lines(group / "cpu.max")).split()
            if len(told) == 2 and all(part.isdecimal() for part in told) and int(told[1]):  # else "max", or -1
                yield int(told[0]) / int(told[1])


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
