"""SARIF 2.1.0, as linters and code scanners write it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/: rules are named by index, guid or id, which may have
further parts (`rule/part`), in the driver or an extension; an invocation may configure them anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import chain, product
from typing import Any, NamedTuple

from orr.evidence.checks.results.model import (
    Report,
    Result,
    Severity,
    Status,
    Waiver,
    brief,
    day_of,
    earliest,
    scored,
    severity_of,
    worst,
)
from orr.evidence.checks.results.shape import listing, mapping, mappings, word
from orr.messages import Message, say

MAX_MEANT = 100
MAX_NAMES = 20
VERSION = re.compile(r"2\.1\.0(?:-rtm\.[0-9]+)?")

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
    """Whether it is a SARIF log of the version that is read."""
    return isinstance(data, dict) and isinstance(data.get("runs"), list) and _is_version(data)


def _is_version(data: dict[str, Any]) -> bool:
    if "version" in data:
        return isinstance(data["version"], str) and VERSION.fullmatch(data["version"]) is not None
    return "sarif-2.1.0" in str(data.get("$schema", "")) or "sarif-schema-2.1.0" in str(data.get("$schema", ""))


def read_sarif(data: Any, timezone: tzinfo) -> Report:
    """Read a SARIF log of one or more runs."""
    results: list[Result] = []
    trouble: list[Message] = []
    days = []
    tools = []
    for number, run in enumerate(mappings(data["runs"], "runs")):
        at = f"runs[{number}]"
        rules = _Rules(run, at)
        tool = brief(rules.parts[0].get("name"))
        tools.append(tool)
        invocations = mappings(run.get("invocations"), f"{at}.invocations")
        trouble += _trouble(run, invocations, tool, at)
        days.append(earliest(day_of(one.get("endTimeUtc") or one.get("startTimeUtc"), timezone) for one in invocations))
        for place, one in enumerate(mappings(run.get("results"), f"{at}.results")):
            if word(one.get("baselineState")) != "absent":
                results.append(_result(one, rules, f"{at}.results[{place}]"))
    if not tools:
        trouble.append(say("results.sarif.no-run"))
    if any(one.get("results") for one in mappings(data.get("inlineExternalProperties"), "inlineExternalProperties")):
        trouble.append(say("results.sarif.no-results", tool=brief(tools[0] if tools else "", "SARIF")))
    named = ", ".join(dict.fromkeys(filter(None, tools)))
    return Report("sarif", brief(named), tuple(results), days=tuple(days), trouble=tuple(trouble))


def _trouble(run: dict[str, Any], invocations: list[dict[str, Any]], tool: str, at: str) -> list[Message]:
    found = []
    if any(
        one.get("executionSuccessful", True) is not True
        or one.get("processStartFailureMessage")
        or one.get("exitSignalName")
        for one in invocations
    ):
        found.append(say("results.sarif.broke-off", tool=tool or at))
    notices = [
        notice
        for one in invocations
        for key in ("toolExecutionNotifications", "toolConfigurationNotifications")
        for notice in mappings(one.get(key), f"{at}.invocations.{key}")
        if notice.get("level") is not None and word(notice["level"]) not in ("warning", "note", "none")
    ]
    if notices:
        words = brief(mapping(notices[0].get("message"), f"{at}.invocations.message").get("text"))
        found.append(say("results.sarif.notice", n=len(notices), tool=tool or at, words=words or "?"))
    outside = mapping(run.get("externalPropertyFileReferences"), f"{at}.externalPropertyFileReferences")
    if run.get("results") is None or outside.get("results"):
        found.append(say("results.sarif.no-results", tool=tool or at))
    return found


class _Override(NamedTuple):
    """Level that an invocation gives to rules."""

    invocation: int
    rules: list[dict[str, Any]]
    level: Severity


class _Rules:
    """The rules of a run, of its driver and its extensions."""

    def __init__(self, run: dict[str, Any], at: str) -> None:
        tool = mapping(run.get("tool"), f"{at}.tool")
        driver = mapping(tool.get("driver"), f"{at}.tool.driver")
        self.parts = [driver, *mappings(tool.get("extensions"), f"{at}.tool.extensions")]
        self.lists = [mappings(part.get("rules"), f"{at}.tool.rules") for part in self.parts]
        # By the number of a part, or None for any, and by what names a rule: results are many, and so are rules.
        self.named: dict[tuple[int | None, str, str], list[dict[str, Any]]] = {}
        self.parts_named: dict[tuple[str, str], list[int]] = {}
        for number, (part, rules) in enumerate(zip(self.parts, self.lists, strict=True)):
            for key in ("guid", "name"):
                self.parts_named.setdefault((key, _folded(part.get(key))), []).append(number)
            for rule in rules:
                names = (("id", str(rule.get("id"))), ("guid", _folded(rule.get("guid"))))
                for (key, name), place in product(names, (None, number)):
                    self.named.setdefault((place, key, name), []).append(rule)
        self.runs = len(mappings(run.get("invocations"), f"{at}.invocations"))
        self.overrides: dict[int, list[_Override]] = {}
        for override in self._overrides(run, at):
            for rule in override.rules:
                self.overrides.setdefault(id(rule), []).append(override)

    @property
    def none(self) -> bool:
        """Whether the run describes no rule."""
        return not any(self.lists)

    def find(self, reference: dict[str, Any], at: str) -> list[dict[str, Any]] | None:
        """Rules that a reference may mean; None without a reference.

        The list is empty where it may mean very many.
        """
        name, guid, index = (reference.get(key) for key in ("id", "guid", "index"))
        if name is None and guid is None and index in (None, -1):
            return None
        parts = self._parts(mapping(reference.get("toolComponent"), f"{at}.toolComponent"))
        if index not in (None, -1):
            rules = self.lists[parts[0] or 0] if parts else []
            is_place = isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(rules)
            found = [rules[index]] if is_place else []
            # A rule of another name is not the one that is meant.
            return [rule for rule in found if name is None or rule.get("id") in _names(name)]
        if guid is not None:
            return self._meant(parts, "guid", _folded(guid)) if isinstance(guid, str) and guid else []
        return next(filter(None, (self._meant(parts, "id", part) for part in _names(name))), [])

    def _meant(self, parts: Sequence[int | None], key: str, name: str) -> list[dict[str, Any]]:
        lists = [self.named.get((part, key, name), []) for part in parts]
        return list(chain(*lists)) if sum(map(len, lists)) <= MAX_MEANT else []

    def _parts(self, component: dict[str, Any]) -> Sequence[int | None]:
        """Numbers of the parts that a component may be; None for any, if unnamed."""
        index, guid, name = (component.get(key) for key in ("index", "guid", "name"))
        if index not in (None, -1):
            is_place = isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(self.lists) - 1
            return [index + 1] if is_place else []
        if guid is None and name is None:
            return [None]
        key, wanted = ("guid", guid) if guid is not None else ("name", name)
        found = self.parts_named.get((key, _folded(wanted)), []) if isinstance(wanted, str) and wanted else []
        return found if len(found) <= MAX_MEANT else []

    def _overrides(self, run: dict[str, Any], at: str) -> Iterator[_Override]:
        for number, invocation in enumerate(mappings(run.get("invocations"), f"{at}.invocations")):
            for one in mappings(invocation.get("ruleConfigurationOverrides"), f"{at}.ruleConfigurationOverrides"):
                level = mapping(one.get("configuration"), f"{at}.configuration").get("level")
                rules = self.find(mapping(one.get("descriptor"), f"{at}.descriptor"), at)
                if level is not None and rules:
                    yield _Override(number, rules, _LEVELS.get(word(level), Severity.UNRATED))

    def configured(self, rule: dict[str, Any], invocation: object) -> tuple[list[Severity], bool]:
        """Levels that invocations give a rule, and whether its own counts.

        Parameters
        ----------
        rule
            One of the run's.
        invocation
            The number of the one that a result comes from; None or -1 where it may be any.
        """
        given = self.overrides.get(id(rule), [])
        if invocation not in (None, -1):
            given = [one for one in given if one.invocation == invocation]
            return [one.level for one in given], not given
        return [one.level for one in given], len({one.invocation for one in given}) < max(self.runs, 1)


def _names(name: object) -> list[str]:
    """An id and the shorter ids that it is part of."""
    parts = name.split("/", MAX_NAMES) if isinstance(name, str) else []
    return ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _folded(name: object) -> str:
    return name.casefold() if isinstance(name, str) else ""


def _result(one: dict[str, Any], rules: _Rules, at: str) -> Result:
    own = {"id": one.get("ruleId"), "index": one.get("ruleIndex")}
    reference = {
        **mapping(one.get("rule"), f"{at}.rule"),
        **{key: said for key, said in own.items() if said is not None},
    }
    found = rules.find(reference, at)
    status = _KINDS.get(word(one.get("kind")), Status.INCONCLUSIVE)
    if status is not Status.FAILED and word(one.get("level")) not in ("", "none"):
        status = Status.INCONCLUSIVE  # what did not fail has no level, by the standard
    message = mapping(one.get("message"), f"{at}.message")
    name = brief(reference.get("id"), found[0].get("id") if found else None, message.get("text"), message.get("id"), at)
    return Result(name, status, _severity(one, found, rules, at), _where(one, at), waiver=_waiver(one, at))


def _severity(one: dict[str, Any], found: list[dict[str, Any]] | None, rules: _Rules, at: str) -> Severity:
    own = _Properties.of(one, f"{at}.properties")
    level = _LEVELS.get(word(one["level"]), Severity.UNRATED) if one.get("level") is not None else None
    if own.number is not None:
        rated = own.number
    elif found:
        invocation = mapping(one.get("provenance"), f"{at}.provenance").get("invocationIndex")
        rated = worst(_of_rule(rule, level, *rules.configured(rule, invocation), at) for rule in found)
    else:
        # A rule that is nowhere may be as severe as any; where none is described, the level is all that is said.
        rated = level if level is not None and (found is None or rules.none) else Severity.UNRATED
    return worst([rated, *own.words])


def _of_rule(
    rule: dict[str, Any], level: Severity | None, configured: list[Severity], or_its_own: bool, at: str
) -> Severity:
    said = _Properties.of(rule, f"{at}.rule.properties")
    if said.number is not None:
        return worst([said.number, *configured, *said.words])
    default = mapping(rule.get("defaultConfiguration"), f"{at}.rule.defaultConfiguration").get("level", "warning")
    own = [_LEVELS.get(word(default), Severity.UNRATED)] if or_its_own else []
    return worst([*([level] if level is not None else [*configured, *own]), *said.words])


class _Properties(NamedTuple):
    """Severity in the properties of a result or a rule."""

    number: Severity | None
    words: Sequence[Severity]

    @classmethod
    def of(cls, part: dict[str, Any], at: str) -> _Properties:
        properties = mapping(part.get("properties"), at)
        number = properties.get("security-severity")
        words = [severity_of(properties.get(key)) for key in ("severity", "issue_severity")]
        known = [one for one in words if one is not Severity.UNRATED]
        return cls(None if number is None else scored(number, 9.0, 7.0, 4.0), known)


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
    granted = all(word(part.get("status")) in ("", "accepted") for part in suppressions)
    return Waiver(brief(first.get("justification"), first.get("status"), first.get("kind"), "?"), granted=granted)
