"""The lines of iCalendar files: unfolded as bytes, nested, and only those that matter."""

from __future__ import annotations

import pytest
from support.lanes import package

from orr.evidence.calendars.ical import lines
from orr.evidence.calendars.ical.lines import Component, read_components
from orr.evidence.errors import Undetermined
from orr.messages import render

package("icalendar")


def event(*text: bytes) -> Component:
    (calendar,) = read_components(
        b"\r\n".join([b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", *text, b"END:VEVENT", b"END:VCALENDAR"]), "c.ics"
    )
    return calendar.parts[0]


def test_a_line_may_be_folded_within_a_character() -> None:
    title = "变更冻结".encode()
    for place in range(1, len(title)):
        assert event(b"SUMMARY:" + title[:place], b" " + title[place:]).text("SUMMARY") == "变更冻结"


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_lines_end_as_any_system_ends_them(end: bytes) -> None:
    raw = end.join(
        [
            b"\xef\xbb\xbfBEGIN:VCALENDAR",
            b"begin:vevent",
            b"DTSTART",
            b" ;TZID=Europe/Berlin",
            b"\t:20260601T080000",
            b"END:VEVENT",
            b"END:VCALENDAR",
        ]
    )
    (calendar,) = read_components(raw, "c.ics")
    start = calendar.parts[0].one("DTSTART")
    assert start is not None
    assert (start.value, dict(start.parameters), start.line) == ("20260601T080000", {"TZID": "Europe/Berlin"}, 3)


@pytest.mark.parametrize(
    "line",
    [
        b"REFRESH-INTERVAL;VALUE=:x",
        b"X-APPLE-RADIUS=49.9",
        b"DESCRIPTION:\xff\xfe",
        b"LOCATION",
        b"ATTENDEE;;:x",
        b"DTSTAMP=1",
    ],
)
def test_a_broken_line_on_which_no_occurrence_depends_is_no_fault(line: bytes) -> None:
    part = event(b"DESCRIPTION:x", line, b"DTSTART:20260601T080000Z")
    assert part.broken == {}
    assert part.text("DTSTART") == "20260601T080000Z"


@pytest.mark.parametrize("line", [b"DTSTART=20260601", b"SUMMARY;X:Freeze", b"RRULE;=:FREQ=DAILY", b"STATUS=CANCELLED"])
def test_a_broken_line_on_which_occurrences_depend_is_kept_as_such(line: bytes) -> None:
    assert event(line).broken.keys() == {line.decode().split(";")[0].split("=")[0]}


def test_a_title_that_breaks_off_is_broken() -> None:
    assert event(b"SUMMARY:Freeze", b"of the fourth quarter").broken.keys() == {"SUMMARY"}


def test_what_is_written_twice_says_the_same_or_nothing() -> None:
    assert event(b"UID:1", b"UID:1").one("UID") is not None
    with pytest.raises(ValueError, match="more than one"):
        event(b"UID:1", b"UID:2").one("UID")


def test_parts_of_an_event_keep_their_properties_to_themselves() -> None:
    part = event(b"BEGIN:VALARM", b"DURATION:PT5M", b"END:VALARM", b"UID:1")
    assert part.one("DURATION") is None
    assert part.parts[0].text("DURATION") == "PT5M"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\n", "breaks off: the VCALENDAR of line 1"),
        (b"BEGIN:VCALENDAR\nEND:VEVENT\n", "c.ics:2"),
        (b"END:VEVENT\n", "c.ics:1"),
        (b"BEGIN:VCALENDAR\nSUMMARY:a\0b\nEND:VCALENDAR\n", "binary"),
        (b"BEGIN:VCALENDAR\nSUMMARY:\xff\nEND:VCALENDAR\n", "c.ics:2 is not UTF-8"),
        (b"BEGIN:A\n" * 9 + b"END:A\n" * 9, "too large"),
    ],
    ids=["cut off", "not nested", "nothing open", "binary", "not UTF-8", "deep"],
)  # fmt: skip
def test_a_file_that_is_not_whole_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(Undetermined) as raised:
        read_components(raw, "c.ics")
    assert words in render(raised.value.why, "en")


@pytest.mark.parametrize(("name", "limit"), [("MAX_LINES", 20), ("MAX_EVENTS", 3)])
def test_there_is_an_end_to_lines_and_events(monkeypatch: pytest.MonkeyPatch, name: str, limit: int) -> None:
    monkeypatch.setattr(lines, name, limit)
    many = b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 10 + b"END:VCALENDAR\n"
    with pytest.raises(Undetermined) as raised:
        read_components(many, "c.ics")
    assert "too large" in render(raised.value.why, "en")
