"""An incident and its follow-ups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from orr.evidence.checks.incidents.names import cell
from orr.messages import Message

_DONE = frozenset(
    (
        *("done", "closed", "complete", "completed", "fixed", "resolved", "finished", "merged", "shipped", "deployed"),
        *("implemented", "released", "delivered", "verified", "yes", "true", "x", "完成", "已完成", "关闭", "已关闭"),
        *("已解决", "已上线", "已实施", "是"),
    )
)
_DROPPED = frozenset(("dropped", "cancelled", "canceled", "rejected", "wontfix", "obsolete", "取消", "已取消", "不做"))
_NOT_DONE = frozenset(
    (
        *("not", "in", "un", "no", "false", "open", "todo", "to", "new", "pending", "planned", "started", "ongoing"),
        *("wip", "doing", "blocked", "waiting", "backlog", "scheduled", "assigned", "ready", "active", "partial"),
        *("partially", "draft", "proposed", "unresolved", "incomplete", "postponed", "deferred", "on", "outstanding"),
        *(
            "accepted",
            "approved",
            "review",
            "reopened",
            "overdue",
            "未",
            "未完成",
            "进行中",
            "处理中",
            "待办",
            "未开始",
        ),
        *("计划中", "已计划", "待处理", "打开", "否", "已延期", "延期", "已分配", "开发中"),
    )
)
_SIGNS = {"✅": True, "☑": True, "✔": True, "❌": False, "☐": False, "⏳": False, "🚧": False}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An action after an incident.

    Attributes
    ----------
    what, path, line
        What is to be done, and where that is recorded.
    due
        The day by which.
    done
        None where it is not recorded.
    unread
        What is written as its due date or state and cannot be read.
    """

    what: str
    path: str
    line: int
    due: date | None = None
    done: bool | None = None
    unread: str = ""

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
    over
        Whether it may be over although nothing says since when.
    analysis
        Where its analysis is said to be; the record itself where it is one.
    follow_ups
        What was to be done after it.
    doubts
        By part, why what is written there cannot be taken as it is.
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
    over: bool = False
    analysis: str = ""
    follow_ups: list[FollowUp] = field(default_factory=list)
    doubts: dict[str, Message] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.path}:{self.line}" if self.line else self.path


_IN_PART = re.compile(
    r"[?？]|(?<![\d.])(?!100\b)\d{1,3}\s?%|\b(?:partially|in part|partly|except|by (?:q[1-4]|next|end of))\b"
)


def is_done(value: object) -> bool | None:
    """Return whether a status means done; None where there is none, or none that is known."""
    if isinstance(value, bool):
        return value
    text = cell(value).casefold()
    if text[:1] in _SIGNS:
        return _SIGNS[text[0]]
    words = re.findall(r"[a-z]+|[\u4e00-\u9fff]+", text)
    if not words or _IN_PART.search(text):
        return None
    if words[0] in _DONE or words[0] in _DROPPED:
        return True
    return False if words[0] in _NOT_DONE or words[0].startswith(("未", "待")) else None
