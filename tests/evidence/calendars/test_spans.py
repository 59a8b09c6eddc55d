"""Spans of time: what they share, what is left of them, and days that are no 24 hours long."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence.calendars.spans import Span, common, day_span, hours, merged, readings, utc, without

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 1, tzinfo=UTC)


def spans() -> st.SearchStrategy[list[Span]]:
    pair = st.tuples(st.integers(0, 30), st.integers(1, 10))
    return st.lists(pair.map(lambda p: span(p[0], p[0] + p[1])), max_size=8)


def span(start: int, end: int) -> Span:
    return Span(START + timedelta(hours=start), START + timedelta(hours=end))


def covered(found: list[Span]) -> set[int]:
    return {
        hour for hour in range(-1, 45) if any(one.start <= START + timedelta(hours=hour) < one.end for one in found)
    }


@given(spans(), spans())
def test_every_hour_is_where_it_belongs(some: list[Span], others: list[Span]) -> None:
    left, right = covered(some), covered(others)
    assert covered(merged(some)) == left
    assert covered(common(some, others)) == left & right
    assert covered(without(some, others)) == left - right
    assert hours(merged(some)) == len(left)


@given(spans())
def test_merged_spans_do_not_touch(some: list[Span]) -> None:
    out = merged(some)
    assert all(one.end < other.start for one, other in itertools.pairwise(out))


@pytest.mark.parametrize(
    ("day", "length"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)],
    ids=["forward", "back", "ordinary"],
)
def test_a_day_has_as_many_hours_as_its_clock_shows(day: date, length: int) -> None:
    assert day_span(day, BERLIN).hours == length


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),
    ],
    ids=["shown twice: the first", "never shown: counted from before", "with an offset"],
)
def test_a_wall_time_is_one_moment(wall: datetime, moment: datetime) -> None:
    assert utc(wall, BERLIN) == moment


@pytest.mark.parametrize(
    ("wall", "apart"),
    [(datetime(2026, 10, 25, 2, 30), 1), (datetime(2026, 3, 29, 2, 30), 1), (datetime(2026, 10, 25, 3, 0), 0)],
    ids=["shown twice", "never shown", "shown once"],
)
def test_a_wall_time_that_is_not_clear_has_two_readings(wall: datetime, apart: int) -> None:
    first, last = readings(wall, BERLIN)
    assert last - first == timedelta(hours=apart)
