"""What a calendar file holds, as it is written there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Written:
    """A time as a calendar writes it.

    Attributes
    ----------
    value
        A day; or a time on the wall; or, with an offset, a moment.
    zone
        The time zone that it names, if it does.
    """

    value: date | datetime
    zone: str | None = None

    @property
    def is_day(self) -> bool:
        """Whether it is a whole day."""
        return not isinstance(self.value, datetime)


@dataclass(frozen=True)
class Event:
    """One VEVENT.

    Attributes
    ----------
    line
        Where it begins in the file.
    start, end, duration
        When it is; the end is excluded, and at most one of the last two is given.
    rules, more, but
        Its RRULE, and further and excluded starts; a further one may be a period.
    instead_of
        The start of the recurrence that it replaces.
    status, kind
        In capitals; `kind` is the X-EVENT-TYPE of AWS Change Calendar.
    people
        Whom its attendees are.
    """

    line: int
    uid: str
    summary: str
    start: Written
    end: Written | None = None
    duration: timedelta | None = None
    rules: tuple[str, ...] = ()
    more: tuple[tuple[Written, Written | timedelta | None], ...] = ()
    but: tuple[Written, ...] = ()
    instead_of: Written | None = None
    status: str = ""
    kind: str = ""
    sequence: int = 0
    categories: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observance:
    """Standard or daylight saving time, in a time zone that the calendar defines."""

    start: datetime
    before: timedelta
    after: timedelta
    rules: tuple[str, ...] = ()
    more: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """One VCALENDAR.

    Attributes
    ----------
    name, zone, kind
        Its X-WR-CALNAME, X-WR-TIMEZONE and X-CALENDAR-TYPE.
    zones
        The time zones that it defines, by their names.
    """

    path: str
    name: str
    zone: str
    kind: str
    events: tuple[Event, ...]
    zones: dict[str, tuple[Observance, ...]] = field(default_factory=dict)
