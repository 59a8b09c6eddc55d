"""Approving what one person asked for and another has to agree to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.workspace_sample import FILES, TODAY, put

from orr.assessing import assess
from orr.model.review import State
from orr.source.faults import FaultyInput
from orr.workspace.approvals import Approvable, approve
from orr.workspace.editing import Refused
from orr.workspace.workspace import Workspace

DAY = date.fromisoformat(TODAY)
OWN = "workloads/shop/workload.yaml"
REVIEW = "workloads/shop/review.yaml"
LEAVE = """\
workload: shop  # the shop
title: Shop
tier: 4
impact: {outage_cost: 0 EUR, users: 0, teams: 0, data: public, safety: false, legal: false, availability: 99%, rto: 1d, rpo: 1d}
owner: {team: payments}
leave_out:
  d:
    reason: It comes later.
    requested_by: wei  # of payments
    expires: 2026-12-31
"""  # noqa: E501
EXCEPTION = """\
workload: shop
title: Shop
tier: 3
tier_exception: {tier: 3, instead_of: 1, reason: A pilot, requested_by: wei, expires: 2026-12-31}
owner: {team: payments}
checklists: [c]
"""
NOT_APPLICABLE = "{answer: not-applicable, reason: We have none, by: wei, on: 2026-11-20}"


def workspace(root: Path, **files: str) -> Workspace:
    lists = {"checklists/d.yaml": FILES["checklists/c.yaml"].replace("checklist: c", "checklist: d")}
    return Workspace(put(root, {**lists, **files}), DAY)


def anew(root: Path) -> Workspace:
    return Workspace(root, DAY)


def state(root: Path, name: str) -> State:
    return next(item.state for item in assess(anew(root), "shop", compared=False).items if item.name == name)


def test_a_list_is_left_out_once_another_person_approves(tmp_path: Path) -> None:
    root = put(tmp_path)
    before = workspace(root, **{OWN: LEAVE})
    assert state(root, "d/asked") is State.NOT_MET
    assert approve(before, before.case("shop"), Approvable.LEAVE_OUT, "d", "ana", DAY) == root / OWN
    assert state(root, "d/asked") is State.NOT_APPLICABLE
    approved = "    approved_by: ana\n    on: 2026-11-22\n    expires:"
    assert (root / OWN).read_text() == LEAVE.replace("    expires:", approved)


def test_a_laxer_tier_counts_once_another_person_approves(tmp_path: Path) -> None:
    before = workspace(tmp_path, **{OWN: EXCEPTION})
    assert before.case("shop").tier == 1
    approve(before, before.case("shop"), Approvable.TIER_EXCEPTION, "", "ana", DAY)
    assert anew(tmp_path).case("shop").tier == 3


@pytest.mark.parametrize(
    ("file", "text", "item"),
    [
        (REVIEW, f"review: shop\nanswers:\n  c/own: {NOT_APPLICABLE}\n", "c/own"),
        ("teams/payments.yaml", f"team: payments\nanswers:\n  # none\n  c/ours: {NOT_APPLICABLE}\n", "c/ours"),
        ("organization.yaml", f"organization: acme\nanswers:\n  c/all: {NOT_APPLICABLE}\n", "c/all"),
    ],
    ids=["workload", "team", "organization"],
)
def test_an_answer_of_not_applicable_is_approved_in_the_file_where_it_stands(
    tmp_path: Path, file: str, text: str, item: str
) -> None:
    stops = FILES["checklists/c.yaml"].replace("risk: low", "risk: high")
    before = workspace(tmp_path, **{file: text, "checklists/c.yaml": stops})
    assert state(tmp_path, item) is State.UNANSWERED
    assert approve(before, before.case("shop"), Approvable.NOT_APPLICABLE, item, "ana", DAY) == tmp_path / file
    assert state(tmp_path, item) is State.NOT_APPLICABLE
    assert ("# none" in (tmp_path / file).read_text()) is ("# none" in text)


def test_an_inherited_answer_under_a_replaced_id_is_approved_under_that_id(tmp_path: Path) -> None:
    renamed = FILES["checklists/c.yaml"].replace("- item: ours", "- item: theirs\n        replaces: c/ours")
    text = f"team: payments\nanswers:\n  c/ours: {NOT_APPLICABLE}\n"
    before = workspace(tmp_path, **{"teams/payments.yaml": text, "checklists/c.yaml": renamed})
    approve(before, before.case("shop"), Approvable.NOT_APPLICABLE, "c/theirs", "ana", DAY)
    written = (tmp_path / "teams/payments.yaml").read_text(encoding="utf-8")
    assert "  c/theirs:\n    answer: not-applicable\n" in written
    assert "approved_by: ana" in written
    assert "c/ours" not in written


@pytest.mark.parametrize(
    ("kind", "name", "by", "why"),
    [
        (Approvable.LEAVE_OUT, "d", "WEI", "does-not-hold"),
        (Approvable.LEAVE_OUT, "c", "ana", "no-leave"),
        (Approvable.TIER_EXCEPTION, "", "ana", "no-exception"),
        (Approvable.NOT_APPLICABLE, "c/own", "ana", "not-na"),
        (Approvable.NOT_APPLICABLE, "c/ours", "Wei", "own-na"),
        (Approvable.NOT_APPLICABLE, "c/ours", "wei@example.com", "alike-na"),
        (Approvable.NOT_APPLICABLE, "c/nothing", "ana", "not-na"),
    ],
    ids=lambda value: str(value),
)
def test_what_would_not_hold_is_refused_and_not_written(
    tmp_path: Path, kind: Approvable, name: str, by: str, why: str
) -> None:
    team = f"team: payments\nanswers:\n  c/ours: {NOT_APPLICABLE}\n"
    before = workspace(tmp_path, **{OWN: LEAVE, "teams/payments.yaml": team})
    with pytest.raises(Refused) as refused:
        approve(before, before.case("shop"), kind, name, by, DAY)
    assert refused.value.why.key == f"file.edit.{why}"
    assert (tmp_path / OWN).read_text() == LEAVE
    assert (tmp_path / "teams/payments.yaml").read_text() == team


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        (Approvable.LEAVE_OUT, "d", LEAVE.replace("2026-12-31", "2027-12-31")),
        (Approvable.LEAVE_OUT, "d", LEAVE.replace("2026-12-31", "2026-11-21")),
        (Approvable.TIER_EXCEPTION, "", EXCEPTION.replace("2026-12-31", "2027-12-31")),
        (Approvable.TIER_EXCEPTION, "", EXCEPTION.replace("instead_of: 1", "instead_of: 2")),
    ],
    ids=["longer than allowed", "ended", "exception longer than allowed", "exception of another tier"],
)
def test_a_term_that_the_policy_does_not_allow_is_refused(
    tmp_path: Path, kind: Approvable, name: str, text: str
) -> None:
    before = workspace(tmp_path, **{OWN: text})
    with pytest.raises(Refused, match="would not hold"):
        approve(before, before.case("shop"), kind, name, "ana", DAY)
    assert (tmp_path / OWN).read_text() == text


def test_what_somebody_approved_is_not_approved_again(tmp_path: Path) -> None:
    first = workspace(tmp_path, **{OWN: LEAVE})
    approve(first, first.case("shop"), Approvable.LEAVE_OUT, "d", "ana", DAY)
    with pytest.raises(Refused, match="approved by ana already"):
        approve(anew(tmp_path), anew(tmp_path).case("shop"), Approvable.LEAVE_OUT, "d", "bo", DAY)


def test_a_file_that_cannot_be_changed_in_one_place_says_what_to_add(tmp_path: Path) -> None:
    shared = LEAVE.replace("  d:\n", "  d: &all\n") + "  c: *all\n"
    first = workspace(tmp_path, **{OWN: shared})
    with pytest.raises(FaultyInput, match="add approved_by: ana, on: 2026-11-22"):
        approve(first, first.case("shop"), Approvable.LEAVE_OUT, "c", "ana", DAY)
    assert (tmp_path / OWN).read_text() == shared
