"""The starts of what recurs, by python-dateutil, within bounds that no rule can leave.

The library looks for a rule's next start until the year 9999 and cannot be interrupted
while it finds none. So a rule is worked out in a year close to that one: the calendar
repeats itself, weekdays and leap years and all, every 400 years. Rules that recur by
the minute or the second, or that a library might never come back from, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from time import monotonic

from orr.evidence.calendars.spans import wall
from orr.evidence.errors import Undetermined
from orr.messages import Message, say

CYCLES = 7_600
LATEST = 9_999 - CYCLES
SECONDS = 10.0
STARTS = 50_000
IN_VAIN = 4_000
"""How many starts a rule costs that is looked through to the year 9999 in vain."""
_PART = re.compile(r"([A-Z-]+)=([^;=]*)")
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_SUPPORTED = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"}
_KNOWN = {
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
    "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST",
}  # fmt: skip


class Refused(ValueError):
    """What one event says of its times is broken, not supported, or not clear."""

    def __init__(self, why: Message) -> None:
        self.why = why
        super().__init__(why)


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
        self.until = monotonic() + seconds

    def spend(self, starts: int = 1) -> None:
        """Take one start, or what costs as much as several.

        Raises
        ------
        Undetermined
            If nothing is left.
        """
        self.left -= starts
        if self.left < 0:
            raise Undetermined(say("calendar.ics.too-many", path=self.path, limit=self.starts))
        if monotonic() > self.until:
            raise Undetermined(say("calendar.ics.too-long", path=self.path, seconds=self.seconds))


@dataclass(frozen=True)
class Rule:
    """One RRULE.

    Attributes
    ----------
    text
        In capitals.
    frequency, interval, counted
        Its FREQ and INTERVAL, and whether it has a COUNT.
    until, until_kind
        Its UNTIL, if it has one: a `day`, a time on the `wall`, or one in `utc`.
    """

    text: str
    frequency: str
    interval: int
    counted: bool
    until: datetime | None = None
    until_kind: str = ""

    def ends(self, zone: tzinfo, of_days: bool) -> tuple[datetime, datetime] | None:
        """Last start possible in local time, by the narrowest and the widest reading of UNTIL.

        They differ where UNTIL is not of the kind of DTSTART, which programs read in different ways.
        """
        if self.until is None:
            return None
        day, in_zone = datetime.combine(self.until, time()), wall(self.until.replace(tzinfo=UTC), zone)
        if self.until_kind == "day":
            return day, day if of_days else day + timedelta(days=1, seconds=-1)
        if of_days:
            return min(day, in_zone), max(day, in_zone)
        return (in_zone, in_zone) if self.until_kind == "utc" else (min(self.until, in_zone), max(self.until, in_zone))

    def starts(self, first: datetime, after: datetime, last: datetime, budget: Budget) -> Iterator[datetime]:
        """The starts that it gives, on the wall.

        Parameters
        ----------
        first
            The start of the event that recurs.
        after, last
            Earlier ones may be left out, and there are no later ones.
        budget
            What may be spent.

        Raises
        ------
        Refused
            If the rule is broken.
        Undetermined
            If the budget is spent.
        """
        from dateutil.rrule import rrulestr

        if max(first.year, last.year) > LATEST:
            raise Refused(say("calendar.ics.year", year=max(first.year, last.year), limit=LATEST))
        first = self._nearer(first, after)
        budget.spend()
        try:
            # Without UNTIL, which is kept to here: the library would take it for another zone's.
            text = re.sub(r"UNTIL=[^;]*;?", "", self.text).strip(";")
            moved = None
            for moved in rrulestr(text, dtstart=first.replace(year=first.year + CYCLES)):
                budget.spend()
                start = moved.replace(year=moved.year - CYCLES)
                if start > last:
                    return
                yield start
            if moved is None or not self.counted:
                budget.spend(IN_VAIN)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
            raise Refused(say("calendar.ics.rule", rule=self.text[:200], why=str(error)[:200])) from None

    def _nearer(self, first: datetime, after: datetime) -> datetime:
        """Later first start with the same occurrences from then on.

        Years long gone need not be worked out.
        """
        steps = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
        step = steps.get(self.frequency)
        if step is None or self.counted or after <= first:
            return first
        step *= self.interval
        return first + (after - first) // step * step


def read_rule(text: str) -> Rule:
    """Read the value of an RRULE.

    Raises
    ------
    Refused
        If it is broken or recurs too often.
    """
    text = text.upper().strip().strip(";")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        match = _PART.fullmatch(part.strip())
        if match is None or match[1] in parts or match[1] not in _KNOWN:
            raise _broken(text, part)
        parts[match[1]] = match[2]
    frequency = parts.get("FREQ", "")
    if frequency in ("MINUTELY", "SECONDLY") or (frequency == "HOURLY" and "BYSETPOS" in parts):
        raise Refused(say("calendar.ics.too-often", rule=text[:200]))
    if frequency not in _SUPPORTED:
        raise _broken(text, "FREQ")
    for key in ("INTERVAL", "COUNT"):
        # The library never comes back from an interval of 0.
        if key in parts and not re.fullmatch(r"0*[1-9]\d{0,8}", parts[key]):
            raise _broken(text, key)
    plain = ";".join(f"{key}={value}" for key, value in parts.items())
    rule = Rule(plain, frequency, int(parts.get("INTERVAL", 1)), "COUNT" in parts)
    if "UNTIL" not in parts:
        return rule
    found = _UNTIL.fullmatch(parts["UNTIL"])
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(one or 0) for one in found.groups()[:6])
        until = datetime(year, month, day, hour, minute, second)
    except ValueError:
        raise _broken(text, "UNTIL") from None
    return replace(rule, until=until, until_kind="day" if found[4] is None else "utc" if found[7] else "wall")


def _broken(rule: str, why: str) -> Refused:
    return Refused(say("calendar.ics.rule", rule=rule[:200] or "RRULE", why=why[:100] or "–"))
