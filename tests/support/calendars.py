"""Calendar files in a few lines, and what takes place by them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from orr.evidence.calendars.ical.occurring import Occurrence, occurrences
from orr.evidence.calendars.ical.reading import read_calendars
from orr.evidence.calendars.ical.recurrence import Budget
from orr.evidence.calendars.spans import Span
from orr.messages import LANGUAGES, render

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
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


def ics(*lines: str, head: str = "") -> bytes:
    """A calendar; a line `---` begins another event."""
    events = ("END:VEVENT\r\nBEGIN:VEVENT" if line == "---" else line for line in lines)
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", *head.splitlines(), "BEGIN:VEVENT", *events, "END:VEVENT"]
    return "\r\n".join([*text, "END:VCALENDAR", ""]).encode()


def found(raw: bytes, window: Span = YEAR, **bounds: float) -> list[Occurrence]:
    """What takes place for sure."""
    return [one for one in _occurrences(raw, window, **bounds) if one.doubt is None]


def doubts(raw: bytes, window: Span = YEAR) -> list[str]:
    """What may take place: from when to when, and why that is not known."""
    made = []
    for one in _occurrences(raw, window):
        if one.doubt is not None:
            assert all(render(one.doubt, language) for language in LANGUAGES)
            made.append(f"{_moment(one.span.start)}/{_moment(one.span.end)} {render(one.doubt, 'en')}")
    return made


def spans(raw: bytes, window: Span = YEAR) -> list[str]:
    """When something takes place for sure: `06-01T08:00/06-01T10:00`."""
    return [f"{_moment(one.span.start)}/{_moment(one.span.end)}" for one in found(raw, window)]


def starts(raw: bytes, window: Span = YEAR) -> list[str]:
    """What begins when: `06-01T08 title`."""
    return [f"{one.span.start:%m-%dT%H} {one.event.summary}".strip() for one in found(raw, window)]


def _occurrences(raw: bytes, window: Span, **bounds: float) -> list[Occurrence]:
    budget = Budget("c.ics", **bounds)  # type: ignore[arg-type]
    return occurrences(read_calendars(raw, "c.ics"), window, BERLIN, budget)


def _moment(at: datetime) -> str:
    return "" if at.year in (1, 9999) else f"{at:%m-%dT%H:%M}"
