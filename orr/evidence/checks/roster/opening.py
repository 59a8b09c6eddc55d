"""Open the roster of a workload around its launch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import lru_cache

from orr.evaluate.states import day_of
from orr.evidence.calendars.clock import within_reach, zone_or
from orr.evidence.calendars.spans import Span, midnight
from orr.evidence.checks.roster.measure import Measures
from orr.evidence.checks.roster.reading import read_shifts
from orr.evidence.checks.roster.shifts import MAX_SHIFTS, Reading, Shift
from orr.evidence.checks.roster.times import DAY, minutes_of
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.messages import say

AHEAD = 120
"""How many days ahead of today a roster is looked at."""

MAX_PEOPLE = 500


@dataclass(frozen=True)
class Around:
    """The days around a launch to come; else so many from today.

    Attributes
    ----------
    launch
        The day of the launch, if there is one.
    zone
        In which days are.
    days, before
        How many from the launch on, and before it.
    """

    launch: date | None
    zone: tzinfo
    days: int
    before: int

    def window(self, today: date) -> Span:
        """They, as seen from a day."""
        at = self.launch if self.launch is not None and self.launch >= today else today
        start = max(today, at - self.before * DAY) if at > today else today
        return Span(midnight(start, self.zone), midnight(at + self.days * DAY, self.zone))

    @property
    def launch_window(self) -> Span | None:
        """They around the launch, the same on whatever day they are looked at."""
        if self.launch is None:
            return None
        start, end = self.launch - self.before * DAY, self.launch + self.days * DAY
        return Span(midnight(start, self.zone), midnight(end, self.zone))


@dataclass(frozen=True, repr=False)
class Opened:
    """A roster that was read.

    Attributes
    ----------
    files
        Where it stands.
    measures, doubts
        Its shifts, and those that may take place or not.
    today
        From which day it is looked at.
    around
        The days that matter.
    within
        The time for which what repeats was unrolled.
    """

    files: tuple[str, ...]
    measures: Measures
    today: date
    around: Around
    within: Span
    doubts: tuple[Shift, ...] = ()

    def __repr__(self) -> str:
        return f"<Opened {', '.join(self.files)} on {self.today}>"

    @property
    def windows(self) -> tuple[Span, ...]:
        """Windows of days that matter: from today, from tomorrow, up to the look-ahead."""
        return _windows(self.around, self.today)


@lru_cache(maxsize=16)  # the rosters of a workload have theirs around the same launch
def _windows(around: Around, today: date) -> tuple[Span, ...]:
    return tuple(around.window(today + step * DAY) for step in range(AHEAD + 1))


def opened(
    context: Context,
    path: Sequence[str],
    days: int,
    before: int,
    timezone: str | None = None,
    handover: str | None = None,
    primary_named: Sequence[str] | None = None,
    secondary_named: Sequence[str] | None = None,
    policy: str | None = None,
) -> Opened | None:
    """Read a roster once per run; None where there is no file.

    Raises
    ------
    Undetermined
        If a file cannot be read, or there is nothing or too much in it.
    """
    zone = zone_or(timezone, context.timezone)
    launch = None
    if context.workload.launch is not None:
        within_reach(context.workload.launch)
        launch = day_of(context.workload.launch, context.timezone)
    around = Around(launch, zone, days, before)
    now = around.window(context.today)
    first = now.start if around.launch_window is None else min(now.start, around.launch_window.start)
    within = Span(max(first, now.start - AHEAD * DAY) - 15 * DAY, now.end + (AHEAD + 15) * DAY)
    primary, secondary = (None if names is None else tuple(names) for names in (primary_named, secondary_named))
    reading = Reading(zone, within, primary, secondary, (minutes_of(handover or "") or 0), policy)
    files = files_of(context, path)
    if not files:
        return None

    def read() -> Opened:
        shifts = [shift for file in files for shift in read_shifts(context, file, reading)]
        if not shifts:
            raise Undetermined(say("roster.empty", paths=list(files)))
        vacant = [shift for shift in shifts if shift.vacant is not None]
        staffed = [shift for shift in shifts if shift.vacant is None]
        if not staffed:
            why = {str(one.vacant): say("roster.at", what=one.vacant, place=one.place) for one in vacant}
            raise Undetermined(say("roster.all-vacant", paths=list(files), why=list(why.values())[:3]))
        measures = Measures([shift for shift in staffed if shift.doubt is None], zone, vacant)
        if len(shifts) > MAX_SHIFTS or len(measures.names) > MAX_PEOPLE:
            raise Undetermined(say("roster.too-many", shifts=MAX_SHIFTS, people=MAX_PEOPLE))
        doubts = tuple(shift for shift in staffed if shift.doubt is not None)
        return Opened(files, measures, context.today, around, within, doubts)

    return context.cached(("roster", files, around, reading), read)


def files_of(context: Context, patterns: Sequence[str]) -> tuple[str, ...]:
    """What the first pattern matches that matches anything."""
    for pattern in patterns:
        found = context.find(pattern)
        if found.refused:
            path, why = next(iter(sorted(found.refused.items())))
            raise Undetermined(say("evidence.ground.refused", path=path, why=why))
        if found.files:
            return found.files
    return ()
