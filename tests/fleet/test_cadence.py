"""When a workload is overdue for a re-check."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orr.fleet.cadence import Overdue, overdue

TODAY = date(2026, 11, 23)
WEEK = 7


@pytest.mark.parametrize(
    ("days_ago", "late"),
    [
        pytest.param(0, False, id="today"),
        pytest.param(WEEK - 1, False, id="the day before its last"),
        pytest.param(WEEK, False, id="its last day"),
        pytest.param(WEEK + 1, True, id="the day after"),
        pytest.param(-1, False, id="a day to come"),
    ],
)
def test_a_workload_is_overdue_from_the_day_after_its_cadence(days_ago: int, late: bool) -> None:
    last = TODAY - timedelta(days=days_ago)
    assert overdue({"shop": WEEK}, {"shop": last}, TODAY) == ([Overdue("shop", last, WEEK)] if late else [])


def test_a_workload_is_held_to_its_own_cadence_and_to_its_own_last_run() -> None:
    last = {"daily": TODAY - timedelta(days=2), "monthly": TODAY - timedelta(days=2)}
    assert overdue({"daily": 1, "monthly": 30}, last, TODAY) == [Overdue("daily", last["daily"], 1)]


def test_whoever_was_never_checked_stands_first_then_the_longest_silence_then_the_name() -> None:
    last = {"b": date(2026, 11, 10), "a": date(2026, 11, 10), "c": date(2026, 11, 1)}
    every = dict.fromkeys(["b", "a", "c", "never"], WEEK)
    assert [one.workload for one in overdue(every, last, TODAY)] == ["never", "c", "a", "b"]


def test_who_has_no_cadence_is_never_overdue() -> None:
    assert overdue({}, {"shop": date(2020, 1, 1)}, TODAY) == []
