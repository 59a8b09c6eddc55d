"""Run work for many workloads over any `concurrent.futures` executor.

What runs elsewhere is a function of a module with plain arguments, and it gives back a
`Result`; a workload that raises, or takes its process down with it, gets a result too.
"""

from __future__ import annotations

import concurrent.futures
import os
import platform
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orr.execution.engines import TIMEOUT, WORKER
from orr.execution.engines.workers import shared
from orr.fleet.cluster import NoScheduler, OpenPool
from orr.messages import Message, say
from orr.model.checklist import Occasion
from orr.source.faults import Fault, FaultyInput
from orr.system import processes
from orr.system.paths import exists


@dataclass(frozen=True)
class Result:
    """What became of one workload.

    Attributes
    ----------
    workload
        Which.
    assessment
        In the form `orr.assessment/1`; None where there is none.
    faults
        Why its files could not be used.
    failure
        Why it could not be assessed although its files can be used.
    """

    workload: str
    assessment: Mapping[str, Any] | None = None
    faults: tuple[Fault, ...] = ()
    failure: Message | None = None


LOOK_SECONDS = 5.0

Work = Callable[..., Result]


def report_on(
    root: str,
    workload: str,
    out: str,
    today: str,
    language: str,
    engine: str,
    occasion: str = "",
    release: str = "",
    artifact: str = "",
    environment: str = "",
    seconds: float = TIMEOUT,
) -> Result:
    """Write the report of one workload: what the fleet does for each.

    Parameters
    ----------
    root, out
        The workspace, and the folder for the report.
    workload
        Its name.
    today, language
        The day (`YYYY-MM-DD`) and the language of the report.
    engine
        One of `orr.execution.engines.ENGINES`.
    occasion, release, artifact, environment
        As `orr.report.open` takes them; empty where the review says.
    seconds
        How long its notebook may take.
    """
    from orr.report.run import ReportFailed, run_report

    day = date.fromisoformat(today)
    try:
        if not exists(Path(root) / "orr.yaml"):  # on another machine
            return Result(workload, failure=say("fleet.not-seen", worker=platform.node(), root=root))
        assessment = run_report(
            Path(root),
            workload,
            Path(out),
            day,
            language,
            engine=engine,
            occasion=occasion or None,
            release=release or None,
            artifact=artifact or None,
            environment=environment or None,
            timeout=seconds,
        )
        return Result(workload, assessment=assessment)
    except ReportFailed as failed:
        from orr.workspace.workspace import Workspace  # no success needs it here

        try:
            Workspace(Path(root), day).case(
                workload, Occasion(occasion) if occasion else None
            )  # faults have their places here; the notebook has none
        except FaultyInput as faulty:
            return Result(workload, faults=tuple(faulty.faults))
        return Result(workload, failure=failed.cause)
    except Exception as error:
        return Result(workload, failure=crashed(error))


def crashed(error: BaseException) -> Message:
    """An exception that nobody expected, in words."""
    return say("fleet.crashed", kind=type(error).__name__, problem=" ".join(str(error).split()) or "–")


def faulty(faults: Sequence[Fault]) -> Message:
    """Faults in a line: the first, and how many more there are."""
    first, *others = faults
    fault = say("fleet.fault", path=first.path, line=first.place.line, column=first.place.column, wrong=first.wrong)
    return say("fleet.faults", fault=fault, n=len(others)) if others else fault


def over(
    work: Work, calls: Mapping[str, tuple[Any, ...]], open_pool: OpenPool, width: int
) -> Generator[Result, None, None]:
    """Do the work for every workload, and give the results as they come.

    Parameters
    ----------
    work
        A function of a module.
    calls
        By workload, what it is called with.
    open_pool
        Opens an executor; is called again when one broke.
    width
        How many workloads are under way at once. Only those are in doubt when a process
        dies: each is tried again by itself, and the one that dies again is told so.
    """
    waiting = dict(calls)
    while waiting:
        suspects = yield from _until_broken(work, waiting, open_pool, width)
        for workload in suspects:
            alone = {workload: calls[workload]}
            if (yield from _until_broken(work, alone, open_pool, 1)):
                yield Result(workload, failure=say("fleet.died"))


def _until_broken(
    work: Work, waiting: dict[str, tuple[Any, ...]], open_pool: OpenPool, width: int
) -> Generator[Result, None, list[str]]:
    """Run what waits; name what was under way when the pool broke."""
    running: dict[Future[Result], str] = {}
    with _open(open_pool, width) as pool:
        while waiting or running:
            broken: list[str] = []
            while waiting and len(running) < width:
                workload = next(iter(waiting))
                arguments = waiting.pop(workload)
                try:
                    running[pool.submit(_do, work, *arguments)] = workload
                except BrokenExecutor:
                    return [*running.values(), workload]
            done, _ = wait(running, LOOK_SECONDS, FIRST_COMPLETED)
            if not done and (look := getattr(pool, "look", None)) is not None:
                look()
            for future in done:
                workload = running.pop(future)
                try:
                    yield future.result()
                except BrokenExecutor:
                    broken.append(workload)
                except CancelledError:  # nobody here does that; a cluster does whose scheduler is gone
                    raise NoScheduler(say("fleet.scheduler-lost"), installed=True) from None
                except Exception as error:
                    yield Result(workload, failure=crashed(error))
            if broken:
                finished = [future for future in running if future.done() and future.exception() is None]
                for future in finished:
                    del running[future]
                    yield future.result()
                return [*broken, *running.values()]
    return []


@contextmanager
def _open(open_pool: OpenPool, width: int) -> Iterator[Executor]:
    pool = open_pool(width)
    try:
        yield pool
    except (KeyboardInterrupt, GeneratorExit, NoScheduler):
        from orr.report.run import PRELOAD

        # What is under way here is told to stop, and cleans up; a cluster's futures are cancelled.
        _interrupt_children()
        shared(PRELOAD).interrupt()
        if not isinstance(pool, concurrent.futures.ProcessPoolExecutor):
            with suppress(Exception):  # of a cluster that is gone
                pool.shutdown(wait=False)
        raise
    finally:
        pool.shutdown(wait=True)


# Processes of this machine


def pool_for(engine: str) -> OpenPool:
    """What opens an executor for an engine.

    Workers of `orr-worker` are processes already: here it only takes threads that wait for them.
    papermill changes the folder of its whole process, so the other engine gets processes of its own.
    """
    return ThreadPoolExecutor if engine == WORKER else process_pool


def process_pool(width: int) -> Executor:
    """Process pool whose interrupts come from this process alone.

    They start fresh, not as copies: a copy would share open databases and locks.
    """
    import multiprocessing

    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    environment = dict(os.environ)
    with processes.safe_path():  # its locks start a process, too
        return _Processes(width, mp_context=context, initializer=_begin, initargs=(environment,))


class _Processes(concurrent.futures.ProcessPoolExecutor):
    """Processes, started when work is submitted, that import nothing from the current folder."""

    def submit(self, *arguments: Any, **given: Any) -> Future[Any]:
        with processes.safe_path():
            return super().submit(*arguments, **given)


_is_ours = False


def _begin(environment: Mapping[str, str]) -> None:
    global _is_ours
    from multiprocessing import parent_process

    _is_ours = True
    processes.set_environment(environment)
    with suppress(AttributeError, OSError):  # Windows has no groups
        os.setpgid(0, 0)  # ^C reaches a whole group: workers get it once, from their parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _do(work: Work, *arguments: Any) -> Result:
    """Do the work where an interrupt stops it, and only it."""
    if not _is_ours:
        return work(*arguments)
    signal.signal(signal.SIGINT, processes.interrupt_first_time)
    try:
        return work(*arguments)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(3)


def _interrupt_children() -> None:
    import multiprocessing

    for child in multiprocessing.active_children():
        if child.pid is not None and hasattr(os, "kill"):
            with suppress(ProcessLookupError, OSError):
                os.kill(child.pid, signal.SIGINT)


def calls_for(
    root: Path,
    workloads: Iterable[str],
    out: Path,
    today: date,
    language: str,
    engine: str,
    occasion: str | None = None,
    release: str | None = None,
    artifact: str | None = None,
    environment: str | None = None,
    seconds: float = TIMEOUT,
) -> dict[str, tuple[Any, ...]]:
    """Arguments of `report_on` by workload.

    The report of a release stands below that of the workload.
    """
    asked = (occasion or "", release or "", artifact or "", environment or "")
    how = (today.isoformat(), language, engine, *asked, seconds)
    return {name: (str(root), name, str(out / name / (release or "")), *how) for name in workloads}
