"""Which of several revisions of one event counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence.calendars.ical.parts import Calendar, Event
from orr.evidence.calendars.ical.recurrence import Refused
from orr.evidence.calendars.ical.revisions import is_newer, newest
from orr.messages import render

BASE = Event(Calendar("c.ics", "", "", ""), 1, "1", "Freeze", None)
DAYS = st.none() | st.integers(1, 3).map(lambda day: datetime(2026, 11, day))
REVISIONS = st.builds(
    lambda title, sequence, stamped, changed: replace(
        BASE, summary=title, sequence=sequence, stamped=stamped, changed=changed
    ),
    st.sampled_from("abc"), st.integers(0, 2), DAYS, DAYS,
)  # fmt: skip


def at(title: str, sequence: int = 0, stamped: int | None = None, changed: int | None = None) -> Event:
    days = [None if day is None else datetime(2026, 11, day) for day in (stamped, changed)]
    return replace(BASE, summary=title, sequence=sequence, stamped=days[0], changed=days[1])


@pytest.mark.parametrize(
    "revisions",
    [
        [at("old", 1), at("new", 2)],
        [at("new", 2, stamped=1), at("old", 1, stamped=2)],
        [at("old", stamped=1), at("new", stamped=2)],
        [at("old", stamped=1, changed=1), at("new", stamped=1, changed=2)],
        [at("old", changed=1), at("new", changed=2)],
        [at("new"), at("new")],
        [at("old", 0), at("new", 1), at("new", 1)],
    ],
    ids=["SEQUENCE", "SEQUENCE before stamps", "DTSTAMP", "LAST-MODIFIED beside one DTSTAMP", "LAST-MODIFIED",
         "the same twice", "the same twice, and an older one"],
)  # fmt: skip
def test_the_newest_revision_counts(revisions: list[Event]) -> None:
    assert newest(revisions).summary == "new"
    assert newest(revisions[::-1]).summary == "new"


@pytest.mark.parametrize(
    "revisions",
    [
        [at("a"), at("b")],
        [at("a", stamped=1, changed=2), at("b", stamped=2, changed=1)],
        [at("a", stamped=1), at("b", changed=2)],
        [at("a", 1, stamped=1), at("b", 1, stamped=1), at("c", 0, stamped=2)],
    ],
    ids=["no stamp", "stamps that contradict each other", "stamps that cannot be compared", "two of the highest"],
)
def test_where_nothing_tells_which_is_the_newest_none_counts(revisions: list[Event]) -> None:
    with pytest.raises(Refused) as raised:
        newest(revisions)
    assert "nothing says which is the latest" in render(raised.value.why, "en")


@given(st.lists(REVISIONS, min_size=1, max_size=5))
def test_what_counts_is_newer_than_all_that_says_something_else(revisions: list[Event]) -> None:
    try:
        one = newest(revisions)
    except Refused:
        return
    top = max(each.sequence for each in revisions)
    assert all(each == one or is_newer(one, each) for each in revisions if each.sequence == top)


@given(REVISIONS, REVISIONS)
def test_of_two_revisions_at_most_one_is_newer(one: Event, other: Event) -> None:
    assert not (is_newer(one, other) and is_newer(other, one))
