"""iCalendar files: their events, time zones and recurrences, within bounds."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.calendars.ical.occurring import Occurrence, occurrences
from orr.evidence.calendars.ical.reading import read_calendars
from orr.evidence.calendars.ical.recurrence import Budget
from orr.evidence.calendars.spans import Span
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES, render

pytest.importorskip("icalendar")
rrule = pytest.importorskip("dateutil.rrule")

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def ics(*lines: str, head: str = "") -> bytes:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            *head.splitlines(),
            "BEGIN:VEVENT",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    ).encode()


def found(raw: bytes, window: Span = YEAR, **bounds: float) -> list[Occurrence]:
    budget = Budget("c.ics", **bounds)  # type: ignore[arg-type]
    return [one for each in read_calendars(raw, "c.ics") for one in occurrences(each, window, BERLIN, budget)]


def spans(*lines: str, head: str = "") -> list[str]:
    return [f"{one.span.start:%m-%dT%H:%M}/{one.span.end:%m-%dT%H:%M}" for one in found(ics(*lines, head=head))]


def cause(raw: bytes, **bounds: float) -> str:
    with pytest.raises(Undetermined) as raised:
        found(raw, **bounds)
    assert all(render(raised.value.why, language) for language in LANGUAGES)
    return render(raised.value.why, "en")


OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20260601T080000Z", "DTEND:20260601T100000Z"], ["06-01T08:00/06-01T10:00"]),
        (["DTSTART;TZID=Europe/Berlin:20260601T080000", "DURATION:PT2H"], ["06-01T06:00/06-01T08:00"]),
        (["DTSTART:20260601T080000", "DURATION:PT2H"], ["06-01T06:00/06-01T08:00"]),
        (["DTSTART;VALUE=DATE:20260601"], ["05-31T22:00/06-01T22:00"]),
        (["DTSTART;VALUE=DATE:20260329", "DTEND;VALUE=DATE:20260330"], ["03-28T23:00/03-29T22:00"]),
        (["DTSTART;TZID=W. Europe Standard Time:20260601T080000", "DURATION:PT1H"], ["06-01T06:00/06-01T07:00"]),
        (["DTSTART;TZID=/x.org/1/Europe/Berlin:20260601T080000", "DURATION:PT1H"], ["06-01T06:00/06-01T07:00"]),
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
    ],
    ids=[
        "utc", "zone", "floating", "a day", "a day of 23 hours", "Windows name", "prefixed name", "cancelled",
        "begins before", "begins at the end", "EXDATE", "UNTIL is included", "RDATE with a period",
    ],
)  # fmt: skip
def test_an_event_is_when_its_calendar_says(lines: list[str], expected: list[str]) -> None:
    assert spans(*lines) == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Office"])
def test_a_shift_that_recurs_keeps_its_hours_on_the_wall_through_changes_of_the_clocks(zone: str) -> None:
    weekly = (f"DTSTART;TZID={zone}:20261012T090000", f"DTEND;TZID={zone}:20261019T090000", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert spans(*weekly, head=OWN_ZONE) == [
        "10-12T07:00/10-19T07:00", "10-19T07:00/10-26T08:00", "10-26T08:00/11-02T08:00",
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Office"])
@pytest.mark.parametrize(
    ("start", "expected"),
    [("20261025T023000", "10-25T00:30"), ("20260329T023000", "03-29T01:30"), ("20261025T030000", "10-25T02:00")],
    ids=["twice: the first", "never: from before", "after"],
)
def test_a_time_in_the_hour_of_change_is_read_as_the_standard_says(zone: str, start: str, expected: str) -> None:
    assert spans(f"DTSTART;TZID={zone}:{start}", "DURATION:PT1H", head=OWN_ZONE)[0].split("/")[0] == expected


def test_a_duration_in_days_is_on_the_wall_and_one_in_hours_is_not() -> None:
    start = "DTSTART;TZID=Europe/Berlin:20261024T120000"
    assert spans(start, "DURATION:P1D") == ["10-24T10:00/10-25T11:00"]
    assert spans(start, "DURATION:PT23H") == ["10-24T10:00/10-25T09:00"]


def test_a_zone_that_one_file_defines_does_not_hold_in_another() -> None:
    start = ("DTSTART;TZID=Office:20260601T080000", "DURATION:PT1H")
    assert spans(*start, head=OWN_ZONE) == ["06-01T06:00/06-01T07:00"]
    other = OWN_ZONE.replace("+0200", "+0500")
    assert spans(*start, head=other) == ["06-01T03:00/06-01T04:00"]
    assert "neither known nor defined" in cause(ics(*start))


def test_an_occurrence_that_was_moved_stands_where_it_was_moved_to() -> None:
    raw = ics(
        "UID:1", "DTSTART:20260601T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2", "END:VEVENT", "BEGIN:VEVENT",
        "UID:1", "RECURRENCE-ID:20260608T080000Z", "DTSTART:20260609T120000Z", "DURATION:PT2H",
    )  # fmt: skip
    assert [f"{one.span.start:%m-%dT%H}" for one in found(raw)] == ["06-01T08", "06-09T12"]


def test_a_newer_revision_of_an_event_takes_the_place_of_the_older() -> None:
    raw = ics(
        "UID:1", "SEQUENCE:1", "DTSTART:20260601T080000Z", "END:VEVENT", "BEGIN:VEVENT",
        "UID:1", "SEQUENCE:2", "DTSTART:20260701T080000Z",
    )  # fmt: skip
    assert [one.span.start.month for one in found(raw)] == [7]


def test_an_event_knows_its_line() -> None:
    assert [one.event.line for one in found(ics("DTSTART:20260601T080000Z"))] == [3]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no calendar"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", None),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260601T080000Z\nEND:VEVENT\n", "breaks off"),
        (b"BEGIN:VCALENDAR\nEND:VEVENT\n", "c.ics:2"),
        (ics("SUMMARY:x"), "c.ics:3: this event has no start"),
        (ics("DTSTART:soon"), "DTSTART"),
        (ics("DTSTART:20260601T080000Z", "DTEND:20260531T080000Z"), "ends before it starts"),
        (ics("DTSTART:20260601T080000Z", "DTEND;VALUE=DATE:20260602"), "mixes"),
        (ics("DTSTART;TZID=Mars/Base:20260601T080000"), "Mars/Base"),
        (ics("DTSTART:20260601T080000Z", "RRULE:FREQ=SOON"), "RRULE"),
        (ics("DTSTART:20260601T080000Z", "RRULE:FREQ=DAILY;INTERVAL=0"), "INTERVAL"),
        (ics("DTSTART:20260601T080000Z", "RRULE:FREQ=DAILY", "EXDATE:20260602"), "excludes days"),
        (ics("UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260601T080000Z", "DTSTART:20260601T080000Z"), "RANGE"),
        (ics("DTSTART:20260601T080000Z", "SUMMARY:\xff").replace("\xff".encode(), b"\xff"), "UTF-8"),
        (b"BEGIN:A\n" * 9 + b"END:A\n" * 9, "too large"),
        (ics("DTSTART:20260601T080000Z", "SUMMARY:a\0b"), "binary"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_said_and_never_left_out(raw: bytes, words: str | None) -> None:
    if words is None:
        assert found(raw) == []
    else:
        assert words in cause(raw)


@pytest.mark.parametrize("name", ["/etc/passwd", "../../etc/passwd", "../../../tmp/zone"])
def test_a_zone_is_no_way_to_a_file(name: str) -> None:
    assert "neither known nor defined" in cause(ics(f"DTSTART;TZID={name}:20260601T080000"))


def test_a_text_is_never_taken_for_the_name_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "other.ics"
    file.write_bytes(ics("DTSTART:20260601T080000Z"))
    assert "cannot be read as iCalendar" in cause(str(file).encode())


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=SECONDLY", "too often"),
        ("FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "too often"),
        ("FREQ=HOURLY;BYSETPOS=7;BYMINUTE=1", "too often"),
        (
            "FREQ=HOURLY;BYHOUR=0,1,2,3;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9",
            "more than 5000 times",
        ),
    ],
)
def test_a_rule_without_bounds_is_refused(rule: str, words: str) -> None:
    assert words in cause(ics("DTSTART:20260101T000000Z", "DURATION:PT1S", f"RRULE:{rule}"), starts=5_000)


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31"])
def test_a_rule_that_never_comes_to_pass_is_looked_at_for_four_centuries_at_most(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0  # one a month
    look = rrule._iterinfo.rebuild

    def counted(*arguments: Any) -> None:
        nonlocal steps
        steps += 1
        assert steps <= 400 * 12, "up to the year 9999 there would be twenty times as many months"
        look(*arguments)

    monkeypatch.setattr(rrule._iterinfo, "rebuild", counted)
    assert len(found(ics("DTSTART:20260101T000000Z", "DURATION:PT1H", f"RRULE:{rule}"))) == 1
    assert steps > 300 * 12


def test_what_recurs_for_centuries_is_worked_out_where_it_is_looked_at() -> None:
    raw = ics("DTSTART:16010101T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=2")
    assert len(found(raw, starts=400)) in (182, 183)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from([
            "DTSTART:20260601T080000Z", "DTSTART;TZID=Europe/Berlin:20261025T023000", "DTSTART;VALUE=DATE:20260601",
            "DTEND:20260602T080000Z", "DURATION:-PT1H", "DURATION:P7D", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260601",
            "RRULE:FREQ=YEARLY;UNTIL=99991231", "RDATE:00010101T000000Z", "RECURRENCE-ID:20260601T080000Z", "UID:1",
            "END:VEVENT", "BEGIN:VEVENT", "BEGIN:VTIMEZONE", "TZID:Office", "SEQUENCE:x", "ATTENDEE;CN=:x", " folded",
        ]) | st.text(max_size=40),
        max_size=10,
    )
)  # fmt: skip
def test_any_lines_give_events_or_a_cause(lines: list[str]) -> None:
    raw = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
    events = []
    with contextlib.suppress(Undetermined):
        events = found(raw.encode("utf-8", "replace"))
    assert all(one.span.start <= one.span.end for one in events)


def test_real_calendars_are_read_or_their_fault_is_told(shared_data: Path) -> None:
    files = sorted(file for folder in shared_data.glob("ics-*") for file in folder.rglob("*.ics"))
    read = 0
    for file in files:
        with contextlib.suppress(Undetermined):
            found(file.read_bytes(), Span(YEAR.start - timedelta(days=400), YEAR.end))
            read += 1
    assert read > 120
    assert len(files) - read > 60
