"""Occurrences of a calendar file's events within a span of time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from orr.evidence.calendars.ical.parts import CalendarFile, Event, Written
from orr.evidence.calendars.ical.recurrence import Budget, Refused
from orr.evidence.calendars.ical.revisions import is_newer, newest
from orr.evidence.calendars.ical.series import DAY, Series
from orr.evidence.calendars.ical.zones import Clocks
from orr.evidence.calendars.spans import Span, wall
from orr.messages import Message, say

ALWAYS = Span(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Occurrence(NamedTuple):
    """An event as it takes place once.

    Attributes
    ----------
    doubt
        Why it is not sure that it takes place, or when within its span.
    """

    span: Span
    event: Event
    doubt: Message | None = None


def occurrences(file: CalendarFile, window: Span, zone: tzinfo, budget: Budget) -> list[Occurrence]:
    """Work out what takes place within a window, or may, in order.

    Parameters
    ----------
    file
        The file.
    window
        What is looked at.
    zone
        In which days and times without a time zone are, where a calendar names none.
    budget
        What may be spent.

    Raises
    ------
    Undetermined
        If the budget is spent.
    """
    return _Expansion(file, window, zone, budget).all()


class _Unplaced(Exception):
    def __init__(self, event: Event, why: Message) -> None:
        place = {"title": event.title, "path": event.calendar.path, "line": event.line}
        self.why = say("calendar.ics.event", why=why, **place)
        super().__init__(self.why)


@contextmanager
def _about(event: Event) -> Iterator[None]:
    """Name the event that cannot be placed."""
    try:
        yield
    except Refused as refused:
        raise _Unplaced(event, refused.why) from None
    except OverflowError:
        raise _Unplaced(event, say("calendar.ics.too-far")) from None


class _Expansion:
    def __init__(self, file: CalendarFile, window: Span, zone: tzinfo, budget: Budget) -> None:
        self.file = file
        self.window = window
        self.budget = budget
        self.clocks = {id(one): Clocks(one, zone, window.end, budget) for one in file.calendars}

    def all(self) -> list[Occurrence]:
        """Everything within the window."""
        groups: dict[object, list[Event]] = {}
        for event in self.file.events:
            groups.setdefault(event.uid or event.line, []).append(event)
        # An event without length still counts where it lies within.
        within = (
            one
            for group in groups.values()
            for one in self._together(group)
            if one.span.end > self.window.start and one.span.start < self.window.end
        )
        return sorted(within, key=lambda one: (one.span, one.event.line))

    def _together(self, group: Sequence[Event]) -> list[Occurrence]:
        """All of one UID; where the events do not fit together, none of them is sure."""
        try:
            return list(self._placed(group))
        except _Unplaced as unplaced:
            recurs = any(one.rules or one.more for one in group)
            return [Occurrence(self._possible(one, recurs), one, unplaced.why) for one in group if not one.cancelled]

    def _placed(self, group: Sequence[Event]) -> Iterator[Occurrence]:
        for event in group:
            if event.astray and event.fault is not None:
                raise _Unplaced(event, event.fault)
        masters = [one for one in group if one.instead_of is None]
        others = [(one, one.instead_of) for one in group if one.instead_of is not None]
        with _about((masters or group)[0]):
            master = newest(masters) if masters else None
        series = None if master is None or master.cancelled else self._unrolled(master, others)
        overrides: dict[datetime, list[Event]] = {}
        for one, written in others:
            with _about(one):
                if series is not None:
                    start = series.start_of(written)
                else:
                    start = self.clocks[id(one.calendar)].moment(written).replace(tzinfo=None)
            overrides.setdefault(start, []).append(one)
        ranges: list[tuple[datetime, Event]] = []
        for start, revisions in sorted(overrides.items()):
            left = revisions
            try:
                with _about(revisions[0]):
                    one = newest(revisions)
                    if any(other.onwards for other in revisions) and not one.onwards:
                        raise Refused(say("calendar.ics.unsupported", what="RECURRENCE-ID;RANGE"))
                left = [one]
                if master is None or _stands(one, start, master, series):
                    if one.onwards:
                        ranges.append((start, one))
                    if not one.cancelled:
                        yield self._alone(one)
            except _Unplaced as unplaced:
                if any(one.onwards for one in left):
                    raise
                yield from (Occurrence(self._possible(one), one, unplaced.why) for one in left if not one.cancelled)
        if series is not None:
            yield from self._recurring(series, overrides, ranges)

    def _unrolled(self, master: Event, others: Sequence[tuple[Event, Written]]) -> Series:
        """Series of an event, with all starts that may lie within the window."""
        series = self._series(master)
        reach, ahead = series.reach, DAY
        for one, written in others:
            if one.onwards and not one.cancelled:
                other = self._series(one)
                shift = other.on_wall_of(series) - written.wall
                reach, ahead = max(reach, other.reach + shift), max(ahead, -shift)
        with _about(master):
            first, last = (wall(moment, series.zone) for moment in self.window)
            series.unroll(first - reach - 3 * DAY, last + ahead + 3 * DAY)
        return series

    def _series(self, event: Event) -> Series:
        with _about(event):
            return Series(event, self.clocks[id(event.calendar)], self.budget)

    def _alone(self, event: Event) -> Occurrence:
        series = self._series(event)
        with _about(event):
            return Occurrence(series.span(series.first), event)

    def _recurring(
        self, series: Series, replaced: Collection[datetime], ranges: Sequence[tuple[datetime, Event]]
    ) -> Iterator[Occurrence]:
        """What is left of a series, moved from the start of each range on."""
        moved: list[tuple[Series | None, timedelta]] = []
        for start, one in ranges:
            other = None if one.cancelled else self._series(one)
            moved.append((other, timedelta() if other is None else other.on_wall_of(series) - start))
        for begin, sure in series.found.items():
            if begin in replaced or series.excludes(begin):
                continue
            place = bisect_right(ranges, begin, key=_start)
            other, shift = moved[place - 1] if place else (series, timedelta())
            if other is not None:
                with _about(series.event):
                    span = other.span(begin + shift, series)
                yield Occurrence(span, other.event, None if sure else _unclear_end(series.event))

    def _possible(self, event: Event, recurs: bool = False) -> Span:
        """When an event may be of which not all is clear."""
        if event.start is None:
            return ALWAYS
        written = [event.start] if event.end is None else [event.start, event.end]
        try:
            try:
                moments, slack = [self.clocks[id(event.calendar)].moment(one) for one in written], timedelta()
            except Refused:
                moments, slack = [one.wall.replace(tzinfo=UTC) for one in written], DAY
            start = min(moments) - slack + min(event.duration or timedelta(), timedelta())
            if recurs or event.fault is not None or event.rules or event.more or moments != sorted(moments):
                return Span(start, ALWAYS.end)
            length = event.duration or DAY if event.end is None else timedelta()
            return Span(start, moments[-1] + length + slack)
        except OverflowError:
            return ALWAYS


def _stands(one: Event, start: datetime, master: Event, series: Series | None) -> bool:
    """Whether an event that replaces an occurrence still holds.

    Its series may be cancelled, exclude it, or have moved.

    Raises
    ------
    _Unplaced
        If nothing tells which of the two is newer.
    """
    if series is not None and not series.excludes(start):
        clear = one.sequence >= master.sequence or series.has(start)
        stands = True
    else:
        stands = is_newer(one, master)
        clear = is_newer(master, one) or (series is None and stands)
    if not clear:
        raise _Unplaced(one, say("calendar.ics.no-longer", line=master.line))
    return stands


def _start(one: tuple[datetime, Event]) -> datetime:
    return one[0]


def _unclear_end(event: Event) -> Message:
    rules = [rule.text for rule in event.rules if rule.until is not None]
    return _Unplaced(event, say("calendar.ics.until", rule=rules[0][:200])).why
