"""OSCAL assessment results in JSON: findings on controls, and the risks beside them."""

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
    earliest,
    last_day,
    severity_of,
    worst,
)
from orr.evidence.checks.results.shape import mapping, mappings, word
from orr.messages import Message, say

_STATES = {"satisfied": Status.PASSED, "not-satisfied": Status.FAILED}
_EXCUSED = ("deviation-requested", "deviation-approved")
_RATING = ("risk", "severity", "impact")


def is_oscal(data: Any) -> bool:
    """Whether it is OSCAL's assessment results."""
    return isinstance(data, dict) and isinstance(data.get("assessment-results"), dict)


def read_oscal(data: Any, timezone: tzinfo) -> Report:
    """Read assessment results."""
    content = data["assessment-results"]
    results: list[Result] = []
    bare: list[Message] = []
    days: list[date | None] = []
    ends: list[date | None] = []
    for number, part in enumerate(mappings(content.get("results"), "results")):
        at = f"results[{number}]"
        own = _findings(part, at, timezone)
        if not own:
            bare.append(say("results.oscal.no-findings", name=brief(part.get("title"), at)))
        results += own
        observations = mappings(part.get("observations"), f"{at}.observations")
        days.append(day_of(part.get("end") or part.get("start"), timezone))
        days += [day_of(one["collected"], timezone) for one in observations if one.get("collected")]
        ends += [last_day(one["expires"], timezone) for one in observations if one.get("expires")]
    title = brief(mapping(content.get("metadata"), "metadata").get("title"))
    trouble = () if content.get("results") else (say("results.oscal.no-result"),)
    return Report(
        "oscal",
        title,
        tuple(results),
        days=tuple(days),
        expires=earliest(ends),
        trouble=trouble,
        bare=tuple(bare),
    )


def _findings(part: dict[str, Any], at: str, timezone: tzinfo) -> list[Result]:
    risks = {brief(one.get("uuid")): one for one in mappings(part.get("risks"), f"{at}.risks")}
    told: set[str] = set()
    results = []
    for one in mappings(part.get("findings"), f"{at}.findings"):
        target = mapping(one.get("target"), f"{at}.findings.target")
        state = word(mapping(target.get("status"), f"{at}.findings.target.status").get("state"))
        links = mappings(one.get("related-risks") or one.get("associated-risks"), f"{at}.findings.related-risks")
        names = [brief(link.get("risk-uuid")) for link in links]
        related = [risks[name] for name in names if name in risks]
        status = _STATES.get(state, Status.INCONCLUSIVE)
        if status is Status.FAILED:
            told.update(names)
        results.append(
            Result(
                brief(target.get("target-id"), one.get("title"), one.get("uuid"), "?"),
                status,
                # A risk that is referred to and not there may be any.
                worst([_severity(risk, at) for risk in related] if len(related) == len(names) else []),
                brief(one.get("title")),
                waiver=next((found for risk in related if (found := _waiver(risk, timezone))), None),
            )
        )
    # A risk that is open counts, also where no failed finding leads to it.
    for name, risk in risks.items():
        if name not in told and word(risk.get("status")) != "closed":
            title = brief(risk.get("title"), name, "?")
            results.append(Result(title, Status.FAILED, _severity(risk, at), title, waiver=_waiver(risk, timezone)))
    return results


def _severity(risk: dict[str, Any], at: str) -> Severity:
    found: list[Severity] = []
    for one in mappings(risk.get("characterizations"), f"{at}.risks.characterizations"):
        for facet in mappings(one.get("facets"), f"{at}.risks.facets"):
            found += [severity_of(facet.get("value"))] if word(facet.get("name")) in _RATING else []
    return worst(found)


def _waiver(risk: dict[str, Any], timezone: tzinfo) -> Waiver | None:
    status = word(risk.get("status"))
    if status not in _EXCUSED:
        return None
    return Waiver(status, last_day(risk.get("deadline"), timezone), granted=status == "deviation-approved")
