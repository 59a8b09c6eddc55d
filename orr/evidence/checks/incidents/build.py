"""Build an incident from a record and list its inconsistencies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from orr.evidence.checks.incidents.incident import (
    FollowUp,
    Incident,
    UnclearMoment,
    cell,
    is_done,
    minutes_between,
    parts_of,
    read_day,
    read_minutes,
    read_moment,
)
from orr.evidence.documents.dates import date_in_name
from orr.messages import say

MAX_FOLLOW_UPS = 1_000


def incident_of(record: Mapping[Any, Any], path: str, line: int, timezone: tzinfo, default_id: str = "") -> Incident:
    """Read one record."""
    parts = parts_of(record)

    def value(part: str) -> Any:
        return parts[part][1] if part in parts else None

    name = cell(value("id")) or cell(value("title")) or default_id or path.rpartition("/")[2]
    made = Incident(name, path, line, cell(value("severity")), cell(value("cause")))
    for part in ("started", "detected", "recovered"):
        if part in parts:
            try:
                read = read_moment(value(part), timezone, cell(value("zone")))
            except UnclearMoment as unclear:
                about = {"name": name, "place": made.place, "part": parts[part][0], "text": unclear.text}
                made.wrong.append(say(f"incidents.unclear-{unclear.why}", **about))
                continue
            if read is None:
                made.wrong.append(say("incidents.no-time", name=name, place=made.place, part=parts[part][0]))
            setattr(made, part, read)
    for part in ("to_detect", "to_recover"):
        if part in parts:
            setattr(made, part, read_minutes(value(part), parts[part][0]))
    measure(made)
    days = [read_day(value(part), timezone) for part in ("started", "detected", "day", "recovered") if part in parts]
    made.day = next((day for day in days if day is not None), None) or date_in_name(path)
    made.analysis = cell(value("analysis"))
    if isinstance(value("analysis"), dict):
        made.analysis = cell(value("analysis").get("path") or value("analysis").get("url") or "")
    listed = value("follow_ups")
    if isinstance(listed, list):
        made.follow_ups = [follow_up_of(one, path, line, timezone) for one in listed[:MAX_FOLLOW_UPS]]
        if len(listed) > MAX_FOLLOW_UPS:
            made.wrong.append(say("incidents.too-many-follow-ups", name=name, place=made.place, limit=MAX_FOLLOW_UPS))
    return made


def follow_up_of(record: Any, path: str, line: int, timezone: tzinfo) -> FollowUp:
    """Build a follow-up from an object or a text."""
    if not isinstance(record, Mapping):
        return FollowUp(cell(record) or "?", path, line)
    parts = parts_of(record, actions=True)
    what = cell(parts["what"][1]) if "what" in parts else "?"
    due = read_day(cell(parts["due"][1]), timezone) if "due" in parts else None
    done = is_done(parts["state"][1]) if "state" in parts else None
    # A word such as "done: 2026-11-03" or a bare date in a column named so.
    if not done and "state" in parts and parts["state"][0] in ("done", "closed", "completed"):
        done = True if read_day(cell(parts["state"][1]), timezone) else done
    return FollowUp(what or "?", path, line, due, done)


def measure(made: Incident) -> None:
    """Minutes between times, preferred over written durations."""
    for end, span in (("detected", "to_detect"), ("recovered", "to_recover")):
        last = getattr(made, end)
        if made.started is None or last is None:
            continue
        minutes = minutes_between(made.started, last)
        if minutes < 0:
            made.wrong.append(say("incidents.reversed", name=made.id, place=made.place, part=end))
            setattr(made, span, None)
        else:
            setattr(made, span, minutes)
    if made.detected and made.recovered and made.detected > made.recovered:
        made.wrong.append(say("incidents.reversed", name=made.id, place=made.place, part="recovered"))
