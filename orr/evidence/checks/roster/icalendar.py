"""Read a roster from a calendar: one event a shift."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice

from orr.evidence.calendars.ical.occurring import occurrences
from orr.evidence.calendars.ical.parts import Attendee, CalendarFile, Event
from orr.evidence.calendars.ical.reading import read_calendars
from orr.evidence.calendars.ical.recurrence import Budget
from orr.evidence.calendars.spans import Span
from orr.evidence.checks.roster import policies
from orr.evidence.checks.roster.shifts import PRIMARY, Reading, Shift, vacancy
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.model.nobody import is_unfilled

LONG_AGO, LATER = datetime(1970, 1, 1, tzinfo=UTC), timedelta(days=366)
_WORDS = re.compile(
    r"\b(?:on[- ]?call|primary|secondary|back-?up|level ?[12]|l[12]|shift|rota|duty|schedule|pager)\b"
    r"|主值|备值|主班|备班|值班|一线|二线|备份",
    re.IGNORECASE,
)
MAX_PEOPLE = 20
_NOT_COMING = frozenset({"DECLINED", "TENTATIVE", "DELEGATED"})
_AROUND = " \t-–—:：|,，;；·()（）[]【】"


def shifts_of(raw: bytes, path: str, reading: Reading) -> Iterator[Shift]:
    """Shifts of an iCalendar file within the time that matters.

    Where there are none, those of a longer time.
    """
    policies.chosen((), path, reading)
    file = read_calendars(raw, path)
    shifts = list(_shifts(file, reading, reading.within))
    if not shifts:
        with suppress(Undetermined):
            shifts = list(_shifts(file, reading, Span(LONG_AGO, reading.within.end + LATER)))
    return iter(shifts)


def _shifts(file: CalendarFile, reading: Reading, within: Span) -> Iterator[Shift]:
    every = occurrences(file, within, reading.zone, Budget(file.path))
    for calendar in file.calendars:
        of_file = reading.role(calendar.name) or reading.role(posixpath.basename(file.path))
        found = [one for one in every if one.event.calendar is calendar]
        told = any(reading.role(one.event.summary) for one in found)
        for one in found:
            text = " ".join((one.event.summary, *one.event.categories))
            role = reading.role(text)
            if role is None and not reading.is_shadow(text) and not told:
                watching = reading.is_shadow(calendar.name) or reading.is_shadow(file.path)
                role = of_file or (None if watching or reading.primary is not None else PRIMARY)
            if role is None or not one.span.hours > 0:
                continue
            for who, vacant in islice(_people(one.event), MAX_PEOPLE):
                yield Shift(role, who, one.span, file.path, one.event.line, one.doubt, vacant)


def _people(event: Event) -> Iterator[tuple[str, Message | None]]:
    """Names of an event, each with why they are not on call."""
    title = event.summary[:200]
    people = [one for one in event.attendees if one.kind not in ("ROOM", "RESOURCE")]
    said = next((text for text in (title, *event.categories) if is_unfilled(text)), None) if title else None
    if said is not None:
        yield title, say("roster.vacant", text=said[:80])
    elif event.status == "TENTATIVE":
        yield title, say("roster.vacant.tentative", text=title[:80])
    elif people:
        yield from ((one.name, _absent(one)) for one in people)
    else:
        yield _titled(title)


def _absent(one: Attendee) -> Message | None:
    if one.answer in _NOT_COMING:
        return say("roster.vacant.declined", text=one.name[:80])
    if one.kind == "GROUP":
        return say("roster.vacant", text=one.name[:80])
    return vacancy(one.name) or vacancy(one.address or one.name)


def _titled(title: str) -> tuple[str, Message | None]:
    # "On call - Wei Chen - Checkout Primary": the first part that has words of its own.
    for part in re.split(r"\s[-–—|]\s|[:：]", title):
        bare = re.sub(r"\s+", " ", _WORDS.sub(" ", part)).strip(_AROUND)
        if bare and vacancy(bare) is None:
            return bare, None
    return title or "—", say("roster.vacant", text=title[:80] or "—")
