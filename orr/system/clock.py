"""The day that the clock shows."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Around days outside these no others can be counted: the calendar ends."""


def is_within_reach(day: date) -> bool:
    """Whether years can be counted from a day in both directions."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def today(where: tzinfo) -> date:
    """The present day in a time zone."""
    return datetime.now(where).date()


def is_today(day: date, where: tzinfo) -> bool:
    """Whether a day is the present one, and not another that somebody asks about."""
    return day == today(where)


def zone(name: str) -> ZoneInfo | None:
    """The time zone of a name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
