"""SARIF 2.1, as linters and code scanners write it."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from orr.evidence.checks.results.model import Report, Result, Severity, Status, Waiver, brief, day_of, earliest, scored
from orr.evidence.checks.results.shape import listing, mapping, mappings, word
from orr.messages import Message, say

_KINDS = {
    "pass": Status.PASSED,
    "open": Status.NOT_REVIEWED,
    "review": Status.NOT_REVIEWED,
    "notapplicable": Status.NOT_APPLICABLE,
    "informational": Status.NOT_APPLICABLE,
    "fail": Status.FAILED,
    "": Status.FAILED,
}
_LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.LOW, "none": Severity.INFO}


def is_sarif(data: Any) -> bool:
    """Whether it is a SARIF log."""
    return (
        isinstance(data, dict)
        and isinstance(data.get("runs"), list)
        and (str(data.get("version", "")).startswith("2.") or "sarif" in str(data.get("$schema", "")))
    )


def read_sarif(data: Any, timezone: tzinfo) -> Report:
    """Read a SARIF log of one or more runs."""
    results: list[Result] = []
    trouble: list[Message] = []
    days = []
    tools = []
    for number, run in enumerate(mappings(data["runs"], "runs")):
        at = f"runs[{number}]"
        driver = mapping(mapping(run.get("tool"), f"{at}.tool").get("driver"), f"{at}.tool.driver")
        tool = brief(driver.get("name"))
        tools.append(tool)
        invocations = mappings(run.get("invocations"), f"{at}.invocations")
        trouble += _trouble(run, invocations, tool, at)
        days.append(earliest(day_of(one.get("endTimeUtc") or one.get("startTimeUtc"), timezone) for one in invocations))
        rules = _Rules(run, at)
        for place, one in enumerate(mappings(run.get("results"), f"{at}.results")):
            if word(one.get("baselineState")) != "absent":
                results.append(_result(one, rules, f"{at}.results[{place}]"))
    if not tools:
        trouble.append(say("results.sarif.no-run"))
    named = ", ".join(dict.fromkeys(filter(None, tools)))
    return Report(
        "sarif", brief(named), tuple(results), days=tuple(days), trouble=tuple(trouble), lists_findings_only=True
    )


def _trouble(run: dict[str, Any], invocations: list[dict[str, Any]], tool: str, at: str) -> list[Message]:
    found = []
    if any(one.get("executionSuccessful") is False for one in invocations):
        found.append(say("results.sarif.broke-off", tool=tool or at))
    notices = [
        notice
        for one in invocations
        for key in ("toolExecutionNotifications", "toolConfigurationNotifications")
        for notice in mappings(one.get(key), f"{at}.invocations.{key}")
        if word(notice.get("level")) == "error"
    ]
    if notices:
        words = brief(mapping(notices[0].get("message"), f"{at}.invocations.message").get("text"))
        found.append(say("results.sarif.notice", n=len(notices), tool=tool or at, words=words or "?"))
    outside = mapping(run.get("externalPropertyFileReferences"), f"{at}.externalPropertyFileReferences")
    if run.get("results") is None or outside.get("results"):
        found.append(say("results.sarif.no-results", tool=tool or at))
    return found


class _Rules:
    """The rules of a run: by number and by id, of the driver and its extensions."""

    def __init__(self, run: dict[str, Any], at: str) -> None:
        tool = mapping(run.get("tool"), f"{at}.tool")
        driver = mapping(tool.get("driver"), f"{at}.tool.driver")
        extensions = mappings(tool.get("extensions"), f"{at}.tool.extensions")
        self.lists = [mappings(part.get("rules"), f"{at}.tool.rules") for part in (driver, *extensions)]
        self.by_id: dict[str, dict[str, Any]] = {}
        for rules in reversed(self.lists):
            self.by_id.update((str(rule.get("id")), rule) for rule in rules)

    def of(self, result: dict[str, Any], at: str) -> dict[str, Any]:
        reference = mapping(result.get("rule"), f"{at}.rule")
        named = self.by_id.get(_rule_id(result))
        if named is not None:
            return named
        component = mapping(reference.get("toolComponent"), f"{at}.rule.toolComponent").get("index")
        which = component + 1 if isinstance(component, int) and component >= 0 else 0
        index = result.get("ruleIndex", reference.get("index"))
        rules = self.lists[which] if which < len(self.lists) else []
        found: dict[str, Any] = rules[index] if isinstance(index, int) and 0 <= index < len(rules) else {}
        return found


def _rule_id(result: dict[str, Any]) -> str:
    own = result.get("ruleId")
    reference = result.get("rule")
    if own is None and isinstance(reference, dict):
        own = reference.get("id")
    return own if isinstance(own, str) else ""


def _result(one: dict[str, Any], rules: _Rules, at: str) -> Result:
    rule = rules.of(one, at)
    status = _KINDS.get(word(one.get("kind")), Status.INCONCLUSIVE)
    message = mapping(one.get("message"), f"{at}.message")
    name = brief(_rule_id(one), rule.get("id"), message.get("text"), message.get("id"), at)
    return Result(name, status, _severity(one, rule, at), _where(one, at), waiver=_waiver(one, at))


def _severity(one: dict[str, Any], rule: dict[str, Any], at: str) -> Severity:
    for part in (one, rule):
        number = mapping(part.get("properties"), f"{at}.properties").get("security-severity")
        if number is not None:
            return scored(number, 9.0, 7.0, 4.0)
    default = mapping(rule.get("defaultConfiguration"), f"{at}.rule.defaultConfiguration")
    return _LEVELS.get(word(one.get("level")) or word(default.get("level")) or "warning", Severity.UNRATED)


def _where(one: dict[str, Any], at: str) -> str:
    for place in mappings(one.get("locations"), f"{at}.locations"):
        physical = mapping(place.get("physicalLocation"), f"{at}.physicalLocation")
        file = brief(mapping(physical.get("artifactLocation"), f"{at}.artifactLocation").get("uri"))
        line = mapping(physical.get("region"), f"{at}.region").get("startLine")
        if file:
            return f"{file}:{line}" if isinstance(line, int) else file
        for logical in mappings(place.get("logicalLocations"), f"{at}.logicalLocations"):
            name = brief(logical.get("fullyQualifiedName"), logical.get("name"))
            if name:
                return name
    return ""


def _waiver(one: dict[str, Any], at: str) -> Waiver | None:
    suppressions = mappings(listing(one.get("suppressions"), f"{at}.suppressions"), f"{at}.suppressions")
    if not suppressions:
        return None
    first = suppressions[0]
    return Waiver(brief(first.get("justification"), first.get("status"), first.get("kind"), "?"))
