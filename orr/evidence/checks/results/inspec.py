"""Chef InSpec's JSON reports, and the Heimdall Data Format that grew out of them.

What a control says follows from its results alone. A waiver with `run: true` leaves
failed results beside a note that reads as an excuse; it is none.
"""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any

from orr.evidence.checks.results.model import (
    Report,
    Result,
    Severity,
    Status,
    Waiver,
    brief,
    day_of,
    last_day,
    scored,
    severity_of,
)
from orr.evidence.checks.results.shape import mapping, mappings, word
from orr.messages import Message, say

_STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.NOT_REVIEWED,
    "not_reviewed": Status.NOT_REVIEWED,
    "error": Status.ERROR,
}
_WORST = (Status.FAILED, Status.ERROR, Status.INCONCLUSIVE, Status.NOT_REVIEWED, Status.PASSED)


def is_inspec(data: Any) -> bool:
    """Whether it is a report of InSpec (also `json-min`) or HDF."""
    if not isinstance(data, dict):
        return False
    if isinstance(data.get("profiles"), list):
        return any(key in data for key in ("statistics", "platform")) and all(
            isinstance(one, dict) and "controls" in one for one in data["profiles"]
        )
    controls = data.get("controls")
    return (
        isinstance(controls, list)
        and all(isinstance(one, dict) and "profile_id" in one and "status" in one for one in controls[:5])
        and "statistics" in data
    )


def read_inspec(data: Any, timezone: tzinfo) -> Report:
    """Read a report of InSpec or HDF."""
    results: list[Result] = []
    days: list[date | None] = [day_of(data["end_time"], timezone)] if data.get("end_time") else []
    trouble: list[Message] = []
    if "profiles" not in data:
        results = [_least(one) for one in mappings(data["controls"], "controls")]
        return Report("inspec", f"InSpec {brief(data.get('version'))}".strip(), tuple(results))
    profiles = mappings(data["profiles"], "profiles")
    with_results = {
        brief(control.get("id"))
        for profile in profiles
        for control in mappings(profile.get("controls"), "profiles.controls")
        if control.get("results")
    }
    for number, profile in enumerate(profiles):
        name = brief(profile.get("name")) or f"profiles[{number}]"
        status = word(profile.get("status"))
        if status in ("failed", "skipped"):
            why = brief(profile.get("status_message"), profile.get("skip_message"), status)
            trouble.append(say("results.inspec.profile", name=name, why=why))
        for control in mappings(profile.get("controls"), f"profiles[{number}].controls"):
            if not control.get("results") and brief(control.get("id")) in with_results:
                continue  # an overlay names a control whose results stand in the profile below it
            at = f"profiles[{number}].controls"
            results.append(_control(control, name, at, timezone))
            days += _days(control, at, timezone)
    tool = f"InSpec {brief(data.get('version'))}".strip()
    return Report("inspec", tool, tuple(results), days=tuple(dict.fromkeys(days)), trouble=tuple(trouble))


def _least(one: dict[str, Any]) -> Result:
    status = _STATUSES.get(word(one.get("status")), Status.INCONCLUSIVE)
    return Result(brief(one.get("id"), "?"), status, where=brief(one.get("profile_id")))


def _control(control: dict[str, Any], profile: str, at: str, timezone: tzinfo) -> Result:
    lines = mappings(control.get("results"), f"{at}.results")
    statuses = {_STATUSES.get(word(one.get("status")), Status.INCONCLUSIVE) for one in lines}
    if any(one.get("backtrace") for one in lines):
        statuses.add(Status.ERROR)
    status = next((one for one in _WORST if one in statuses), Status.NOT_REVIEWED)
    impact = control.get("impact")
    severity = scored(impact, 0.9, 0.7, 0.4)
    no_impact = isinstance(impact, (int, float)) and impact == 0
    if no_impact and status in (Status.PASSED, Status.NOT_REVIEWED):
        status = Status.NOT_APPLICABLE
    tagged = severity_of(mapping(control.get("tags"), f"{at}.tags").get("severity"))
    if severity is Severity.UNRATED or (severity is Severity.INFO and tagged is not Severity.UNRATED):
        severity = tagged
    return Result(brief(control.get("id"), "?"), status, severity, profile, waiver=_waiver(control, at, timezone))


def _waiver(control: dict[str, Any], at: str, timezone: tzinfo) -> Waiver | None:
    data = mapping(control.get("waiver_data"), f"{at}.waiver_data")
    if not data:
        return None
    return Waiver(
        brief(data.get("justification"), data.get("message"), "?"), last_day(data.get("expiration_date"), timezone)
    )


def _days(control: dict[str, Any], at: str, timezone: tzinfo) -> list[date | None]:
    return [day_of(one.get("start_time"), timezone) for one in mappings(control.get("results"), f"{at}.results")]
