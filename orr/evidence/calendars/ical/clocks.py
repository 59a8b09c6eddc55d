"""The clocks by which a calendar tells its times: those everybody knows, and those it brings along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from orr.evidence.calendars.ical.parts import Calendar, Observance, Written
from orr.evidence.calendars.ical.recurrence import Budget, Refused
from orr.evidence.calendars.ical.zones import Change, KnownZone, OwnZone, Zone, known_zone
from orr.messages import Message, say


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
        self.zones: dict[str, Zone] = {}

    def moment(self, written: Written) -> datetime:
        """The moment that a time is, or at which a day begins.

        Raises
        ------
        Refused
            If its time zone is not clear.
        """
        return self.zone_of(written).utc(written.wall)

    def zone_of(self, written: Written) -> Zone:
        """The time zone in which a time is on the wall."""
        if isinstance(written.value, datetime):
            if written.value.tzinfo is not None:
                return KnownZone(UTC)
            if written.zone is not None:
                return self._named(written.zone)
        return self._named(self.calendar.zone) if self.calendar.zone else KnownZone(self.default)

    def _named(self, name: str) -> Zone:
        if name not in self.zones:
            self.zones[name] = self._found(name)
        return self.zones[name]

    def _found(self, name: str) -> Zone:
        own, known = self.calendar.zones.get(name), known_zone(name)
        # An abbreviation such as EST means what the calendar says beside it.
        if known is not None and not (own and name.isupper() and "/" not in name):
            return KnownZone(known)
        if name in self.calendar.twice:
            raise Refused(say("calendar.ics.zone-twice", zone=name[:100]))
        if isinstance(own, Message):
            raise Refused(own)
        if not own:
            raise Refused(say("calendar.ics.zone", zone=name[:100]))
        return self._own(own)

    def _own(self, observances: Iterable[Observance]) -> Zone:
        changes = []
        last = self.until.replace(tzinfo=None) + timedelta(days=400)
        for one in observances:
            onsets = {one.start, *one.more}
            for rule in one.rules:
                ends = rule.ends(KnownZone(timezone(one.before)), False)
                until = last if ends is None else min(last, ends[1])
                onsets.update(rule.starts(one.start, one.start, until, self.budget))
            changes += [Change((onset - one.before).replace(tzinfo=UTC), one.before, one.after) for onset in onsets]
        return OwnZone(changes)
