"""Names of the fields of incident records, in the forms that tools and people use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

MAX_CELL = 200
MAX_NAME = 80
TIMES = frozenset({"started", "detected", "recovered"})
SPANS = frozenset({"to_detect", "to_recover"})

# The first name of each that a record has is the one that counts.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("incident", "incident_id", "id", "number", "key", "incident_number", "ticket", "故障编号", "编号"),
    "title": ("title", "name", "summary", "headline", "标题", "名称"),
    "severity": (
        "severity", "severity_level", "incident_severity", "sev", "sev_level", "priority", "priority_name", "impact",
        "impact_level", "urgency", "级别", "严重程度", "严重级别", "故障等级", "故障级别",
    ),
    "started": (
        "started", "started_at", "start", "start_time", "starts", "began", "began_at", "begin", "begins", "beginning",
        "impact_start", "impact_started_at", "impact_start_date", "fault_occurs", "fault_occurred", "occurred",
        "occurred_at", "outage_start", "downtime_start", "开始时间", "发生时间", "故障开始", "开始",
    ),
    "detected": (
        "detected", "detected_at", "first_detected", "detection_time", "detection", "noticed", "noticed_at",
        "发现时间", "检测时间", "发现",
    ),
    "recovered": (
        "recovered", "recovered_at", "restored", "restored_at", "mitigated", "mitigated_at", "repaired", "repaired_at",
        "resolved", "resolved_at", "resolved_when", "incident_resolved", "resolution_time", "recovery_time",
        "recovery", "ended", "ended_at", "end", "end_time", "outage_end", "downtime_end", "impact_end",
        "impact_ended_at", "impact_end_date", "ends",
        "fixed", "fixed_at", "completed", "completed_at", "finished", "finished_at", "closed_at",
        "恢复时间", "结束时间", "解决时间", "恢复", "结束",
    ),
    "to_detect": ("time_to_detect", "time_to_detection", "ttd", "detection_time", "detection", "检测时长", "发现用时"),
    "to_recover": (
        "time_to_recover", "time_to_recovery", "time_to_restore", "time_to_repair", "time_to_resolve",
        "time_to_resolution", "time_to_mitigate", "time_to_mitigation", "ttr", "mttr", "to_resolve", "duration",
        "total_duration", "incident_duration", "outage_duration", "impact_duration", "total_time", "length", "downtime",
        "total_downtime",
        "恢复时长", "持续时间", "持续时长", "恢复用时", "故障时长",
    ),
    "day": (
        "date", "day", "incident_date", "declared", "declared_at", "incident_declared", "created", "created_at",
        "opened", "opened_at", "reported", "reported_at", "日期", "故障日期",
    ),
    "cause": ("cause", "root_cause", "cause_id", "root_cause_category", "cause_category", "根因", "原因", "原因分类"),
    "analysis": (
        "analysis", "postmortem", "post_mortem", "post_incident_review", "postmortem_url", "review", "report", "rca",
        "postmortem_path", "复盘", "复盘报告",
    ),
    "follow_ups": ("follow_ups", "followups", "actions", "action_items", "corrective_actions", "整改项", "改进措施"),
    "status": ("status", "state", "incident_status", "状态"),
    "zone": ("timezone", "time_zone", "tz", "时区"),
}  # fmt: skip

ACTION_NAMES: dict[str, tuple[str, ...]] = {
    "what": (
        "action", "action_item", "action_items", "follow_up", "followup", "measure", "title",
        "what", "item", "task", "description", "措施", "整改项", "行动项",
    ),
    "due": (
        "due", "due_date", "due_on", "due_by", "deadline", "by_when", "target_date", "target", "eta", "completion_date",
        "截止日期", "期限", "完成时限",
    ),
    "state": ("state", "status", "done", "closed", "completed", "状态", "完成情况"),
    "incident": ("incident", "incident_id", "for", "故障编号"),
}  # fmt: skip

MINUTES = {
    "second": 1 / 60, "sec": 1 / 60, "s": 1 / 60, "minute": 1.0, "min": 1.0, "hour": 60.0, "hr": 60.0, "h": 60.0,
    "day": 1440.0, "week": 10080.0, "周": 10080.0, "秒": 1 / 60, "分钟": 1.0, "小时": 60.0, "天": 1440.0,
}  # fmt: skip
_UNIT = r"seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|秒|分钟|小时|天"
_MEASURED = re.compile(
    rf"(?:(?P<before>seconds|minutes|hours)_)?(?P<name>.+?)(?:_?[(（\[](?:in_)?(?P<inside>{_UNIT})[)）\]]"
    rf"|_(?:in_)?(?P<after>{_UNIT}))?"
)
_REMARK = re.compile(r"_?[(（\[][^()（）\[\]]{1,20}[)）\]]$")
# What people put around the name of a time: "Incident start time (UTC)".
_AROUND = re.compile(
    r"^(?:(?:incident|outage|impact|issue|problem|fault|service|downtime|first|fully|故障|事件)_?)+"
    r"|(?:_(?:time|at|on|date|timestamp|date_time|datetime|of_(?:the_)?(?:incident|outage|impact|issue)))+$"
)
_FLAGS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


def plain(name: str) -> str:
    """A name without case and what divides its words: `resolvedAt`, `Resolved at` are `resolved_at`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s_\-.:：*/]+", "_", parted.casefold()).strip("_")


@cache
def _by_name(actions: bool) -> dict[str, tuple[str, int]]:
    table = ACTION_NAMES if actions else NAMES
    # A name of two parts stands for the first; a unit behind it makes it a span of time.
    return {name: (part, place) for part, names in reversed(table.items()) for place, name in enumerate(names)}


def _known(name: str, actions: bool) -> tuple[str, int]:
    """The part that a plain name stands for, and its place among that part's names."""
    table = _by_name(actions)
    if len(name) > MAX_NAME:
        return "", 0
    if name in table or actions:
        return table.get(name, ("", 0))
    bare, unit = _measured(name)
    if unit:
        spans = ((part, names.index(bare)) for part in ("to_detect", "to_recover") if bare in (names := NAMES[part]))
        return next(spans, ("", 0))
    bare = _REMARK.sub("", name)
    return table.get(bare) or _around(bare)


def _measured(name: str) -> tuple[str, float | None]:
    """A plain name without the unit in it, and the minutes of that: `duration_hours`, `ttr_(min)`."""
    match = _MEASURED.fullmatch(name)
    unit = match and (match["before"] or match["inside"] or match["after"])
    return (match["name"], MINUTES.get(unit) or MINUTES[unit.rstrip("s")]) if match and unit else (name, None)


def _around(name: str) -> tuple[str, int]:
    part, place = _by_name(False).get(_AROUND.sub("", name), ("", 0))
    return (part, place) if part in TIMES | {"day"} else ("", 0)


def zone_in(name: str) -> str:
    """What stands in parentheses behind a field's name, where a zone may: `Resolved (UTC)`."""
    found = re.search(r"[(（\[]([^()（）\[\]]{1,20})[)）\]]\s*$", name)
    return found[1].strip() if found else ""


def parts_of(record: Mapping[Any, Any], *, actions: bool = False) -> dict[str, tuple[str, Any]]:
    """Parts of a record that have a value, by our names.

    Each with the name that the record uses.

    Of several times a mere `resolved: true` is the last to count.
    """
    found: dict[str, tuple[int, str, Any]] = {}
    for key, value in record.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        part, place = _known(plain(str(key)), actions)
        if part in TIMES and flag(value) is not None:
            place += len(NAMES[part])
        if part and (part not in found or place < found[part][0]):
            found[part] = (place, str(key), value)
    return {part: (name, value) for part, (_, name, value) in found.items()}


def knows(name: str, *, actions: bool = False) -> str:
    """The part that a name stands for; empty where it is none."""
    return _known(plain(name), actions)[0]


def unit_of(name: str) -> float | None:
    """Minutes of the unit in a field's name, such as `duration_hours`; None without one."""
    return _measured(plain(name))[1]


def flag(value: object) -> bool | None:
    """What a value says that is only true or false; None for others."""
    return value if isinstance(value, bool) else _FLAGS.get(cell(value).casefold())


def cell(value: object) -> str:
    """A value as one short line."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    return " ".join(str(value)[: 4 * MAX_CELL].split())[:MAX_CELL]
