"""Many workloads over executors: none is lost, whatever becomes of one."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from support.fleet_sample import TODAY, make_workspace, write
from support.fleet_work import NAMES, done, work

from orr.execution.engines import STOCK, WORKER
from orr.fleet import pool as fleet
from orr.fleet.pool import Result, over, process_pool
from orr.messages import say


def test_every_workload_has_one_result_from_another_process() -> None:
    results = done({name: (name, "well") for name in NAMES})
    assert sorted(results) == NAMES
    ran_in = {result.assessment["process"] for result in results.values() if result.assessment}
    assert os.getpid() not in ran_in
    assert 1 <= len(ran_in) <= 2


def test_any_executor_will_do() -> None:
    results = done({name: (name, "well") for name in NAMES}, ThreadPoolExecutor, 3)
    assert sorted(results) == NAMES


def test_nothing_to_do_gives_nothing() -> None:
    assert done({}) == {}


def test_a_workload_that_raises_is_told_and_the_others_go_on() -> None:
    results = done({name: (name, "raise" if name == "w3" else "well") for name in NAMES})
    assert sorted(results) == NAMES
    assert str(results["w3"].failure) == "the assessment crashed (ValueError: w3)"
    assert [name for name, result in results.items() if result.assessment is None] == ["w3"]


@pytest.mark.slow
@pytest.mark.parametrize("end", ["exit", "kill"])
def test_a_process_that_dies_takes_no_other_workload_with_it(end: str) -> None:
    results = done({name: (name, end if name in ("w0", "w4") else "well") for name in NAMES})
    assert sorted(results) == NAMES
    assert sorted(name for name, result in results.items() if result.assessment is None) == ["w0", "w4"]
    assert results["w0"].failure == say("fleet.died")


def no_start() -> None:
    os._exit(1)


def test_a_pool_that_never_starts_ends_with_a_result_for_each() -> None:
    def never(width: int) -> Executor:
        return ProcessPoolExecutor(width, initializer=no_start, mp_context=multiprocessing.get_context("spawn"))

    results = done({name: (name, "well") for name in NAMES[:2]}, never)
    assert [result.failure for result in results.values()] == [say("fleet.died")] * 2


def test_giving_up_leaves_no_process_behind() -> None:
    pools: list[Executor] = []

    def keep(width: int) -> Executor:
        pools.append(process_pool(width))
        return pools[-1]

    results = over(work, {name: (name, "well") for name in NAMES}, keep, 2)
    next(results)
    results.close()
    assert len(pools) == 1
    with pytest.raises(RuntimeError, match="after shutdown"):
        pools[0].submit(work, "w0", "well")


@pytest.mark.kernel
def test_a_faulty_workload_gives_its_faults_and_no_report(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, "shop")
    write(root / "workloads" / "shop" / "review.yaml", "review: other\n")
    result = fleet.report_on(str(root), "shop", str(tmp_path / "out"), TODAY.isoformat(), "en", WORKER)
    assert [fault.place.line for fault in result.faults] == [1]
    assert result.assessment is None
    assert not (tmp_path / "out" / "report.html").exists()


def test_work_in_a_thread_needs_no_signal() -> None:
    results: list[Result] = []
    thread = threading.Thread(target=lambda: results.extend(over(work, {"w0": ("w0", "well")}, ThreadPoolExecutor, 1)))
    thread.start()
    thread.join()
    assert [result.workload for result in results] == ["w0"]


@pytest.mark.kernel
def test_an_interrupt_ends_what_is_under_way_and_keeps_what_was_done(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "root", *NAMES[:3])
    calls = fleet.calls_for(root, NAMES[:3], tmp_path / "out", TODAY, "en", WORKER)
    results = over(fleet.report_on, calls, fleet.pool_for(WORKER), 1)
    first = next(results)
    assert first.assessment is not None
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt)
    assert (tmp_path / "out" / first.workload / "report.html").exists()
    left = [path.name for path in (tmp_path / "out").rglob("*") if path.suffix == ".part" or path.name == "failed.html"]
    assert left == []


@pytest.mark.kernel
@pytest.mark.parametrize("engine", [WORKER, STOCK])
def test_the_pool_of_an_engine_reports_on_many(tmp_path: Path, engine: str) -> None:
    root = make_workspace(tmp_path / "root", *NAMES[:2])
    write(root / "workloads" / "w1" / "review.yaml", "review: other\n")
    calls = fleet.calls_for(root, NAMES[:2], tmp_path / "out", TODAY, "en", engine)
    results = {result.workload: result for result in over(fleet.report_on, calls, fleet.pool_for(engine), 2)}
    assert results["w0"].assessment is not None
    assert [fault.place.line for fault in results["w1"].faults] == [1]
