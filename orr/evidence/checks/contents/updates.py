"""Whether a file has the versions of dependencies watched."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any

from orr.evidence.checks.contents.pipeline import commands
from orr.evidence.documents.yamlstream import read_stream
from orr.messages import Message, say

_SCANS = re.compile(
    r"\brenovate(?:bot)?\b|\btrivy\b|\bosv-scanner|\bgrype\b|\bsnyk\b|\bpip-audit\b"
    r"|\b(?:npm|yarn|pnpm|composer|cargo|bundle)[ \t]+audit\b"
    r"|\bgovulncheck\b|\bcargo[ \t-](?:audit|deny)\b|\bbundler?-audit\b|\bdependency[-_](?:check|review|scanning)"
    r"|\bsafety[ \t]+(?:check|scan)\b|\bdotnet[ \t]+list\b.*--vulnerable",
    re.IGNORECASE,
)

_INTERVALS = ("daily", "weekly", "monthly", "quarterly", "semiannually", "yearly")
_COMMENT = re.compile(r"(\"(?:[^\"\\\n]|\\.)*\")|//[^\n]*|/\*.*?\*/", re.DOTALL)
"""A comment of JSON5, or, as its group, a text that may hold what looks like one."""


def no_updates(path: str, text: str) -> Message | None:
    """Why a file watches no dependency; None where it does."""
    name = posixpath.basename(path).casefold()
    if name.startswith("dependabot."):
        return _no_dependabot(text, path)
    if name.startswith((".renovaterc", "renovate.")):
        return _no_renovate(text, path)
    return None if any(_SCANS.search(one) for one in commands(text, path)) else say("contents.no-scanner")


def _no_dependabot(text: str, path: str) -> Message | None:
    documents = read_stream(text, path)
    data = documents[0].data if documents else None
    updates = data.get("updates") if isinstance(data, dict) else None
    if not isinstance(updates, list) or not updates:
        return say("contents.no-update")
    if str(data.get("version") if isinstance(data, dict) else "") != "2":
        return say("contents.update-lacks", key="version: 2", n=1)
    for number, one in enumerate(updates, 1):  # one that is not whole, and Dependabot refuses the file
        lacking = _lacking(one)
        if lacking is not None:
            return say("contents.update-lacks", key=lacking, n=number)
    return None if any(map(_opens_any, updates)) else say("contents.update-off")


def _lacking(update: Any) -> str | None:
    if not isinstance(update, dict):
        return "package-ecosystem"
    if not isinstance(update.get("package-ecosystem"), str) or not update["package-ecosystem"].strip():
        return "package-ecosystem"
    if not update.get("directory") and not update.get("directories"):
        return "directory"
    schedule = update.get("schedule")
    times = schedule if isinstance(schedule, dict) else {}
    if update.get("multi-ecosystem-group") or times.get("interval") in _INTERVALS:
        return None
    cron = times.get("interval") == "cron"
    return None if cron and times.get("cronjob") else "schedule.cronjob" if cron else "schedule.interval"


def _opens_any(update: dict[str, Any]) -> bool:
    ignored = update.get("ignore")
    all_ignored = isinstance(ignored, list) and any(
        isinstance(one, dict) and one.get("dependency-name") == "*" and not {"versions", "update-types"} & set(one)
        for one in ignored
    )
    return str(update.get("open-pull-requests-limit", "5")) != "0" and not all_ignored


def _no_renovate(text: str, path: str) -> Message | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):  # JSON5 without its comments is YAML, but for a comma or two
        documents = read_stream(_COMMENT.sub(lambda found: found[1] or "", text), path)
        data = documents[0].data if documents else None
    if not isinstance(data, dict):
        return say("contents.no-update")
    rules = data.get("packageRules")
    none = isinstance(rules, list) and any(
        isinstance(one, dict) and one.get("enabled") is False and one.get("matchPackageNames") in (["*"], ["**"])
        for one in rules
    )
    off = str(data.get("enabled")).casefold() == "false" or data.get("enabledManagers") == []
    return say("contents.update-off") if off or none or "**" in (data.get("ignorePaths") or []) else None
