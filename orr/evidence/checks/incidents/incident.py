"""An incident, and the field names of its records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from orr.evidence.calendars.spans import readings
from orr.evidence.calendars.zone_names import designation, zone_named
from orr.evidence.documents.dates import day_in, first_date
from orr.messages import Message

MAX_CELL = 200

# The first name of each that a record has is the one that counts.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("incident", "incident_id", "id", "number", "key", "incident_number", "ticket", "故障编号", "编号"),
    "title": ("title", "name", "summary", "headline", "标题", "名称"),
    "severity": ("severity", "sev", "priority", "impact", "impact_level", "urgency", "级别", "严重程度", "故障等级"),
    "started": (
        "started", "started_at", "start", "start_time", "began", "began_at", "impact_start", "impact_started_at",
        "fault_occurs", "fault_occurred", "occurred", "occurred_at", "outage_start", "downtime_start",
        "开始时间", "发生时间", "故障开始",
    ),
    "detected": (
        "detected", "detected_at", "first_detected", "detection_time", "noticed", "noticed_at", "发现时间", "检测时间",
    ),
    "recovered": (
        "recovered", "recovered_at", "restored", "restored_at", "mitigated", "mitigated_at", "repaired", "repaired_at",
        "resolved", "resolved_at", "incident_resolved", "ended", "ended_at", "end", "end_time", "outage_end",
        "downtime_end", "impact_end", "恢复时间", "结束时间", "解决时间",
    ),
    "to_detect": (
        "time_to_detect", "time_to_detection", "ttd", "detection_minutes", "time_to_detect_minutes", "检测时长",
    ),
    "to_recover": (
        "time_to_recover", "time_to_recovery", "time_to_restore", "time_to_repair", "time_to_resolve", "ttr",
        "duration", "duration_minutes", "downtime_minutes", "恢复时长", "持续时间",
    ),
    "day": (
        "date", "day", "incident_date", "declared", "declared_at", "incident_declared", "created", "created_at", "日期",
    ),
    "cause": ("cause", "root_cause", "cause_id", "root_cause_category", "cause_category", "根因", "原因", "原因分类"),
    "analysis": (
        "analysis", "postmortem", "post_mortem", "post_incident_review", "postmortem_url", "review", "report", "rca",
        "postmortem_path", "复盘", "复盘报告",
    ),
    "follow_ups": ("follow_ups", "followups", "actions", "action_items", "corrective_actions", "整改项", "改进措施"),
    "status": ("status", "state", "状态"),
    "zone": ("timezone", "time_zone", "tz", "时区"),
}  # fmt: skip

ACTION_NAMES: dict[str, tuple[str, ...]] = {
    "what": (
        "action", "follow_up", "followup", "title", "what", "item", "task", "description", "措施", "整改项", "行动项",
    ),
    "due": ("due", "due_date", "due_on", "deadline", "by_when", "target_date", "截止日期", "期限", "完成时限"),
    "state": ("state", "status", "done", "closed", "completed", "状态", "完成情况"),
    "incident": ("incident", "incident_id", "for", "故障编号"),
}  # fmt: skip

_DONE = frozenset(
    (
        *("done", "closed", "complete", "completed", "fixed", "resolved", "finished", "merged", "shipped"),
        *("implemented", "yes", "true", "x", "完成", "已完成", "关闭", "已关闭"),
    )
)
_DROPPED = frozenset(("dropped", "cancelled", "canceled", "rejected", "wontfix", "obsolete", "取消", "已取消", "不做"))
_UNIT = re.compile(
    r"(\d{1,9}(?:\.\d{1,6})?)\s{0,3}(days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|天|小时|分钟|分|秒)(?![a-z])",
    re.IGNORECASE,
)
_MINUTES = {"d": 1440.0, "h": 60.0, "m": 1.0, "s": 1 / 60, "天": 1440.0, "小": 60.0, "分": 1.0, "秒": 1 / 60}
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ]{1,2}(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An action after an incident; `done` is None where unrecorded."""

    what: str
    path: str
    line: int
    due: date | None = None
    done: bool | None = None

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(slots=True)
class Incident:
    """One incident.

    Attributes
    ----------
    id, severity, cause
        As recorded; empty where they are not.
    path, line
        Where it is recorded.
    started, detected, recovered
        The times, where they are recorded.
    to_detect, to_recover
        Minutes, where they are.
    day
        The day that it belongs to; None where nothing tells it.
    analysis
        Where its analysis is said to be; the record itself where it is one.
    follow_ups
        What was to be done after it.
    wrong
        What cannot be right about it.
    """

    id: str
    path: str
    line: int
    severity: str = ""
    cause: str = ""
    started: datetime | None = None
    detected: datetime | None = None
    recovered: datetime | None = None
    to_detect: float | None = None
    to_recover: float | None = None
    day: date | None = None
    analysis: str = ""
    follow_ups: list[FollowUp] = field(default_factory=list)
    wrong: list[Message] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.path}:{self.line}" if self.line else self.path


def plain(name: str) -> str:
    """A name without case and what divides its words."""
    return re.sub(r"[\s_\-.:：*]+", "_", name.strip().casefold()).strip("_")


@cache
def _by_name(actions: bool) -> dict[str, tuple[str, int]]:
    table = ACTION_NAMES if actions else NAMES
    return {name: (part, place) for part, names in table.items() for place, name in enumerate(names)}


def parts_of(record: Mapping[Any, Any], *, actions: bool = False) -> dict[str, tuple[str, Any]]:
    """The parts of a record that have a value, by our names; with the name that the record uses."""
    found: dict[str, tuple[int, str, Any]] = {}
    known = _by_name(actions)
    for key, value in record.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        part, place = known.get(plain(str(key)), ("", 0))
        if part and (part not in found or place < found[part][0]):
            found[part] = (place, plain(str(key)), value)
    return {part: (name, value) for part, (_, name, value) in found.items()}


def knows(name: str, *, actions: bool = False) -> str:
    """The part that a name stands for; empty where it is none."""
    return _by_name(actions).get(plain(name), ("", 0))[0]


def cell(value: object) -> str:
    """A value as one short line."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    return " ".join(str(value)[: 4 * MAX_CELL].split())[:MAX_CELL]


class UnclearMoment(ValueError):
    """A date with a time that may be one of several moments."""

    def __init__(self, why: str, text: str) -> None:
        self.why = why
        self.text = text
        super().__init__(why)


def read_moment(value: object, timezone: tzinfo, zone_name: str = "") -> datetime | None:
    """Read a date with a time, in UTC; None where there is none.

    Parameters
    ----------
    value
        A text, or anything else.
    timezone, zone_name
        The zone of times that name none, and what the record calls it.

    Raises
    ------
    UnclearMoment
        If its zone is not understood, or the clock showed the time twice or never.
    """
    text = value[:200] if isinstance(value, str) else ""
    match = _MOMENT.search(text)
    if match is None:
        return None
    try:
        wall = _wall(match)
        name = designation(text[match.end() :]) or zone_name
        zone = zone_named(name, wall) if name else timezone
        if zone is None:
            raise UnclearMoment("zone", name)
        first, last = readings(wall, zone)
    except UnclearMoment:
        raise
    except (ValueError, OverflowError):
        return None
    if first != last:
        raise UnclearMoment("twice", match[0])
    return first


def _wall(match: re.Match[str]) -> datetime:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(match[0])
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return datetime.fromisoformat(f"{match['day']}T{hour:02}:{match['minute']}:{match['second'] or '00'}")


def read_day(value: object, timezone: tzinfo) -> date | None:
    """Read the day of a date with or without a time."""
    try:
        read = read_moment(value, timezone)
    except UnclearMoment:
        read = None
    if read is not None:
        return day_in(read, timezone)
    written = first_date(value[:100]) if isinstance(value, str) else None
    return written.day if written else None


def day_of_text(text: str, timezone: tzinfo) -> date | None:
    """Read the day of a text that holds a date with a time; None where it holds none."""
    return read_day(text, timezone) if _MOMENT.search(text[:200]) else None


def read_minutes(value: object, name: str = "") -> float | None:
    """A span of time in minutes: `4h 12m`, `1:30:00`; a bare number is one where its name says so."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        value = f"{value:.6f}" if 0 <= value < 1e9 else ""
    text = cell(value)
    if _NUMBER.fullmatch(text):
        seconds = name.endswith(("_seconds", "_s"))
        return float(text) / (60 if seconds else 1) if seconds or "minutes" in name else None
    clock = _CLOCK.fullmatch(text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2]) + int(clock[3] or 0) / 60
    parts = _UNIT.findall(text)
    rest = re.sub(r"[\s,，and和+]+", "", _UNIT.sub("", text.split("(")[0]))
    if not parts or rest:
        return None
    return sum(float(number) * _MINUTES[unit[0].lower()] for number, unit in parts)


def is_done(value: object) -> bool | None:
    """Return whether a status means done; None where there is none."""
    if isinstance(value, bool):
        return value
    words = re.findall(r"[a-z]+|[\u4e00-\u9fff]+", cell(value).casefold())
    if not words:
        return None
    if words[0] in ("not", "in", "un", "未", "未完成"):
        return False
    return words[0] in _DONE or words[0] in _DROPPED


def minutes_between(begin: datetime, end: datetime) -> float:
    """Minutes from one moment to another, both in UTC; below zero where they are reversed."""
    return (end - begin) / timedelta(minutes=1)
