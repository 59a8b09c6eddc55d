"""Incident records of PagerDuty, Statuspage and cState, under our own names.

Also tells what such a tool writes that is no incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orr.evidence.checks.incidents.names import flag, plain

_OVER = frozenset({"resolved", "completed", "postmortem", "closed"})
_UP = frozenset({"up", "down", "degraded", "operational", "ok"})
_MEASURED = frozenset({"url", "code", "response_time", "last_updated", "last_checked", "uptime"})

_RECORDED = frozenset({"id", "title", "incident", "resolved", "resolved_at", "ended", "ended_at"})


def in_our_words(record: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """A record with the times that a known tool gives under names of its own.

    Sources: PagerDuty's REST API v2 (time to resolve is from `created_at` to `resolved_at`), Statuspage's API
    (`incident_updates`), cState's front matter (an issue lasts from `date` to `resolvedWhen`).
    """
    by_name = {plain(str(key)): value for key, value in record.items()}
    is_pagerduty = "incident_number" in by_name or ".pagerduty.com/" in str(by_name.get("html_url"))
    if is_pagerduty and (by_name.get("created_at") or by_name.get("created_on")):
        return _pagerduty(record, by_name)
    updates = by_name.get("incident_updates")
    if isinstance(updates, list):
        return _statuspage(record, by_name, [one for one in updates if isinstance(one, Mapping)])
    if "resolved_when" in by_name:
        is_open = flag(by_name.get("resolved")) is False
        return {**record, "started": by_name.get("date"), "resolvedWhen": None if is_open else by_name["resolved_when"]}
    return record


def _pagerduty(record: Mapping[Any, Any], by_name: Mapping[str, Any]) -> Mapping[Any, Any]:
    ended = by_name.get("resolved_at")
    if ended is None and by_name.get("status") == "resolved":
        ended = by_name.get("last_status_change_at")
    return {**record, "started": by_name.get("created_at") or by_name["created_on"], "recovered": ended}


def _statuspage(
    record: Mapping[Any, Any], by_name: Mapping[str, Any], updates: list[Mapping[Any, Any]]
) -> Mapping[Any, Any]:
    told = sorted(
        (str(one.get("display_at") or one.get("created_at") or ""), str(one.get("status"))) for one in updates
    )
    ended: Any = by_name.get("resolved_at")
    if not ended and told and told[-1][1] in _OVER:
        after_it = max((place + 1 for place, (_, status) in enumerate(told) if status not in _OVER), default=0)
        ended = told[after_it][0]
    first = told[0][0] if told else None
    return {**record, "started": by_name.get("started_at") or first or by_name.get("created_at"), "recovered": ended}


def is_cut(data: Any) -> bool:
    """Whether an export says that it is one page of several."""
    if not isinstance(data, Mapping):
        return False
    pages = [
        data,
        *(
            one
            for key in ("pagination_meta", "paging", "pagination", "meta")
            if isinstance(one := data.get(key), Mapping)
        ),
    ]
    names = ("more", "has_more", "offset", "next", "next_cursor", "next_page", "after")
    return any(page.get(name) for page in pages for name in names)


def no_incident(data: Any) -> str:
    """What a file holds that is no record of incidents: `feed`, `status`, or nothing."""
    if not isinstance(data, Mapping):
        return ""
    if "jsonfeed.org" in str(data.get("version")):
        return "feed"
    by_name = {plain(str(key)): value for key, value in data.items()}
    status = by_name.get("status")
    is_monitor = by_name.keys() & _MEASURED and not by_name.keys() & _RECORDED
    return "status" if is_monitor and isinstance(status, str) and status.casefold() in _UP else ""
