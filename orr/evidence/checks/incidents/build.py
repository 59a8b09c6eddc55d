"""Build an incident from a record and list its inconsistencies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from orr.evidence.calendars.zone_names import designation
from orr.evidence.checks.incidents.incident import FollowUp, Incident, is_done
from orr.evidence.checks.incidents.names import cell, flag, parts_of, zone_in
from orr.evidence.checks.incidents.times import (
    UnclearMoment,
    is_absent,
    minutes_between,
    read_day,
    read_minutes,
    read_moment,
)
from orr.evidence.checks.incidents.tools import in_our_words
from orr.evidence.documents.placeholders import is_placeholder
from orr.messages import say
from orr.source.dates import date_in_name

MAX_FOLLOW_UPS = 1_000
_CLOCK = re.compile(r"\d+:[\d:.]+\W*")
_SPAN_TO = {"detected": "to_detect", "recovered": "to_recover"}


def incident_of(record: Mapping[Any, Any], path: str, line: int, timezone: tzinfo, default_id: str = "") -> Incident:
    """Read one record."""
    parts = parts_of(in_our_words(record))

    def value(part: str) -> Any:
        return parts[part][1] if part in parts else None

    name = cell(value("id")) or cell(value("title")) or default_id or path.rpartition("/")[2]
    made = Incident(name, path, line, cell(value("severity")), cell(value("cause")))
    made.over = flag(value("recovered")) is True or is_done(value("status")) is True
    for part in ("started", "detected", "recovered"):
        if part in parts:
            _read_time(made, part, *parts[part], timezone, cell(value("zone")))
    for part in ("to_detect", "to_recover"):
        if part in parts and not is_absent(value(part)):
            minutes = read_minutes(value(part), parts[part][0])
            if minutes is None:
                made.doubts[part] = say("incidents.no-span", **_about(made, *parts[part]))
            else:
                setattr(made, part, minutes)
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
            about = {"name": name, "place": made.place, "limit": MAX_FOLLOW_UPS}
            made.doubts["follow_ups"] = say("incidents.too-many-follow-ups", **about)
    return made


def _about(made: Incident, field: str, value: object) -> dict[str, Any]:
    return {"name": made.id, "place": made.place, "part": field, "text": cell(value)[:60]}


def _read_time(made: Incident, part: str, field: str, value: object, timezone: tzinfo, zone_name: str) -> None:
    if is_absent(value) or flag(value) is False:
        return
    try:
        read = read_moment(value, timezone, designation(zone_in(field)) or zone_name)
    except UnclearMoment as unclear:
        made.doubts[part] = say(
            f"incidents.unclear-{unclear.why}", **{**_about(made, field, value), "text": unclear.text}
        )
        return
    # "Recovery time: 4 h" is a span; "Resolved: 00:30" is more likely the time of some day.
    spans = read is None and part in _SPAN_TO and not _CLOCK.fullmatch(cell(value))
    minutes = read_minutes(value, field) if spans else None
    if minutes is not None:
        setattr(made, _SPAN_TO[part], minutes)
    elif read is None:
        made.doubts[part] = say("incidents.no-time", **_about(made, field, value))
    setattr(made, part, read)


def follow_up_of(record: Any, path: str, line: int, timezone: tzinfo) -> FollowUp:
    """Build a follow-up from an object or a text."""
    if not isinstance(record, Mapping):
        return FollowUp(cell(record) or "?", path, line)
    parts = parts_of(record, actions=True)
    field, state = parts.get("state", ("", None))
    written = cell(parts["due"][1]) if "due" in parts else ""
    due = read_day(written, timezone)
    done = is_done(state)
    # A word such as "done: 2026-11-03" or a bare date in a column named so.
    if not done and field.strip().casefold() in ("done", "closed", "completed") and read_day(cell(state), timezone):
        done = True
    unread = "" if done is not None or is_absent(state) else cell(state)
    if due is None and not done and not (is_absent(written) or is_placeholder(written)):
        unread = written
    return FollowUp((cell(parts["what"][1]) if "what" in parts else "") or "?", path, line, due, done, unread)


def measure(made: Incident) -> None:
    """Minutes between times, preferred over written durations."""
    for end, span in _SPAN_TO.items():
        last = getattr(made, end)
        if made.started is None or last is None:
            continue
        minutes = minutes_between(made.started, last)
        if minutes < 0:
            made.doubts[end] = say("incidents.reversed", name=made.id, place=made.place, part=end)
        setattr(made, span, minutes if minutes >= 0 else None)
    if made.detected and made.recovered and made.detected > made.recovered:
        made.doubts["recovered"] = say("incidents.reversed", name=made.id, place=made.place, part="recovered")
        made.to_detect = made.to_recover = None
