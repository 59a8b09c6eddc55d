"""Heat map and table of the launch week."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any

from orr.evidence.calendars.spans import Span, day_span, midnight
from orr.evidence.checks.roster.judge import Asked
from orr.evidence.checks.roster.measure import Measures
from orr.evidence.checks.roster.shifts import SECONDARY
from orr.evidence.checks.roster.times import DAY, support
from orr.messages import say
from orr.model.finding import Table
from orr.model.picture import Heat

MAX_PEOPLE = 30
FULL = 24.0


def heat(measures: Measures, asked: Asked, first: date, zone: tzinfo) -> tuple[Table, Heat]:
    """Hours on call in seven days, with uncovered hours on top."""
    days = [first + DAY * step for step in range(7)]
    week = Span(midnight(first, zone), midnight(first + 7 * DAY, zone))
    rows: list[tuple[Any, tuple[float, ...], bool]] = []
    for role in asked.roles if asked.coverage else ():
        gaps = measures.gaps(role, support(asked.hours, week, zone))
        held = tuple(sum(cut.hours for gap in gaps if (cut := gap.cut(day_span(day, zone)))) for day in days)
        label = say("roster.heat.no-secondary" if role == SECONDARY else "roster.heat.no-primary")
        rows.append((label, held, True))
    for person, own in list(measures.per_day(week).items())[:MAX_PEOPLE]:
        rows.append((person, tuple(own.get(day, 0.0) for day in days), False))
    columns = tuple(say(f"roster.weekday.{day.weekday()}", day=day.strftime("%m-%d")) for day in days)
    cells = tuple((label, *(_figure(value) for value in held), _figure(sum(held))) for label, held, _ in rows)
    table = Table((say("roster.column.person"), *columns, say("roster.column.hours")), cells)
    return table, Heat(say("roster.heat.title", day=first), columns, tuple(rows), FULL)


def _figure(value: float) -> str:
    return f"{round(value, 1):g}" if value else "·"
