"""From the bytes of an iCalendar file to its events, broken ones included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from orr.evidence.calendars.ical.lines import Component, Property, read_components
from orr.evidence.calendars.ical.parts import Attendee, Calendar, CalendarFile, Event, Observance, Written
from orr.evidence.calendars.ical.recurrence import Refused, Rule, read_rule
from orr.evidence.errors import Undetermined
from orr.messages import Message, say

T = TypeVar("T")

_CALENDARS = ("", "PUBLISH", "REQUEST")
"""The methods of what holds whole events; others are answers, proposals or additions (RFC 5546)."""


def read_calendars(raw: bytes, path: str) -> CalendarFile:
    """Read an iCalendar file.

    Raises
    ------
    Undetermined
        If it is no whole iCalendar file, or is too large.
    """
    components = [one for one in read_components(raw, path) if one.name == "VCALENDAR"]
    if not components:
        raise Undetermined(say("calendar.ics.none", path=path))
    calendars, events = [], []
    for component in components:
        calendar = _calendar(component, path)
        calendars.append(calendar)
        method = component.text("METHOD").upper()
        events += [_Reader(part, calendar, method).event() for part in component.parts if part.name == "VEVENT"]
    return CalendarFile(path, tuple(calendars), tuple(events))


def _calendar(component: Component, path: str) -> Calendar:
    zones: dict[str, tuple[Observance, ...] | Message] = {}
    twice = set()
    for part in (one for one in component.parts if one.name == "VTIMEZONE"):
        name = part.text("TZID")
        try:
            found: tuple[Observance, ...] | Message = tuple(_observances(part))
        except (ValueError, OverflowError) as error:
            found = say("calendar.ics.zone-broken", zone=name[:100], why=_short(error))
        if zones.setdefault(name, found) != found:
            twice.add(name)
    try:
        zone = component.one("X-WR-TIMEZONE")
        default = "" if zone is None else _plain(zone)
    except ValueError:
        default = "X-WR-TIMEZONE"  # no time zone, and refused as such where it is needed
    return Calendar(
        path,
        component.text("X-WR-CALNAME") or component.text("NAME"),
        default,
        component.text("X-CALENDAR-TYPE").upper().replace("-", "_"),
        zones,
        frozenset(twice),
    )


def _observances(part: Component) -> Iterator[Observance]:
    from icalendar.prop import vUTCOffset

    for sub in part.parts:
        if sub.name not in ("STANDARD", "DAYLIGHT"):
            continue
        start, before, after = (sub.one(name) for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"))
        if start is None or before is None or after is None:
            raise ValueError("DTSTART, TZOFFSETFROM, TZOFFSETTO")
        yield Observance(
            _written(start).wall,
            vUTCOffset.from_ical(before.value.strip()),
            vUTCOffset.from_ical(after.value.strip()),
            tuple(read_rule(one.value) for one in sub.all("RRULE")),
            tuple(written.wall for one in sub.all("RDATE") for written, _ in _several(one)),
        )


class _Reader:
    """Read one event, and go on where one of its properties cannot be read."""

    def __init__(self, part: Component, calendar: Calendar, method: str) -> None:
        self.part = part
        self.calendar = calendar
        self.method = method
        self.faults = {name: _unreadable(name, why) for name, why in part.broken.items()}

    def event(self) -> Event:
        """Give the event, with the first fault that was found in it."""
        part = self.part
        start, end = self._one("DTSTART", _written), self._one("DTEND", _written)
        length = self._one("DURATION", _duration)
        instead_of = self._one("RECURRENCE-ID", _written)
        sequence = self._one("SEQUENCE", lambda one: int(one.value))
        uid, status, kind = (self._one(name, _plain) or "" for name in ("UID", "STATUS", "X-EVENT-TYPE"))
        if self.part.text("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "TENTATIVE":  # Outlook writes no STATUS
            status = status or "TENTATIVE"
        onwards = self._one("RECURRENCE-ID", _is_onwards)
        # What stands instead of one occurrence is one, whatever it repeats of its series.
        series = instead_of is None
        more = self._all("RDATE", _several) if series else []
        but = self._all("EXDATE", _several) if series else []
        rules = self._all("RRULE", _rule) if series else []
        for name, why in self._misfits(start, end, length):
            self.faults.setdefault(name, why)
        return Event(
            calendar=self.calendar,
            line=part.line,
            uid=uid,
            summary=part.text("SUMMARY")[:300],
            start=start,
            end=end,
            duration=length,
            rules=tuple(rules),
            more=tuple(more),
            but=tuple(written for written, _ in but),
            instead_of=instead_of,
            onwards=bool(onwards),
            status=status.upper(),
            kind=kind.upper(),
            categories=tuple(word.strip()[:100] for one in part.all("CATEGORIES") for word in one.value.split(",")),
            attendees=tuple(_attendees(part.all("ATTENDEE"))),
            fault=next(iter(self.faults.values()), None),
            astray=not self.faults.keys().isdisjoint(("UID", "SEQUENCE", "RECURRENCE-ID")),
            nameless=not self.faults.keys().isdisjoint(("SUMMARY", "CATEGORIES")),
            sequence=sequence or 0,
            stamped=_stamp(part, "DTSTAMP"),
            changed=_stamp(part, "LAST-MODIFIED"),
        )

    def _one(self, name: str, read: Callable[[Property], T]) -> T | None:
        try:
            found = self.part.one(name)
            return None if found is None else read(found)
        except Refused as refused:
            self.faults.setdefault(name, refused.why)
        except (ValueError, OverflowError) as error:
            self.faults.setdefault(name, _unreadable(name, _short(error)))
        return None

    def _all(self, name: str, read: Callable[[Property], Iterable[T]]) -> list[T]:
        found: list[T] = []
        for one in self.part.all(name):
            try:
                found += read(one)
            except Refused as refused:
                self.faults.setdefault(name, refused.why)
            except (ValueError, OverflowError) as error:
                self.faults.setdefault(name, _unreadable(name, _short(error)))
        return found

    def _misfits(
        self, start: Written | None, end: Written | None, length: timedelta | None
    ) -> Iterator[tuple[str, Message]]:
        """Yield what does not fit on a time line."""
        # Without STATUS it may only be some guests who are no longer invited.
        cancels = self.method == "CANCEL" and self.part.text("STATUS").upper() == "CANCELLED"
        if self.method not in _CALENDARS and not cancels:
            yield "METHOD", say("calendar.ics.unsupported", what=f"METHOD:{self.method[:40]}")
        if self.part.all("EXRULE"):
            yield "EXRULE", say("calendar.ics.unsupported", what="EXRULE")
        if start is None:
            yield "DTSTART", say("calendar.ics.no-start")
            return
        if end is not None and length is not None:
            yield "DTEND", say("calendar.ics.both")
        if end is not None and end.is_day != start.is_day:
            yield "DTEND", say("calendar.ics.mixed")
        if length is not None and length < timedelta():
            yield "DURATION", say("calendar.ics.ends-first")
        if length is not None and start.is_day and length.seconds:
            yield "DURATION", say("calendar.ics.mixed")


def _written(one: Property) -> Written:
    from icalendar.prop import vDDDTypes

    return _as_written(vDDDTypes.from_ical(one.value.strip()), one)


def _as_written(value: Any, one: Property) -> Written:
    zone = one.parameters.get("TZID")
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return Written(value.astimezone(UTC))
        if zone is not None and not isinstance(zone, str):
            raise ValueError("TZID")
        return Written(value, zone)
    if isinstance(value, date):
        return Written(value)
    raise ValueError(str(value)[:100])


def _several(one: Property) -> list[tuple[Written, Written | timedelta | None]]:
    """Read a list of times, of which each may be a period."""
    from icalendar.prop import vDDDTypes

    found: list[tuple[Written, Written | timedelta | None]] = []
    for text in one.value.split(","):
        value = vDDDTypes.from_ical(text.strip())
        if isinstance(value, tuple):
            begin, end = value
            found.append((_as_written(begin, one), end if isinstance(end, timedelta) else _as_written(end, one)))
        else:
            found.append((_as_written(value, one), None))
    return found


def _duration(one: Property) -> timedelta:
    from icalendar.prop import vDuration

    if not re.search(r"\d", one.value):
        raise ValueError(one.value[:100])
    length: timedelta = vDuration.from_ical(one.value.strip())
    return length


def _rule(one: Property) -> list[Rule]:
    return [read_rule(one.value)]


def _plain(one: Property) -> str:
    return one.value.strip()


def _is_onwards(one: Property) -> bool:
    reach = str(one.parameters.get("RANGE", "")).upper()
    if reach not in ("", "THISANDFUTURE"):
        raise Refused(say("calendar.ics.unsupported", what=f"RECURRENCE-ID;RANGE={reach[:40]}"))
    return bool(reach)


def _stamp(part: Component, name: str) -> datetime | None:
    try:
        found = part.one(name)
        return None if found is None else _written(found).wall
    except (ValueError, OverflowError):
        return None


def _attendees(attendees: Iterable[Property]) -> Iterator[Attendee]:
    for one in attendees:
        address = re.sub(r"(?i)^mailto:", "", one.value).strip()[:200]
        name = str(one.parameters.get("CN", "")).strip()[:200] or address
        if name:
            kind, answer = (str(one.parameters.get(key, "")).upper() for key in ("CUTYPE", "PARTSTAT"))
            yield Attendee(name, address, kind, answer)


def _unreadable(name: str, why: str) -> Message:
    return say("calendar.ics.property", name=name, why=why[:200])


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
