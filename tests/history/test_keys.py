"""What workloads depended on, kept beside the history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.fleet_sample import TODAY
from support.history_sample import Where, assessment, history, postgresql, run_of, run_sql, where

from orr.history import History
from orr.history.keys import KEPT_DAYS

__all__ = ["history", "postgresql", "where"]


def test_keys_are_read_as_they_were_kept_last(history: History) -> None:
    assert history.keys("here") == {}
    many = {f"w{number}": f"{number} 空" for number in range(1_200)}
    history.keep_keys("here", many, TODAY)
    history.keep_keys("here", {"w7": "again", "new": ""}, TODAY)
    assert history.keys("here") == {**many, "w7": "again", "new": ""}


def test_each_place_has_its_own(history: History) -> None:
    history.keep_keys("here", {"shop": "1"}, TODAY)
    history.keep_keys("there", {"shop": "2"}, TODAY)
    assert (history.keys("here"), history.keys("there"), history.keys("x")) == ({"shop": "1"}, {"shop": "2"}, {})


@pytest.mark.parametrize(("days", "kept"), [(KEPT_DAYS, ["old", "shop"]), (KEPT_DAYS + 1, ["shop"])])
def test_what_nobody_keeps_any_longer_is_removed(history: History, days: int, kept: list[str]) -> None:
    history.keep_keys("here", {"old": "1"}, TODAY)
    history.keep_keys("here", {"shop": "1"}, TODAY + timedelta(days=days))
    assert sorted(history.keys("here")) == kept


def test_they_are_no_part_of_the_chain(where: Where, history: History) -> None:
    history.record(run_of(assessment()))
    before = history.verify()
    history.keep_keys("here", {"shop": "1"}, TODAY)
    run_sql(where, "UPDATE orr_keys SET body = '2'")
    assert (history.keys("here"), history.verify()) == ({"shop": "2"}, before)


def test_nothing_to_keep_makes_no_history(where: Where, history: History) -> None:
    history.keep_keys("here", {}, TODAY)
    assert history.runs("shop") == []
    if where[0].startswith("sqlite"):
        assert not (where[1] / "reports" / "history.db").exists()
