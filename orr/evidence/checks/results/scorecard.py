"""OpenSSF Scorecard's JSON: a score from 0 to 10 per check, −1 for undecided."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from orr.evidence.checks.results.model import Report, Result, Severity, Status, brief, day_of
from orr.evidence.checks.results.shape import mapping, mappings

# The risk that Scorecard's own documentation gives each check.
_RISKS = {
    Severity.CRITICAL: ("Dangerous-Workflow", "Webhooks"),
    Severity.HIGH: (
        "Binary-Artifacts",
        "Branch-Protection",
        "Code-Review",
        "Dependency-Update-Tool",
        "Maintained",
        "Signed-Releases",
        "Token-Permissions",
        "Vulnerabilities",
    ),
    Severity.MEDIUM: ("Fuzzing", "Packaging", "Pinned-Dependencies", "SAST", "SBOM", "Security-Policy"),
    Severity.LOW: ("CI-Tests", "CII-Best-Practices", "Contributors", "License"),
}
_SEVERITIES = {name: severity for severity, names in _RISKS.items() for name in names}


def is_scorecard(data: Any) -> bool:
    """Whether it is a result of Scorecard."""
    return isinstance(data, dict) and isinstance(data.get("checks"), list) and isinstance(data.get("scorecard"), dict)


def read_scorecard(data: Any, timezone: tzinfo, least: int) -> Report:
    """Read a result of Scorecard.

    Parameters
    ----------
    data
        The file's content.
    timezone
        Where a day ends.
    least
        From which score a check counts as passed.
    """
    repository = brief(mapping(data.get("repo"), "repo").get("name"))
    version = brief(mapping(data.get("scorecard"), "scorecard").get("version"))
    results = []
    for number, one in enumerate(mappings(data["checks"], "checks")):
        name = brief(one.get("name"), f"checks[{number}]")
        severity = _SEVERITIES.get(name, Severity.UNRATED)
        results.append(Result(name, _status(one.get("score"), least), severity, repository))
    days = (day_of(data.get("date"), timezone),)
    return Report("scorecard", f"Scorecard {version}".strip(), tuple(results), days=days)


def _status(score: object, least: int) -> Status:
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 <= score <= 10:
        return Status.INCONCLUSIVE
    return Status.PASSED if score >= least else Status.FAILED
