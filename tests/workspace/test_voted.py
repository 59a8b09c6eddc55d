"""A vote holds for the content that was there; a void one names what changed, and the words where they are kept."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from orr.assessing import assess
from orr.evaluate import Evaluation
from orr.formats.record import to_json
from orr.history import History, Run
from orr.messages import render
from orr.model.review import Vote
from orr.workspace.editing import edit_review, sign_off
from orr.workspace.workspace import Workspace

TODAY = date(2026, 11, 22)
ROLLBACK = """\
# Rollback
Last reviewed: 2026-11-01

## Off switch
Can the feature be disabled? Yes, by the flag `checkout`.

## Slow
Turn it off, and page the payments team.

## History
Written in spring.
"""
ALERTS = """\
groups:
  - name: shop
    rules:
      - alert: Slow
        expr: latency > 2
        labels: {severity: page, team: payments}
        annotations: {runbook_url: docs/rollback.md}
"""
ROSTER = """\
role,person,start,end
primary,wei.chen,2026-11-20,2026-11-30
primary,ana.ruiz,2026-11-30,2026-12-20
"""
CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//changes//EN
X-CALENDAR-TYPE:DEFAULT_OPEN
BEGIN:VEVENT
UID:1
SUMMARY:Freeze
DTSTART:20261220T000000Z
DTEND:20261227T000000Z
END:VEVENT
END:VCALENDAR
"""
SCAN = """\
{"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [{
 "tool": {"driver": {"name": "scan", "rules": []}},
 "automationDetails": {"id": "nightly/run-1", "guid": "4b9ab0d5-0000-4000-8000-000000000001"},
 "invocations": [{"executionSuccessful": true, "endTimeUtc": "2026-11-21T01:00:00Z"}],
 "results": [{"ruleId": "R1", "level": "note", "message": {"text": "m"},
  "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}}}]}]}]}
"""
TESTS = """\
<testsuite name="t" tests="2" failures="0" errors="0" skipped="0" timestamp="2026-11-21T01:00:00" time="3.2">
<testcase classname="a" name="one" time="1.1"/><testcase classname="a" name="two" time="2.1"/></testsuite>
"""
CHECKS = """\
checklist: c
version: 1
title: C
sections:
  - section: s
    items:
      - item: off
        ask: Off?
        risk: high
        checks: [{check: document, path: docs/rollback.md, sections: [Off switch], reviewed_within: 90d}]
      - item: alerts
        ask: Alerts?
        risk: high
        checks: [{check: alerts, path: alerts.yaml}]
      - item: roster
        ask: On call?
        risk: high
        checks: [{check: roster, path: "oncall/*.csv", days: 7d}]
      - item: window
        ask: Open?
        risk: high
        checks: [{check: calendar, path: changes.ics}]
      - item: scanned
        ask: Scanned?
        risk: high
        checks: [{check: results, path: "scans/*.sarif", at_most: {high: 0}}]
      - item: tested
        ask: Tested?
        risk: high
        checks: [{check: results, path: tests.xml}]
      - item: drilled
        ask: Drilled?
        risk: high
        evidence: required
"""
FILES = {
    "orr.yaml": "policy: [{sign_offs: [lead]}]\n",
    "checklists/c.yaml": CHECKS,
    "workloads/shop/workload.yaml": (
        "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\nlaunch: 2026-12-01T09:00Z\n"
        "repository: ../../service\nchecklists: [c]\ntags: [public, card]\n"
    ),
    "workloads/shop/review.yaml": (
        "review: shop\nanswers:\n  c/drilled:\n    answer: yes\n    note: Took eight minutes.\n"
        "    evidence: [{path: drill.txt, collected: 2026-11-12}, {url: 'https://example.com/drill'}]\n"
        "    by: wei\n    on: 2026-11-20\nbenefits: Sells more.\n"
        "pre_mortem:\n  - scenario: The store is full\n    likelihood: low\n"
    ),
    "service/docs/rollback.md": ROLLBACK,
    "service/alerts.yaml": ALERTS,
    "service/oncall/roster-2026-11.csv": ROSTER,
    "service/changes.ics": CALENDAR,
    "service/scans/2026-11-21.sarif": SCAN,
    "service/tests.xml": TESTS,
    "service/drill.txt": "We rolled back in eight minutes.\n",
}
Change = tuple[str, str, str]
REVIEW = "workloads/shop/review.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        write(tmp_path, name, content)
    return tmp_path


def write(root: Path, name: str, content: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(content, encoding="utf-8")


def changed(root: Path, *changes: Change) -> None:
    for name, old, new in changes:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (root / name).write_text(text.replace(old, new), encoding="utf-8")


def look(root: Path) -> Evaluation:
    workspace = Workspace(root, TODAY)
    return assess(workspace, "shop")


def vote(root: Path, by: str = "ana") -> Evaluation:
    workspace = Workspace(root, TODAY)
    assessment = assess(workspace, "shop")
    edit_review(workspace, "shop", lambda review: sign_off(review, assessment, "lead", by, Vote.GO))
    assert look(root).votes[-1].valid
    return assessment


def why(root: Path) -> str:
    status = look(root).votes[0]
    assert not status.valid
    return render(status.why, "en")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param(
            [("service/docs/rollback.md", "Yes, by the flag `checkout`.", "No, it corrupts the store.")],
            "docs/rollback.md#Off switch",
            id="a demanded section",
        ),
        pytest.param([("service/alerts.yaml", "latency > 2", "latency > 200")], "alerts.yaml: Slow", id="an alert"),
        pytest.param([("service/oncall/roster-2026-11.csv", "ana.ruiz", "bo.li")], "oncall/roster-*.csv", id="a shift"),
        pytest.param(
            [("service/changes.ics", "DTSTART:20261220T000000Z", "DTSTART:20261201T080000Z")],
            "changes.ics",
            id="a closed window",
        ),
        pytest.param([("service/scans/2026-11-21.sarif", '"R1"', '"R2"')], "R2 (new)", id="another finding"),
        pytest.param(
            [("service/drill.txt", "eight", "eighty")], "the evidence of c/drilled: drill.txt", id="an evidence file"
        ),
        pytest.param(
            [(REVIEW, "example.com/drill", "example.com/other")],
            "the evidence of c/drilled: https://example.com/other (new)",
            id="the address of evidence",
        ),
        pytest.param([(REVIEW, "eight minutes", "eighty minutes")], "the answer to c/drilled", id="a note"),
        pytest.param([(REVIEW, "Sells more", "Sells less")], "the review's benefits", id="the benefits"),
        pytest.param(
            [(REVIEW, "likelihood: low", "likelihood: high")], "scenario 1 of the pre-mortem", id="a scenario"
        ),
        pytest.param(
            [("workloads/shop/workload.yaml", "[public, card]", "[card]")], "the workload's tags", id="a tag less"
        ),
        pytest.param([("checklists/c.yaml", "90d", "120d")], "the checklist c", id="a bound"),
        pytest.param(
            [("orr.yaml", "[lead]", "[lead], no_go: []")],
            "the risks that the policy lets stop a launch",
            id="the policy",
        ),
    ],
)
def test_a_vote_is_void_and_names(root: Path, changes: list[Change], named: str) -> None:
    vote(root)
    changed(root, *changes)
    assert named in why(root)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            [("service/docs/rollback.md", "disabled? Yes,", "disabled?\n\n  Yes,")], id="white space in a document"
        ),
        pytest.param([("service/docs/rollback.md", "in spring", "in autumn")], id="a section that is not demanded"),
        pytest.param([("service/docs/rollback.md", "2026-11-01", "2026-11-20")], id="a new date of review"),
        pytest.param(
            [("service/alerts.yaml", "labels: {severity: page, team: payments}", "labels:\n          team: payments\n"
              "          severity: page  # at night too")],
            id="the order of keys and a comment",
        ),
        pytest.param(
            [("service/oncall/roster-2026-11.csv", "2026-11-20,2026-11-30", "2026-11-10,2026-11-30")],
            id="a shift before the launch",
        ),
        pytest.param(
            [("service/changes.ics", "DTEND:20261227", "DTEND:20261231")], id="a freeze well after the launch"
        ),
        pytest.param(
            [("service/scans/2026-11-21.sarif", "run-1", "run-2"),
             ("service/scans/2026-11-21.sarif", "0000-4000-8000-000000000001", "0000-4000-8000-000000000002"),
             ("service/scans/2026-11-21.sarif", "2026-11-21T01", "2026-11-22T01")],
            id="another run of a scanner",
        ),
        pytest.param(
            [("service/tests.xml", 'tests="2"', 'tests="3"'), ("service/tests.xml", 'time="3.2"', 'time="4.0"'),
             ("service/tests.xml", "</testsuite>", '<testcase classname="a" name="three" time="1"/></testsuite>')],
            id="one more test that passes",
        ),
        pytest.param([(REVIEW, "2026-11-12", "2026-11-13")], id="the date of collection"),
        pytest.param([(REVIEW, "Took eight", ">-\n      Took\n      eight")], id="another form in YAML"),
        pytest.param([("workloads/shop/workload.yaml", "[public, card]", "[card, public]")], id="the order of tags"),
    ],
)  # fmt: skip
def test_a_vote_goes_on_holding_under(root: Path, changes: list[Change]) -> None:
    vote(root)
    changed(root, *changes)
    assert look(root).votes[0].valid


def test_a_result_file_as_evidence_is_bound_by_what_it_names(root: Path) -> None:
    changed(root, (REVIEW, "path: drill.txt", "path: tests.xml"))
    vote(root)
    changed(root, ("service/tests.xml", 'time="3.2"', 'time="4.0"'), ("service/tests.xml", "2026-11-21", "2026-11-22"))
    assert look(root).votes[0].valid
    failing = '<testcase classname="a" name="two" time="2.1"><failure message="no"/></testcase>'
    changed(root, ("service/tests.xml", '<testcase classname="a" name="two" time="2.1"/>', failing))
    assert "the evidence of c/drilled: tests.xml" in why(root)


@pytest.mark.parametrize(
    ("old", "new", "holds"),
    [
        ("2026-11-20,2026-11-30", "2026-11-10,2026-11-30", True),
        ("ana.ruiz", "bo.li", False),
    ],
    ids=["well before the launch", "in the launch window"],
)
def test_a_roster_as_evidence_is_bound_by_its_shifts_around_the_launch(
    root: Path, old: str, new: str, holds: bool
) -> None:
    roster = "service/oncall/roster-2026-11.csv"
    changed(root, (REVIEW, "path: drill.txt", "path: oncall/roster-2026-11.csv"))
    vote(root)
    changed(root, (roster, old, new))
    assert look(root).votes[0].valid is holds
    if not holds:
        assert "the evidence of c/drilled: oncall/roster-2026-11.csv" in why(root)


def test_tonights_files_void_nothing(root: Path) -> None:
    vote(root)
    (root / "service/scans/2026-11-21.sarif").rename(root / "service/scans/2026-11-22.sarif")
    (root / "service/oncall/roster-2026-11.csv").rename(root / "service/oncall/roster-2026-12.csv")
    assert look(root).votes[0].valid


@pytest.mark.parametrize("today", [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 12)])
def test_a_vote_goes_on_holding_while_the_days_pass_the_launch_too(root: Path, today: date) -> None:
    vote(root)
    assert assess(Workspace(root, today), "shop").votes[0].valid


def test_a_no_go_does_not_turn_to_go_under_votes_when_a_file_appears(root: Path) -> None:
    (root / "service/drill.txt").unlink()
    assert vote(root).verdict == "no-go"
    write(root, "service/drill.txt", "We rolled back in eight minutes.\n")
    assert look(root).verdict == "go"
    assert look(root).decision == "pending"
    assert "the evidence of c/drilled: drill.txt" in why(root)


SECTION: Change = ("service/docs/rollback.md", "Yes, by the flag `checkout`.", "No, it corrupts the store.")
WORDS = (
    "docs/rollback.md#Off switch: “the feature be disabled? Yes, by the flag `checkout`.” became "
    "“the feature be disabled? No, it corrupts the store.”"
)


def committed(root: Path, git: Callable[..., str]) -> None:
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "x")


def without_parts(root: Path) -> None:
    path = root / REVIEW
    path.write_text(re.sub(r"\n +parts: .*", "", path.read_text("utf-8")), encoding="utf-8")


@pytest.mark.parametrize("fingerprint", [True, False], ids=["with its parts", "written by hand"])
def test_git_holds_the_words_that_a_vote_was_given_on(root: Path, git: Callable[..., str], fingerprint: bool) -> None:
    vote(root)
    if not fingerprint:
        without_parts(root)
    committed(root, git)
    changed(root, SECTION)
    git("commit", "-qam", "later")
    changed(root, (REVIEW, "eight minutes", "eighty minutes"))
    assert WORDS in why(root)
    assert "the answer to c/drilled" in why(root)
    assert "“on: 2026-11-20 note: Took eight" not in why(root).partition("became")[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            ("service/alerts.yaml", "latency > 2", "latency > 9"),
            "alerts.yaml: Slow: expr “latency > 2” became “latency > 9”",
            id="an alert",
        ),
        pytest.param(
            ("service/oncall/roster-2026-11.csv", "ana.ruiz", "bo.li"),
            "primary: ana.ruiz” became “",
            id="a shift",
        ),
        pytest.param(
            ("teams/payments.yaml", "Both of us", "One of us"),
            "the answer to c/staffed: note “Both of us” became “One of us”",
            id="a team's answer",
        ),
        pytest.param(
            ("organization.yaml", "Weekly", "Yearly"),
            "the answer to c/trained: note “Weekly” became “Yearly”",
            id="the organization's answer",
        ),
        pytest.param(
            ("workloads/shop/workload.yaml", "[public, card]", "[card]"),
            "the workload's tags: “card, public” became “card”",
            id="the workload",
        ),
        pytest.param(
            ("orr.yaml", "[lead]", "[lead], waiver_max_days: 200"),
            "the policy's longest term of waivers: “90” became “200”",
            id="the policy",
        ),
        pytest.param(
            ("checklists/c.yaml", "reviewed_within: 90d", "reviewed_within: 120d"),
            "the checklist c: off, checks “document path: docs/rollback.md reviewed_within: 90d",
            id="a checklist",
        ),
        pytest.param(
            ("service/drill.txt", "eight minutes", "eighty minutes"),
            "the evidence of c/drilled: drill.txt: “We rolled back in eight minutes.” became “",
            id="a file of evidence",
        ),
        pytest.param(
            (REVIEW, "pre_mortem:\n  - scenario: The store is full\n    likelihood: low\n", ""),
            "scenario 1 of the pre-mortem (gone): “The store is full likelihood: low”",
            id="a scenario that is gone",
        ),
    ],
)
def test_git_holds_the_words_of_every_kind_of_part(
    root: Path, git: Callable[..., str], change: Change, words: str
) -> None:
    for scope, name in (("team", "staffed"), ("organization", "trained")):
        asked = f"      - {{item: {name}, ask: So?, risk: low, scope: {scope}}}\n"
        write(root, "checklists/c.yaml", (root / "checklists/c.yaml").read_text("utf-8") + asked)
    answered = "  {}: {{answer: yes, note: {}, by: wei, on: 2026-11-20}}\n"
    write(root, "teams/payments.yaml", "team: payments\nanswers:\n" + answered.format("c/staffed", "Both of us"))
    write(root, "organization.yaml", "organization: o\nanswers:\n" + answered.format("c/trained", "Weekly"))
    vote(root)
    without_parts(root)
    committed(root, git)
    changed(root, change)
    git("commit", "-qam", "later")
    assert words in why(root)
    (known,) = look(root).known.values()
    assert known.is_whole
    assert not [line for line in git("status", "--short").splitlines() if line]


def test_words_of_a_repository_with_a_history_of_its_own_come_from_that(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    for name in ("orr.yaml", "checklists", "workloads"):
        (root / name).rename(ours / name)
    (root / "service").rename(theirs)
    write(ours, "orr.yaml", "repositories: [../theirs]\npolicy: [{sign_offs: [lead]}]\n")
    changed(ours, ("workloads/shop/workload.yaml", "../../service", "../../../theirs"))

    def git(folder: Path, *words: str) -> None:
        day = "2026-11-21T12:00:00Z"
        user = {
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b",
        }
        for key, value in {**user, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}.items():
            monkeypatch.setenv(key, value)
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)

    git(theirs, "init", "-q")
    git(theirs, "add", "-A")
    git(theirs, "commit", "-qm", "x")
    vote(ours)
    without_parts(ours)
    git(ours, "init", "-q")
    git(ours, "add", "-A")
    git(ours, "commit", "-qm", "x")
    changed(theirs, (SECTION[0].removeprefix("service/"), *SECTION[1:]))
    assert WORDS in why(ours)


def test_what_lies_outside_is_not_brought_from_a_commit(root: Path, git: Callable[..., str]) -> None:
    (root / "workloads/shop/all").symlink_to("/")
    changed(root, ("workloads/shop/workload.yaml", "../../service", "all"))
    text = (root / REVIEW).read_text("utf-8")
    digest = "sha256:" + "0" * 64
    (root / REVIEW).write_text(
        f"{text}sign_offs:\n  - {{role: lead, by: a, vote: go, on: 2026-11-20, digest: '{digest}'}}\n"
    )
    committed(root, git)
    changed(root, ("workloads/shop/workload.yaml", "repository: all", "repository: ../../service"))
    assert look(root).known == {}


def test_a_vote_that_is_not_committed_yet_is_compared_with_the_last_commit(root: Path, git: Callable[..., str]) -> None:
    committed(root, git)
    vote(root)
    changed(root, SECTION)
    assert WORDS in why(root)


def test_secrets_in_old_words_are_masked(root: Path, git: Callable[..., str]) -> None:
    changed(root, ("service/docs/rollback.md", "`checkout`", "`checkout`, password=hunter2hunter2"))
    vote(root)
    committed(root, git)
    changed(root, ("service/docs/rollback.md", "Yes, by the flag", "No, not by the flag"))
    assert "hunter2" not in why(root)


def record(root: Path, assessment: Evaluation) -> dict[str, Any]:
    told = to_json(assessment, "en")
    with closing(History("sqlite:///reports/history.db", root)) as history:
        history.record(Run("shop", TODAY, datetime(2026, 11, 22, 6, tzinfo=UTC), told))
    return told


def test_a_recorded_run_holds_the_words_where_there_is_no_git(root: Path) -> None:
    record(root, vote(root))
    changed(root, SECTION)
    assert WORDS in why(root)


def test_a_recorded_run_names_what_is_gone(root: Path) -> None:
    record(root, vote(root))
    changed(root, (REVIEW, "benefits: Sells more.\n", ""))
    assert "the review's benefits (gone): “Sells more.”" in why(root)


def test_a_record_keeps_no_more_than_the_beginning_of_a_text(root: Path) -> None:
    changed(root, ("service/docs/rollback.md", "`checkout`.", "`checkout`. " + "And more of it. " * 200))
    told = record(root, vote(root))
    assert max(len(part[1]) for part in told["ballot"].values() if len(part) > 1) <= 240
    changed(root, ("service/docs/rollback.md", "And more of it. \n", "And less of it.\n"))
    assert "docs/rollback.md#Off switch;" in why(root)


def test_signing_replaces_the_vote_of_the_very_same_name_alone(root: Path) -> None:
    vote(root, "ana.ruiz")
    vote(root, "Ana Ruiz")
    vote(root, "ana.ruiz")
    voters = [one.by for one in look(root).case.review.sign_offs]
    assert voters == ["Ana Ruiz", "ana.ruiz"]
