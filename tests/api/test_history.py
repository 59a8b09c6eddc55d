"""Recorded runs for a notebook: `orr.runs`."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from support.fleet_sample import TODAY, make_workspace, write
from support.history_sample import assessment, run_of

import orr
from orr.history import History, HistoryUnavailable
from orr.history.frames import RUNS
from orr.source.faults import FaultyInput

LATER = TODAY + timedelta(days=7)


def record(root: Path, workload: str, today: date, verdict: str) -> None:
    with closing(History("sqlite:///reports/history.db", root)) as history:
        history.record(
            run_of(assessment(workload=workload, today=today, verdict=verdict), workload=workload, today=today)
        )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_workspace(tmp_path, "shop", "stock")
    record(root, "shop", TODAY, "no-go")
    record(root, "shop/2.4.1", TODAY, "go")
    record(root, "shop", LATER, "go")
    record(root, "gone", TODAY, "go")
    return root


def test_a_workload_s_runs_are_rows_in_the_order_of_their_recording(root: Path) -> None:
    runs = orr.runs("shop", root / "workloads")
    assert list(runs["verdict"]) == ["no-go", "go"]
    assert list(runs["today"]) == [pd.Timestamp(TODAY), pd.Timestamp(LATER)]
    assert {name: str(kind) for name, kind in runs.dtypes.items()} == RUNS


def test_without_a_name_the_runs_of_all_are_there(root: Path) -> None:
    assert set(orr.runs(workspace=root)["workload"]) == {"shop", "shop/2.4.1", "gone"}


@pytest.mark.parametrize(("name", "count"), [("shop/2.4.1", 1), ("gone", 1), ("stock", 0)])
def test_a_name_is_known_by_its_workload_or_by_its_runs(root: Path, name: str, count: int) -> None:
    runs = orr.runs(name, root)
    assert len(runs) == count
    assert {column: str(kind) for column, kind in runs.dtypes.items()} == RUNS


def test_a_name_that_nobody_knows_is_a_fault_that_lists_the_workloads(root: Path) -> None:
    with pytest.raises(FaultyInput, match="there is no workload shpo; the workloads are: shop, stock"):
        orr.runs("shpo", root)


def test_a_history_that_cannot_be_read_says_why(root: Path) -> None:
    write(root / "reports" / "history.db", "no database")
    with pytest.raises(HistoryUnavailable, match="file is not a database"):
        orr.runs("shop", root)
