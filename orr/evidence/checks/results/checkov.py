"""Checkov's JSON: one object a framework, or a list of them."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from orr.evidence.checks.results.model import Report, Result, Status, Waiver, brief, severity_of
from orr.evidence.checks.results.shape import Misshapen, listing, mapping, mappings, whole, word
from orr.messages import Message, say


def is_checkov(data: Any) -> bool:
    """Whether it is Checkov's, also of a run that found no file to check."""
    parts = data if isinstance(data, list) else [data]
    return bool(parts) and all(
        isinstance(one, dict) and (("check_type" in one and "results" in one) or "checkov_version" in one)
        for one in parts
    )


def read_checkov(data: Any, timezone: tzinfo) -> Report:  # noqa: ARG001 - it has no dates
    """Read Checkov's results."""
    results: list[Result] = []
    trouble: list[Message] = []
    more_passed = 0
    versions = {}
    for number, part in enumerate(data if isinstance(data, list) else [data]):
        at = f"[{number}]"
        lists = mapping(part.get("results"), f"{at}.results")
        summary = mapping(part.get("summary"), f"{at}.summary") or part
        versions[brief(summary.get("checkov_version"))] = True
        passed = _listed(lists, "passed_checks", Status.PASSED, at)
        failed = _listed(lists, "failed_checks", Status.FAILED, at)
        skipped = _listed(lists, "skipped_checks", Status.SKIPPED, at)
        broken = listing(lists.get("parsing_errors"), f"{at}.parsing_errors")
        results += [*passed, *failed, *skipped]
        results += [Result(file_name(one, at), Status.ERROR, where=file_name(one, at)) for one in broken]
        more_passed += max(0, whole(summary.get("passed"), f"{at}.summary.passed") - len(passed))
        for key, listed in (("failed", failed), ("skipped", skipped), ("parsing_errors", broken)):
            count = whole(summary.get(key), f"{at}.summary.{key}")
            if count > len(listed):
                trouble.append(say("results.totals", what=f"{at}.summary.{key}", count=count, listed=len(listed)))
    tool = f"Checkov {next(filter(None, versions), '')}".strip()
    return Report("checkov", tool, tuple(results), more_passed, trouble=tuple(trouble))


def file_name(value: object, at: str) -> str:
    """The name of a file that could not be parsed."""
    if not isinstance(value, str):
        raise Misshapen(f"{at}.parsing_errors")
    return brief(value, "?")


def _listed(lists: dict[str, Any], key: str, status: Status, at: str) -> list[Result]:
    found = []
    for one in mappings(lists.get(key), f"{at}.results.{key}"):
        waiver = None
        if status is Status.SKIPPED:
            said = mapping(one.get("check_result"), f"{at}.results.{key}.check_result")
            waiver = Waiver(brief(said.get("suppress_comment"), "?"))
        lines = one.get("file_line_range")
        file = brief(one.get("file_path"))
        if file and isinstance(lines, list) and lines and isinstance(lines[0], int):
            file = f"{file}:{lines[0]}"
        where = " ".join(filter(None, (file, brief(one.get("resource")))))
        said_so = word(mapping(one.get("check_result"), f"{at}.results.{key}.check_result").get("result"))
        # What is listed as passed and says otherwise of itself did not pass.
        if status is Status.PASSED and said_so not in ("", "passed"):
            status = Status.FAILED if said_so == "failed" else Status.INCONCLUSIVE
        name = brief(one.get("check_id"), one.get("check_name"), "?")
        found.append(Result(name, status, severity_of(one.get("severity")), brief(where), waiver=waiver))
    return found
