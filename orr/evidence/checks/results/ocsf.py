"""OCSF findings, as Prowler writes them, and Security Hub and Security Lake."""

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
    severity_of,
    worst,
)
from orr.evidence.checks.results.shape import listed_objects, mapping, mappings, word

_CODES = {
    **dict.fromkeys(("pass", "passed", "success"), Status.PASSED),
    **dict.fromkeys(("fail", "failed", "failure"), Status.FAILED),
    "manual": Status.NOT_REVIEWED, "error": Status.ERROR, "skipped": Status.SKIPPED,
}  # fmt: skip
_COMPLIANCE = {1: Status.PASSED, 2: Status.INCONCLUSIVE, 3: Status.FAILED}
_ASCENDING = (Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL, Severity.CRITICAL)
_SEVERITIES = dict(enumerate(_ASCENDING, 1))
_SUPPRESSED, _RESOLVED = 3, 4


def is_ocsf(data: Any) -> bool:
    """Whether it is a list of OCSF findings, or a single one."""
    return listed_objects(data, "class_uid", "metadata") or (
        isinstance(data, dict) and {"class_uid", "metadata"} <= data.keys()
    )


def read_ocsf(data: Any, timezone: tzinfo) -> Report:
    """Read OCSF findings."""
    findings = mappings(data if isinstance(data, list) else [data], "findings")
    results = []
    days = []
    tools = {}
    for number, one in enumerate(findings):
        at = f"[{number}]"
        results.append(_result(one, at))
        days.append(day_of(one.get("time_dt"), timezone) or day_of(one.get("time"), timezone))
        product = mapping(mapping(one.get("metadata"), f"{at}.metadata").get("product"), f"{at}.metadata.product")
        tools[brief(product.get("name"))] = True
    return Report("ocsf", brief(", ".join(filter(None, tools))), tuple(results), days=tuple(dict.fromkeys(days)))


def _result(one: dict[str, Any], at: str) -> Result:
    info = mapping(one.get("finding_info"), f"{at}.finding_info")
    metadata = mapping(one.get("metadata"), f"{at}.metadata")
    name = brief(metadata.get("event_code"), info.get("title"), info.get("uid"), one.get("message"), at)
    severity = _severity(one)
    status = _status(one, at)
    muted = _number(one.get("status_id")) == _SUPPRESSED or word(one.get("status_code")) == "muted"
    waiver = Waiver(brief(one.get("comment"), one.get("status"), "?")) if muted else None
    return Result(name, status, severity, _where(one, at), waiver=waiver)


def _severity(one: dict[str, Any]) -> Severity:
    """By number, by word, and by what it lists as vulnerabilities; where they differ, the worst."""
    flaws = [severity_of(flaw.get("severity")) for flaw in mappings(one.get("vulnerabilities"), "vulnerabilities")]
    return worst([_rated(one), *(flaw for flaw in flaws if flaw is not Severity.UNRATED)])


def _rated(one: dict[str, Any]) -> Severity:
    number, by_word = _number(one.get("severity_id")), severity_of(one.get("severity"))
    by_number = _SEVERITIES.get(number, Severity.UNRATED)
    # 0 is unknown and 99 whatever the word says.
    if number in (0, 99, -1) or by_word is Severity.UNRATED:
        return by_number if by_word is Severity.UNRATED else by_word
    return worst([by_number, by_word])


def _status(one: dict[str, Any], at: str) -> Status:
    code = word(one.get("status_code"))
    if code == "muted":
        return Status.FAILED
    compliance = mapping(one.get("compliance"), f"{at}.compliance")
    by_code = [_CODES.get(code, Status.INCONCLUSIVE)] if code else []
    if compliance and (not code or compliance.get("status_id") not in (None, 0, 99)):
        by_code.append(_COMPLIANCE.get(_number(compliance.get("status_id")), Status.INCONCLUSIVE))
    if word(compliance.get("status")) in ("fail", "failed"):
        by_code.append(Status.FAILED)
    if by_code:
        return min(by_code, key=list(Status).index)
    # Without either it is a detection or a vulnerability: there only while it is open.
    return Status.NOT_APPLICABLE if _number(one.get("status_id")) == _RESOLVED else Status.FAILED


def _where(one: dict[str, Any], at: str) -> str:
    for resource in mappings(one.get("resources"), f"{at}.resources"):
        found = brief(resource.get("uid"), resource.get("name"))
        if found:
            return found
    return ""


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
