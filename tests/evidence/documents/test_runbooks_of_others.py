"""What `document` recognises in the runbooks of other organizations.

Per source: the parameters that a sensible person would write for how that source writes,
and how many of its documents are in each state, on the day of its last commit and later.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orr.messages import render
from orr.model.finding import Finding
from orr.testing import run_check

LATER = date(2026, 11, 23)

SOURCES: list[tuple[str, str, dict[str, Any], date, dict[str, int], dict[str, int]]] = [
    (
        # Alert runbooks of one form; several are stubs.
        "prometheus-operator",
        "content/runbooks/**/*",
        {"sections": ["Meaning|Summary", "Impact", "Diagnosis|Investigation", "Mitigation|Resolution"]},
        date(2024, 10, 3),
        {"met": 14, "partial": 7},
        {"met": 14, "partial": 7},
    ),
    (
        # One prescribed form for every service.
        "financial-times",
        "**/runbook.md",
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
        date(2026, 8, 21),
        {"met": 4},
        {"met": 4},
    ),
    (
        # The same documents name no owner: theirs stands in CODEOWNERS.
        "financial-times",
        "**/runbook.md",
        {"owner": True},
        date(2026, 8, 21),
        {"not met": 4},
        {"not met": 4},
    ),
    (
        # Dated in front matter; each is to be reviewed within 6 or 12 months.
        "moj",
        "source/*.md.erb",
        {"front_matter": ["title", "last_reviewed_on|reviewed"], "reviewed_within": "365d", "links": False},
        date(2026, 8, 21),
        {"met": 16, "stale": 9},
        {"met": 4, "stale": 21},
    ),
    (
        # Dated in a line of bold text.
        "aws-ir",
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
        date(2026, 6, 18),
        {"met": 2},
        {"met": 2},
    ),
    (
        # No common form: half of them neither say what is seen nor what to do under such a name.
        "gitlab",
        "docs/**/*.md",
        {
            "sections": [
                "Symptoms|Summary|Overview|Background|Purpose|Introduction|When to",
                "Resolution|Troubleshooting|How to|Steps|Procedure|Process|Mitigation|Possible checks",
            ],
            "links": False,
        },
        date(2026, 8, 21),
        {"met": 4, "partial": 4, "not met": 9},
        {"met": 4, "partial": 4, "not met": 9},
    ),
    (
        # Procedures of a phase: what must be ready before, and what comes out.
        "2i2c",
        "docs/hub-deployment-guide/runbooks/phase*/index.md",
        {"sections": ["Definition of ready|Prerequisites", "Outputs|Outcome"], "links": False},
        date(2026, 8, 21),
        {"met": 2, "not met": 1},
        {"met": 2, "not met": 1},
    ),
    (
        # Guides without a common form: what is left unfinished is found.
        "2i2c",
        "docs/**/*.md",
        {"links": False},
        date(2026, 8, 21),
        {"met": 34, "partial": 2},
        {"met": 34, "partial": 2},
    ),
    (
        # Documents of a process, no runbooks: nothing should take them for runbooks.
        "pagerduty-process",
        "docs/**/*.md",
        {
            "sections": ["Trigger|Symptoms|Meaning|When to use", "Steps|Procedure|Mitigation|Resolution"],
            "owner": True,
            "reviewed_within": "365d",
            "links": False,
        },
        date(2025, 1, 7),
        {"not met": 14},
        {"not met": 14},
    ),
]


def states(finding: Finding) -> dict[str, int]:
    assert finding.table is not None
    return dict(Counter(render(row[1], "en") for row in finding.table.rows))


@pytest.mark.parametrize(
    ("source", "path", "parameters", "then", "states_then", "states_later"),
    SOURCES,
    ids=[f"{source[0]}-{'-'.join(key for key in source[2] if key != 'links')}" for source in SOURCES],
)
def test_the_documents_of_a_source_are_recognised(
    shared_data: Path,
    source: str,
    path: str,
    parameters: dict[str, Any],
    then: date,
    states_then: dict[str, int],
    states_later: dict[str, int],
) -> None:
    folder = shared_data / f"runbooks-{source}" / "data"
    assert states(run_check("document", folder, today=then, path=path, **parameters)) == states_then
    assert states(run_check("document", folder, today=LATER, path=path, **parameters)) == states_later


@pytest.mark.parametrize(
    ("source", "path", "words"),
    [
        ("aws-ir", "PLAYBOOK_TEMPLATE.md", "has “YYYY-MM-DD” as its last review"),
        ("pagerduty-process", "docs/during/security_incident_response.md", "has “YYYY-MM-DD” as its last review"),
    ],
)
def test_a_template_is_not_taken_for_a_reviewed_document(shared_data: Path, source: str, path: str, words: str) -> None:
    folder = shared_data / f"runbooks-{source}" / "data"
    finding = run_check("document", folder, today=LATER, path=path, reviewed_within="365d", links=False)
    assert finding.outcome == "not-met"
    assert words in render(finding.says, "en")


def test_a_stub_is_told_from_a_written_section(shared_data: Path) -> None:
    path = "content/runbooks/prometheus-operator/PrometheusOperatorWatchErrors.md"
    finding = run_check(
        "document", shared_data / "runbooks-prometheus-operator/data", path=path, sections=["Impact", "Mitigation"]
    )
    assert finding.outcome == "partial"
    assert "nothing stands under Mitigation (line 21)" in render(finding.says, "en")
