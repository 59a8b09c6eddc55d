"""What is asked of the whole fleet, now and at a date."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from support.fleet_sample import TODAY
from support.history_sample import NOW, assessment, history, postgresql, run_of, where

from orr.history import History, Run

__all__ = ["history", "postgresql", "where"]

WEEKS = [TODAY + timedelta(days=7 * place) for place in range(3)]


@pytest.fixture
def filled(history: History) -> History:
    """Of shop three runs, the last of them late for the second week; of stock one that failed; of till one."""
    shop = [
        (WEEKS[0], {"basics/owner": "met", "basics/dashboard": "stale"}, "conditional-go"),
        (WEEKS[2], {"basics/owner": "met"}, "go"),
        (WEEKS[1], {"basics/owner": "not-met", "basics/dashboard": "met"}, "no-go"),
    ]
    for day, states, verdict in shop:
        history.record(run_of(assessment(states, today=day, verdict=verdict), today=day))
    history.record(Run("stock", WEEKS[0], NOW, None, "its kernel died"))
    history.record(run_of(assessment({"basics/owner": "met"}, today=WEEKS[1]), workload="till", today=WEEKS[1]))
    return history


def test_the_last_run_of_each_workload_is_the_one_recorded_last(filled: History) -> None:
    assert [(one.workload, one.number, one.verdict) for one in filled.fleet_at()] == [
        ("shop", 3, "no-go"),
        ("stock", 1, None),
        ("till", 1, "go"),
    ]


def test_at_a_date_the_run_for_the_last_day_up_to_it_counts(filled: History) -> None:
    def at(day: date) -> list[tuple[str, str | None]]:
        return [(one.workload, one.verdict) for one in filled.fleet_at(day)]

    assert at(WEEKS[0] - timedelta(days=1)) == []
    assert at(WEEKS[0]) == [("shop", "conditional-go"), ("stock", None)]
    assert at(WEEKS[1]) == [("shop", "no-go"), ("stock", None), ("till", "go")]
    assert at(WEEKS[2]) == [("shop", "go"), ("stock", None), ("till", "go")]


def test_verdicts_over_time_count_what_could_not_be_assessed_too(filled: History) -> None:
    assert filled.verdicts_over_time([WEEKS[0] - timedelta(days=1), *WEEKS]) == {
        WEEKS[0] - timedelta(days=1): Counter(),
        WEEKS[0]: Counter({"conditional-go": 1, None: 1}),
        WEEKS[1]: Counter({"no-go": 1, "go": 1, None: 1}),
        WEEKS[2]: Counter({"go": 2, None: 1}),
    }
    assert filled.verdicts_over_time([WEEKS[2]], ["till"]) == {WEEKS[2]: Counter({"go": 1})}


def test_a_run_tells_no_more_of_a_workload_after_its_cadence(filled: History) -> None:
    late = WEEKS[2] + timedelta(days=8)
    assert filled.verdicts_over_time([late], ["shop", "till"], {"shop": 7, "till": 30}) == {
        late: Counter({None: 1, "go": 1})
    }
    assert filled.verdicts_over_time([late], ["shop"], {"shop": 8}) == {late: Counter({"go": 1})}


def test_the_last_assessed_day_passes_over_runs_that_failed(filled: History) -> None:
    filled.record(Run("till", WEEKS[2], NOW, None, "its kernel died"))
    assert filled.last_assessed() == {"shop": WEEKS[2], "till": WEEKS[1]}


def test_a_verdict_is_unbroken_since_the_first_run_after_another(filled: History) -> None:
    assert filled.unbroken() == {"shop": WEEKS[1], "stock": WEEKS[0], "till": WEEKS[1]}
    for day in (WEEKS[1], WEEKS[2]):
        filled.record(Run("stock", day, NOW, None, "its kernel died again"))
        filled.record(run_of(assessment({"basics/owner": "met"}, today=day), workload="till", today=day))
    filled.record(Run("till", WEEKS[2], NOW, None, "its kernel died"))
    assert filled.unbroken() == {"shop": WEEKS[1], "stock": WEEKS[0], "till": WEEKS[2]}


def test_the_states_at_a_date_are_the_last_of_each_item_that_was_still_asked(filled: History) -> None:
    assert filled.states_at(WEEKS[0]) == {"shop": {"basics/owner": "met", "basics/dashboard": "stale"}}
    # By its place in the history the run for the second week came after that for the third.
    assert filled.states_at() == {
        "shop": {"basics/owner": "not-met", "basics/dashboard": "met"},
        "till": {"basics/owner": "met"},
    }


def test_the_life_of_an_item_goes_across_the_fleet(filled: History) -> None:
    told = [(one.workload, one.number, one.state) for one in filled.item_changes(item="basics/owner")]
    assert told == [("shop", 1, "met"), ("shop", 3, "not-met"), ("till", 1, "met")]
    assert [one.state for one in filled.item_changes(item="basics/dashboard")] == ["stale", None, "met"]


def test_drift_since_a_day_is_what_runs_for_later_days_found(filled: History) -> None:
    told = [(one.workload, one.item, one.today) for one in filled.item_changes(since=WEEKS[1])]
    assert told == [("shop", "basics/dashboard", WEEKS[2])]
    assert filled.item_changes(since=WEEKS[2]) == []


def test_a_trend_may_be_that_of_some_workloads(filled: History) -> None:
    assert sorted(filled.trends(9, ["shop", "till"])) == ["shop", "till"]
    assert [verdict for _, verdict in filled.trends(2)["shop"]] == ["go", "no-go"]
