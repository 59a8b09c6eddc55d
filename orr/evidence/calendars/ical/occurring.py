"""When the events of a calendar are: their occurrences within a span of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from orr.evidence.calendars.ical.parts import Calendar, Event, Observance, Written
from orr.evidence.calendars.ical.recurrence import Budget, Refused, starts
from orr.evidence.calendars.ical.zones import Change, KnownZone, OwnZone, Zone, known_zone
from orr.evidence.calendars.spans import Span
from orr.evidence.errors import Undetermined
from orr.messages import say

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Occurrence:
    """An event as it takes place once."""

    span: Span
    event: Event
    calendar: Calendar


def occurrences(calendar: Calendar, window: Span, zone: tzinfo, budget: Budget) -> list[Occurrence]:
    """What of a calendar takes place within a window, in order; cancelled events do not.

    Parameters
    ----------
    calendar
        The calendar.
    window
        What is looked at.
    zone
        In which days and times without a time zone are, where the calendar names none.
    budget
        What may be spent.

    Raises
    ------
    Undetermined
        If a time zone is not known, a rule cannot be worked out, or the budget is spent.
    """
    try:
        return _Expansion(calendar, window, zone, budget).all()
    except OverflowError:
        raise Undetermined(say("calendar.ics.unreadable", path=calendar.path, why="OverflowError")) from None


class _Expansion:
    def __init__(self, calendar: Calendar, window: Span, zone: tzinfo, budget: Budget) -> None:
        self.calendar = calendar
        self.window = window
        self.budget = budget
        self.zones: dict[str, Zone] = {}
        self.default: Zone = self.zone(calendar.zone, 1) if calendar.zone else KnownZone(zone)

    def all(self) -> list[Occurrence]:
        """Every occurrence."""
        found: list[Occurrence] = []
        for events in self._by_uid():
            masters = [one for one in events if one.instead_of is None]
            others = [one for one in events if one.instead_of is not None]
            replaced = {self.moment(one.instead_of, one) for one in others if one.instead_of is not None}
            newest = max((one.sequence for one in masters), default=0)
            for event in (*(one for one in masters if one.sequence == newest), *others):
                if event.status == "CANCELLED":
                    continue
                for span in self._spans(event):
                    if event.instead_of is None and span.start in replaced:
                        continue
                    # An event without length still counts where it lies within.
                    if span.end > self.window.start and span.start < self.window.end:
                        found.append(Occurrence(span, event, self.calendar))
        return sorted(found, key=lambda one: (one.span, one.event.line))

    def zone(self, name: str, line: int) -> Zone:
        """The time zone of a name."""
        if name not in self.zones:
            known = known_zone(name)
            own = self.calendar.zones.get(name)
            if known is not None:
                self.zones[name] = KnownZone(known)
            elif own:
                self.zones[name] = self._own(own, line)
            else:
                raise Undetermined(say("calendar.ics.zone", path=self.calendar.path, line=line, zone=name[:100]))
        return self.zones[name]

    def moment(self, written: Written, event: Event) -> datetime:
        """The moment that a time is."""
        if written.is_day or not isinstance(written.value, datetime):
            return self.default.utc(datetime.combine(written.value, time()))
        if written.value.tzinfo is not None:
            return written.value
        return self._zone_of(written, event).utc(written.value)

    def _by_uid(self) -> Iterable[list[Event]]:
        groups: dict[object, list[Event]] = {}
        for event in self.calendar.events:
            groups.setdefault(event.uid or event.line, []).append(event)
        return groups.values()

    def _zone_of(self, written: Written, event: Event) -> Zone:
        if written.zone is not None:
            return self.zone(written.zone, event.line)
        if isinstance(written.value, datetime) and written.value.tzinfo is not None:
            return KnownZone(UTC)
        return self.default

    def _spans(self, event: Event) -> Iterator[Span]:
        zone = self._zone_of(event.start, event)
        first = self._wall(event.start)
        but = {self.moment(one, event) for one in event.but}
        length = self._length(event)
        # A start before the window may reach into it.
        reach = length or (self._exact(event) if event.end is not None else timedelta())
        after, before = zone.wall(self.window.start) - reach - 3 * DAY, zone.wall(self.window.end)
        seen = set()
        for wall in self._starts(event, first, after, before, zone):
            start = zone.utc(wall)
            if start not in seen and start not in but:
                seen.add(start)
                yield self._span(event, wall, zone, length)
        for written, end in event.more:
            self.budget.spend()
            start = self.moment(written, event)
            if start in seen or start in but:
                continue
            seen.add(start)
            if end is None:
                own = self._zone_of(written, event)
                yield self._span(event, self._wall(written), own, length)
            else:
                stop = start + end if isinstance(end, timedelta) else self.moment(end, event)
                if stop < start:
                    raise self._wrong(event)
                yield Span(start, stop)

    def _starts(
        self, event: Event, first: datetime, after: datetime, before: datetime, zone: Zone
    ) -> Iterator[datetime]:
        yield first
        for rule in event.rules:
            try:
                yield from starts(rule, first, after, before, zone, self.budget)
            except Refused as refused:
                path, line = self.calendar.path, event.line
                raise Undetermined(say("calendar.ics.event", path=path, line=line, why=refused.why)) from None

    def _length(self, event: Event) -> timedelta | None:
        """How long it is on the wall, from DTSTART to DTEND; None where DTEND is in another zone."""
        if event.end is None:
            return event.duration if event.duration is not None else DAY if event.start.is_day else timedelta()
        if self.moment(event.end, event) < self.moment(event.start, event):
            raise self._wrong(event)
        if event.end.zone == event.start.zone:
            return self._wall(event.end) - self._wall(event.start)
        return None

    def _exact(self, event: Event) -> timedelta:
        assert event.end is not None
        return self.moment(event.end, event) - self.moment(event.start, event)

    def _span(self, event: Event, wall: datetime, zone: Zone, length: timedelta | None) -> Span:
        start = zone.utc(wall)
        if length is None:
            return Span(start, start + self._exact(event))
        if event.end is not None or event.start.is_day:
            # What ends at nine on the wall ends at nine in every week, whatever the clocks did meanwhile.
            return Span(start, max(start, zone.utc(wall + length)))
        # A duration's days are days on the wall, and its hours are hours.
        days = timedelta(days=length.days)
        return Span(start, max(start, zone.utc(wall + days) + (length - days)))

    def _own(self, observances: Iterable[Observance], line: int) -> Zone:
        changes = []
        until = self.window.end.replace(tzinfo=None) + 400 * DAY
        for one in observances:
            onsets = {one.start, *one.more}
            offset = OwnZone([Change(datetime.min.replace(tzinfo=UTC) + 2 * DAY, one.before, one.before)])
            for rule in one.rules:
                try:
                    onsets.update(starts(rule, one.start, one.start, until, offset, self.budget))
                except Refused as refused:
                    path = self.calendar.path
                    raise Undetermined(say("calendar.ics.event", path=path, line=line, why=refused.why)) from None
            changes += [Change((onset - one.before).replace(tzinfo=UTC), one.before, one.after) for onset in onsets]
        return OwnZone(changes)

    def _wrong(self, event: Event) -> Undetermined:
        why = say("calendar.ics.ends-first")
        return Undetermined(say("calendar.ics.event", path=self.calendar.path, line=event.line, why=why))

    @staticmethod
    def _wall(written: Written) -> datetime:
        if not isinstance(written.value, datetime):
            return datetime.combine(written.value, time())
        return written.value.replace(tzinfo=None)
