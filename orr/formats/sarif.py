"""What became of workloads as SARIF 2.1.0, a run per workload."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from orr.evaluate import Evaluation
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.verdict import conditions, is_stopping
from orr.formats.summary import is_empty_no_go, weight_in_words
from orr.formats.unread import Outcome, Unread
from orr.messages import in_language, render
from orr.messages.cleaning import json_text
from orr.system.version import __version__

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
UNREAD, VERDICT = "orr/unread", "orr/verdict"


def sarif(outcomes: Iterable[Outcome], _today: date, language: str) -> str:
    """Write open items as results, each at the file and line that decided it.

    What stops a launch is an error, what makes a go conditional a warning, the rest a note;
    what a waiver or a plan covers is suppressed. Each fault of a workload that could not be
    read is an error at its place.
    """
    runs = [_unread(one, language) if isinstance(one, Unread) else _run(one, language) for one in outcomes]
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}) + "\n"


def _run(assessment: Evaluation, language: str) -> dict[str, Any]:
    shown = [item for item in assessment.items if item.open]
    results = [_result(item, number, assessment, language) for number, item in enumerate(shown)]
    rules = [_rule(item, language) for item in shown]
    if is_empty_no_go(assessment):
        reasons = "; ".join(render(reason, language) for reason in assessment.reasons)
        path = f"workloads/{assessment.case.workload.workload}/workload.yaml"
        results.append(_error(VERDICT, len(rules), assessment.case.workload.workload, reasons, _location(path, 1)))
        rules.append({"id": VERDICT, "shortDescription": {"text": render(assessment.headline, language)}})
    properties = {
        "verdict": assessment.verdict.value,
        "validUntil": assessment.valid_until and assessment.valid_until.isoformat(),
        "digest": assessment.digest,
        "today": assessment.today.isoformat(),
    }
    return _whole(assessment.case.workload.workload, rules, results, readable=True) | {"properties": properties}


def _rule(item: ItemAssessment, language: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": item.name, "shortDescription": {"text": in_language(item.ask, language)}}
    why = item.item.why if item.item is not None else item.section.about
    return (
        rule
        | ({"fullDescription": {"text": in_language(why, language)}} if why else {})
        | ({"help": {"text": in_language(item.fix, language)}} if item.fix else {})
    )


def _result(item: ItemAssessment, number: int, assessment: Evaluation, language: str) -> dict[str, Any]:
    policy, where = assessment.case.policy, assessment.where(item)
    level = "error" if is_stopping(item, policy) else "warning" if conditions(item, policy) else "note"
    because = "; ".join(render(cause, language) for cause in item.causes)
    text = f"{in_language(item.ask, language)} {render(item.state, language)}" + (f": {because}" if because else "")
    result: dict[str, Any] = {
        "ruleId": item.name,
        "ruleIndex": number,
        "level": level,
        "message": {"text": text},
        "locations": [_location(where.path, where.line)],
        "partialFingerprints": {"orrItem/v1": f"{assessment.case.workload.workload}/{item.name}"},
        "properties": {"state": item.state.value, "risk": item.risk.value, "blocking": item.blocking},
    }
    if item.covered_by is not None:
        why = render(weight_in_words(item, assessment), language)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _unread(unread: Unread, language: str) -> dict[str, Any]:
    results = []
    for fault, words in zip(unread.faults, unread.lines(language), strict=True):
        location = _location(fault.path, fault.place.line, fault.place.column)
        results.append(_error(UNREAD, 0, f"{unread.workload}/{words}", words, location))
    rules = [{"id": UNREAD, "shortDescription": {"text": unread.headline(language)}}]
    return _whole(unread.workload, rules, results, readable=False)


def _error(rule: str, number: int, key: str, text: str, location: dict[str, Any]) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "ruleIndex": number,
        "level": "error",
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"orrItem/v1": key},
    }


def _whole(workload: str, rules: list[Any], results: list[Any], *, readable: bool) -> dict[str, Any]:
    return {
        "tool": {"driver": {"name": "orr", "version": __version__, "rules": rules}},
        "automationDetails": {"id": f"orr/{workload}/"},
        "invocations": [{"executionSuccessful": readable}],
        "results": results,
    }


def _location(path: str, line: int | None, column: int | None = None) -> dict[str, Any]:
    region = {"startLine": line or 1} | ({"startColumn": column} if column else {})
    return {"physicalLocation": {"artifactLocation": {"uri": quote(path)}, "region": region}}
