"""When the events of a calendar file are: moved, cancelled, excluded, and what is not clear of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calendars import OWN_ZONE, YEAR, doubts, found, ics, spans, starts
from support.fuzzing import examples
from support.lanes import package

from orr.evidence.errors import Undetermined

package("icalendar")

# Weekly from Monday, 1 June; each of its days at eight in UTC.
WEEKLY = ("UID:1", "SUMMARY:week", "DTSTART:20260601T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4")
SECOND = "RECURRENCE-ID:20260608T080000Z"


EDITED = (
    "SEQUENCE:2", "---", "UID:1", "SEQUENCE:3", "SUMMARY:edited", "DTSTART:20200601T080000Z",
    "RRULE:FREQ=WEEKLY;UNTIL=20260105T080000Z",
)  # fmt: skip
"""A series since 2020, as it was changed after what stands instead of one of its occurrences."""


def instead(title: str, start: str, *more: str, of: str = SECOND) -> tuple[str, ...]:
    """An event that stands instead of an occurrence."""
    return "---", "UID:1", f"SUMMARY:{title}", of, f"DTSTART:{start}", "DURATION:PT1H", *more


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20260601T080000Z", "DTEND:20260601T100000Z"], ["06-01T08:00/06-01T10:00"]),
        (["DTSTART;TZID=Europe/Berlin:20260601T080000", "DURATION:PT2H"], ["06-01T06:00/06-01T08:00"]),
        (["DTSTART:20260601T080000", "DURATION:PT2H"], ["06-01T06:00/06-01T08:00"]),
        (["DTSTART;VALUE=DATE:20260601"], ["05-31T22:00/06-01T22:00"]),
        (["DTSTART;VALUE=DATE:20260329", "DTEND;VALUE=DATE:20260330"], ["03-28T23:00/03-29T22:00"]),
        (["DTSTART:20260601T080000Z", "DTEND:20260601T100000Z", "STATUS:CANCELLED"], []),
        (["DTSTART:20250601T080000Z", "DTEND:20260101T010000Z"], ["06-01T08:00/01-01T01:00"]),
        (["DTSTART:20270101T000000Z", "DURATION:PT1H"], []),
        (
            ["DTSTART:20260601T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260602T080000Z"],
            ["06-01T08:00/06-01T09:00", "06-03T08:00/06-03T09:00"],
        ),
        (
            ["DTSTART:20260601T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20260602T080000Z"],
            ["06-01T08:00/06-01T09:00", "06-02T08:00/06-02T09:00"],
        ),
        (
            ["DTSTART:20260601T080000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20260701T080000Z/PT3H"],
            ["06-01T08:00/06-01T09:00", "07-01T08:00/07-01T11:00"],
        ),
        (
            ["DTSTART:20260601T080000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20260701T080000Z/20260701T090000Z"],
            ["06-01T08:00/06-01T09:00", "07-01T08:00/07-01T09:00"],
        ),
        (
            ["DTSTART;TZID=Europe/Berlin:20260601T080000", "DTEND;TZID=Asia/Shanghai:20260601T150000"],
            ["06-01T06:00/06-01T07:00"],
        ),
    ],
    ids=[
        "utc", "zone", "floating", "a day", "a day of 23 hours", "cancelled", "begins before", "begins at the end",
        "EXDATE", "UNTIL is included", "RDATE with a length", "RDATE with an end", "two zones",
    ],
)  # fmt: skip
def test_an_event_is_when_its_calendar_says(lines: list[str], expected: list[str]) -> None:
    assert spans(ics(*lines)) == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Office"])
def test_a_shift_that_recurs_keeps_its_hours_on_the_wall_through_changes_of_the_clocks(zone: str) -> None:
    weekly = (f"DTSTART;TZID={zone}:20261012T090000", f"DTEND;TZID={zone}:20261019T090000", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert spans(ics(*weekly, head=OWN_ZONE)) == [
        "10-12T07:00/10-19T07:00", "10-19T07:00/10-26T08:00", "10-26T08:00/11-02T08:00",
    ]  # fmt: skip


def test_a_duration_in_days_is_on_the_wall_and_one_in_hours_is_not() -> None:
    start = "DTSTART;TZID=Europe/Berlin:20261024T120000"
    assert spans(ics(start, "DURATION:P1D")) == ["10-24T10:00/10-25T11:00"]
    assert spans(ics(start, "DURATION:PT23H")) == ["10-24T10:00/10-25T09:00"]


def test_what_began_before_reaches_into_what_is_looked_at() -> None:
    raw = ics("DTSTART:20251201T000000Z", "DURATION:P7D", "RRULE:FREQ=WEEKLY;UNTIL=20260105T000000Z")
    assert spans(raw) == ["12-29T00:00/01-05T00:00", "01-05T00:00/01-12T00:00"]
    daily = ics("DTSTART:20251201T000000Z", "DURATION:P3D", "RRULE:FREQ=DAILY;UNTIL=20251231T000000Z")
    assert spans(daily) == ["12-30T00:00/01-02T00:00", "12-31T00:00/01-03T00:00"]


def test_an_event_knows_its_line() -> None:
    assert [one.event.line for one in found(ics("DTSTART:20260601T080000Z"))] == [3]


# Occurrences that were moved, and moved again


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([instead("moved", "20260609T120000Z")], ["06-01T08 week", "06-09T12 moved", "06-15T08 week", "06-22T08 week"]),
        (
            [instead("once", "20260609T120000Z", "SEQUENCE:1"), instead("twice", "20260610T120000Z", "SEQUENCE:2")],
            ["06-01T08 week", "06-10T12 twice", "06-15T08 week", "06-22T08 week"],
        ),
        (
            [instead("moved", "20260609T120000Z", "SEQUENCE:1"),
             instead("off", "20260609T120000Z", "SEQUENCE:2", "STATUS:CANCELLED")],
            ["06-01T08 week", "06-15T08 week", "06-22T08 week"],
        ),
        (
            [instead("off", "20260608T080000Z", "SEQUENCE:1", "STATUS:CANCELLED"),
             instead("on again", "20260608T080000Z", "SEQUENCE:2")],
            ["06-01T08 week", "06-08T08 on again", "06-15T08 week", "06-22T08 week"],
        ),
        (
            [instead("later", "20260610T080000Z", "DTSTAMP:20260502T000000Z"),
             instead("sooner", "20260609T080000Z", "DTSTAMP:20260501T000000Z")],
            ["06-01T08 week", "06-10T08 later", "06-15T08 week", "06-22T08 week"],
        ),
        (
            [instead("moved", "20260609T120000Z", "RRULE:FREQ=DAILY")],
            ["06-01T08 week", "06-09T12 moved", "06-15T08 week", "06-22T08 week"],
        ),
        (
            [instead("out of the year", "20270109T120000Z")],
            ["06-01T08 week", "06-15T08 week", "06-22T08 week"],
        ),
        (
            [instead("into the year", "20260609T120000Z", of="RECURRENCE-ID:20250601T080000Z")],
            ["06-01T08 week", "06-08T08 week", "06-09T12 into the year", "06-15T08 week", "06-22T08 week"],
        ),
        (
            [(*instead("old", "20260609T120000Z", of="RECURRENCE-ID:20210607T080000Z"), *EDITED)],
            ["01-05T08 edited", "06-09T12 old"],
        ),
    ],
    ids=["moved", "moved twice", "moved, then cancelled", "cancelled, then not", "the later stamp", "repeats the rule",
         "moved away", "of no occurrence", "of one before all that is looked at"],
)  # fmt: skip
def test_of_what_stands_instead_of_an_occurrence_the_newest_counts(
    others: list[tuple[str, ...]], expected: list[str]
) -> None:
    for order in (others, others[::-1]):
        raw = ics(*WEEKLY, *(line for one in order for line in one))
        assert starts(raw) == expected
        assert doubts(raw) == []


def test_one_whose_place_among_revisions_is_hidden_makes_none_of_them_sure() -> None:
    hidden = instead("a", "20260609T120000Z", "SEQUENCE:x")
    raw = ics(*WEEKLY, *hidden, *instead("b", "20260610T120000Z", "SEQUENCE:1"))
    assert starts(raw) == []
    assert all("SEQUENCE of this event cannot be read" in doubt for doubt in doubts(raw))


def test_of_two_that_say_different_things_and_tie_neither_is_sure() -> None:
    raw = ics(*WEEKLY, *instead("a", "20260609T120000Z"), *instead("b", "20260610T120000Z"))
    assert starts(raw) == ["06-01T08 week", "06-15T08 week", "06-22T08 week"]
    first, second = doubts(raw)
    assert first.startswith(
        "06-09T12:00/06-09T13:00 “a” (c.ics:10): it is written several times with SEQUENCE 0 (lines 10, 17)"
    )
    assert second.startswith("06-10T12:00/06-10T13:00")


def test_what_was_exported_without_its_series_stands_alone() -> None:
    assert starts(ics(*instead("moved", "20260609T120000Z")[1:])) == ["06-09T12 moved"]


@pytest.mark.parametrize(
    ("series", "of", "gone"),
    [
        (WEEKLY, "RECURRENCE-ID;VALUE=DATE:20260608", "06-08"),
        (WEEKLY, "RECURRENCE-ID;TZID=Europe/Berlin:20260608T100000", "06-08"),
        (WEEKLY, "RECURRENCE-ID;TZID=China Standard Time:20260608T160000", "06-08"),
        (WEEKLY, 'RECURRENCE-ID;TZID="Office":20260608T100000', "06-08"),
        (
            ("UID:1", "SUMMARY:week", "DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=WEEKLY;COUNT=4"),
            "RECURRENCE-ID;TZID=W. Europe Standard Time:20260608T000000", "06-07",
        ),
        (
            ("UID:1", "SUMMARY:week", "DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=WEEKLY;COUNT=4"),
            "RECURRENCE-ID:20260607T220000Z", "06-07",
        ),
        (
            ("UID:1", "SUMMARY:week", "DTSTART;TZID=Asia/Shanghai:20260601T160000", "RRULE:FREQ=WEEKLY;COUNT=4"),
            "RECURRENCE-ID:20260608T160000", "06-08",
        ),
    ],
    ids=["a day for a time", "another zone", "a zone of Windows", "an own zone", "midnight for a day, by Outlook",
         "midnight in UTC for a day", "without the zone of the series"],
)  # fmt: skip
def test_an_occurrence_is_known_however_it_is_named(series: tuple[str, ...], of: str, gone: str) -> None:
    cancelled = ("---", "UID:1", of, "DTSTART:20260608T080000Z", "STATUS:CANCELLED")
    before = [one[:5] for one in starts(ics(*series, head=OWN_ZONE))]
    assert [one[:5] for one in starts(ics(*series, *cancelled, head=OWN_ZONE))] == [
        one for one in before if one != gone
    ]


@pytest.mark.parametrize(
    ("series", "of"),
    [
        (("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=WEEKLY"), "RECURRENCE-ID:20260608T080000Z"),
        (("DTSTART:20260601T080000Z", "RRULE:FREQ=DAILY;BYHOUR=8,20"), "RECURRENCE-ID;VALUE=DATE:20260608"),
        (("DTSTART:20260601T080000Z", "RRULE:FREQ=WEEKLY"), "RECURRENCE-ID;TZID=Mars/Base:20260608T080000"),
        (("DTSTART:20260601T080000Z", "RRULE:FREQ=WEEKLY"), "RECURRENCE-ID:soon"),
    ],
    ids=["a time for a day", "a day for several times", "an unknown zone", "unreadable"],
)
def test_where_an_occurrence_cannot_be_told_from_others_none_is_sure(series: tuple[str, ...], of: str) -> None:
    raw = ics("UID:1", *series, "---", "UID:1", of, "DTSTART:20260608T080000Z", "STATUS:CANCELLED")
    assert starts(raw) == []
    assert doubts(raw)[0].split("/")[0][:5] in ("05-31", "06-01")


# Series that end, exclude, or move


@pytest.mark.parametrize(
    ("series", "other", "expected"),
    [
        ("STATUS:CANCELLED\nSEQUENCE:3", "SEQUENCE:1", []),
        ("STATUS:CANCELLED\nSEQUENCE:1", "SEQUENCE:3", ["06-09T12 moved"]),
        ("STATUS:CANCELLED\nDTSTAMP:20260502T000000Z", "DTSTAMP:20260501T000000Z", []),
        ("EXDATE:20260608T080000Z\nSEQUENCE:2", "SEQUENCE:1", ["06-01T08 week", "06-15T08 week", "06-22T08 week"]),
        ("EXDATE;VALUE=DATE:20260608\nSEQUENCE:2", "SEQUENCE:1", ["06-01T08 week", "06-15T08 week", "06-22T08 week"]),
        ("SEQUENCE:2", "SEQUENCE:1", ["06-01T08 week", "06-09T12 moved", "06-15T08 week", "06-22T08 week"]),
    ],
    ids=["cancelled later", "cancelled before", "cancelled later, by its stamp", "excluded later",
         "excluded later, by its day", "changed later"],
)  # fmt: skip
def test_what_stands_instead_of_an_occurrence_ends_with_it(series: str, other: str, expected: list[str]) -> None:
    raw = ics(*WEEKLY, *series.splitlines(), *instead("moved", "20260609T120000Z", other))
    assert starts(raw) == expected
    assert doubts(raw) == []


@pytest.mark.parametrize(
    ("series", "other"),
    [("STATUS:CANCELLED", "SEQUENCE:0"), ("EXDATE:20260608T080000Z", "SEQUENCE:0"),
     ("EXDATE:20260608T080000Z\nSEQUENCE:1", "SEQUENCE:2")],
    ids=["cancelled", "excluded", "excluded before"],
)  # fmt: skip
def test_where_nothing_tells_whether_it_ended_it_is_not_sure(series: str, other: str) -> None:
    raw = ics(*WEEKLY, *series.splitlines(), *instead("moved", "20260609T120000Z", other))
    assert "06-09T12 moved" not in starts(raw)
    (doubt,) = doubts(raw)
    assert doubt.startswith("06-09T12:00/06-09T13:00 “moved”")
    assert "no longer has" in doubt


def test_what_was_moved_before_the_series_itself_was_may_be_obsolete() -> None:
    series = ("UID:1", "SUMMARY:week", "SEQUENCE:2", "DTSTART:20260602T080000Z", "RRULE:FREQ=WEEKLY;COUNT=2")
    raw = ics(*series, *instead("moved", "20260609T120000Z", "SEQUENCE:1"))
    assert starts(raw) == ["06-02T08 week", "06-09T08 week"]
    assert "no longer has" in doubts(raw)[0]


def test_a_newer_revision_of_an_event_takes_the_place_of_the_older() -> None:
    revised = (
        "UID:1",
        "SEQUENCE:1",
        "DTSTART:20260601T080000Z",
        "---",
        "UID:1",
        "SEQUENCE:2",
        "DTSTART:20260701T080000Z",
    )
    assert [one.span.start.month for one in found(ics(*revised))] == [7]


def test_revisions_in_several_calendars_of_a_file_are_of_one_event() -> None:
    first = ics("UID:1", "SEQUENCE:1", "SUMMARY:game", "DTSTART:20260601T080000Z", head="METHOD:PUBLISH")
    moved = ics("UID:1", "SEQUENCE:2", "SUMMARY:game", "DTSTART:20260701T080000Z", head="METHOD:REQUEST")
    off = ics("UID:1", "SEQUENCE:3", "STATUS:CANCELLED", head="METHOD:CANCEL")
    assert starts(first + moved) == ["07-01T08 game"]
    assert starts(first + moved + off) == []
    assert doubts(first + moved + off) == []


def test_events_without_a_uid_are_different_events() -> None:
    assert len(found(ics("DTSTART:20260601T080000Z", "---", "DTSTART:20260602T080000Z"))) == 2


def test_different_events_under_one_uid_are_not_sure() -> None:
    raw = ics("UID:1", "SUMMARY:a", "DTSTART:20260601T080000Z", "---", "UID:1", "SUMMARY:b", "DTSTART:20260701T080000Z")
    assert starts(raw) == []
    assert [doubt[:5] for doubt in doubts(raw)] == ["06-01", "07-01"]


# This and all that follow


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (
            [instead("late", "20260608T100000Z", of="RECURRENCE-ID;RANGE=THISANDFUTURE:20260608T080000Z")],
            ["06-01T08 week", "06-08T10 late", "06-15T10 late", "06-22T10 late"],
        ),
        (
            [instead("early", "20260606T080000Z", of="RECURRENCE-ID;RANGE=THISANDFUTURE:20260608T080000Z"),
             instead("once", "20260616T080000Z", of="RECURRENCE-ID:20260615T080000Z")],
            ["06-01T08 week", "06-06T08 early", "06-16T08 once", "06-20T08 early"],
        ),
        (
            [instead("late", "20260608T100000Z", of="RECURRENCE-ID;RANGE=THISANDFUTURE:20260608T080000Z"),
             instead("later", "20260622T120000Z", of="RECURRENCE-ID;RANGE=THISANDFUTURE:20260622T080000Z")],
            ["06-01T08 week", "06-08T10 late", "06-15T10 late", "06-22T12 later"],
        ),
        (
            [instead("off", "20260615T080000Z", "STATUS:CANCELLED",
                     of="RECURRENCE-ID;RANGE=THISANDFUTURE:20260615T080000Z")],
            ["06-01T08 week", "06-08T08 week"],
        ),
    ],
    ids=["moved", "moved, and one more", "moved twice", "cancelled"],
)  # fmt: skip
def test_a_change_of_an_occurrence_may_be_one_of_all_that_follow(
    others: list[tuple[str, ...]], expected: list[str]
) -> None:
    assert starts(ics(*WEEKLY, *(line for one in others for line in one))) == expected


def test_all_that_follow_may_move_into_what_is_looked_at() -> None:
    series = ("UID:1", "SUMMARY:week", "DTSTART:20261228T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=6")
    early = instead("early", "20261123T080000Z", of="RECURRENCE-ID;RANGE=THISANDFUTURE:20270111T080000Z")
    late = instead("late", "20260302T080000Z", of="RECURRENCE-ID;RANGE=THISANDFUTURE:20251229T080000Z")
    assert starts(ics(*series, *early)) == [
        "11-23T08 early", "11-30T08 early", "12-07T08 early", "12-14T08 early", "12-28T08 week",
    ]  # fmt: skip
    before = tuple(line.replace("20261228", "20251215") for line in series)
    assert starts(ics(*before, *late)) == ["03-02T08 late", "03-09T08 late", "03-16T08 late", "03-23T08 late"]


def test_all_that_follow_move_on_the_wall_and_with_a_new_length() -> None:
    series = ("UID:1", "DTSTART;TZID=Europe/Berlin:20261019T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
    ranged = (
        "---", "UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261019T090000",
        "DTSTART;TZID=Europe/Berlin:20261020T100000", "DTEND;TZID=Europe/Berlin:20261020T130000",
    )  # fmt: skip
    assert spans(ics(*series, *ranged)) == [
        "10-20T08:00/10-20T11:00", "10-27T09:00/10-27T12:00", "11-03T09:00/11-03T12:00",
    ]  # fmt: skip


def test_a_change_of_one_and_one_of_all_that_follow_at_the_same_place_are_not_sure() -> None:
    ranged = instead("late", "20260608T100000Z", "SEQUENCE:1", of="RECURRENCE-ID;RANGE=THISANDFUTURE:20260608T080000Z")
    raw = ics(*WEEKLY, *ranged, *instead("once", "20260609T080000Z", "SEQUENCE:2"))
    assert starts(raw) == []
    assert "RANGE" in doubts(raw)[0]


# What cannot be read, and where it matters


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20260601T080000Z", "RRULE:"], "06-01T08:00/"),
        (["DTSTART:20260601T080000Z", "DTEND:"], "06-01T08:00/"),
        (["DTSTART:20260601T080000Z", "DURATION:soon"], "06-01T08:00/"),
        (["DTSTART:20260601T080000Z", "DTEND:20260531T080000Z"], "05-31T08:00/"),
        (["DTSTART:20260601T080000Z", "RRULE:FREQ=WEEKLY;BYDAY=XX"], "06-01T08:00/"),
        (["DTSTART:20260601T080000Z", "RDATE;VALUE=DATE:20260602"], "06-01T08:00/"),
        (["DTSTART:20260601T080000Z", "EXRULE:FREQ=DAILY"], "06-01T08:00/"),
        (["DTSTART:20260601T080000Z", "SEQUENCE:x"], "06-01T08:00/"),
        (["DTSTART:soon"], "/"),
        ([], "/"),
        (["DTSTART:99991231T235959", "DURATION:P9D"], "/"),
    ],
)
def test_an_event_of_which_not_all_can_be_read_is_possible_from_its_start_on(lines: list[str], expected: str) -> None:
    raw = ics("SUMMARY:Freeze", *lines, "---", "SUMMARY:Party", "DTSTART:20260301T080000Z")
    assert starts(raw) == ["03-01T08 Party"]
    (doubt,) = doubts(raw)
    assert doubt.startswith(f"{expected} “Freeze” (c.ics:3): ")


def test_what_may_only_be_later_than_what_is_looked_at_is_no_doubt() -> None:
    assert doubts(ics("DTSTART:20270601T080000Z", "RRULE:")) == []
    assert doubts(ics("DTSTART;TZID=Mars/Base:20250601T080000")) == []


def test_what_is_cancelled_or_obsolete_may_be_as_broken_as_it_likes() -> None:
    assert doubts(ics("STATUS:CANCELLED", "DTSTART:soon", "RRULE:")) == []
    newer = ("---", "UID:1", "SEQUENCE:1", "DTSTART:20260601T080000Z")
    assert doubts(ics("UID:1", "DTSTART:20260601T080000Z", "RRULE:", *newer)) == []


def test_a_broken_occurrence_leaves_the_others_of_its_series() -> None:
    raw = ics(*WEEKLY, "---", "UID:1", SECOND, "DTSTART:20260609T080000Z", "DTEND:")
    assert starts(raw) == ["06-01T08 week", "06-15T08 week", "06-22T08 week"]
    assert doubts(raw)[0].startswith("06-09T08:00/")


@pytest.mark.parametrize(
    ("until", "sure", "perhaps"),
    [
        ("20260603", ["06-01T08", "06-02T08"], ["06-03T08:00/06-03T09:00"]),
        ("20260602T235959Z", ["06-01T08", "06-02T08"], []),
        ("20260531", [], ["06-01T08:00/06-01T09:00"]),
    ],
    ids=["a day for times", "a moment", "before the start"],
)
def test_what_lies_between_two_readings_of_an_end_is_not_sure(until: str, sure: list[str], perhaps: list[str]) -> None:
    raw = ics("DTSTART:20260601T080000Z", "DURATION:PT1H", f"RRULE:FREQ=DAILY;UNTIL={until}")
    assert starts(raw) == sure
    assert [doubt.split(" ")[0] for doubt in doubts(raw)] == perhaps
    assert all("the series may have ended before" in doubt for doubt in doubts(raw))


def test_an_excluded_day_excludes_what_begins_on_it() -> None:
    raw = ics("DTSTART:20260601T080000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260602")
    assert starts(raw) == ["06-01T08", "06-03T08"]


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from([
            "DTSTART:20260601T080000Z", "DTSTART;TZID=Europe/Berlin:20261025T023000", "DTSTART;VALUE=DATE:20260601",
            "DTEND:20260602T080000Z", "DURATION:-PT1H", "DURATION:P7D", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260601",
            "RRULE:FREQ=YEARLY;UNTIL=99991231", "RDATE:00010101T000000Z", "RECURRENCE-ID:20260601T080000Z", "UID:1",
            "RECURRENCE-ID;RANGE=THISANDFUTURE:20260602T080000Z", "RECURRENCE-ID;VALUE=DATE:20260602", "UID:2",
            "END:VEVENT", "BEGIN:VEVENT", "BEGIN:VTIMEZONE", "TZID:Office", "SEQUENCE:x", "SEQUENCE:2",
            "STATUS:CANCELLED", "DTSTART:99991231T235959", "DTSTAMP:20260101T000000Z", "METHOD:CANCEL", " folded",
            "ATTENDEE;CN=:x", "DTSTART:00010101",
        ]) | st.text(max_size=40),
        max_size=12,
    )
)  # fmt: skip
def test_any_lines_give_events_doubts_or_a_cause(lines: list[str]) -> None:
    raw = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]).encode(
        "utf-8", "replace"
    )
    events = []
    with contextlib.suppress(Undetermined):
        events = found(raw)
        doubts(raw)
    assert all(one.span.start <= one.span.end and one.span.start < YEAR.end for one in events)


MUCH = """\
BEGIN:VCALENDAR
PRODID;X-NOTE="a:b;c":-//Some Office//Calendar 1.0//EN
VERSION:2.0
METHOD:PUBLISH
X-WR-CALNAME:Changes\\, all of them
{zone}
BEGIN:VTODO
UID:todo
DUE:20260601T080000Z
END:VTODO
BEGIN:VEVENT
UID:much@example.com
DTSTAMP:20260101T000000Z
DTSTART;TZID=Office;X-VENDOR=1:20260601T080000
DTEND;TZID=Office:20260601T100000
SUMMARY;LANGUAGE=de:Frost\\; und was
 \tdazugehört
DESCRIPTION:Two lines\\nin one\\, and a
  fold
X-ALT-DESC;FMTTYPE=text/html:<p>BEGIN:VEVENT</p>
ORGANIZER;CN="Ruiz, Ana: on call":mailto:ana@example.com
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;RSVP=TRUE:mailto:wei@example.com
ATTACH;ENCODING=BASE64;VALUE=BINARY:QkVHSU46VkVWRU5U
GEO:52.5;13.4
CLASS:PRIVATE
BEGIN:VALARM
TRIGGER;RELATED=END:-PT5M
ACTION:DISPLAY
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
BEGIN:VJOURNAL
DTSTART;VALUE=DATE:20260601
SUMMARY:Written down
END:VJOURNAL
BEGIN:VFREEBUSY
FREEBUSY:20260601T080000Z/PT1H
END:VFREEBUSY
END:VCALENDAR
""".replace("{zone}", OWN_ZONE)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda text: text, id="lines end as on Unix"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="lines end as they should"),
        pytest.param(lambda text: "\ufeff" + text, id="with a mark of its encoding"),
        pytest.param(lambda text: text + text.replace("much@", "other@").replace("0601T", "0602T"), id="two calendars"),
        pytest.param(lambda text: text.replace("BEGIN:", "begin:").replace("DTSTART", "dtstart"), id="small letters"),
    ],
)
def test_what_programs_write_beside_an_event_does_not_keep_it_from_being_read(written: Callable[[str], str]) -> None:
    first, *others = found(written(MUCH).encode())
    assert f"{first.span.start:%dT%H}/{first.span.end:%dT%H}" == "01T06/01T08"
    assert first.event.summary == "Frost; und was\tdazugehört"
    assert [f"{one.span.start:%dT%H}" for one in others] in ([], ["02T06"])
