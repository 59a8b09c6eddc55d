"""The week of the launch as a heat map: a row a person, a column a day, the darker the longer."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any

from orr.evidence.roster.judge import Asked
from orr.evidence.roster.measure import Measures
from orr.evidence.roster.shifts import SECONDARY
from orr.evidence.roster.times import DAY, support
from orr.evidence.spans import Span, day_span, hours, midnight
from orr.finding import Table
from orr.messages import say

MAX_PEOPLE = 40
_SHADES = ((0.0, "·"), (0.25, "░"), (0.5, "▒"), (0.99, "▓"), (2.0, "█"))


def heat(measures: Measures, asked: Asked, first: date, zone: tzinfo) -> Table:
    """Hours on call in the seven days from a day on, and on top those that nobody has."""
    days = [first + DAY * step for step in range(7)]
    week = Span(midnight(first, zone), midnight(first + 7 * DAY, zone))
    rows: list[tuple[Any, ...]] = []
    for role in asked.roles if asked.coverage else ():
        gaps = measures.gaps(role, support(asked.hours, week, zone))
        held = [sum(cut.hours for gap in gaps if (cut := gap.cut(day_span(day, zone)))) for day in days]
        label = say("roster.heat.no-secondary" if role == SECONDARY else "roster.heat.no-primary")
        rows.append((label, *_cells(held, days, zone), _figure(sum(held))))
    for person, own in list(measures.per_day(week).items())[:MAX_PEOPLE]:
        held = [own.get(day, 0.0) for day in days]
        rows.append((person, *_cells(held, days, zone), _figure(sum(held))))
    columns = [say(f"roster.weekday.{day.weekday()}", day=day.strftime("%m-%d")) for day in days]
    return Table((say("roster.column.person"), *columns, say("roster.column.hours")), tuple(rows))


def _cells(held: list[float], days: list[date], zone: tzinfo) -> list[str]:
    cells = []
    for value, day in zip(held, days, strict=True):
        share = value / hours([day_span(day, zone)])
        shade = next(sign for limit, sign in _SHADES if share <= limit)
        cells.append(f"{shade} {_figure(value)}" if value else shade)
    return cells


def _figure(value: float) -> str:
    return f"{round(value, 1):g}"
