"""What a person attests beside or against a check: shown with it, and overruling nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from orr.evaluate import Evaluation, evaluate
from orr.evidence.collect import collect
from orr.formats.record import to_json
from orr.formats.text import text
from orr.report.report import Report
from orr.workspace.workspace import Workspace

TODAY = date(2026, 11, 23)
CHECKLIST = """\
checklist: c
version: 1
title: C
sections:
  - section: s
    items:
      - {item: i, ask: Is it there?, risk: high, answered_by: BY, checks: [{check: files, paths: there.md}]}
      - {item: plain, ask: Is it good?, risk: low}
"""
ANSWER = """\
    answer: REPLY
    note: Kept in the handbook, page 4.
    reason: Kept in the handbook, page 4.
    evidence: [{title: Page 4, url: https://handbook.example.com/4, collected: 2026-11-19}]
    by: wei.chen
    on: 2026-11-20
"""


def assessed(root: Path, reply: str, there: bool, by: str = "both", risk: str = "high") -> Evaluation:
    for name, content in {
        "orr.yaml": "checklists: [c.yaml]\n",
        "c.yaml": CHECKLIST.replace("BY", by).replace("risk: high", f"risk: {risk}"),
        "workloads/shop/workload.yaml": "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\n",
        "workloads/shop/review.yaml": "review: shop\nanswers:\n  c/i:\n"
        + ANSWER.replace("REPLY", reply)
        + "  c/plain: {answer: yes, by: wei.chen, on: 2026-11-20}\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    if there:
        (root / "workloads/shop/there.md").write_text("It is.\n")
    workspace = Workspace.open(root, TODAY)
    case = workspace.case("shop")
    return evaluate(case, collect(case, workspace.places(case), workspace.settings, TODAY), TODAY)


@pytest.mark.parametrize("by", ["checks", "both", "person"])
@pytest.mark.parametrize("reply", ["yes", "partial", "no"])
def test_an_attestation_never_overrules_a_check_that_is_not_met(tmp_path: Path, reply: str, by: str) -> None:
    item = assessed(tmp_path, reply, False, by).items[0]
    assert item.state.value == "not-met"
    assert item.contradicted is (reply == "yes")


@pytest.mark.parametrize(
    ("reply", "there", "state"), [("yes", True, "met"), ("no", True, "not-met"), ("partial", True, "partial")]
)
def test_beside_a_check_that_is_met_it_can_only_make_the_state_worse(
    tmp_path: Path, reply: str, there: bool, state: str
) -> None:
    assert assessed(tmp_path, reply, there).items[0].state.value == state
    assert assessed(tmp_path, reply, there, "checks").items[0].state.value == state


@pytest.mark.parametrize(
    ("language", "attested", "found"),
    [("en", "attested: yes, wei.chen, 2026-11-20: Kept in", "files, nothing found: no file matches there.md"),
     ("zh-CN", "声明：是，wei.chen，2026-11-20：Kept in", "files，未找到：")],
)  # fmt: skip
def test_the_terminal_shows_the_attestation_and_the_check(
    tmp_path: Path, language: str, attested: str, found: str
) -> None:
    told = " ".join(text(assessed(tmp_path, "yes", False), language).split())
    assert attested in told
    assert found in told


@pytest.mark.parametrize(
    ("reply", "there", "shown"),
    [
        ("yes", False, ["c/i (not met)", "attested: yes, wei.chen", "files, nothing found: no file matches there.md"]),
        ("no", True, ["c/i (not met)", "attested: no, wei.chen", "files, met: one file matches there.md"]),
        ("yes", True, []),
        ("not-applicable", True, []),
    ],
    ids=["against a check", "against a check that is met", "beside a check", "needless"],
)
def test_the_terminal_shows_open_attestations_of_items_that_the_verdict_does_not_hang_on(
    tmp_path: Path, reply: str, there: bool, shown: list[str]
) -> None:
    assessment = assessed(tmp_path, reply, there, risk="low")
    assert not assessment.path_to_go
    told = text(assessment, "en")
    apart = told.partition("Attested, and open all the same")[2].partition("Readiness")[0]
    assert bool(apart) is bool(shown)
    assert all(words in apart for words in shown), told


@pytest.mark.parametrize(("language", "word"), [("en", "Attested: yes"), ("zh-CN", "声明：是")])
@pytest.mark.parametrize("there", [True, False])
def test_the_report_shows_the_attestation_and_the_check(tmp_path: Path, language: str, word: str, there: bool) -> None:
    html = Report(assessed(tmp_path, "yes", there), language).items().html
    item = html.split('id="c/i"')[1].split('id="c/plain"')[0]
    assert word in item
    assert "Kept in the handbook, page 4." in item
    assert "https://handbook.example.com/4" in item
    assert "there.md" in item
    assert word not in html.split('id="c/plain"')[1]


def test_json_holds_both_and_nothing_for_an_item_without_a_check(tmp_path: Path) -> None:
    data = json.loads(json.dumps(to_json(assessed(tmp_path, "yes", False), "en")))
    checked, plain = data["items"]
    assert (checked["attested"]["answer"], checked["attested"]["by"], checked["attested"]["on"]) == (
        "yes", "wei.chen", "2026-11-20",
    )  # fmt: skip
    assert checked["attested"]["evidence"][0]["url"] == "https://handbook.example.com/4"
    assert checked["evidence"][0]["outcome"] == "not-met"
    assert plain["attested"] is None
