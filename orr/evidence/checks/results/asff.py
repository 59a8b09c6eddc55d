"""The AWS Security Finding Format, as Security Hub exports it."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from orr.evidence.checks.results.model import (
    Report,
    Result,
    Severity,
    Status,
    Waiver,
    brief,
    day_of,
    scored,
    severity_of,
    worst,
)
from orr.evidence.checks.results.shape import listed_objects, mapping, mappings, word
from orr.messages import say

_COMPLIANCE = {"passed": Status.PASSED, "failed": Status.FAILED}


def is_asff(data: Any) -> bool:
    """Whether it is a list of findings, or what `get-findings` answers."""
    if isinstance(data, dict) and isinstance(data.get("Findings"), list):
        return all(isinstance(one, dict) and "ProductArn" in one for one in data["Findings"])
    return listed_objects(data, "SchemaVersion", "ProductArn")


def read_asff(data: Any, timezone: tzinfo) -> Report:
    """Read findings of Security Hub."""
    findings = mappings(data["Findings"] if isinstance(data, dict) else data, "Findings")
    results = []
    days = []
    tools = {}
    for number, one in enumerate(findings):
        results.append(_result(one, f"Findings[{number}]"))
        tools[brief(one.get("ProductName"), "Security Hub")] = True
        days.append(
            day_of(one.get("LastObservedAt"), timezone)
            or day_of(one.get("UpdatedAt"), timezone)
            or day_of(one.get("CreatedAt"), timezone)
        )
    return Report(
        "asff",
        brief(", ".join(tools)),
        tuple(results),
        days=tuple(dict.fromkeys(days)),
        trouble=(say("results.asff.more"),) if isinstance(data, dict) and data.get("NextToken") else (),
    )


def _result(one: dict[str, Any], at: str) -> Result:
    compliance = mapping(one.get("Compliance"), f"{at}.Compliance")
    said = word(compliance.get("Status"))
    # WARNING and NOT_AVAILABLE mean that Security Hub could not tell.
    status = _COMPLIANCE.get(said, Status.INCONCLUSIVE) if said else Status.FAILED
    if word(one.get("RecordState")) == "archived":
        status = Status.NOT_APPLICABLE  # the product itself withdrew it; people cannot
    workflow = mapping(one.get("Workflow"), f"{at}.Workflow")
    waiver = None
    excused = word(workflow.get("Status"))
    if excused == "suppressed" or (excused == "resolved" and status is Status.FAILED):
        note = mapping(one.get("Note"), f"{at}.Note")
        waiver = Waiver(brief(note.get("Text"), workflow.get("Status")), granted=excused == "suppressed")
    name = brief(compliance.get("SecurityControlId"), one.get("GeneratorId"), one.get("Title"), one.get("Id"), at)
    return Result(name, status, _severity(one, at), _where(one, at), waiver=waiver)


def _severity(one: dict[str, Any], at: str) -> Severity:
    provider = mapping(one.get("FindingProviderFields"), f"{at}.FindingProviderFields")
    own, first = _rated(one, at), _rated(provider, f"{at}.FindingProviderFields")
    return own if first is Severity.UNRATED else worst([own, first])  # people may lower their own copy


def _rated(one: dict[str, Any], at: str) -> Severity:
    severity = mapping(one.get("Severity"), f"{at}.Severity")
    by_number = scored(severity.get("Normalized"), 90, 70, 40)
    if severity.get("Label") is None:
        return by_number
    by_label = severity_of(severity["Label"])
    return by_label if by_number is Severity.UNRATED else worst([by_label, by_number])


def _where(one: dict[str, Any], at: str) -> str:
    return next((brief(part.get("Id")) for part in mappings(one.get("Resources"), f"{at}.Resources")), "")
