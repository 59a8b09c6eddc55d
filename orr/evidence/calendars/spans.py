"""Spans of time in UTC, where every hour is as long as another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

HOUR = timedelta(hours=1)


class Span(NamedTuple):
    """From `start` up to, and without, `end`; both in UTC."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.end - self.start) / HOUR

    def meets(self, other: Span) -> bool:
        """Whether it has any time in common with another."""
        start = self.start if self.start > other.start else other.start
        return start < (self.end if self.end < other.end else other.end)

    def cut(self, other: Span) -> Span | None:
        """What it has in common with another; None for nothing."""
        start = self.start if self.start > other.start else other.start
        end = self.end if self.end < other.end else other.end
        return Span(start, end) if start < end else None


def utc(wall: datetime, zone: tzinfo) -> datetime:
    """The moment that a clock shows; one with an offset is already a moment.

    A time that the clock shows twice is the first of the two; one that it never shows
    counts from before the clock was put forward. Both as in iCalendar.
    """
    moment = wall if wall.tzinfo is not None else wall.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def wall(moment: datetime, zone: tzinfo) -> datetime:
    """Return what a clock shows at a moment, without an offset."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def readings(shown: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """First and last moment that a local time may be.

    Two where the clock shows it twice or never.
    """
    first, last = sorted(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, last


@lru_cache(maxsize=2048)  # a roster is judged day by day, over windows that overlap
def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment at which a day begins in a time zone."""
    return utc(datetime.combine(day, time()), zone)


def day_span(day: date, zone: tzinfo) -> Span:
    """A whole day of a time zone; 23 or 25 hours where the clocks change."""
    return Span(midnight(day, zone), midnight(day + timedelta(days=1), zone))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            if span.end > out[-1].end:
                out[-1] = Span(out[-1].start, span.end)
        else:
            out.append(span)
    return out


def common(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The time that lies in both."""
    left, right = merged(some), merged(others)
    out: list[Span] = []
    one = two = 0
    while one < len(left) and two < len(right):
        shared = left[one].cut(right[two])
        if shared is not None:
            out.append(shared)
        if left[one].end <= right[two].end:
            one += 1
        else:
            two += 1
    return out


def without(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The time of the first that does not lie in the second."""
    away = merged(others)
    out: list[Span] = []
    begin = 0
    for span in merged(some):
        start = span.start
        while begin < len(away) and away[begin].end <= start:
            begin += 1
        place = begin
        while place < len(away) and away[place].start < span.end:
            if away[place].start > start:
                out.append(Span(start, away[place].start))
            start = max(start, away[place].end)
            place += 1
        if start < span.end:
            out.append(Span(start, span.end))
    return out


def hours(spans: Iterable[Span]) -> float:
    """How many hours there are in all."""
    return sum(span.hours for span in spans)
