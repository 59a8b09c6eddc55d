"""A Dask cluster does a fleet's work; what is wrong with it is named."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, TESTS
from support.fleet_sample import make_workspace
from support.fleet_work import NAMES, done, slowly
from support.lanes import package

from orr.fleet.cluster import NoScheduler, cluster
from orr.fleet.pool import over
from orr.messages import Message


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    distributed = package("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, worker_dashboard_address=None
    ) as started:
        yield started.scheduler_address


def test_a_cluster_does_the_same_work_elsewhere(scheduler: str) -> None:
    with cluster(scheduler) as (open_pool, width):
        results = done({name: (name, "raise" if name == "w1" else "well") for name in NAMES}, open_pool, width)
    assert sorted(results) == NAMES
    assert results["w0"].assessment is not None
    assert results["w0"].assessment["process"] != os.getpid()
    assert str(results["w1"].failure) == "the assessment crashed (ValueError: w1)"


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    package("distributed")
    with pytest.raises(NoScheduler) as none, cluster("tcp://127.0.0.1:1", seconds=1):
        pass
    assert none.value.installed
    assert "tcp://127.0.0.1:1" in str(none.value.why)
    with pytest.raises(NoScheduler) as none, cluster("tcp://ann:T0-secret@127.0.0.1:1", seconds=1):
        pass
    assert "T0-secret" not in str(none.value.why)


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoScheduler) as none, cluster("tcp://127.0.0.1:1"):
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
    with cluster(address, root=HERE, warn=warned.append) as (open_pool, width):
        where: Any = os.getcwd
        results = list(over(where, dict.fromkeys(NAMES, ()), open_pool, width))
    assert [str(one).split(": ")[1] for one in warned] == ["it does not see the workspace under /proc/self/cwd."]
    assert results == [str(root)] * len(NAMES)


@pytest.mark.slow
def test_a_cluster_without_a_worker_is_told_of_and_not_waited_for_for_ever(address: str, tmp_path: Path) -> None:
    warned: list[Message] = []
    root = make_workspace(tmp_path / "ws", "shop")
    with (
        pytest.raises(NoScheduler, match="has had no worker for 1 seconds"),
        cluster(address, root=root, warn=warned.append, worker_seconds=1),
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
        with cluster(f"tcp://127.0.0.1:{port}") as (open_pool, width):
            for result in over(sleeping, dict.fromkeys(NAMES, (0.3,)), open_pool, width):
                results.append(result)
                scheduler.kill()

    with pytest.raises(NoScheduler, match="no longer answers"):
        work_on_while_it_dies()
    assert 1 <= len(results) < len(NAMES)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.slow
def test_the_workloads_of_a_cluster_worker_that_is_killed_run_elsewhere(tmp_path: Path) -> None:
    distributed = package("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, worker_dashboard_address=None
        ) as started,
        cluster(started.scheduler_address) as (open_pool, width),
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
