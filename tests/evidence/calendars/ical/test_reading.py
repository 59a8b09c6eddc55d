"""iCalendar files: their events and time zones, read whole or with what is wrong about them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from support.calendars import OWN_ZONE, ics
from support.lanes import package

from orr.evidence.calendars.ical.parts import Attendee, Event, Written
from orr.evidence.calendars.ical.reading import read_calendars
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES, Message, render

package("icalendar")


def event(*lines: str, head: str = "") -> Event:
    return read_calendars(ics(*lines, head=head), "c.ics").events[0]


def fault(one: Event) -> str:
    assert one.fault is not None
    assert all(render(one.fault, language) for language in LANGUAGES)
    return render(one.fault, "en")


def test_an_event_is_read_as_it_is_written() -> None:
    one = event(
        "UID:1", "SUMMARY:Freeze\\, all", "DTSTART;TZID=Europe/Berlin:20261201T090000", "DTEND:20261201T100000Z",
        "RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20261203,20261204", "RDATE;VALUE=PERIOD:20261220T080000Z/PT3H",
        "STATUS:confirmed", "SEQUENCE:3", "DTSTAMP:20261101T000000Z", "CATEGORIES:ops,freeze", "X-EVENT-TYPE:advisory",
        "ATTENDEE;CN=Wei Chen:mailto:wei@example.com", "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.com",
        "ATTENDEE;CUTYPE=ROOM:mailto:room@example.com", "ATTENDEE:mailto:bo@example.com",
    )  # fmt: skip
    assert one.fault is None
    assert (one.uid, one.summary, one.line, one.status, one.sequence, one.kind) == (
        "1", "Freeze, all", 3, "CONFIRMED", 3, "ADVISORY",
    )  # fmt: skip
    assert one.start == Written(datetime(2026, 12, 1, 9), "Europe/Berlin")
    assert [written.value for written in one.but] == [date(2026, 12, 3), date(2026, 12, 4)]
    assert [length for _, length in one.more] == [timedelta(hours=3)]
    assert one.categories == ("ops", "freeze")
    assert one.attendees == (
        Attendee("Wei Chen", "wei@example.com"),
        Attendee("ana@example.com", "ana@example.com", answer="DECLINED"),
        Attendee("room@example.com", "room@example.com", kind="ROOM"),
        Attendee("bo@example.com", "bo@example.com"),
    )
    assert one.stamped == datetime(2026, 11, 1)


START = "DTSTART:20260601T080000Z"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["SUMMARY:x"], "this event has no start"),
        (["DTSTART:soon"], "DTSTART of this event cannot be read"),
        (["DTSTART:20260631T080000Z"], "DTSTART of this event cannot be read"),
        ([START, "DTSTART:20260602T080000Z"], "DTSTART of this event cannot be read (ValueError: more than one value)"),
        ([START, "DTEND:"], "DTEND of this event cannot be read"),
        ([START, "DURATION:"], "DURATION of this event cannot be read"),
        ([START, "DURATION:P"], "DURATION of this event cannot be read"),
        ([START, "DURATION:20260601T080000Z"], "DURATION of this event cannot be read"),
        ([START, "DURATION:-PT1H"], "ends before it starts"),
        (["DTSTART;VALUE=DATE:20260601", "DURATION:PT1H"], "mixes days and times"),
        ([START, "DTEND;VALUE=DATE:20260602"], "mixes days and times"),
        ([START, "DTEND:20260601T090000Z", "DURATION:PT1H"], "an end and a duration"),
        ([START, "RRULE:"], "the rule RRULE cannot be worked out"),
        ([START, "RRULE:FREQ=SOON"], "the rule FREQ=SOON cannot be worked out"),
        ([START, "RRULE:FREQ=DAILY;COUNT=-1"], "(COUNT)"),
        ([START, "RRULE:FREQ=SECONDLY"], "too often"),
        ([START, "RDATE:soon"], "RDATE of this event cannot be read"),
        ([START, "EXDATE:"], "EXDATE of this event cannot be read"),
        ([START, "EXRULE:FREQ=DAILY"], "EXRULE is not supported"),
        ([START, "STATUS:CONFIRMED", "STATUS:CANCELLED"], "STATUS of this event cannot be read"),
        ([START, "SEQUENCE:x"], "SEQUENCE of this event cannot be read"),
        ([START, "RECURRENCE-ID:soon"], "RECURRENCE-ID of this event cannot be read"),
        ([START, "RECURRENCE-ID;RANGE=THISANDPRIOR:20260601T080000Z"], "RANGE=THISANDPRIOR is not supported"),
        (["DTSTART=20260601T080000Z"], "DTSTART of this event cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_about_an_event_is_kept_with_it(lines: list[str], words: str) -> None:
    assert words in fault(event(*lines))


@pytest.mark.parametrize("line", ["SEQUENCE:x", "RECURRENCE-ID:soon", "UID=1"])
def test_an_event_whose_place_among_others_is_hidden_is_astray(line: str) -> None:
    assert event(START, line).astray
    assert not event(START, "DTEND:").astray


def test_what_stands_instead_of_an_occurrence_repeats_nothing() -> None:
    one = event(START, "RECURRENCE-ID:20260601T080000Z", "RRULE:", "RDATE:x", "EXDATE:20260602T080000Z")
    assert (one.fault, one.rules, one.more, one.but) == (None, (), (), ())


@pytest.mark.parametrize(
    ("method", "more", "good"),
    [
        ("PUBLISH", (), True), ("request", (), True), ("CANCEL", ("STATUS:CANCELLED",), True), ("CANCEL", (), False),
        ("REPLY", (), False), ("COUNTER", (), False), ("ADD", (), False),
    ],
)  # fmt: skip
def test_an_answer_to_an_event_or_a_part_of_one_is_none(method: str, more: tuple[str, ...], good: bool) -> None:
    one = event(START, *more, head=f"METHOD:{method}")
    assert good is (one.fault is None)
    assert good or f"METHOD:{method} is not supported" in fault(one)


def test_a_calendar_names_itself_its_zone_and_what_its_events_mean() -> None:
    head = "X-WR-CALNAME:On call\nX-WR-TIMEZONE:Asia/Shanghai\nX-CALENDAR-TYPE:default-closed"
    (calendar,) = read_calendars(ics(START, head=head), "c.ics").calendars
    assert (calendar.name, calendar.zone, calendar.kind) == ("On call", "Asia/Shanghai", "DEFAULT_CLOSED")


def test_every_calendar_of_a_file_is_read() -> None:
    file = read_calendars(ics(START, head="NAME:a") + ics(START, "---", START, head="NAME:b"), "c.ics")
    assert [calendar.name for calendar in file.calendars] == ["a", "b"]
    assert [one.calendar.name for one in file.events] == ["a", "b", "b"]


def test_the_zones_of_a_calendar_are_read_or_why_they_cannot_be() -> None:
    broken = OWN_ZONE.replace("TZID:Office", "TZID:Broken").replace("TZOFFSETTO:+0200", "TZOFFSETTO:soon")
    (calendar,) = read_calendars(ics(START, head=f"{OWN_ZONE}\n{broken}"), "c.ics").calendars
    office = calendar.zones["Office"]
    assert not isinstance(office, Message)
    assert [one.after for one in office] == [timedelta(hours=1), timedelta(hours=2)]
    assert isinstance(calendar.zones["Broken"], Message)


@pytest.mark.parametrize(("second", "twice"), [(OWN_ZONE, False), (OWN_ZONE.replace("+0200", "+0300"), True)])
def test_a_zone_that_is_defined_in_two_ways_is_noted(second: str, twice: bool) -> None:
    (calendar,) = read_calendars(ics(START, head=f"{OWN_ZONE}\n{second}"), "c.ics").calendars
    assert calendar.twice == (frozenset(["Office"]) if twice else frozenset())


@pytest.mark.parametrize("raw", [b"", b"BEGIN:VEVENT\nEND:VEVENT\n", b"/etc/passwd"])
def test_a_file_without_a_calendar_is_refused(raw: bytes) -> None:
    with pytest.raises(Undetermined) as raised:
        read_calendars(raw, "c.ics")
    assert "no calendar" in render(raised.value.why, "en")
