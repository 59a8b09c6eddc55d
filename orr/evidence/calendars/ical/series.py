"""One event as a series of starts, on the wall of its zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from orr.evidence.calendars.ical.parts import Event, Written
from orr.evidence.calendars.ical.recurrence import Budget, Refused
from orr.evidence.calendars.ical.zones import Clocks
from orr.evidence.calendars.spans import Span, utc, wall
from orr.messages import say

DAY = timedelta(days=1)


class Series:
    """The starts of an event, and how long it lasts from each.

    Parameters
    ----------
    event
        The event.
    clocks
        Those of its calendar.
    budget
        What may be spent.

    Raises
    ------
    Refused
        If its times cannot be read, or do not fit each other.
    """

    def __init__(self, event: Event, clocks: Clocks, budget: Budget) -> None:
        if event.fault is not None or event.start is None:
            raise Refused(event.fault or say("calendar.ics.no-start"))
        self.event = event
        self.clocks = clocks
        self.budget = budget
        self.of_days = event.start.is_day
        self.zone = clocks.zone_of(event.start)
        self.first = event.start.wall
        self.length = self._length(event.start)
        self.more = {self._on_my_wall(written): end for written, end in event.more}
        self.but = {self.named(written) for written in event.but}
        self.found: dict[datetime, bool] = {}
        self.after = self.last = self.first

    @property
    def reach(self) -> timedelta:
        """How long it lasts."""
        return self._exact if self.length is None else self.length

    def unroll(self, after: datetime, last: datetime) -> None:
        """Work out its starts from `after` to `last`: `found` holds them, and whether each is sure.

        What is excluded or replaced is among them, and earlier ones may be. One is not sure
        where the end of its rule is not clear.
        """
        self.after, self.last = after, last
        self.found = dict.fromkeys((self.first, *self.more), True)
        for _ in self.more:
            self.budget.spend()
        for rule in self.event.rules:
            ends = rule.ends(self.zone, self.of_days)
            if ends is not None and ends[0] < self.first:
                self.found[self.first] = False
            for start in rule.starts(self.first, after, last if ends is None else min(last, ends[1]), self.budget):
                self.found[start] = self.found.get(start, False) or ends is None or start <= ends[0]

    def has(self, start: datetime) -> bool:
        """Whether it has a start, as far as it was worked out."""
        return start in self.found or self.first <= start < self.after or start > self.last

    def excludes(self, start: datetime) -> bool:
        """Whether a start is excluded, by itself or with its day."""
        return start in self.but or start.date() in self.but

    def named(self, written: Written) -> datetime | date:
        """Start that a RECURRENCE-ID or EXDATE names, or the day of a timed series.

        Outlook names a day by midnight in some zone, others name a time by its day.
        """
        if not self.of_days:
            return written.value if written.is_day else self._on_my_wall(written)
        shown = (written.wall, wall(self.clocks.moment(written), self.zone))
        found = next((one for one in shown if one.time() == time()), None)
        if found is None:
            raise Refused(say("calendar.ics.not-of-it", time=written.wall.isoformat(" ", "minutes")))
        return found

    def start_of(self, written: Written) -> datetime:
        """The start that a RECURRENCE-ID names, as far as they were worked out.

        Raises
        ------
        Refused
            If it may be several.
        """
        named = self.named(written)
        if isinstance(named, datetime):
            return named
        here = [start for start in self.found if start.date() == named]
        if len(here) > 1:
            raise Refused(say("calendar.ics.not-of-it", time=named.isoformat()))
        return here[0] if here else datetime.combine(named, time())

    def on_wall_of(self, series: Series) -> datetime:
        """Its first start, on the wall of another series."""
        return wall(utc(self.first, self.zone), series.zone)

    def span(self, begin: datetime, series: Series | None = None) -> Span:
        """The time from a start, on the wall of another series where it moves that one."""
        zone = (series or self).zone
        start = utc(begin, zone)
        end = self.more.get(begin)
        if isinstance(end, Written):
            return self._checked(start, self.clocks.moment(end))
        if isinstance(end, timedelta):
            return self._checked(start, start + end)
        if self.length is None:
            return Span(start, start + self._exact)
        if self.event.end is not None or self.of_days:
            # What ends at nine on the wall ends at nine in every week, whatever the clocks did meanwhile.
            return Span(start, max(start, utc(begin + self.length, zone)))
        # A duration's days are days on the wall, and its hours are hours.
        days = timedelta(days=self.length.days)
        return Span(start, max(start, utc(begin + days, zone) + (self.length - days)))

    def _on_my_wall(self, written: Written) -> datetime:
        if written.is_day != self.of_days:
            raise Refused(say("calendar.ics.mixed"))
        bare = isinstance(written.value, datetime) and written.value.tzinfo is None and written.zone is None
        return written.wall if bare or written.is_day else wall(self.clocks.moment(written), self.zone)

    def _length(self, start: Written) -> timedelta | None:
        """Length in local time, from DTSTART to DTEND.

        None where DTEND is in another zone.
        """
        if self.event.end is None:
            return self.event.duration if self.event.duration is not None else DAY if self.of_days else timedelta()
        self._checked(self.clocks.moment(start), self.clocks.moment(self.event.end))
        same = self.clocks.zone_of(self.event.end) == self.zone
        return self.event.end.wall - start.wall if same else None

    @property
    def _exact(self) -> timedelta:
        assert self.event.start is not None
        assert self.event.end is not None
        return self.clocks.moment(self.event.end) - self.clocks.moment(self.event.start)

    def _checked(self, start: datetime, end: datetime) -> Span:
        if end < start:
            raise Refused(say("calendar.ics.ends-first"))
        return Span(start, end)
