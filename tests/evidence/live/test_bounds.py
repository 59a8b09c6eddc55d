"""Bounds: what a value from elsewhere must be, whatever it is."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.live.bounds import Bound, day_of
from orr.evidence.live.query import shown
from orr.messages import LANGUAGES, render
from orr.model.finding import Outcome

TODAY = date(2026, 11, 23)

DAYS = {
    "a date": ("2026-11-12", date(2026, 11, 12)),
    "a moment of the day before in UTC": ("2026-11-11T20:00:00Z", date(2026, 11, 12)),
    "an offset": ("2026-11-12T00:30:00+09:00", date(2026, 11, 11)),
    "fractions": ("2026-11-12T01:02:03.456789+00:00", date(2026, 11, 12)),
    "no offset is UTC": ("2026-11-11T20:00:00", date(2026, 11, 12)),
    "seconds": (1795219200, date(2026, 11, 21)),
    "milliseconds": (1795219200000, date(2026, 11, 21)),
    "digits as a text": ("1795219200", date(2026, 11, 21)),
    "a compact date": ("20261112", date(2026, 11, 12)),
    "words": ("yesterday", None),
    "a truth": (True, None),
    "nothing": ("", None),
    "too large": (10**400, None),
    "infinite": (float("inf"), None),
    "a list": ([], None),
}


@pytest.mark.parametrize(("value", "day"), DAYS.values(), ids=DAYS.keys())
def test_times_are_read_in_the_time_zone_of_the_workspace(value: Any, day: date | None) -> None:
    assert day_of(value, ZoneInfo("Asia/Shanghai")) == day


@pytest.mark.parametrize("good", [1, 1.0, "1", True, False, 0])
@pytest.mark.parametrize("value", [1, 1.0, "1", True, False, 0])
def test_text_number_and_truth_are_never_equal(good: Any, value: Any) -> None:
    expected = type(good) is type(value) and good == value
    expected |= isinstance(good, (int, float)) and {type(good), type(value)} == {int, float} and good == value
    for bound, judged in ((Bound(equals=good), value), (Bound(all_in=[good]), [value])):
        assert (bound.judge(judged, TODAY, UTC).outcome is Outcome.MET) is expected


NEEDS = {
    "enough of them": (Bound(at_least=1), False),
    "not too many": (Bound(at_most=1), True),
    "between": (Bound(at_least=1, at_most=2), True),
    "none": (Bound(none=True), True),
    "all": (Bound(all_in=["a"]), True),
    "a single value": (Bound(equals="a"), True),
    "young ones": (Bound(younger_than=3), True),
}


@pytest.mark.parametrize(("bound", "needs"), NEEDS.values(), ids=NEEDS.keys())
def test_only_enough_is_known_from_a_part(bound: Bound, needs: bool) -> None:
    assert bound.needs_all is needs


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-11-20", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)
BOUNDS = st.builds(
    Bound,
    equals=st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a"]),
    at_least=st.none() | st.floats(-2, 2),
    at_most=st.none() | st.floats(-2, 2),
    all_in=st.none() | st.lists(st.sampled_from([True, 1, 0.5, "a"]), min_size=1, max_size=2),
    none=st.booleans(),
    younger_than=st.none() | st.integers(1, 10**7),
)


def test_a_number_beyond_floats_is_judged() -> None:
    assert Bound(at_most=1).judge(10**400, TODAY, UTC).outcome is Outcome.NOT_MET
    assert Bound(at_least=1).judge(10**400, TODAY, UTC).outcome is Outcome.MET


@settings(max_examples=examples(300))
@given(JSON, BOUNDS)
def test_any_value_is_judged_and_nothing_at_all_is_never_good(value: Any, bound: Bound) -> None:
    judged = bound.judge(value, TODAY, UTC)
    assert judged.outcome in (Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN)
    assert all(render(judged.says, language) for language in LANGUAGES)
    if value is None or (value == [] and not bound.none):
        assert judged.outcome is not Outcome.MET
    if judged.outcome is not Outcome.MET:
        assert judged.holds_until is None


@given(st.text() | JSON)
def test_a_value_is_shown_in_one_short_line(value: Any) -> None:
    assert shown(value).isprintable()
    assert len(shown(value)) <= 120
