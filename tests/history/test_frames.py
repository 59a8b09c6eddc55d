"""The history as pandas frames, with the columns and types that are documented."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support.fleet_sample import TODAY, make_workspace
from support.history_sample import NOW, assessment, history, postgresql, run_of, where

from orr.history import History, Run, frames, open_history

__all__ = ["history", "postgresql", "where"]

ALL = [
    pytest.param(frames.runs, frames.RUNS, id="runs"),
    pytest.param(frames.item_states, frames.ITEM_STATES, id="item-states"),
    pytest.param(frames.starts, frames.STARTS, id="starts"),
    pytest.param(frames.waivers, frames.WAIVERS, id="waivers"),
    pytest.param(frames.votes, frames.VOTES, id="votes"),
]
WAIVER = {
    "waiver": "W-1", "active": True, "items": ["basics/dashboard"], "requested_by": "ann", "approved_by": "bo",
    "approved_on": "2026-11-01", "expires": "2027-11-01", "revoked_on": None,
}  # fmt: skip
VOTE = {"role": "lead", "by": "bo", "vote": "go", "valid": True, "on": "2026-11-20", "digest": "sha256:" + "ab" * 32}


@pytest.fixture
def filled(history: History) -> History:
    days = [TODAY + timedelta(days=7 * place) for place in range(3)]
    history.start(["shop", "stock"], TODAY, NOW)
    history.record(run_of(assessment(waivers=[WAIVER], sign_offs=[VOTE])))
    history.record(run_of(assessment({"basics/owner": "met"}, today=days[1]), today=days[1]))
    history.record(Run("shop", days[2], NOW, None, "its kernel died"))
    history.record(run_of(assessment(workload="stock"), workload="stock"))
    return history


@pytest.mark.parametrize(("make", "columns"), ALL)
def test_a_frame_has_its_columns_and_types_even_without_rows(
    history: History, make: Callable[[History], pd.DataFrame], columns: Mapping[str, str]
) -> None:
    assert {name: str(kind) for name, kind in make(history).dtypes.items()} == dict(columns)


@pytest.mark.parametrize(("make", "columns"), ALL)
def test_a_frame_has_its_columns_and_types_with_rows(
    filled: History, make: Callable[[History], pd.DataFrame], columns: Mapping[str, str]
) -> None:
    frame = make(filled)
    assert len(frame) > 0
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == dict(columns)


def test_runs_are_rows_and_a_failed_one_has_no_verdict(filled: History) -> None:
    frame = frames.runs(filled, "shop")
    assert frame["number"].tolist() == [1, 2, 3]
    assert frame["verdict"].isna().tolist() == [False, False, True]
    assert frame["open_items"].tolist()[:2] == [1, 0]
    assert len(frames.runs(filled)) == 4


def test_a_state_lasts_until_the_run_that_found_another(filled: History) -> None:
    def told(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
        return [
            (row.workload, row.item, None if pd.isna(row.state) else row.state, None if pd.isna(row.until) else "ended")
            for row in frame.itertuples()
        ]

    assert told(frames.item_states(filled, item="basics/dashboard")) == [
        ("shop", "basics/dashboard", "stale", "ended"),
        ("shop", "basics/dashboard", None, None),
        ("stock", "basics/dashboard", "stale", None),
    ]
    assert len(frames.item_states(filled, "stock")) == 2


def test_waivers_and_votes_that_went_are_rows_too(filled: History) -> None:
    assert frames.waivers(filled)["stage"].tolist() == ["active", "gone"]
    assert frames.votes(filled)["role"].isna().tolist() == [False, True]


def test_a_workspace_opens_its_history_and_pandas_only_with_a_frame(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, "shop")
    with open_history(root) as opened:
        opened.record(run_of(assessment()))
        assert len(frames.runs(opened)) == 1
    program = "import sys, orr.history.frames; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_items_that_became_one_are_in_the_worst_state_of_them(filled: History) -> None:
    ids = dict.fromkeys(("basics/dashboard", "basics/owner"), "basics/both")
    found = frames.item_states(filled, item="basics/both", ids=ids)
    assert set(found["item"]) == {"basics/both"}
    assert found[found["workload"] == "stock"]["state"].tolist() == ["stale"]
