"""What became of workloads as a Code Quality report of GitLab."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from orr.evaluate import Evaluation
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.verdict import conditions, is_stopping
from orr.formats.summary import is_empty_no_go
from orr.formats.unread import Outcome, Unread
from orr.messages import in_language, render
from orr.messages.cleaning import json_text


def codequality(outcomes: Iterable[Outcome], _today: date, language: str) -> str:
    """Write open items, and faults of unreadable workloads, as located entries."""
    entries = [
        entry
        for one in outcomes
        for entry in (_faults(one, language) if isinstance(one, Unread) else _items(one, language))
    ]
    return json_text(entries) + "\n"


def _items(assessment: Evaluation, language: str) -> Iterator[dict[str, Any]]:
    workload = assessment.case.workload.workload
    for item in assessment.items:
        if item.open:
            because = "; ".join(render(cause, language) for cause in item.causes)
            ask, state = in_language(item.ask, language), render(item.state, language)
            where = assessment.where(item)
            told = f"{workload}: {ask} {state}" + (f": {because}" if because else "")
            key = f"{workload}/{item.name}"
            yield _entry(told, item.name, key, _severity(item, assessment), where.path, where.line or 1)
    if is_empty_no_go(assessment):
        told = f"{workload}: {render(assessment.headline, language)}"
        yield _entry(told, "orr/verdict", workload, "blocker", f"workloads/{workload}/workload.yaml", 1)


def _severity(item: ItemAssessment, assessment: Evaluation) -> str:
    policy = assessment.case.policy
    if is_stopping(item, policy):
        return "blocker" if item.blocking else "critical"
    if item.covered_by is None and conditions(item, policy):
        return "major"
    return "minor" if conditions(item, policy) else "info"


def _faults(unread: Unread, language: str) -> Iterator[dict[str, Any]]:
    for fault, words in zip(unread.faults, unread.lines(language), strict=True):
        key = f"{unread.workload}/{words}"
        yield _entry(f"{unread.workload}: {words}", "orr/unread", key, "blocker", fault.path, fault.place.line)


def _entry(description: str, name: str, key: str, severity: str, path: str, line: int) -> dict[str, Any]:
    return {
        "description": description,
        "check_name": name,
        "fingerprint": hashlib.sha256(key.encode("utf-8", "replace")).hexdigest(),
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
