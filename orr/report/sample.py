"""The workspace on which a warm process warms up."""

from __future__ import annotations

from datetime import date

TODAY = date(2026, 1, 15)
DOCUMENT = """---
owner: sample
last_reviewed: 2026-01-10
---
# A plan

## Trigger

- *Errors* over 5 % for `10` minutes; [more](more.md).

## Steps

1. `undo`, and **look**.

| who | what |
|---|---|
| ana | calls |

## Decision maker

> Ana, <https://example.com>.

```
code
```
"""
DOCUMENTS = (
    "docs/rollback.md",
    "docs/security.md",
    "docs/on-call.md",
    "docs/alerts.md",
    "docs/communication.md",
    "docs/runbooks/deploy.md",
    "docs/playbooks/errors.md",
    "drills/2026-01-05-rollback.md",
)
ALERTS = """
groups:
  - name: sample
    rules:
      - alert: Errors
        expr: rate(errors[5m]) > 0.05
        for: 10m
        labels: {severity: page, team: sample}
        annotations: {summary: Too many, runbook_url: docs/playbooks/errors.md}
"""
SCAN = """{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Sample", "version": "1", "rules": []}},
"invocations": [{"executionSuccessful": true, "endTimeUtc": "2026-01-10T05:00:00Z"}], "results": []}]}"""
SAMPLE = {
    "orr.yaml": "checklists: [checklists]\n",
    "organization.yaml": """
organization: sample
answers:
  security-baseline/second-factor: {answer: yes, by: ana, on: 2026-01-10}
""",
    "teams/sample.yaml": """
team: sample
answers:
  security-baseline/access-reviewed: {answer: yes, by: ana, on: 2026-01-10}
""",
    "workloads/sample/workload.yaml": """
workload: sample
title: {en: Sample, zh-CN: 示例}
tier: 1
owner: {team: sample, contact: sample@example.com}
launch: 2026-02-01T09:00+08:00
checklists: [staffing, runbooks, security-baseline, rollback-plan]
operating_model:
  application: {engineering: sample, operations: sample}
  infrastructure: {engineering: sample, operations: sample}
  governance: centralized
""",
    "workloads/sample/review.yaml": """
review: sample
answers:
  rollback-plan/rehearsed: {answer: yes, by: ana, on: 2026-01-10, evidence: [{title: Drill, path: review.yaml}]}
  rollback-plan/fast-enough: {answer: yes, note: It was, by: ana, on: 2026-01-10T09:00+08:00,
    evidence: [{title: Drill, url: "https://example.com/drill", collected: 2026-01-10, expires: 2026-03-01},
      {title: Steps, path: docs/rollback.md,
      sha256: "0000000000000000000000000000000000000000000000000000000000000000"}]}
  runbooks/reviewed: {answer: partial, by: ana, on: 2026-01-10, plan: {action: Write it, owner: wei, due: 2026-01-20}}
waivers:
  - {waiver: W-1, items: [runbooks/reviewed], reason: Late, requested_by: ana, approved_by: wei,
     approved_on: 2026-01-11, expires: 2026-01-31}
pre_mortem:
  - {scenario: It fails, likelihood: medium, impact: high, detection: Alarm, response: Runbook, tested_on: 2026-01-10}
benefits: Sales
""",
    **dict.fromkeys(
        (f"workloads/sample/{name}" for name in DOCUMENTS),
        DOCUMENT,
    ),
    "workloads/sample/monitoring/alerts.yaml": ALERTS,
    "workloads/sample/scans/sample.sarif": SCAN,
    "workloads/sample/oncall/roster.csv": "start,end,primary,secondary\n"
    "2026-01-12T09:00+08:00,2026-03-01T09:00+08:00,ana,wei\n",
    "workloads/sample/oncall/training.csv": "person,subject,trained_on,trainer,expires\nana,sample,2026-01-02,wei,\n",
}
"""Files by name: a workspace with enough in it that reporting on it loads what reports need."""
