"""Names that must exist, match and be unique, and facts that must lie in the past."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.workspace_sample import FILES, other, put

from orr.workspace.workspace import Workspace

REVIEW = "workloads/shop/review.yaml"
C = "checklists/c.yaml"
ANSWER = "{answer: yes, by: wei, on: 2026-11-20}"


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(changes: dict[str, Any], today: date = date(2026, 11, 22)) -> list[str]:
    return [fault.in_words("en") for fault in Workspace.open(put(Path.cwd(), changes), today).faults()]


def review(more: str = "", **answers: str) -> dict[str, Any]:
    lines = [f"  {name.replace('__', '/')}: {said}\n" for name, said in answers.items()]
    return {REVIEW: "review: shop\n" + ("answers:\n" if lines else "") + "".join(lines) + more}


def plain(items: str) -> dict[str, Any]:
    return {
        C: f"checklist: c\nversion: 1\ntitle: C\nsections:\n- section: s\n  items:\n{items}",
        REVIEW: None,
        "teams/payments.yaml": None,
        "organization.yaml": None,
    }


def ruled(*rules: str, more: str = "") -> dict[str, Any]:
    lines = "".join(f"  - {{if: {rule}}}\n" for rule in rules)
    return {
        C: f"checklist: c\nversion: 1\ntitle: C\nsections:\n- section: s\n{more}  risk_rules:\n{lines}  items:\n"
        "  - {item: a, ask: A?}\n  - {item: b, ask: B?}\n",
        REVIEW: None,
        "teams/payments.yaml": None,
        "organization.yaml": None,
    }


WAIVER = "{{waiver: {}, items: [{}], reason: r, requested_by: wei, expires: 2026-12-31{}}}"


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        # Checklists
        pytest.param(
            plain("  - {item: a, ask: A?, risk: high}\n  - {item: a, ask: B?, risk: low}\n"),
            f"{C}:8:6",
            "the item a stands twice in this checklist",
            id="item twice",
        ),
        pytest.param(
            other(C, "section: ruled", "section: plain"),
            f"{C}:18:5",
            "the section plain stands twice",
            id="section twice",
        ),
        pytest.param(
            plain("  - {item: a, ask: A?}\n"),
            f"{C}:7:6",
            "the item a has no risk; write high, medium or low",
            id="no risk",
        ),
        pytest.param(
            other(C, "ask: X?", "ask: X?, risk: low"),
            f"{C}:23:28",
            "risk of the item x has no meaning",
            id="risk of a choice",
        ),
        pytest.param(
            other(C, "ask: X?", "ask: X?, blocking: false"),
            f"{C}:23:28",
            "blocking of the item x has no meaning",
            id="blocking of a choice",
        ),
        pytest.param(
            other(C, "section: plain", "section: plain\n    blocking: true"),
            f"{C}:6:5",
            "blocking has no meaning for a section without risk rules",
            id="blocking of a plain section",
        ),
        pytest.param(
            other(C, "section: ruled", "section: own"),
            f"{C}:18:5",
            "the section own has risk rules and shares its name with an item",
            id="section and item",
        ),
        pytest.param(
            other(C, "item: own", "item: ruled") | {REVIEW: None},
            f"{C}:18:5",
            "the section ruled has risk rules and shares its name",
            id="item and section",
        ),
        pytest.param(
            plain("  - {item: a, ask: A?, risk: high, practice: fly}\n"),
            f"{C}:7:36",
            "the practice fly is not known",
            id="unknown practice",
        ),
        pytest.param(
            plain("  - {item: a, ask: A?, risk: high, practice: [plan-for-unsuccesful-changes]}\n"),
            f"{C}:7:36",
            "did you mean plan-for-unsuccessful-changes?",
            id="misspelt practice",
        ),
        pytest.param(
            plain("  - {item: a, ask: A?, risk: high, checks: [{check: teleport}]}\n"),
            f"{C}:7:46",
            "teleport",
            id="unknown kind of check",
        ),
        pytest.param(
            plain("  - {item: a, ask: A?, risk: high, checks: [{check: files, pahts: x}]}\n"),
            f"{C}:7:",
            "pahts",
            id="unknown parameter of a check",
        ),
        pytest.param(
            plain("  - {item: a, ask: A?, risk: high, checks: [{any_of: [{check: files, paths: x}, {check: fly}]}]}\n"),
            f"{C}:7:82",
            "fly",
            id="unknown kind of check in a group",
        ),
        pytest.param(
            plain("  - {item: a, ask: A?, risk: high, checks: [{any_of: [{check: files, paths: x}], check: files}]}\n"),
            f"{C}:7:45",
            "beside any_of stands check",
            id="a key beside a group of checks",
        ),
        # Risk rules
        pytest.param(
            ruled("a &, risk: high", "default, risk: none"),
            f"{C}:7:6",
            "cannot be read at its column 3, “&”",
            id="no condition",
        ),
        pytest.param(
            ruled("a && c, risk: high", "default, risk: none"),
            f"{C}:7:6",
            "names c, which is no choice of this section",
            id="no choice",
        ),
        pytest.param(
            ruled("a, risk: high"),
            f"{C}:7:6",
            "the last risk rule is not `default`; end with {if: default, risk: …}",
            id="no default",
        ),
        pytest.param(
            ruled("default, risk: none", "a, risk: high", "default, risk: none"),
            f"{C}:7:6",
            "this `default` hides the rules after it",
            id="early default",
        ),
        pytest.param(
            ruled("a, risk: unknown", "default, risk: high"),
            f"{C}:7:13",
            "only `default` may leave the risk unknown",
            id="a risk that is unknown",
        ),
        # Reviews
        pytest.param(review(c__nothing=ANSWER), f"{REVIEW}:3:3", "there is no item c/nothing", id="unknown item"),
        pytest.param(review(c__onw=ANSWER), f"{REVIEW}:3:3", "did you mean c/own?", id="misspelt item"),
        pytest.param(
            review(d__own=ANSWER), f"{REVIEW}:3:3", "there is no item d/own", id="item of an unknown checklist"
        ),
        pytest.param(review(own=ANSWER), f"{REVIEW}:3:3", "there is no item own", id="item without its checklist"),
        pytest.param(
            review(c__ruled=ANSWER),
            f"{REVIEW}:3:3",
            "its choices are answered, not the section; answer c/x, c/y",
            id="answer of a section",
        ),
        pytest.param(
            review(c__ours=ANSWER.replace("yes", "no")),
            f"{REVIEW}:3:3",
            "departs from the one that is inherited, without a note",
            id="departs from the team",
        ),
        pytest.param(
            review(c__all=ANSWER.replace("yes", "partial")),
            f"{REVIEW}:3:3",
            "departs from the one that is inherited",
            id="departs from the organization",
        ),
        pytest.param(
            review(c__own=ANSWER.replace("20}", "23}")),
            f"{REVIEW}:3:33",
            "on is 2026-11-23, which is after 2026-11-22, the day that you ask about (`--today`); ask about",
            id="answered tomorrow",
        ),
        pytest.param(
            review(c__own=ANSWER.replace("20}", "22T17:00Z}")),
            f"{REVIEW}:3:33",
            "which is after 2026-11-22",
            id="tomorrow in the workspace's time zone",
        ),
        pytest.param(
            review(c__own=ANSWER.replace("}", ", evidence: [{title: t, collected: 2026-11-23}]}")),
            f"{REVIEW}:3:",
            "collected is 2026-11-23",
            id="collected tomorrow",
        ),
        pytest.param(
            review("waivers:\n- " + WAIVER.format("W", "c/nothing", "") + "\n"),
            f"{REVIEW}:3:23",
            "there is no item c/nothing",
            id="waiver of an unknown item",
        ),
        pytest.param(
            review("waivers:\n- " + WAIVER.format("W", "c/own", "") + "\n- " + WAIVER.format("W", "c/own", "") + "\n"),
            f"{REVIEW}:4:4",
            "the waiver W stands twice",
            id="waiver twice",
        ),
        # Names
        pytest.param(
            review(c__own='{answer: yes, by: "we\\u200Bi", on: 2026-11-20}'),
            f"{REVIEW}:3:24",
            "by is “wei” with an invisible character, U+200B ZERO WIDTH SPACE, at place 3; delete that character",
            id="an invisible character",
        ),
        pytest.param(
            review(
                "waivers:\n- " + WAIVER.format("W", "c/own", ", approved_by: \u0430na, approved_on: 2026-11-20") + "\n"
            ),
            f"{REVIEW}:3:82",
            "approved_by is “\u0430na”, and U+0430 CYRILLIC SMALL LETTER A is no letter that goes with its other",
            id="letters of two scripts",
        ),
        pytest.param(
            review(c__own="{plan: {action: x, owner: to be confirmed, due: 2026-12-01}, by: wei, on: 2026-11-20}"),
            f"{REVIEW}:3:29",
            "owner is “to be confirmed”, which names nobody; write who it is, or leave the entry out",
            id="nobody",
        ),
        pytest.param(
            review("waivers:\n- " + WAIVER.format("W", "c/own", ", approved_by: a, approved_on: 2026-11-23") + "\n"),
            f"{REVIEW}:3:",
            "approved_on is 2026-11-23",
            id="approved tomorrow",
        ),
        pytest.param(
            review("waivers:\n- " + WAIVER.format("W", "c/own", ", revoked_on: 2026-11-23") + "\n"),
            f"{REVIEW}:3:",
            "revoked_on is 2026-11-23",
            id="revoked tomorrow",
        ),
        pytest.param(
            review(f"sign_offs:\n- {{role: r, by: b, vote: go, on: 2026-11-23, digest: {'a' * 64}}}\n"),
            f"{REVIEW}:3:",
            "on is 2026-11-23",
            id="voted tomorrow",
        ),
        pytest.param(
            review("pre_mortem:\n- {scenario: s, tested_on: 2026-11-23}\n"),
            f"{REVIEW}:3:17",
            "tested_on is 2026-11-23",
            id="tested tomorrow",
        ),
        # Teams and the organization
        pytest.param(
            {"teams/payments.yaml": f"team: payments\nanswers:\n  c/own: {ANSWER}\n"},
            "teams/payments.yaml:3:3",
            "answered by the workload, not here; move the answer to workloads/…/review.yaml",
            id="a team answers a workload's item",
        ),
        pytest.param(
            {"teams/payments.yaml": f"team: payments\nanswers:\n  c/all: {ANSWER}\n"},
            "teams/payments.yaml:3:3",
            "answered by the organization, not here",
            id="a team answers the organization's item",
        ),
        pytest.param(
            {"organization.yaml": f"organization: acme\nanswers:\n  c/ours: {ANSWER}\n"},
            "organization.yaml:3:3",
            "answered by the team, not here; move the answer to teams/….yaml",
            id="the organization answers a team's item",
        ),
        pytest.param(
            {"teams/payments.yaml": f"team: payments\nanswers:\n  c/nothing: {ANSWER}\n"},
            "teams/payments.yaml:3:3",
            "there is no item c/nothing",
            id="a team answers an unknown item",
        ),
        pytest.param(
            {"teams/payments.yaml": "team: payments\nanswers:\n  c/ours: {answer: yes, by: a, on: 2026-11-23}\n"},
            "teams/payments.yaml:3:",
            "which is after 2026-11-22",
            id="a team answers tomorrow",
        ),
    ],
)
def test_a_fault_has_its_place_and_says_what_to_do(changes: dict[str, Any], place: str, words: str) -> None:
    (only,) = told(changes)
    assert only.startswith(place)
    assert words in only


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(review(c__ours=ANSWER.replace("yes", "no, note: ours is older")), id="departs with a note"),
        pytest.param(review(c__ours=ANSWER), id="says the same as the team"),
        pytest.param(review(c__x=ANSWER), id="answers a choice"),
        pytest.param(review("waivers:\n- " + WAIVER.format("W", "c/ruled", "") + "\n"), id="waives a section"),
        pytest.param(review(c__own=ANSWER.replace("20}", "22}")), id="answered today"),
        pytest.param(review(c__own=ANSWER.replace("20}", "22T15:59Z}")), id="today in the workspace's time zone"),
        pytest.param(
            review(c__own=ANSWER.replace("}", ", plan: {action: a, owner: o, due: 2020-01-01}}")),
            id="a plan may be past",
        ),
        pytest.param(
            ruled("a && !b, risk: high", "default, risk: none", more="  blocking: true\n"), id="a section that blocks"
        ),
        pytest.param(
            other("workloads/shop/workload.yaml", "tier: 1", "tier: 1\nlaunch: 2030-01-01"), id="a launch to come"
        ),
    ],
)
def test_what_is_right_is_no_fault(changes: dict[str, Any]) -> None:
    assert told(changes) == []


def test_every_fault_of_every_file_is_told_at_once() -> None:
    changes = {
        C: FILES[C].replace("item: own", "item: all").replace("default", "x &"),
        **other("teams/payments.yaml", "c/ours", "c/own"),
        "organization.yaml": "organization: acme\nanswers:\n  c/all: {answer: yes, by: bo, on: 2027-01-01}\n",
    }
    assert [said.split(": ")[0] for said in told(changes)] == [
        f"{C}:14:9",
        f"{C}:21:10",
        "organization.yaml:3:32",
    ]


def test_of_very_many_faults_of_a_file_the_first_are_told_and_that_there_are_more() -> None:
    told_of = told(review(**{f"c__nothing{number}": ANSWER for number in range(1_200)}))
    assert len(told_of) == 1_001
    assert "more than 1000 faults; the others are not named; mend those above first" in told_of[-1]


W = "workloads/shop/workload.yaml"
SHOP = "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\n"


@pytest.mark.parametrize(
    ("paths", "says"),
    [
        ("{runbook: a.md}", "6:4: `paths` has no topic runbook; did you mean runbooks?"),
        ("{xyz: a.md}", "6:4: `paths` has no topic xyz; take a name from docs/conventions.md, such as runbooks, "
         "alert-rules, objectives or roster"),
        ("{scans: a.sarif}", "6:4: scans (Scan results) cannot be moved by a workload: checks look there for what must "
         "not be; take it out of `paths`; who keeps the checklists names the pattern in the check"),
        ("{incidents: x}", "6:4: incidents (Records of incidents) cannot be moved by a workload: checks look there for "
         "what must not be; take it out of `paths`; who keeps the checklists names the pattern in the check"),
        ("{runbooks: []}", "6:4: runbooks names no file; write a pattern, or take runbooks out of `paths`"),
        ("{runbooks: [a.md, ../b.md]}", "6:21: “../b.md” leads out of the repository; write a path relative to the "
         "repository, with / between folders"),
        ("{runbooks: /etc/passwd}", "6:4: “/etc/passwd” is no path relative to the repository; write a path relative "
         "to the repository, with / between folders"),
        ("{runbooks: convention:playbok}", "6:4: there is no convention “playbok”; write `convention:playbooks`"),
    ],
    ids=["misspelt", "unknown", "scans", "incidents", "empty", "outside", "absolute", "convention"],
)  # fmt: skip
def test_a_topic_of_paths_exists_may_be_moved_and_stays_in_the_repository(paths: str, says: str) -> None:
    assert told({W: f"{SHOP}paths:\n  {paths}\n"}) == [f"{W}:{says}"]


def test_paths_that_are_right_are_no_fault() -> None:
    assert told({W: f"{SHOP}paths: {{runbooks: [convention:runbooks, 'ops/**/*.md'], alert-rules: a.yaml}}\n"}) == []
