"""Changing a review while others change it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.builders import answer, case, item
from support.builders import assess as evaluated
from support.workspace_sample import TODAY, other, put

from orr.assessing import assess
from orr.form.session import Session
from orr.model.review import Review, Vote
from orr.workspace.editing import Refused, approve_waiver, ask_for_waiver, edit_review, revoke_waiver, sign_off
from orr.workspace.replaced import replaced
from orr.workspace.saving import read_review
from orr.workspace.workspace import Workspace

DAY = date.fromisoformat(TODAY)
WRITERS = 4
OPEN = other("workloads/shop/review.yaml", "answer: yes", "answer: no")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return put(tmp_path, OPEN)


def review(root: Path) -> Review:
    return read_review(root / "workloads/shop/review.yaml", "review.yaml").review


def asked(review: Review, expires: date, who: str = "ann", days: int = 90) -> tuple[Review, str]:
    still = evaluated(case(item("own"), policy={"waiver_max_days": days}))
    return ask_for_waiver(review, ("c/own",), f"{who} has no time", None, who, expires, still)


def waive(root: Path, who: str) -> str:
    names = []

    def ask(review: Review) -> Review:
        changed, name = asked(review, date(2026, 12, 20), who)
        names.append(name)
        return changed

    edit_review(Workspace(root, DAY), "shop", ask)
    return names[0]


def revoke(root: Path, waiver: str) -> None:
    edit_review(Workspace(root, DAY), "shop", lambda review: revoke_waiver(review, waiver, DAY))


def sign(root: Path, who: str) -> None:
    workspace = Workspace(root, DAY)
    assessment = assess(workspace, "shop")
    edit_review(workspace, "shop", lambda review: sign_off(review, assessment, "service-owner", who, Vote.GO))


def waive_in_the_form(root: Path, who: str, item: str = "c/own") -> None:
    edit = {"what": "waive", "items": [item], "reason": f"{who} has no time", "expires": "2026-12-20"}
    sent: list[str] = []
    session = Session(root, "shop", today=DAY)
    session.edit({"id": who, "client": "c", "who": who, "edit": edit}, lambda message: sent.append(message["kind"]))
    assert sent[-1] == "ack", sent


def at_once(*works: Callable[[], object]) -> None:
    """Do each work in a process of its own, all from one moment on."""
    ready, go = os.pipe()
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(go)
                os.read(ready, 1)
                work()
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    os.close(ready)
    os.close(go)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * len(works)


def test_all_who_waive_revoke_sign_and_save_a_form_at_once_succeed(root: Path) -> None:
    given = [waive(root, f"ann {n}") for n in range(WRITERS)]
    at_once(
        *(lambda n=n: waive(root, f"bob {n}") for n in range(WRITERS)),
        *(lambda n=n: waive_in_the_form(root, f"eve {n}") for n in range(WRITERS)),
        *(lambda n=n: sign(root, f"leo {n}") for n in range(WRITERS)),
        *(lambda name=name: revoke(root, name) for name in given),
    )
    found = review(root)
    assert [waiver.waiver for waiver in found.waivers] == sorted(f"W-{n}" for n in range(1, 3 * WRITERS + 1))
    askers = {f"{name} {n}" for name in ("ann", "bob", "eve") for n in range(WRITERS)}
    assert {waiver.requested_by for waiver in found.waivers} == askers
    assert {waiver.waiver for waiver in found.waivers if waiver.revoked_on == DAY} == set(given)
    assert {vote.by for vote in found.sign_offs} == {f"leo {n}" for n in range(WRITERS)}
    assert not list((root / "workloads/shop").glob("*not-saved*"))


@pytest.mark.parametrize(("days", "key"), [(-1, "past"), (0, None), (90, None), (91, "too-long")])
def test_a_waiver_is_asked_for_until_a_day_that_the_policy_allows(days: int, key: str | None) -> None:
    expires = DAY + timedelta(days=days)
    if key is None:
        assert asked(Review(review="shop"), expires)[0].waivers[0].expires == expires
        return
    with pytest.raises(Refused) as refused:
        asked(Review(review="shop"), expires)
    assert refused.value.why.key == f"file.edit.{key}"


@pytest.mark.parametrize(
    ("keys", "answers", "says"),
    [
        ({}, {"own": answer("no")}, None),
        ({}, {"own": answer("partial")}, None),
        ({}, {}, None),
        ({}, {"own": answer("yes")}, "There is nothing to waive: c/own is met, or does not apply."),
        ({"waivable": False}, {}, "The checklist lets nobody waive c/own."),
        ({"when": {"tags": "x"}}, {}, "There is nothing to waive: c/own"),
        ({"item": "other"}, {}, "is not asked c/own, so there is nothing to waive."),
    ],
    ids=["no", "partial", "unanswered", "yes", "not waivable", "left out", "not asked"],
)
def test_a_waiver_is_asked_for_where_it_could_cover_something(
    keys: dict[str, Any], answers: dict[str, Any], says: str | None
) -> None:
    still = evaluated(case({**item("own"), **keys}, answers=answers if "item" not in keys else {}))
    given = (Review(review="shop"), ("c/own",), "r", None, "ann", DAY + timedelta(days=9), still)
    if says is None:
        assert ask_for_waiver(*given)[1] == "W-1"
        return
    with pytest.raises(Refused, match=re.escape(says)):
        ask_for_waiver(*given)


def test_a_policy_of_more_days_than_the_calendar_has_allows_any_day() -> None:
    assert asked(Review(review="shop"), date.max, days=10**9)[0].waivers[0].expires == date.max


def test_a_waiver_that_is_longer_than_the_policy_allows_is_not_approved(root: Path) -> None:
    assessment = assess(Workspace(root, DAY), "shop")
    limit = assessment.case.policy.waiver_max_days
    review, name = asked(Review(review="shop"), DAY + timedelta(days=limit + 1), days=limit + 1)
    with pytest.raises(Refused) as refused:
        approve_waiver(review, assessment, name, "bob")
    assert refused.value.why.key == "file.edit.too-long"
    review, name = asked(Review(review="shop"), DAY + timedelta(days=limit), days=limit)
    assert approve_waiver(review, assessment, name, "bob").waivers[0].approved_by == "bob"


def test_what_was_answered_under_a_replaced_id_is_written_under_the_new_one(tmp_path: Path) -> None:
    merged = other("checklists/c.yaml", "- item: own", "- item: both\n        replaces: c/own")
    root = put(tmp_path, merged)

    def ask(review: Review) -> Review:
        still, until = evaluated(case(item("both"))), DAY + timedelta(days=20)
        return ask_for_waiver(review, ("c/both",), "no time", None, "wei", until, still)[0]

    edit_review(Workspace(root, DAY), "shop", ask)

    written = (root / "workloads/shop/review.yaml").read_text(encoding="utf-8")
    assert "c/own" not in written
    assert list(review(root).answers) == ["c/both"]
    assert not list(replaced(Workspace(root, DAY)))


def test_the_form_holds_and_writes_the_new_id(tmp_path: Path) -> None:
    merged = other("checklists/c.yaml", "- item: own", "- item: both\n        replaces: c/own")
    root = put(tmp_path, {**merged, **OPEN})
    session = Session(root, "shop", today=DAY)
    assert session.assessment.items[0].state == "not-met"

    waive_in_the_form(root, "ann", item="c/both")

    assert list(review(root).answers) == ["c/both"]
    assert not session.held.read_again()[0].answers.keys() - {"c/both"}
