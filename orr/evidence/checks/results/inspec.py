"""Chef InSpec's JSON reports, and the Heimdall Data Format that grew out of them.

What a control says follows from its results alone. A waiver with `run: true` leaves
failed results beside a note that reads as an excuse; it is none. An overlay is a profile
around another one: a control of both is one control, whose impact is that of the outermost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, tzinfo
from typing import Any, NamedTuple

from orr.evidence.checks.results.attestations import attested, is_attested
from orr.evidence.checks.results.model import (
    Attestation,
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
    worst,
)
from orr.evidence.checks.results.shape import is_number, mapping, mappings, whole, word
from orr.messages import Message, say

_STATUSES = {
    "passed": Status.PASSED,
    "failed": Status.FAILED,
    "skipped": Status.NOT_REVIEWED,
    "not_reviewed": Status.NOT_REVIEWED,
    "error": Status.ERROR,
}
_WORST = (Status.FAILED, Status.ERROR, Status.INCONCLUSIVE, Status.NOT_REVIEWED, Status.PASSED)


class _Control(NamedTuple):
    """A control as its profile holds it."""

    profile: str
    parent: str
    at: str
    data: dict[str, Any]


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
    tool = f"InSpec {brief(data.get('version'))}".strip()
    if "profiles" not in data:
        return Report("inspec", tool, tuple(_least(one) for one in mappings(data["controls"], "controls")))
    profiles = mappings(data["profiles"], "profiles")
    trouble = [] if profiles else [say("results.inspec.no-profile")]
    listed: list[_Control] = []
    for number, profile in enumerate(profiles):
        at = f"profiles[{number}]"
        name = brief(profile.get("name")) or at
        status = word(profile.get("status"))
        if status not in ("", "loaded"):
            why = brief(profile.get("status_message"), profile.get("skip_message"), status)
            trouble.append(say("results.inspec.profile", name=name, why=why))
        parent = brief(profile.get("parent_profile"))
        controls = mappings(profile.get("controls"), f"{at}.controls")
        listed += [_Control(name, parent, f"{at}.controls", control) for control in controls]
    results = [_result(chain, around, timezone) for chain, around in _chains(listed)]
    days: list[date | None] = [day_of(data["end_time"], timezone)] if data.get("end_time") else []
    for one in listed:
        days += [day_of(line.get("start_time"), timezone) for line in mappings(one.data.get("results"), one.at)]
    trouble += _totals(data, results)
    return Report("inspec", tool, tuple(results), days=tuple(dict.fromkeys(days)), trouble=tuple(trouble))


def _totals(data: dict[str, Any], results: list[Result]) -> Iterator[Message]:
    counts = mapping(mapping(data.get("statistics"), "statistics").get("controls"), "statistics.controls")
    total = whole(counts.get("total"), "statistics.controls.total")
    failed = whole(
        mapping(counts.get("failed"), "statistics.controls.failed").get("total"), "statistics.controls.failed"
    )
    bad = sum(one.status in (Status.FAILED, Status.ERROR) for one in results)
    for what, count, listed in (("total", total, len(results)), ("failed", failed, bad)):
        if count > listed:
            yield say("results.totals", what=f"statistics.controls.{what}", count=count, listed=listed)


def _least(one: dict[str, Any]) -> Result:
    status = _STATUSES.get(word(one.get("status")), Status.INCONCLUSIVE)
    return Result(brief(one.get("id"), "?"), status, where=brief(one.get("profile_id")))


def _chains(listed: list[_Control]) -> Iterator[tuple[list[_Control], list[_Control]]]:
    """Group controls of overlays, from the innermost to the outermost.

    A control without results of its own belongs to one of the same id that has some, also
    where no `parent_profile` says so; how far out it is cannot be told then.
    """
    by_id: dict[str, list[_Control]] = {}
    for one in listed:
        by_id.setdefault(brief(one.data.get("id")) or str(id(one)), []).append(one)
    for same in by_id.values():
        parents = {one.parent for one in same if one.parent}
        chains = [_outwards(one, same) for one in same if one.profile not in parents]
        linked = {id(one) for chain in chains for one in chain}
        chains += [[one] for one in same if id(one) not in linked]  # of profiles that name each other in a circle
        bare = [chain for chain in chains if not any(one.data.get("results") for one in chain)]
        full = [chain for chain in chains if chain not in bare]
        around = [one for chain in bare for one in chain] if full else []
        for chain in full or bare:
            yield chain, around


def _outwards(innermost: _Control, same: list[_Control]) -> list[_Control]:
    chain = [innermost]
    while outer := next((one for one in same if one.profile == chain[-1].parent and one not in chain), None):
        chain.append(outer)
    return chain


def _result(chain: list[_Control], around: list[_Control], timezone: tzinfo) -> Result:
    inner = chain[0]
    lines = [line for one in chain for line in mappings(one.data.get("results"), f"{one.at}.results")]
    own = [line for line in lines if not is_attested(line)]
    status = _status(own)
    given = next((one.data["attestation_data"] for one in chain if one.data.get("attestation_data")), None)
    word_of = attested(given, [line for line in lines if is_attested(line)], inner.at, timezone)
    attestation: Attestation | None = None
    # A word that a control passed adds nothing to a test that says so.
    if word_of is not None and (
        status is Status.NOT_REVIEWED or (status is Status.PASSED and word_of.status is not Status.PASSED)
    ):
        status, attestation = word_of
    deciding = [chain[-1], *around]
    if all(is_number(one.data.get("impact")) and one.data["impact"] == 0 for one in deciding):
        status = Status.NOT_APPLICABLE if status in (Status.PASSED, Status.NOT_REVIEWED) else status
    severity = worst(_severity(one) for one in deciding)
    waiver = next((found for one in reversed(chain) if (found := _waiver(one, timezone))), None)
    name = brief(inner.data.get("id"), "?")
    return Result(name, status, severity, inner.profile, waiver=waiver, attestation=attestation)


def _status(lines: list[dict[str, Any]]) -> Status:
    statuses = {_STATUSES.get(word(one.get("status")), Status.INCONCLUSIVE) for one in lines}
    if any(one.get("backtrace") for one in lines):
        statuses.add(Status.ERROR)
    return next((one for one in _WORST if one in statuses), Status.NOT_REVIEWED)


def _severity(control: _Control) -> Severity:
    """Severity by impact or by tags, whichever is worse."""
    impact = control.data.get("impact")
    tags = mapping(control.data.get("tags"), f"{control.at}.tags")
    by_tags = [severity_of(tags.get(key)) for key in ("severityoverride", "severity")]
    found: list[Severity] = [one for one in by_tags if one is not Severity.UNRATED]
    if impact is not None:
        by_word = severity_of(impact)
        found.append(by_word if by_word is not Severity.UNRATED else scored(impact, 0.9, 0.7, 0.4))
    return worst(found)


def _waiver(control: _Control, timezone: tzinfo) -> Waiver | None:
    data = mapping(control.data.get("waiver_data"), f"{control.at}.waiver_data")
    if not data:
        return None
    written = data.get("expiration_date")
    expires = last_day(written.replace("/", "-") if isinstance(written, str) else written, timezone)
    # InSpec itself says whether a waiver kept a control from running; one with `run` counts until its end.
    over = "expired" in word(data.get("message")) or (written not in (None, "") and expires is None)
    granted = data.get("skipped_due_to_waiver") is True or (data.get("run") is True and not over)
    return Waiver(brief(data.get("justification"), data.get("message"), "?"), expires, granted)
