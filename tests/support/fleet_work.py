"""What the executors of a fleet's tests are given to do."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from orr.fleet.cluster import OpenPool
from orr.fleet.pool import Result, over, process_pool

NAMES = [f"w{number}" for number in range(8)]


def work(name: str, how: str) -> Result:
    """What the processes of these tests do."""
    if how == "raise":
        raise ValueError(name)
    if how == "exit":
        os._exit(0)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    return Result(name, assessment={"workload": name, "process": os.getpid()})


def slowly(name: str, folder: str) -> Result:
    """Say where it began, and take long enough to be in the middle of it."""
    with (Path(folder) / f"{name}.began").open("a", encoding="utf-8") as told:
        told.write(f"{os.getpid()}\n")
    time.sleep(0.3)
    return Result(name, assessment={"workload": name, "process": os.getpid()})


def done(calls: dict[str, tuple[str, ...]], open_pool: OpenPool = process_pool, width: int = 2) -> dict[str, Result]:
    results = list(over(work, calls, open_pool, width))
    assert len(results) == len({result.workload for result in results})
    return {result.workload: result for result in results}
