"""Causes in a manager's words, without file patterns and parameters."""

from __future__ import annotations

from types import MappingProxyType

from orr.messages import Message, say

_SAYS = "report.plain.says"
PLAIN = MappingProxyType(
    {
        "rule.cause.check": _SAYS,
        "rule.cause.old-finding": "report.plain.old-finding",
        "evidence.elsewhere": _SAYS,
        "evidence.document.headings": _SAYS,
        "evidence.document.none": "report.plain.no-document",
        "evidence.document.no-sections": "report.plain.no-sections",
        "evidence.document.no-keys": "report.plain.no-keys",
        "evidence.files.none": "report.plain.no-file",
        "evidence.files.counted": "report.plain.counted",
        "evidence.files.fresh": "report.plain.fresh",
        "slo.no-file": "report.plain.no-objectives",
        "alerts.no-file": "report.plain.no-alerts",
        "calendar.none": "report.plain.no-calendar",
        "incidents.no-file": "report.plain.no-incidents",
        "results.none": "report.plain.no-results",
        "roster.none": "report.plain.no-roster",
        "roster.missing": "report.plain.missing",
    }
)
"""By text what a manager reads in its place; the report's list of every item has the whole."""


def plainly(what: object) -> object:
    """The same in a manager's words, within lists and other messages too."""
    if isinstance(what, (list, tuple)):
        return [plainly(part) for part in what]
    if not isinstance(what, Message):
        return what
    values = {name: plainly(value) for name, value in what.values.items()}
    if "patterns" in values:
        values["patterns"] = say("report.plain.patterns")
    return Message(PLAIN.get(what.key, what.key), values)
