"""Measure gaps, clashes, load and nights of a roster."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import cached_property
from operator import attrgetter

from orr.evidence.calendars.spans import Span, common, merged, midnight, without
from orr.evidence.checks.roster.shifts import PRIMARY, SECONDARY, Shift
from orr.evidence.checks.roster.times import DAY, at
from orr.evidence.checks.roster.training import Leave
from orr.model.person import groups

A_MINUTE = timedelta(minutes=1)
MAX_CLASHES = 50
NIGHT = (22 * 60, 30 * 60)
_end = attrgetter("end")


@dataclass(frozen=True)
class Clash:
    """A shift and what it runs into."""

    shift: Shift
    span: Span
    place: str


class Measures:
    """A roster that can be measured over any window.

    Parameters
    ----------
    shifts
        All that is known, also outside the window.
    zone
        In which days, weeks and nights are.
    vacant
        Shifts that nobody has.
    """

    def __init__(self, shifts: Sequence[Shift], zone: tzinfo, vacant: Sequence[Shift] = ()) -> None:
        self.shifts = shifts
        self.vacant = vacant
        self.zone = zone
        self.names = {shift.key: shift.person for shift in reversed(shifts)}
        self.by_role = {
            role: merged(shift.span for shift in shifts if shift.role == role) for role in (PRIMARY, SECONDARY)
        }

    @cached_property
    def person_of(self) -> dict[str, str]:
        """Map each name to its person; alike names are one."""
        together: dict[str, list[str]] = {}
        names = dict.fromkeys(self.names[shift.key] for shift in self.shifts)
        for name, first in groups(names).items():
            together.setdefault(first, []).append(name)
        label = {
            name: f"{first} (= {', '.join(own[1:])})" if len(own) > 1 else first
            for first, own in together.items()
            for name in own
        }
        return {key: label[name] for key, name in self.names.items()}

    @cached_property
    def by_person(self) -> dict[str, list[Span]]:
        """When each person is on call."""
        own = defaultdict(list)
        for shift in self.shifts:
            own[self.person_of[shift.key]].append(shift.span)
        return {person: merged(spans) for person, spans in own.items()}

    def gaps(self, role: str, required: Sequence[Span]) -> list[Span]:
        """When nobody has a role; not the minute between 23:59 and midnight."""
        return [span for span in without(required, self.by_role[role]) if span.end - span.start > A_MINUTE]

    def within(self, window: Sequence[Span]) -> list[Shift]:
        """The shifts of a window."""
        if not window:
            return []
        whole = Span(window[0].start, window[-1].end)
        near = [shift for shift in self.shifts if shift.span.meets(whole)]
        return near if len(window) == 1 else [shift for shift in near if common([shift.span], window)]

    def in_both(self, required: Sequence[Span]) -> dict[str, list[Span]]:
        """When one person has both roles and nobody else has the second, by person."""
        spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for shift in self.shifts:
            spans[self.person_of[shift.key], shift.role].append(shift.span)
        found = {}
        for person in self.by_person:
            both = common(common(spans[person, PRIMARY], spans[person, SECONDARY]), required)
            others = [
                span for (other, role), held in spans.items() if role == SECONDARY and other != person for span in held
            ]
            both = without(both, others)
            if both:
                found[person] = both
        return found

    def contested(self, role: str, required: Sequence[Span]) -> Clash | None:
        """The first time for which two files name different people."""
        held = sorted((shift for shift in self.within(required) if shift.role == role), key=lambda one: one.span)
        last: dict[str, Shift] = {}
        for shift in held:
            for path, other in last.items():
                cut = shift.span.cut(other.span)
                if path != shift.path and cut is not None and other.key != shift.key and common([cut], required):
                    return Clash(shift, common([cut], required)[0], other.place)
            if shift.path not in last or last[shift.path].span.end < shift.span.end:
                last[shift.path] = shift
        return None

    def on_leave(self, leave: Sequence[Leave], required: Sequence[Span], roles: Sequence[str]) -> list[Clash]:
        """When people who are away are on call; the first few, in order."""
        own = defaultdict(list)
        for shift in self.within(required):
            if shift.role in roles:
                own[shift.key].append(shift)
        found = []
        for key, shifts in own.items():
            away = [one for one in leave if one.is_of(self.names[key])]
            for span in common(common((one.span for one in shifts), (one.span for one in away)), required)[
                :MAX_CLASHES
            ]:
                shift = next(one for one in shifts if one.span.cut(span))
                reason = next(one for one in away if one.span.cut(span))
                found.append(Clash(shift, span, f"{reason.path}:{reason.row}"))
        return sorted(found, key=lambda one: one.span)

    def per_day(self, within: Span) -> dict[str, dict[date, float]]:
        """Hours on call by person and local day.

        Persons are sorted by name; only those on call are listed.
        """
        found: dict[str, dict[date, float]] = {}
        for person, spans in self.by_person.items():
            for span in spans:
                cut = span.cut(within)
                if cut is not None:
                    days = found.setdefault(person, {})
                    for day, part in self._by_day(cut):
                        days[day] = days.get(day, 0.0) + part.hours
        return dict(sorted(found.items()))

    def per_week(self, window: Span) -> dict[str, dict[date, float]]:
        """Hours on call, by person and week that the window touches, by its Monday."""
        first = self._monday(window.start.astimezone(self.zone).date())
        last = self._monday((window.end - A_MINUTE).astimezone(self.zone).date()) + 7 * DAY
        found: dict[str, dict[date, float]] = {}
        for person, days in self.per_day(Span(midnight(first, self.zone), midnight(last, self.zone))).items():
            weeks = found.setdefault(person, {})
            for day, held in days.items():
                monday = self._monday(day)
                weeks[monday] = weeks.get(monday, 0.0) + held
        return found

    def nights(self, window: Span) -> dict[str, tuple[int, date]]:
        """The longest row of nights of each person: how many, and the first of them.

        A night counts where the person is on call for at least half of it, from 22:00 to 06:00.
        """
        first = window.start.astimezone(self.zone).date() - DAY
        last = window.end.astimezone(self.zone).date()
        if not self._night(first).meets(window):
            first += DAY
        if not self._night(last).meets(window):
            last -= DAY
        rows = {person: _longest_row(self._held(spans, first, last)) for person, spans in self.by_person.items()}
        return {person: row for person, row in rows.items() if row is not None}

    def _night(self, day: date) -> Span:
        return Span(at(day, NIGHT[0], self.zone), at(day, NIGHT[1], self.zone))

    def _held(self, spans: Sequence[Span], first: date, last: date) -> list[date]:
        """Nights of a range of which a person has at least half, in order."""
        whole: set[date] = set()
        parts: dict[date, timedelta] = defaultdict(timedelta)
        nights: dict[date, Span] = {}
        for span in spans:
            begins, ends = span.start.astimezone(self.zone).date(), span.end.astimezone(self.zone).date()
            day, stop = max(begins + DAY, first), min(ends - 2 * DAY, last)
            while day <= stop:
                whole.add(day)
                day += DAY
            for day in {begins - DAY, begins, ends - DAY, ends}:
                if first <= day <= last:
                    night = nights.setdefault(day, self._night(day))
                    cut = span.cut(night)
                    if cut is not None:
                        parts[day] += cut.end - cut.start
        return sorted(whole | {day for day, part in parts.items() if part * 2 >= nights[day].end - nights[day].start})

    def anybody(self, role: str, required: Sequence[Span]) -> bool:
        """Whether somebody has a role at any of the required hours."""
        spans = self.by_role[role]
        for one in required:
            place = bisect_right(spans, one.start, key=_end)
            if place < len(spans) and spans[place].start < one.end:
                return True
        return False

    def _by_day(self, span: Span) -> Iterator[tuple[date, Span]]:
        start = span.start
        while start < span.end:
            day = start.astimezone(self.zone).date()
            stop = min(span.end, midnight(day + DAY, self.zone))
            yield day, Span(start, stop)
            start = stop

    @staticmethod
    def _monday(day: date) -> date:
        return day - day.weekday() * DAY


def _longest_row(days: Sequence[date]) -> tuple[int, date] | None:
    """Length and first day of the first longest run of consecutive days."""
    best: tuple[int, date] | None = None
    began = 0
    for place, day in enumerate(days):
        if place and day - days[place - 1] != DAY:
            began = place
        run = place - began + 1
        if best is None or run > best[0]:
            best = run, days[began]
    return best
