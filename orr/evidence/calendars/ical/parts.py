"""What a calendar file holds, as it is written there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from orr.evidence.calendars.ical.recurrence import Rule
from orr.messages import Message


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

    @property
    def wall(self) -> datetime:
        """What the clock shows; midnight for a day."""
        if isinstance(self.value, datetime):
            return self.value.replace(tzinfo=None)
        return datetime.combine(self.value, time())


@dataclass(frozen=True)
class Observance:
    """Standard or daylight saving time, in a time zone that the calendar defines."""

    start: datetime
    before: timedelta
    after: timedelta
    rules: tuple[Rule, ...] = ()
    more: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """One VCALENDAR.

    Attributes
    ----------
    name, zone, kind
        Its X-WR-CALNAME, X-WR-TIMEZONE and X-CALENDAR-TYPE.
    zones, twice
        The time zones that it defines, by their names, or why one cannot be read; and those that it defines
        in two ways.
    """

    path: str
    name: str
    zone: str
    kind: str
    zones: dict[str, tuple[Observance, ...] | Message] = field(default_factory=dict)
    twice: frozenset[str] = frozenset()


class Attendee(NamedTuple):
    """Attendee of an event.

    CN, address, CUTYPE and PARTSTAT, the last two in capitals; "" where the file does not give it.
    """

    name: str
    address: str = ""
    kind: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Event:
    """One VEVENT. Two are equal if they say the same, whenever they were written.

    Attributes
    ----------
    line
        Where it begins in the file.
    start, end, duration
        When it is; the end is excluded, and at most one of the last two is given.
    rules, more, but
        Its RRULE, and further and excluded starts; a further one may be a period.
    instead_of, onwards
        The start of the recurrence that it replaces, and whether it moves all later ones, too.
    status, kind
        In capitals; `kind` is the X-EVENT-TYPE of AWS Change Calendar.
    attendees
        Whom it invites, whatever they answered.
    fault, astray, nameless
        What of it cannot be read, and whether that hides of which event it is a revision, or what it is called.
    sequence, stamped, changed
        Which revision it is: its SEQUENCE, DTSTAMP and LAST-MODIFIED.
    """

    calendar: Calendar = field(compare=False, repr=False)
    line: int = field(compare=False)
    uid: str
    summary: str
    start: Written | None
    end: Written | None = None
    duration: timedelta | None = None
    rules: tuple[Rule, ...] = ()
    more: tuple[tuple[Written, Written | timedelta | None], ...] = ()
    but: tuple[Written, ...] = ()
    instead_of: Written | None = None
    onwards: bool = False
    status: str = ""
    kind: str = ""
    categories: tuple[str, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    fault: Message | None = None
    astray: bool = field(default=False, compare=False)
    nameless: bool = field(default=False, compare=False)
    sequence: int = field(default=0, compare=False)
    stamped: datetime | None = field(default=None, compare=False)
    changed: datetime | None = field(default=None, compare=False)

    @property
    def title(self) -> str:
        """What to call it in a sentence."""
        return " ".join(self.summary.split())[:120] or self.uid[:120] or "—"

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.status == "CANCELLED"


@dataclass(frozen=True)
class CalendarFile:
    """All that a file holds: a UID means the same event in each of its calendars."""

    path: str
    calendars: tuple[Calendar, ...]
    events: tuple[Event, ...]
