"""Conftest's JSON: one object a file and namespace, with passes as a number only."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from orr.evidence.checks.results.model import Report, Result, Severity, Status, Waiver, brief, severity_of
from orr.evidence.checks.results.shape import listed_objects, mapping, mappings, whole

_LISTS = ("failures", "warnings", "exceptions", "skipped")


def is_conftest(data: Any) -> bool:
    """Whether it is Conftest's."""
    return listed_objects(data, "filename") and all(
        isinstance(one, dict) and ("successes" in one or any(key in one for key in _LISTS)) for one in data
    )


def read_conftest(data: Any, timezone: tzinfo) -> Report:  # noqa: ARG001 - it has no dates
    """Read Conftest's results."""
    results: list[Result] = []
    passed = 0
    for number, part in enumerate(mappings(data, "results")):
        at = f"[{number}]"
        file = brief(part.get("filename"))
        passed += whole(part.get("successes"), f"{at}.successes")
        for key, severity in (("failures", Severity.UNRATED), ("warnings", Severity.LOW)):
            for one in mappings(part.get(key), f"{at}.{key}"):
                said = mapping(one.get("metadata"), f"{at}.{key}.metadata").get("severity")
                rated = severity if said is None else severity_of(said)
                results.append(Result(_name(one, at), Status.FAILED, rated, file))
        results += [
            Result(_name(one, at), Status.FAILED, where=file, waiver=Waiver(brief(one.get("msg"), "?")))
            for one in mappings(part.get("exceptions"), f"{at}.exceptions")
        ]
        results += [
            Result(_name(one, at), Status.SKIPPED, where=file) for one in mappings(part.get("skipped"), f"{at}.skipped")
        ]
    return Report("conftest", "Conftest", tuple(results), passed)


def _name(one: dict[str, Any], at: str) -> str:
    data = mapping(one.get("metadata"), f"{at}.metadata")
    return brief(one.get("msg"), data.get("query"), at)
