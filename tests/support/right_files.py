"""A right file of every form that a check reads, for tests that change something in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Case(NamedTuple):
    """A right file of one form, and a check that reads it."""

    check: str
    parameters: Mapping[str, Any]
    path: str
    text: str
    beside: Mapping[str, str] = {}


MARKDOWN = """\
---
title: Failover
owner: team-payments
reviewed: 2026-11-01
tags: [a, b]
---
# Failover of the *shop*

## 1. Steps

1. Look at [the plan](#plan), then `run it`
   ```sh
   make failover
   ```
2. <b>Ask</b> ana@example.com & tell <https://example.com>.

| Step | Owner |
|------|-------|
| one  | ana   |

Plan
----
Last reviewed: 2026-11-01 - by **Ana**
"""
TOML = '+++\ntitle = "Failover"\nowner = "ana"\nreviewed = 2026-11-01\n[more]\na = [1, 2]\n+++\n## Steps\n\nDo it.\n'
RST = """\
Failover
========

:owner: team-payments
:reviewed: 2026-11-01

.. _steps:

Steps
-----

1. Look at `the plan`_ and ``run`` it |now|.

+------+-------+
| Step | Owner |
+======+=======+
| one  | ana   |
+------+-------+

=====  =====
a      b
=====  =====
1      2
=====  =====

.. |now| replace:: at once
.. note:: Ask *Ana* first.
.. code:: sh

   make failover

.. _the plan: https://example.com
"""
NOTEBOOK = json.dumps({
    "nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3"}},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Failover\n", "Owner: ana\n", "Reviewed: 2026-11-01"]},
        {"cell_type": "markdown", "metadata": {}, "source": "## Steps\n\nDo it."},
        {"cell_type": "code", "metadata": {}, "source": "1 + 1", "outputs": [], "execution_count": None},
    ],
})  # fmt: skip
ALERTS = """\
groups:
- name: shop
  labels: {team: payments}
  rules:
  - alert: Down
    expr: up == 0
    for: 5m
    labels: {severity: page}
    annotations:
      runbook_url: runbook.md#down
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
spec:
  groups:
  - name: b
    labels: {team: payments}
    rules: [{alert: Slow, expr: a > 1, labels: {severity: page}, annotations: {runbook_url: runbook.md}}]
"""
SLOTH = """\
version: prometheus/v1
service: shop
labels: {owner: payments}
slos:
- name: availability
  objective: 99.9
  sli: {events: {error_query: "e[{{.window}}]", total_query: "t[{{.window}}]"}}
  alerting: {name: Burning, page_alert: {labels: {severity: page}}, ticket_alert: {disable: true}}
"""
OPENSLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: latency, labels: {team: payments}}
spec:
  service: shop
  indicator: {metadata: {name: a}, spec: {ratioMetric: {good: 1, total: 2}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{displayName: fast, target: 0.99, op: lt, value: 1}]
  alertPolicies: [burning]
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: burning}
spec: {conditions: [{kind: AlertCondition, metadata: {name: c}, spec: {condition: {kind: burnrate, threshold: 2}}}]}
"""
CATALOG = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  links: [{url: "https://example.com/chat", title: Chat}]
  annotations: {example.com/slack: "#shop"}
spec: {type: service, owner: "group:default/payments", lifecycle: production}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments}
spec: {type: team, profile: {email: pay@example.com}, children: []}
"""
CODEOWNERS = """\
# owners
*  @acme/payments
[Docs][2] @acme/docs
/docs/**/*.md  docs@example.com
/src/ @acme/payments
"""
AGREEMENTS = """\
# Agreements

| With | What | Until |
|---|---|---|
| platform | answers in 15 minutes | 2027-01-01 |

## Contacts

- payments: #payments, pay@example.com
- platform: +49 30 1234567
"""
ROTA = """\
BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Primary
BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1
SUMMARY:Primary: Wei Chen
DTSTART;TZID=Office:20261102T090000
DTEND;TZID=Office:20261109T090000
RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=20
EXDATE;TZID=Office:20261130T090000
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Freeze
CATEGORIES:freeze
DTSTART;VALUE=DATE:20261224
DURATION:P7D
ATTENDEE;CN="Ana Ruiz":mailto:ana@example.com
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
SHIFTS = """\
start,end,primary,secondary
2026-11-20T00:00Z,2026-12-01,ana,wei
2026-12-01,2026-12-20 00:00,wei,ana
2026-12-20,2027-06-01,ana,wei
"""
WEEKLY = "person,level,day of week,start,end\nana,primary,Mon-Fri,08:00,20:00\nwei,primary,Sat,00:00,24:00\n"
WEEKS = "week commencing,on call\n2026-11-23,ana\n2026-11-30,wei\n2026-12-07,ana\n"
PAGERDUTY = json.dumps({"schedule": {"name": "Primary", "final_schedule": {"rendered_schedule_entries": [
    {"start": "2026-11-20T00:00:00+08:00", "end": "2027-02-01T00:00:00+08:00", "user": {"summary": "ana", "id": "P1"}},
]}}})  # fmt: skip
ONCALLS = json.dumps({"oncalls": [
    {"escalation_level": 1, "start": None, "end": None, "user": {"summary": "ana"}, "schedule": {"summary": "A"}},
    {"escalation_level": 2, "start": "2026-11-20T00:00:00Z", "end": "2027-02-01T00:00:00Z", "user": {"name": "wei"}},
]})  # fmt: skip
TRAINING = "person,subject,completed,expires\nana,playbooks,2026-06-01,2027-06-01\nwei,playbooks,1 July 2026,\n"
SKILLS = "person,database,network\nana,yes,no\nwei,✓,x\n"
LEAVE = "person,start,end\nana,2027-12-24,2027-12-31\nwei,2027-01-02,\n"
INCIDENTS = """\
incident,severity,started,detected,resolved,cause,analysis
INC-1,SEV-1,2026-11-01T10:00Z,2026-11-01 10:05,2026-11-01T11:00+00:00,disk,https://example.com/1
INC-2,2,2026-10-01 10:00,2026-10-01 10:01,2026-10-01 10:30,net,https://example.com/2
"""
FOLLOW_UPS = "incident,action,due,status\nINC-1,raise the limit,2026-12-24,open\nINC-2,test it,2026-10-02,done\n"
INCIDENTS_JSON = json.dumps({"incidents": [{
    "id": "INC-1", "severity": {"name": "SEV1"}, "started": "2026-11-01T10:00:00Z", "detected": "2026-11-01T10:05:00Z",
    "resolved": "2026-11-01T11:00:00Z", "time_to_detect": "5m", "duration_minutes": 60, "cause": "disk",
    "analysis": {"url": "https://example.com/1"}, "follow_ups": [{"action": "a", "due": "2026-12-24", "done": False}],
}]})  # fmt: skip
INCIDENT = """\
---
incident: INC-1
severity: 1
cause: disk
started: 2026-11-01T10:00:00Z
---
# Disk full

First detected: 2026-11-01 10:05
Resolved: 2026-11-01 11:00
- **Time to repair**: 55m

## Causes

It was full.

## Actions

- [ ] raise the limit, due 2026-12-24
- [x] tell everybody

| Action | Due | State |
|---|---|---|
| test it | 2026-12-01 | open |
"""
JUNIT = """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0">
  <testsuite name="s" tests="2" failures="1" timestamp="2026-11-20T10:00:00">
    <testcase name="good" classname="c" time="0.1"/>
    <testcase name="bad" classname="c" file="a.py" line="3"><failure message="no"><![CDATA[a < b]]></failure></testcase>
  </testsuite>
</testsuites>
"""
RESULTS: dict[str, Any] = {
    "sarif": {"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": "s", "rules": [{"id": "R1", "properties": {"security-severity": "9.8"}}]}},
        "invocations": [{"executionSuccessful": True, "endTimeUtc": "2026-11-20T10:00:00Z"}],
        "results": [{
            "ruleId": "R1", "ruleIndex": 0, "level": "error", "message": {"text": "no"},
            "suppressions": [{"kind": "external"}],
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 3}}}],
        }],
    }]},
    "ocsf": [{
        "class_uid": 2003, "metadata": {"event_code": "e", "product": {"name": "Prowler"}}, "severity_id": 4,
        "status_code": "FAIL", "status_id": 1, "time": 1795000000, "finding_info": {"title": "t", "uid": "u"},
        "resources": [{"uid": "arn:r", "name": "r"}],
    }],
    "asff": {"Findings": [{
        "SchemaVersion": "2018-10-08", "ProductArn": "p", "AwsAccountId": "1", "GeneratorId": "g", "Title": "t",
        "Severity": {"Label": "HIGH"}, "Compliance": {"Status": "FAILED"}, "Workflow": {"Status": "NEW"},
        "Resources": [{"Id": "arn:x", "Type": "AwsS3Bucket"}], "UpdatedAt": "2026-11-20T10:00:00Z",
        "RecordState": "ACTIVE",
    }]},
    "inspec": {"platform": {"name": "x"}, "statistics": {"duration": 1.5}, "version": "5", "profiles": [{
        "name": "p", "controls": [{
            "id": "C-1", "impact": 0.7, "tags": {},
            "waiver_data": {"run": True, "justification": "j", "expiration_date": "2027-01-01"},
            "results": [{"status": "failed", "start_time": "2026-11-20T10:00:00Z", "code_desc": "c"}],
        }],
    }]},
    "checkov": {"check_type": "terraform", "summary": {"passed": 1, "failed": 1, "skipped": 0}, "results": {
        "passed_checks": [{"check_id": "A", "resource": "r"}], "skipped_checks": [], "parsing_errors": [],
        "failed_checks": [{"check_id": "B", "severity": "HIGH", "file_path": "/a.tf", "file_line_range": [1, 3]}],
    }},
    "conftest": [{
        "filename": "a.yaml", "namespace": "main", "successes": 3, "failures": [{"msg": "no"}], "warnings": [],
        "exceptions": [],
    }],
    "scorecard": {"date": "2026-11-20", "repo": {"name": "r"}, "scorecard": {"version": "v5"}, "score": 5.5, "checks": [
        {"name": "License", "score": 9, "reason": "ok"}, {"name": "CI-Tests", "score": -1, "reason": "none"},
    ]},
    "expectations": {
        "success": False, "meta": {"run_id": {"run_time": "2026-11-20T10:00:00Z"}},
        "statistics": {"evaluated_expectations": 1, "unsuccessful_expectations": 1},
        "results": [{
            "success": False, "exception_info": {"raised_exception": False},
            "expectation_config": {"type": "e", "kwargs": {"column": "c"}},
        }],
    },
    "oscal": {"assessment-results": {"metadata": {"title": "A", "last-modified": "2026-11-20T10:00:00Z"}, "results": [{
        "title": "r", "start": "2026-11-01T00:00:00Z",
        "observations": [{"collected": "2026-11-20T00:00:00Z", "expires": "2027-12-01T00:00:00Z"}],
        "findings": [{"title": "f", "target": {"target-id": "ac-6", "status": {"state": "not-satisfied"}}}],
        "risks": [{"uuid": "1", "status": "open", "title": "x"}],
    }]}},
}  # fmt: skip

DOCUMENT = {"sections": ["Steps"], "owner": True, "reviewed_within": "90d", "links": True}
AT_WORK = {"secondary": True, "week_hours": 200, "nights": 90}
TIMES = {
    "within": "30d", "median_detect": "1h", "worst_recover": "1d", "overdue": 0, "same_cause": 3,
    "analysis_within": "9d",
}  # fmt: skip
SINCE = {"at_most": {"critical": 3, "unrated": 3}, "undecided": 3, "none_older_than": "90d"}
RUNBOOK = "# Runbook\n\n## Down\n\n## Slow\n"
AGREED = {"agreements": "a.md", "contacts": "a.md"}
PARTS = {"src/a": "", "docs/a.md": ""}
PEOPLE = {"path": "shifts.csv", "training": "t/*", "subjects": ["playbooks"], "skills": "s/*", "leave": "l/*"}
RECORDS = {"shifts.csv": SHIFTS, "t/t.csv": TRAINING, "s/s.csv": SKILLS, "l/l.csv": LEAVE}
SET = "[web]\nreplicas = 3\n"

CASES = {
    "document, Markdown": Case("document", {**DOCUMENT, "path": "a.md"}, "a.md", MARKDOWN),
    "document, front matter in TOML": Case("document", {**DOCUMENT, "path": "a.md"}, "a.md", TOML),
    "document, reStructuredText": Case("document", {**DOCUMENT, "path": "a.rst"}, "a.rst", RST),
    "document, notebook": Case("document", {**DOCUMENT, "path": "a.ipynb"}, "a.ipynb", NOTEBOOK),
    "files, front matter": Case("files", {"paths": "a*", "none_older_than": "90d"}, "a.md", MARKDOWN),
    "alerts, rules": Case("alerts", {"path": "a*"}, "a.yaml", ALERTS, {"runbook.md": RUNBOOK}),
    "alerts, runbook": Case("alerts", {"path": "b*"}, "runbook.md", MARKDOWN + "\n## Down\n", {"b.yml": ALERTS}),
    "slo, Sloth": Case("slo", {"path": "a*", "owner": True}, "a.yaml", SLOTH),
    "slo, OpenSLO": Case("slo", {"path": "a*", "owner": True}, "a.yaml", OPENSLO),
    "slo, rules": Case("slo", {"path": "s*", "rules": ["a*"]}, "a.yaml", ALERTS, {"s.yaml": SLOTH}),
    "value, YAML": Case("value", {"path": "a*", "value": "groups[].name", "at_least": 1}, "a.yaml", ALERTS),
    "value, JSON": Case("value", {"path": "a*", "value": "*", "at_least": 1}, "a.json", PAGERDUTY),
    "value, TOML": Case("value", {"path": "a*", "value": "web.replicas", "at_least": 2}, "a.toml", SET),
    "ownership, catalogue": Case("ownership", {"aspects": ["parts"]}, "catalog-info.yaml", CATALOG, PARTS),
    "ownership, CODEOWNERS": Case("ownership", {"aspects": ["parts"]}, "CODEOWNERS", CODEOWNERS, PARTS),
    "ownership, agreements": Case("ownership", {"aspects": ["quadrants", "agreements"], **AGREED}, "a.md", AGREEMENTS),
    "calendar": Case("calendar", {"path": "a*", "meaning": "default_open"}, "a.ics", ROTA),
    "roster, shifts": Case("roster", {**AT_WORK, "path": "a*"}, "a.csv", SHIFTS),
    "roster, days of the week": Case("roster", {**AT_WORK, "path": "a*"}, "a.csv", WEEKLY),
    "roster, weeks": Case("roster", {**AT_WORK, "path": "a*", "handover": "09:30"}, "a.csv", WEEKS),
    "roster, PagerDuty's schedule": Case("roster", {**AT_WORK, "path": "a*"}, "a.json", PAGERDUTY),
    "roster, PagerDuty's on-calls": Case("roster", {**AT_WORK, "path": "a*"}, "a.json", ONCALLS),
    "roster, iCalendar": Case("roster", {**AT_WORK, "path": "a*"}, "a.ics", ROTA),
    "roster, training": Case("roster", PEOPLE, "t/t.csv", TRAINING, RECORDS),
    "roster, skills": Case("roster", PEOPLE, "s/s.csv", SKILLS, RECORDS),
    "roster, leave": Case("roster", PEOPLE, "l/l.csv", LEAVE, RECORDS),
    "roster, leave in iCalendar": Case("roster", {**PEOPLE, "leave": "l/*.ics"}, "l/l.ics", ROTA, RECORDS),
    "incidents, CSV": Case(
        "incidents", {**TIMES, "baseline": "30d", "path": "[ab]*"}, "a.csv", INCIDENTS, {"b.csv": FOLLOW_UPS}
    ),
    "incidents, follow-ups": Case("incidents", {**TIMES, "path": "[ab]*"}, "a.csv", FOLLOW_UPS, {"b.csv": INCIDENTS}),
    "incidents, JSON": Case("incidents", {**TIMES, "path": "a*"}, "a.json", INCIDENTS_JSON),
    "incidents, Markdown": Case("incidents", {**TIMES, "path": "a*"}, "a.md", INCIDENT),
    "results, junit": Case("results", {**SINCE, "path": "a*"}, "a.xml", JUNIT),
    **{
        f"results, {name}": Case("results", {**SINCE, "path": "a*"}, "a-2026-11-20.json", json.dumps(data))
        for name, data in RESULTS.items()
    },
}  # fmt: skip
