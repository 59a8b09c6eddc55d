"""How many processors this process may use, which in a container are seldom all that the machine has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from math import ceil
from pathlib import Path, PurePosixPath

GROUPS = Path("/proc/self/cgroup")
MOUNTED = Path("/sys/fs/cgroup")


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
