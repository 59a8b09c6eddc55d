"""Many workloads over executors: none is lost, whatever becomes of one."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, TESTS
from support.fleet_sample import TODAY, make_workspace, write
from support.lanes import package

from orr.execution.engines import STOCK, WORKER
from orr.fleet import pool as fleet
from orr.fleet.pool import Result, over, process_pool
from orr.messages import Message, say

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


def done(
    calls: dict[str, tuple[str, ...]], open_pool: fleet.OpenPool = process_pool, width: int = 2
) -> dict[str, Result]:
    results = list(over(work, calls, open_pool, width))
    assert len(results) == len({result.workload for result in results})
    return {result.workload: result for result in results}


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


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    distributed = package("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, worker_dashboard_address=None
    ) as started:
        yield started.scheduler_address


def test_a_cluster_does_the_same_work_elsewhere(scheduler: str) -> None:
    with fleet.cluster(scheduler) as (open_pool, width):
        results = done({name: (name, "raise" if name == "w1" else "well") for name in NAMES}, open_pool, width)
    assert sorted(results) == NAMES
    assert results["w0"].assessment is not None
    assert results["w0"].assessment["process"] != os.getpid()
    assert str(results["w1"].failure) == "the assessment crashed (ValueError: w1)"


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    package("distributed")
    with pytest.raises(fleet.NoScheduler) as none, fleet.cluster("tcp://127.0.0.1:1", seconds=1):
        pass
    assert none.value.installed
    assert "tcp://127.0.0.1:1" in str(none.value.why)
    with pytest.raises(fleet.NoScheduler) as none, fleet.cluster("tcp://ann:T0-secret@127.0.0.1:1", seconds=1):
        pass
    assert "T0-secret" not in str(none.value.why)


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(fleet.NoScheduler) as none, fleet.cluster("tcp://127.0.0.1:1"):
        pass
    assert not none.value.installed
    assert "pip install 'orr[dask]'" in str(none.value.why)


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a scheduler or a worker as a program of its own, in a folder."""
    package("distributed")
    begun: list[subprocess.Popen[bytes]] = []

    def start(kind: str, *words: str, folder: Path = tmp_path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *words]
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        begun.append(subprocess.Popen(command, cwd=folder, env=FOUND, **streams))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.wait()


FOUND = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(TESTS), os.environ.get("PYTHONPATH", "")])}
HERE = Path("/proc/self/cwd")  # the same path in every process, and another folder in each


@pytest.fixture
def address(dask: Callable[..., subprocess.Popen[bytes]]) -> str:
    """The address of a scheduler without workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dask("scheduler", "--host", "127.0.0.1", "--port", str(port))
    return f"tcp://127.0.0.1:{port}"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc elsewhere")
def test_a_worker_that_does_not_see_the_workspace_is_named_and_the_others_do_the_work(
    dask: Callable[..., subprocess.Popen[bytes]], address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_workspace(tmp_path / "ws", "shop")
    monkeypatch.chdir(root)
    for name, folder in (("good", root), ("blind", tmp_path)):
        dask("worker", address, "--no-nanny", "--nthreads", "1", "--name", name, folder=folder)
    warned: list[Message] = []
    gc.collect()  # a client of another test that could not connect closes itself now, and not while this one starts
    with package("distributed").Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
    with fleet.cluster(address, root=HERE, warn=warned.append) as (open_pool, width):
        where: Any = os.getcwd
        results = list(over(where, dict.fromkeys(NAMES, ()), open_pool, width))
    assert [str(one).split(": ")[1] for one in warned] == ["it does not see the workspace under /proc/self/cwd."]
    assert results == [str(root)] * len(NAMES)


@pytest.mark.slow
def test_a_cluster_without_a_worker_is_told_of_and_not_waited_for_for_ever(address: str, tmp_path: Path) -> None:
    warned: list[Message] = []
    root = make_workspace(tmp_path / "ws", "shop")
    with (
        pytest.raises(fleet.NoScheduler, match="has had no worker for 1 seconds"),
        fleet.cluster(address, root=root, warn=warned.append, worker_seconds=1),
    ):
        pass
    assert [one.key for one in warned] == ["fleet.no-worker-yet"]


@pytest.mark.slow
def test_a_scheduler_that_dies_ends_the_work_in_a_sentence(
    dask: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", str(port))
    dask("worker", f"tcp://127.0.0.1:{port}", "--no-nanny", "--nthreads", "1")
    sleeping: Any = time.sleep
    results = []

    def work_on_while_it_dies() -> None:
        with fleet.cluster(f"tcp://127.0.0.1:{port}") as (open_pool, width):
            for result in over(sleeping, dict.fromkeys(NAMES, (0.3,)), open_pool, width):
                results.append(result)
                scheduler.kill()

    with pytest.raises(fleet.NoScheduler, match="no longer answers"):
        work_on_while_it_dies()
    assert 1 <= len(results) < len(NAMES)
    assert "Traceback" not in capfd.readouterr().err


def test_work_in_a_thread_needs_no_signal() -> None:
    results: list[Result] = []
    thread = threading.Thread(target=lambda: results.extend(over(work, {"w0": ("w0", "well")}, ThreadPoolExecutor, 1)))
    thread.start()
    thread.join()
    assert [result.workload for result in results] == ["w0"]


def slowly(name: str, folder: str) -> Result:
    """Say where it began, and take long enough to be in the middle of it."""
    with (Path(folder) / f"{name}.began").open("a", encoding="utf-8") as told:
        told.write(f"{os.getpid()}\n")
    time.sleep(0.3)
    return Result(name, assessment={"workload": name, "process": os.getpid()})


@pytest.mark.slow
def test_the_workloads_of_a_cluster_worker_that_is_killed_run_elsewhere(tmp_path: Path) -> None:
    distributed = package("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, worker_dashboard_address=None
        ) as started,
        fleet.cluster(started.scheduler_address) as (open_pool, width),
    ):
        calls = {name: (name, str(tmp_path)) for name in NAMES}
        results = over(slowly, calls, open_pool, width)
        first = next(results)
        assert first.assessment is not None
        began = {path.stem: path.read_text(encoding="utf-8").split() for path in tmp_path.iterdir()}
        killed = next(pids[-1] for name, pids in began.items() if name != first.workload)
        os.kill(int(killed), signal.SIGKILL)
        told = [first, *results]
    assert sorted(result.workload for result in told) == NAMES
    assert all(result.assessment is not None for result in told)


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
