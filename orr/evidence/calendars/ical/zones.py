"""Time zones of a calendar: known ones, and its own."""

from __future__ import annotations

import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from orr.evidence.calendars.ical.parts import Calendar, Observance, Written
from orr.evidence.calendars.ical.recurrence import Budget, Refused
from orr.evidence.calendars.spans import utc
from orr.messages import Message, say

_WITHOUT_SUMMER = ("EST", "MST", "HST")
"""Names that the tz database knows for a standard time only, which is hardly what a calendar means by them."""


class Clocks:
    """The time zones of one calendar, by their names.

    Parameters
    ----------
    calendar
        The calendar.
    default
        In which its days and times without a zone are, where it names none itself.
    until
        Up to when its own zones are worked out.
    budget
        What may be spent on that.
    """

    def __init__(self, calendar: Calendar, default: tzinfo, until: datetime, budget: Budget) -> None:
        self.calendar = calendar
        self.default = default
        self.until = until
        self.budget = budget
        self.zones: dict[str, tzinfo] = {}

    def moment(self, written: Written) -> datetime:
        """The moment that a time is, or at which a day begins.

        Raises
        ------
        Refused
            If its time zone is not clear.
        """
        return utc(written.wall, self.zone_of(written))

    def zone_of(self, written: Written) -> tzinfo:
        """The time zone in which a time is on the wall."""
        if isinstance(written.value, datetime):
            if written.value.tzinfo is not None:
                return UTC
            if written.zone is not None:
                return self._named(written.zone)
        return self._named(self.calendar.zone) if self.calendar.zone else self.default

    def _named(self, name: str) -> tzinfo:
        if name not in self.zones:
            self.zones[name] = self._found(name)
        return self.zones[name]

    def _found(self, name: str) -> tzinfo:
        own, known = self.calendar.zones.get(name), known_zone(name)
        # An abbreviation such as EST means what the calendar says beside it.
        if known is not None and not (own and name.isupper() and "/" not in name):
            return known
        if name in self.calendar.twice:
            raise Refused(say("calendar.ics.zone-twice", zone=name[:100]))
        if isinstance(own, Message):
            raise Refused(own)
        if not own:
            raise Refused(say("calendar.ics.zone", zone=name[:100]))
        return self._own(own)

    def _own(self, observances: Iterable[Observance]) -> tzinfo:
        changes = []
        last = self.until.replace(tzinfo=None) + timedelta(days=400)
        for one in observances:
            onsets = {one.start, *one.more}
            for rule in one.rules:
                ends = rule.ends(timezone(one.before), False)
                until = last if ends is None else min(last, ends[1])
                onsets.update(rule.starts(one.start, one.start, until, self.budget))
            changes += [Change((onset - one.before).replace(tzinfo=UTC), one.before, one.after) for onset in onsets]
        return OwnZone(changes)


class Change(NamedTuple):
    """The clocks change: when, and the offsets from UTC before and after."""

    at: datetime
    before: timedelta
    after: timedelta


class OwnZone(tzinfo):
    """A time zone that a calendar defines.

    A time that its clocks show twice is the first of the two; one that they never show
    counts from before they are put forward.

    Parameters
    ----------
    changes
        When its clocks change, at least once.
    """

    def __init__(self, changes: Iterable[Change]) -> None:
        self.changes = sorted(changes)
        self._moments = [change.at for change in self.changes]
        # A wall time belongs to a new offset only once the clock cannot show it by the old one any more.
        self._walls = [(one.at + max(one.before, one.after)).replace(tzinfo=None) for one in self.changes]

    def utcoffset(self, shown: datetime | None) -> timedelta | None:
        """Return the offset at a time on the wall."""
        return None if shown is None else self._offset(bisect_right(self._walls, shown.replace(tzinfo=None)))

    def fromutc(self, moment: datetime) -> datetime:
        """Return what the clock shows at a moment."""
        return moment + self._offset(bisect_right(self._moments, moment.replace(tzinfo=UTC)))

    def dst(self, shown: datetime | None) -> None:
        """Return nothing: only the whole offset is known."""

    def tzname(self, shown: datetime | None) -> None:
        """Return nothing: it has no name of its own."""

    def _offset(self, passed: int) -> timedelta:
        return self.changes[passed - 1].after if passed else self.changes[0].before


def known_zone(name: str) -> tzinfo | None:
    """Time zone by its name, with or without a prefix, or Windows' name for it.

    None for an unknown one.
    """
    names = [name.strip()]
    # Globally unique names such as /citadel.org/20210101_1/Europe/Berlin end with the plain one.
    parts = name.strip("/ ").split("/")
    names += ["/".join(parts[-number:]) for number in (3, 2) if len(parts) >= number]
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # most name no zone of Windows

    windows = WINDOWS_TO_OLSON.get(names[0])
    return next((found for one in (*names, windows) if one and (found := _zone(one)) is not None), None)


def _zone(name: str) -> tzinfo | None:
    if name in ("UTC", "Z", "GMT", "Etc/UTC"):
        return UTC
    if name in _WITHOUT_SUMMER:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
