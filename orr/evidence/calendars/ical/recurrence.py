"""The starts of what recurs, by python-dateutil, within bounds that no rule can leave.

The library looks for a rule's next start until the year 9999 and cannot be interrupted
while it finds none. So a rule is worked out in a year close to that one: the calendar
repeats itself, weekdays and leap years and all, every 400 years. Rules that recur by
the minute or the second, or that a library might never come back from, are refused.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orr.evidence.errors import Undetermined
from orr.messages import Message, say

if TYPE_CHECKING:
    from orr.evidence.calendars.ical.zones import Zone

CYCLES = 7_600
LATEST = 9_999 - CYCLES
SECONDS = 10.0
STARTS = 50_000
_PART = re.compile(r"([A-Z-]+)=([^;=]*)")
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_SUPPORTED = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"}
_KNOWN = {
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
    "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST",
}  # fmt: skip


class Refused(ValueError):  # noqa: N818 - a rule that cannot be worked out, with the words for it
    """A recurrence rule that is broken or not supported."""

    def __init__(self, why: Message) -> None:
        self.why = why
        super().__init__(str(why))


class Budget:
    """How much may be worked out for one check.

    Parameters
    ----------
    path
        The file it is for.
    starts, seconds
        How many starts, and how much time, it may take in all.
    """

    def __init__(self, path: str, starts: int = STARTS, seconds: float = SECONDS) -> None:
        self.path = path
        self.left = self.starts = starts
        self.seconds = seconds
        self.until = time.monotonic() + seconds

    def spend(self) -> None:
        """Take one start.

        Raises
        ------
        Undetermined
            If nothing is left.
        """
        self.left -= 1
        if self.left < 0:
            raise Undetermined(say("calendar.ics.too-many", path=self.path, limit=self.starts))
        if time.monotonic() > self.until:
            raise Undetermined(say("calendar.ics.too-long", path=self.path, seconds=self.seconds))


def starts(
    rule: str, first: datetime, after: datetime, before: datetime, zone: Zone, budget: Budget
) -> Iterator[datetime]:
    """The starts that a rule gives, on the wall.

    Parameters
    ----------
    rule
        The value of an RRULE.
    first
        The start of the event that recurs, on the wall.
    after, before
        On the wall; earlier ones may be left out, and there are none from `before` on.
    zone
        In which the event recurs.
    budget
        What may be spent.

    Raises
    ------
    Refused
        If the rule is broken or recurs too often.
    Undetermined
        If the budget is spent.
    """
    from dateutil.rrule import rrulestr

    parts, until = _read(rule, zone)
    if max(first.year, before.year) > LATEST:
        raise Refused(say("calendar.ics.year", year=max(first.year, before.year), limit=LATEST))
    if until is not None:
        before = min(before, until)
    first = _nearer(parts, first, after)
    try:
        # Without UNTIL, which the loop below keeps to: the library would take it for another zone's.
        rules = rrulestr(
            ";".join(f"{key}={value}" for key, value in parts.items()), dtstart=first.replace(year=first.year + CYCLES)
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise Refused(say("calendar.ics.rule", rule=rule[:200], why=str(error)[:200])) from None
    budget.spend()
    try:
        for moved in rules:
            budget.spend()
            start = moved.replace(year=moved.year - CYCLES)
            if start > before or (start == before and start != until):
                return
            yield start
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise Refused(say("calendar.ics.rule", rule=rule[:200], why=str(error)[:200])) from None


def _nearer(parts: dict[str, str], first: datetime, after: datetime) -> datetime:
    """A later first start from which the same ones follow, so that years long gone need not be worked out."""
    steps = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
    step = steps.get(parts["FREQ"])
    if step is None or "COUNT" in parts or after <= first:
        return first
    step *= int(parts.get("INTERVAL", 1))
    return first + max(0, (after - first) // step - 1) * step


def _read(rule: str, zone: Zone) -> tuple[dict[str, str], datetime | None]:
    parts: dict[str, str] = {}
    for part in rule.upper().strip(";").split(";"):
        match = _PART.fullmatch(part.strip())
        if match is None or match[1] in parts or match[1] not in _KNOWN:
            raise Refused(say("calendar.ics.rule", rule=rule[:200], why=part[:100]))
        parts[match[1]] = match[2]
    frequency = parts.get("FREQ", "")
    if frequency in ("MINUTELY", "SECONDLY") or (frequency == "HOURLY" and "BYSETPOS" in parts):
        raise Refused(say("calendar.ics.too-often", rule=rule[:200]))
    if frequency not in _SUPPORTED:
        raise Refused(say("calendar.ics.rule", rule=rule[:200], why="FREQ"))
    for key in ("INTERVAL", "COUNT"):
        # The library never comes back from an interval of 0.
        if key in parts and not re.fullmatch(r"0*[1-9]\d{0,8}", parts[key]):
            raise Refused(say("calendar.ics.rule", rule=rule[:200], why=key))
    if "UNTIL" not in parts:
        return parts, None
    match = _UNTIL.fullmatch(parts.pop("UNTIL"))
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(one) for one in match.groups()[:3])
        if match[4] is None:
            return parts, datetime(year, month, day, 23, 59, 59)
        until = datetime(year, month, day, int(match[4]), int(match[5]), int(match[6]))
    except ValueError:
        raise Refused(say("calendar.ics.rule", rule=rule[:200], why="UNTIL")) from None
    return parts, zone.wall(until.replace(tzinfo=UTC)) if match[7] else until
