"""Format moments, durations and time zones."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, tzinfo

from orr.evidence.calendars.spans import Span
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.system.clock import is_within_reach


def zone_or(name: str | None, default: tzinfo) -> tzinfo:
    """The time zone of a name, where one is given.

    Raises
    ------
    Undetermined
        If no time zone has this name.
    """
    if name is None:
        return default
    try:
        return UTC if name == "UTC" else zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Undetermined(say("calendar.zone", zone=name[:100])) from None


def within_reach(launch: date) -> None:
    """Refuse a launch around which no days could be counted, since the calendar ends.

    Raises
    ------
    Undetermined
        If it is.
    """
    if not is_within_reach(launch):
        raise Undetermined(say("calendar.far-launch", launch=launch.isoformat()))


def clock(moment: datetime, zone: tzinfo) -> str:
    """Format a moment in a time zone with its offset: 2026-12-01 09:00+08:00."""
    return moment.astimezone(zone).isoformat(" ", "minutes")


def span_words(span: Span) -> Message:
    """How long a span is: in hours up to two days, else in days."""
    return hours_words(span.hours)


def hours_words(hours: float) -> Message:
    """So many hours, or days from two of them on; never rounded to nothing."""
    if hours >= 48:
        return say("evidence.days", n=_round(hours / 24))
    return say("calendar.hours", n=_round(hours))


def _round(value: float) -> int | float:
    rounded = round(value, 1) or 0.1
    return int(rounded) if rounded == int(rounded) else rounded
