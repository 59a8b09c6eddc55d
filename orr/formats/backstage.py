"""What became of workloads as annotations to paste into the catalog files of Backstage."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from orr.evaluate import Evaluation
from orr.formats.unread import Outcome, readable

PREFIX = "orr.readiness"


def backstage(outcomes: Iterable[Outcome], today: date, _language: str) -> str:
    """Write a document per workload with the annotations of its `catalog-info.yaml`.

    There is no place for a workload that could not be read: an annotation that says so would stay.
    """
    return "---\n".join(_document(one, today) for one in readable(outcomes))


def _document(assessment: Evaluation, today: date) -> str:
    said = {
        "workload": assessment.case.workload.workload,
        "verdict": assessment.verdict.value,
        "decision": assessment.decision.value,
        "valid-until": assessment.valid_until,
        "assessed-on": today,
        "digest": assessment.digest,
    }
    # Values are strings there, and in quotes no reader makes a date of one.
    lines = [f"    {PREFIX}/{key}: {json.dumps(str(value))}" for key, value in said.items() if value is not None]
    return "\n".join(["metadata:", "  annotations:", *lines, ""])
