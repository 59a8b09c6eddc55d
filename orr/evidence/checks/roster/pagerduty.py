"""Read rosters from PagerDuty's JSON: schedules with their rendered entries, or who is on call.

Source: PagerDuty's REST API v2, `GET /oncalls`, `GET /schedules` and `GET /schedules/{id}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from orr.evidence.calendars.clock import zone_or
from orr.evidence.calendars.spans import Span, utc
from orr.evidence.checks.roster import policies
from orr.evidence.checks.roster.shifts import PRIMARY, SECONDARY, Reading, Shift, vacancy, wrong
from orr.evidence.checks.roster.times import shift_time
from orr.evidence.documents.json_text import parse_json
from orr.evidence.errors import Undetermined
from orr.messages import Message, say

_LEVELS = {PRIMARY: 1, SECONDARY: 2}


def shifts_of(text: str, path: str, reading: Reading) -> Iterator[Shift]:
    """The shifts of a JSON file.

    Raises
    ------
    Undetermined
        If it is no JSON of PagerDuty's or one page of several, if a schedule was saved without its entries, or if
        nothing tells which of several escalation policies counts.
    """
    data = parse_json(text, path)
    whole = data if isinstance(data, dict) else {}
    listed, total = whole.get("oncalls", whole.get("schedules")), whole.get("total")
    lacking = isinstance(listed, list) and isinstance(total, int) and total > len(listed)
    if lacking or whole.get("more") or whole.get("offset") or whole.get("next_cursor"):
        raise Undetermined(say("roster.pages", path=path))
    _name_accounts_alike(data, {})
    if isinstance(whole.get("oncalls"), list):
        yield from _on_calls(whole["oncalls"], path, reading)
        return
    schedules = whole.get("schedules", [whole["schedule"]] if "schedule" in whole else data)
    if not isinstance(schedules, list) or not schedules or not all(isinstance(one, dict) for one in schedules):
        raise Undetermined(say("roster.no-pagerduty", path=path))
    yield from _schedules(schedules, path, reading)


def _name_accounts_alike(data: Any, names: dict[str, str]) -> None:
    """Give each account the first of its names: one id is one person."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for one in inner:
        _name_accounts_alike(one, names)
    user = data.get("user") if isinstance(data, dict) else None
    if isinstance(user, dict) and user.get("id"):
        user["summary"] = names.setdefault(str(user["id"]), str(user.get("summary") or user.get("name") or ""))


def _on_calls(entries: list[Any], path: str, reading: Reading) -> Iterator[Shift]:
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise wrong(path, number, say("roster.no-pagerduty", path=path))
    seen = [_reference(entry.get("escalation_policy")) for entry in entries]
    chosen = policies.chosen(seen, path, reading)
    if chosen is None and reading.names_roles:
        # Of a policy that no name leads to nobody counts, on its second level neither.
        led = {policy for entry, (policy, _) in zip(entries, seen, strict=True) if _role_named(entry, reading)}
        if not led:
            known = {_name(entry.get(key)) for entry in entries for key in ("schedule", "escalation_policy")} - {""}
            raise Undetermined(say("roster.no-named", path=path, known=policies.shown(known)))
        chosen = frozenset(led)
    for number, (entry, (policy, name)) in enumerate(zip(entries, seen, strict=True), 1):
        role = _role(entry, reading) if chosen is None or policy in chosen else None
        if role is not None:
            yield from _entry(entry, role, number, path, reading, name, entry.get("schedule"))


def _role_named(entry: dict[str, Any], reading: Reading) -> str | None:
    """Role of an entry by the check's names: its schedule, else policy and level."""
    for role, level in _LEVELS.items():
        at_level = entry.get("escalation_level") == level
        names = [_name(entry.get("schedule")), *([_name(entry.get("escalation_policy"))] if at_level else [])]
        if any(reading.is_named(name, role) for name in names):
            return role
    return None


def _role(entry: dict[str, Any], reading: Reading) -> str | None:
    named = _role_named(entry, reading)
    if named is not None or reading.is_shadow(_name(entry.get("schedule"))):
        return named
    by_level = {PRIMARY: reading.primary is None, SECONDARY: reading.secondary is None}
    return next(
        (role for role, does in by_level.items() if does and entry.get("escalation_level") == _LEVELS[role]), None
    )


def _schedules(schedules: list[dict[str, Any]], path: str, reading: Reading) -> Iterator[Shift]:
    of = [_policies_of(one) for one in schedules]
    chosen = policies.chosen([one for several in of for one in several], path, reading) if reading.policy else None
    named = [_name(one) for one in schedules]
    known = [reading.role(name) for name in named]
    counted: list[tuple[list[tuple[str, str]], str, list[Any], dict[str, Any]]] = []
    for one, policies_of, name, role in zip(schedules, of, named, known, strict=True):
        if chosen is not None and not any(policy in chosen for policy, _ in policies_of):
            continue
        if role is None and not any(known) and reading.primary is None and not reading.is_shadow(name):
            role = reading.role(path) or PRIMARY
        entries = _entries(one)
        if entries is None:
            raise Undetermined(say("roster.not-rendered", path=path, schedule=name[:100]))
        if role is not None:
            counted.append((policies_of, role, entries, one))
    if chosen is None and not reading.names_roles:
        _refuse_several([(role, policies_of) for policies_of, role, _, _ in counted], named, path)
    for policies_of, role, entries, schedule in counted:
        policy = ", ".join(name for one, name in policies_of if chosen is None or one in chosen)
        for number, entry in enumerate(entries, 1):
            yield from _entry(entry, role, number, path, reading, policy, schedule)


def _refuse_several(counted: list[tuple[str, list[tuple[str, str]]]], named: list[str], path: str) -> None:
    """Refuse schedules of which nothing tells that they stand in for one another."""
    told = [dict(several) for _, several in counted if several]
    if len(told) > 1 and not set.intersection(*map(set, told)):
        known = policies.shown([name for several in told for name in several.values()])
        raise Undetermined(say("roster.several-policies", path=path, known=known))
    roles = [role for role, _ in counted]
    if len(told) < len(counted) and len(set(roles)) < len(roles):
        raise Undetermined(say("roster.several-schedules", path=path, known=policies.shown(named)))


def _policies_of(schedule: dict[str, Any]) -> list[tuple[str, str]]:
    listed = schedule.get("escalation_policies")
    return [_reference(one) for one in listed] if isinstance(listed, list) else []


def _reference(value: Any) -> tuple[str, str]:
    """The id and the name of what is referred to."""
    identifier = str(value.get("id") or "") if isinstance(value, dict) else ""
    name = _name(value)
    return identifier or name, name or identifier


def _name(value: Any) -> str:
    return str(value.get("name") or value.get("summary") or "")[:100] if isinstance(value, dict) else ""


def _entries(schedule: dict[str, Any]) -> list[Any] | None:
    final = schedule.get("final_schedule")
    for holder in (final if isinstance(final, dict) else {}, schedule):
        entries = holder.get("rendered_schedule_entries")
        if isinstance(entries, list) and entries:
            return entries
    return None


def _entry(
    entry: Any, role: str, number: int, path: str, reading: Reading, policy: str, schedule: Any
) -> Iterator[Shift]:
    if not isinstance(entry, dict):
        raise wrong(path, number, say("roster.no-pagerduty", path=path))
    # Whoever has no start is always on call, and whoever has no end stays so.
    zone = schedule.get("time_zone") if isinstance(schedule, dict) else None
    start = _moment(entry.get("start"), reading.within.start, zone, number, path, reading)
    end = _moment(entry.get("end"), reading.within.end, zone, number, path, reading)
    if end <= start and entry.get("start") is not None and entry.get("end") is not None:
        raise wrong(path, number, say("roster.ends-first", start=str(start), end=str(end)))
    if start < end:
        who, vacant = _user(entry.get("user"))
        yield Shift(role, who, Span(start, end), path, number, vacant=vacant, policy=policy)


def _user(user: Any) -> tuple[str, Message | None]:
    known = user if isinstance(user, dict) else {}
    names = [str(known.get(key) or "")[:200] for key in ("summary", "name", "email", "id")]
    who = next(filter(None, names), "—")
    if known.get("deleted_at") is not None:
        return who, say("roster.vacant.deleted", text=who[:80], day=str(known["deleted_at"])[:10])
    if not str(known.get("type") or "user").startswith("user"):  # a schedule, a team
        return who, say("roster.vacant", text=who[:80])
    return who, vacancy(who) or vacancy(names[2] or who)


def _moment(value: Any, otherwise: datetime, zone: Any, number: int, path: str, reading: Reading) -> datetime:
    if value is None:
        return otherwise
    found = shift_time(str(value)[:80])
    if not isinstance(found, datetime):
        raise wrong(path, number, say("roster.date", text=str(value)[:80], column="start, end"))
    if found.tzinfo is not None:
        return utc(found, reading.zone)
    try:
        return utc(found, zone_or(None if zone is None else str(zone), reading.zone))
    except Undetermined as cannot:
        raise wrong(path, number, say("evidence.said", words=cannot.why)) from None
