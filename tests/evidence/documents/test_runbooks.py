"""What `document` recognises in runbooks of several forms.

Per form: the parameters that a sensible person would write for it, and how many of its documents are in each state,
soon after they were written and later.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from support import SAMPLES

from orr.messages import render
from orr.model.finding import Finding
from orr.testing import run_check

RUNBOOKS = SAMPLES / "runbooks"
THEN, LATER = date(2026, 6, 20), date(2027, 3, 1)

FORMS: dict[str, tuple[str, dict[str, Any], dict[str, int], dict[str, int]]] = {
    "alert runbooks of one form, one of them a stub": (
        "alerts/*/*.md",
        {"sections": ["Meaning|Summary", "Impact", "Diagnosis|Investigation", "Mitigation|Resolution"]},
        {"met": 2, "partial": 1},
        {"met": 2, "partial": 1},
    ),
    "one prescribed form for every service": (
        "services/**/runbook.md",
        {
            "sections": [
                "Service Tier|Tier",
                "Architecture",
                "Failover Details|Failover",
                "Data Recovery Details|Backup",
                "Release Details|Release",
                "Monitoring",
                "First Line Troubleshooting|Troubleshooting",
                "Second Line Troubleshooting|Escalation",
            ]
        },
        {"met": 2},
        {"met": 2},
    ),
    "the same, which name no owner: theirs stands in CODEOWNERS": (
        "services/**/runbook.md",
        {"owner": True},
        {"not met": 2},
        {"not met": 2},
    ),
    "dated in front matter": (
        "dated/*.md.erb",
        {"front_matter": ["title", "last_reviewed_on|reviewed"], "reviewed_within": "365d", "links": False},
        {"met": 2, "not met": 1},
        {"met": 1, "stale": 2},
    ),
    "dated in a line of bold text": (
        "playbooks/*.md",
        {
            "sections": [
                "Overview|Summary",
                "Prepare|Preparation",
                "Contain|Containment",
                "Recovery|Recover",
                "Communication|Escalation",
                "Post-incident review|Post-incident activity",
            ],
            "reviewed_within": "180d",
            "links": False,
        },
        {"met": 2},
        {"stale": 2},
    ),
    "no common form: some name neither what is seen nor what to do": (
        "mixed/*.md",
        {
            "sections": [
                "Symptoms|Summary|Overview|Background|Purpose|Introduction|When to",
                "Resolution|Troubleshooting|How to|Steps|Procedure|Process|Mitigation|Possible checks",
            ],
            "links": False,
        },
        {"met": 1, "partial": 1, "not met": 1},
        {"met": 1, "partial": 1, "not met": 1},
    ),
    "procedures of a phase: what must be ready, and what comes out": (
        "phases/phase*/index.md",
        {"sections": ["Definition of ready|Prerequisites", "Outputs|Outcome"], "links": False},
        {"met": 1, "not met": 1},
        {"met": 1, "not met": 1},
    ),
    "guides: what is left unfinished is found, and not what is code": (
        "guides/*.md",
        {"links": False},
        {"met": 1, "partial": 2},
        {"met": 1, "partial": 2},
    ),
    "documents of a process are not taken for runbooks": (
        "process/*.md",
        {
            "sections": ["Trigger|Symptoms|Meaning|When to use", "Steps|Procedure|Mitigation|Resolution"],
            "owner": True,
            "reviewed_within": "365d",
            "links": False,
        },
        {"not met": 2},
        {"not met": 2},
    ),
}


def states(finding: Finding) -> dict[str, int]:
    assert finding.table is not None
    return dict(Counter(render(row[1], "en") for row in finding.table.rows))


@pytest.mark.parametrize(("path", "parameters", "then", "later"), FORMS.values(), ids=FORMS)
def test_the_documents_of_a_form_are_recognised(
    path: str, parameters: dict[str, Any], then: dict[str, int], later: dict[str, int]
) -> None:
    assert states(run_check("document", RUNBOOKS, today=THEN, path=path, **parameters)) == then
    assert states(run_check("document", RUNBOOKS, today=LATER, path=path, **parameters)) == later


@pytest.mark.parametrize("path", ["PLAYBOOK_TEMPLATE.md", "process/security.md"])
def test_a_template_is_not_taken_for_a_reviewed_document(path: str) -> None:
    finding = run_check("document", RUNBOOKS, today=LATER, path=path, reviewed_within="365d", links=False)
    assert finding.outcome == "not-met"
    assert "has “YYYY-MM-DD” as its last review" in render(finding.says, "en")


def test_a_stub_is_told_from_a_written_section() -> None:
    finding = run_check("document", RUNBOOKS, path="alerts/queue/QueueGone.md", sections=["Impact", "Mitigation"])
    assert finding.outcome == "partial"
    assert "nothing stands under Mitigation (line 19)" in render(finding.says, "en")
