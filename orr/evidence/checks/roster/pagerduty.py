"""Read rosters from PagerDuty exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from orr.evidence.calendars.spans import Span, utc
from orr.evidence.checks.roster.shifts import PRIMARY, SECONDARY, Reading, Shift, nobody, wrong
from orr.evidence.checks.roster.times import shift_time
from orr.evidence.documents.json_text import parse_json
from orr.evidence.errors import Undetermined
from orr.messages import say

_LEVELS = {1: PRIMARY, 2: SECONDARY}


def shifts_of(text: str, path: str, reading: Reading) -> Iterator[Shift]:
    """The shifts of a JSON file.

    Raises
    ------
    Undetermined
        If it is no JSON of PagerDuty's, or a schedule was saved without its entries.
    """
    data = parse_json(text, path)
    whole = data if isinstance(data, dict) else {}
    oncalls = whole.get("oncalls")
    if isinstance(oncalls, list):
        for number, one in enumerate(oncalls, 1):
            level = one.get("escalation_level") if isinstance(one, dict) else None
            role = _LEVELS.get(level) if isinstance(level, int) else None
            if role is not None:
                yield from _entry(one, role, number, path, reading)
        return
    schedules = whole.get("schedules", [whole["schedule"]] if "schedule" in whole else data)
    if not isinstance(schedules, list) or not schedules:
        raise Undetermined(say("roster.no-pagerduty", path=path))
    named = [_name(one) for one in schedules]
    known = [reading.role(name) for name in named]
    for one, name, role in zip(schedules, named, known, strict=True):
        if role is None and not any(known) and reading.primary is None and not reading.is_shadow(name):
            role = reading.role(path) or PRIMARY
        entries = _entries(one)
        if entries is None:
            raise Undetermined(say("roster.not-rendered", path=path, schedule=name[:100]))
        for number, entry in enumerate(entries, 1):
            if role is not None:
                yield from _entry(entry, role, number, path, reading)


def _name(schedule: Any) -> str:
    if not isinstance(schedule, dict):
        return ""
    return str(schedule.get("name") or schedule.get("summary") or "")


def _entries(schedule: Any) -> list[Any] | None:
    if not isinstance(schedule, dict):
        return None
    final = schedule.get("final_schedule")
    for holder in (final if isinstance(final, dict) else {}, schedule):
        entries = holder.get("rendered_schedule_entries")
        if isinstance(entries, list) and entries:
            return entries
    return None


def _entry(entry: Any, role: str, number: int, path: str, reading: Reading) -> Iterator[Shift]:
    if not isinstance(entry, dict):
        raise wrong(path, number, say("roster.no-pagerduty", path=path))
    user = entry.get("user")
    who = ""
    if isinstance(user, dict):
        who = str(user.get("summary") or user.get("name") or user.get("email") or user.get("id") or "")
    start = _moment(entry.get("start"), reading.within.start, number, path, reading)
    end = _moment(entry.get("end"), reading.within.end, number, path, reading)
    # Who is always on call has neither start nor end.
    if end < start or (end == start and entry.get("end") is not None):
        raise wrong(path, number, say("roster.ends-first", start=str(start), end=str(end)))
    if not nobody(who) and start < end:
        yield Shift(role, who[:200], Span(start, end), path, number)


def _moment(value: Any, otherwise: datetime, number: int, path: str, reading: Reading) -> datetime:
    if value is None:
        return otherwise
    found = shift_time(str(value)[:80])
    if not isinstance(found, datetime):
        raise wrong(path, number, say("roster.date", text=str(value)[:80], column="start, end"))
    return utc(found, reading.zone)
