"""From the bytes of an iCalendar file to its events; what is broken is said, never left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orr.evidence.calendars.ical.parts import Calendar, Event, Observance, Written
from orr.evidence.errors import Undetermined
from orr.messages import Message, say

MAX_EVENTS = 20_000
MAX_DEPTH = 8
MAX_LINES = 200_000
_FRAME = re.compile(r"(BEGIN|END)\s*:\s*([A-Z0-9-]{1,60})\s*", re.IGNORECASE)
_OWN_ZONE = "X-ORR-TIMEZONE"
_TZID = re.compile(r"((?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)\b[^:]*?;)TZID=", re.IGNORECASE)
_TELLING = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "STATUS"}


def read_calendars(raw: bytes, path: str) -> list[Calendar]:
    """Read an iCalendar file.

    Raises
    ------
    Undetermined
        If it is no whole iCalendar file, is too large, or holds an event whose time cannot
        be read: what such an event says may matter.
    """
    try:
        from icalendar.cal import Component
    except ImportError:
        raise Undetermined(say("calendar.ics.no-library", path=path)) from None
    text, lines = _prepared(raw, path)
    try:
        # As bytes: what the library is given as text it may take for the name of a file.
        roots = Component.from_ical(text.encode(), multiple=True)
    except RecursionError:
        raise Undetermined(say("calendar.ics.broken", path=path, line=1, why="RecursionError")) from None
    except Exception as error:  # it raises whatever its parts meet
        raise Undetermined(say("calendar.ics.unreadable", path=path, why=_short(error))) from None
    calendars = []
    left = iter(lines)
    for root in roots:
        parts = list(root.walk())
        events = [(next(left, 0), part) for part in parts if part.name == "VEVENT"]
        if root.name == "VCALENDAR":
            calendars.append(_calendar(root, events, path))
    if not calendars:
        raise Undetermined(say("calendar.ics.none", path=path))
    return calendars


def _prepared(raw: bytes, path: str) -> tuple[str, list[int]]:
    """The text, known to be whole, with the lines on which its events begin."""
    if b"\0" in raw:
        raise Undetermined(say("evidence.ground.binary", path=path))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Undetermined(say("evidence.ground.not-utf8", path=path, line=line)) from None
    lines = re.split(r"\r\n|\n|\r", text)
    if len(lines) > MAX_LINES:
        raise Undetermined(say("calendar.ics.too-large", path=path, limit=MAX_LINES))
    open_parts: list[tuple[str, int]] = []
    events = []
    for number, text_line in enumerate(lines, 1):
        frame = _FRAME.fullmatch(text_line)
        if frame is None:
            continue
        name = frame[2].upper()
        if frame[1].upper() == "BEGIN":
            open_parts.append((name, number))
            if name == "VEVENT":
                events.append(number)
            if len(open_parts) > MAX_DEPTH or len(events) > MAX_EVENTS:
                raise Undetermined(say("calendar.ics.too-large", path=path, limit=MAX_EVENTS))
        elif not open_parts or open_parts.pop()[0] != name:
            raise Undetermined(say("calendar.ics.broken", path=path, line=number, why=text_line.strip()[:80]))
        # The library keeps time zones by name for the whole process: one file's would hold in the next.
        lines[number - 1] = f"{frame[1].upper()}:{_OWN_ZONE if name == 'VTIMEZONE' else name}"
    if open_parts:
        name, number = open_parts[-1]
        raise Undetermined(say("calendar.ics.open", path=path, line=number, part=name))
    whole = re.sub(r"\n[ \t]", "", "\n".join(lines))
    # Nor are zones to be guessed at: what a name means is found out in `zones`.
    return "\r\n".join(_TZID.sub(r"\1X-TZID=", line, count=1) for line in whole.split("\n")) + "\r\n", events


def _calendar(root: Any, events: Sequence[tuple[int, Any]], path: str) -> Calendar:
    zones = {}
    for part in root.subcomponents:
        if part.name == _OWN_ZONE and _text(part, "TZID"):
            zones[_text(part, "TZID")] = tuple(_observances(part, path))
    return Calendar(
        path,
        _text(root, "X-WR-CALNAME") or _text(root, "NAME"),
        _text(root, "X-WR-TIMEZONE"),
        _text(root, "X-CALENDAR-TYPE").upper().replace("-", "_"),
        tuple(_event(part, line, path) for line, part in events),
        zones,
    )


def _event(part: Any, line: int, path: str) -> Event:
    for name, why in part.errors:
        if name is None or str(name).upper() in _TELLING:
            raise _wrong(path, line, _property(name, str(why)))
    try:
        start = _one(part, "DTSTART")
        if start is None:
            raise _wrong(path, line, say("calendar.ics.no-start"))
        if part.get("EXRULE") is not None:
            raise _wrong(path, line, say("calendar.ics.unsupported", what="EXRULE"))
        instead_of = _one(part, "RECURRENCE-ID")
        if instead_of is not None and _params(part["RECURRENCE-ID"]).get("RANGE"):
            raise _wrong(path, line, say("calendar.ics.unsupported", what="RECURRENCE-ID;RANGE"))
        length = _first(part.get("DURATION"))
        event = Event(
            line,
            _text(part, "UID"),
            _text(part, "SUMMARY")[:300],
            start,
            _one(part, "DTEND"),
            None if length is None else length.dt,
            tuple(_rules(part)),
            tuple(_periods(part)),
            tuple(written for written, _ in _dates(part, "EXDATE")),
            instead_of,
            _text(part, "STATUS").upper(),
            _text(part, "X-EVENT-TYPE").upper(),
            int(_text(part, "SEQUENCE") or 0),
            tuple(str(one)[:100] for group in _all(part, "CATEGORIES") for one in getattr(group, "cats", [group])),
            tuple(_people(part)),
        )
        _check(event, path)
    except Undetermined:
        raise
    except Exception as error:  # broken properties raise as soon as they are looked at
        raise _wrong(path, line, _property("", _short(error))) from None
    return event


def _check(event: Event, path: str) -> None:
    """Refuse what cannot be put on a time line."""
    if event.end is not None and event.duration is not None:
        raise _wrong(path, event.line, say("calendar.ics.both"))
    if event.end is not None and event.end.is_day != event.start.is_day:
        raise _wrong(path, event.line, say("calendar.ics.mixed"))
    if event.duration is not None:
        if not isinstance(event.duration, timedelta) or event.duration < timedelta():
            raise _wrong(path, event.line, say("calendar.ics.ends-first"))
        if event.start.is_day and event.duration.seconds:
            raise _wrong(path, event.line, say("calendar.ics.mixed"))
    if any(one.is_day != event.start.is_day for one in event.but):
        raise _wrong(path, event.line, say("calendar.ics.exdate"))


def _observances(part: Any, path: str) -> Iterator[Observance]:
    for sub in part.subcomponents:
        if sub.name not in ("STANDARD", "DAYLIGHT"):
            continue
        try:
            start = sub["DTSTART"].dt
            wall = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
            more = [one.value for one, _ in _dates(sub, "RDATE")]
            yield Observance(
                wall.replace(tzinfo=None),
                sub["TZOFFSETFROM"].td,
                sub["TZOFFSETTO"].td,
                tuple(_rules(sub)),
                tuple(one.replace(tzinfo=None) for one in more if isinstance(one, datetime)),
            )
        except Exception as error:  # as above
            raise Undetermined(say("calendar.ics.zone-broken", path=path, why=_short(error))) from None


def _one(part: Any, name: str) -> Written | None:
    value = _first(part.get(name))
    return None if value is None else _written(value.dt, _params(value))


def _first(value: Any) -> Any:
    if isinstance(value, list):
        if len(value) != 1:
            raise ValueError("more than one value")
        return value[0]
    return value


def _written(value: Any, params: Any) -> Written:
    if isinstance(value, datetime):
        zone = params.get("X-TZID") or params.get("TZID")
        if zone and not (value.tzinfo is not None and params.get("TZID") is None):
            return Written(value.replace(tzinfo=None, fold=0), str(zone))
        return Written(value.astimezone(UTC) if value.tzinfo else value)
    if isinstance(value, date):
        return Written(value)
    raise ValueError(str(value)[:100])


def _dates(part: Any, name: str) -> Iterator[tuple[Written, Any]]:
    for group in _all(part, name):
        for one in group.dts:
            params = _params(group)
            if isinstance(one.dt, tuple):
                begin, end = one.dt
                yield _written(begin, params), end if isinstance(end, timedelta) else _written(end, params)
            else:
                yield _written(one.dt, params), None


def _periods(part: Any) -> Iterator[tuple[Written, Written | timedelta | None]]:
    yield from _dates(part, "RDATE")


def _rules(part: Any) -> Iterator[str]:
    for rule in _all(part, "RRULE"):
        yield rule.to_ical().decode()


def _people(part: Any) -> Iterator[str]:
    for attendee in _all(part, "ATTENDEE"):
        params = _params(attendee)
        if str(params.get("CUTYPE", "INDIVIDUAL")).upper() not in ("INDIVIDUAL", "UNKNOWN"):
            continue
        if str(params.get("PARTSTAT", "")).upper() == "DECLINED":
            continue
        name = str(params.get("CN", "")) or re.sub(r"(?i)^mailto:", "", str(attendee))
        if name.strip():
            yield name.strip()[:200]


def _all(part: Any, name: str) -> list[Any]:
    value = part.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]


def _params(value: Any) -> Any:
    return getattr(value, "params", {})


def _text(part: Any, name: str) -> str:
    value = part.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return "" if value is None else str(value).strip()


def _property(name: str, why: str) -> Message:
    if not name:
        return say("calendar.ics.some-property", why=why[:200])
    return say("calendar.ics.property", name=name, why=why[:200])


def _wrong(path: str, line: int, why: Message) -> Undetermined:
    return Undetermined(say("calendar.ics.event", path=path, line=line, why=why))


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
