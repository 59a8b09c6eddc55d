"""What people say to each other in the form: challenges, assignments, comments, and answers for a whole team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.form_stage import TODAY, Stage, saved, workspace

from orr.form.asked import REVIEW_AT
from orr.form.session import Session
from orr.form.widget import form_of
from orr.source.yaml import parse
from orr.workspace.discussion import add_comment
from orr.workspace.workspace import Workspace

OWNER, ROTA = "rollback/owner", "team/rota"
REVIEW = "review: shop\nanswers:\n  rollback/owner: {answer: yes, by: lee, on: 2026-11-20}\n"
Edit = Callable[..., dict[str, Any]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    depot = "workload: depot\ntitle: Depot\ntier: 3\nowner: {team: sales}\n"
    return workspace(tmp_path, REVIEW, **{"workloads/depot/workload.yaml": depot})


@pytest.fixture
def session(root: Path) -> Session:
    return Session(root, "shop", today=TODAY)


@pytest.fixture
def edit(session: Session) -> Edit:
    numbers = iter(range(1000))

    def send(what: str, who: str = "ana", **more: Any) -> dict[str, Any]:
        sent: list[dict[str, Any]] = []
        message = {"id": f"n{next(numbers)}", "client": "page", "who": who, "edit": {"what": what, **more}}
        session.edit(message, sent.append)
        return sent[-1]

    return send


def item(session: Session, name: str) -> dict[str, Any]:
    shown = session.everything()["items"][name]
    assert isinstance(shown, dict)
    return shown


def sales(root: Path) -> dict[str, Any]:
    answers = parse((root / "teams/sales.yaml").read_text(encoding="utf-8"), "")["answers"]
    assert isinstance(answers, dict)
    return answers


def test_an_answer_is_challenged_and_the_challenge_lifted(session: Session, root: Path, edit: Edit) -> None:
    assert edit("challenge", item=OWNER, why=" ")["lacks"][0]["field"] == "why"
    assert edit("challenge", item=OWNER, why="she left")["kind"] == "ack"
    shown = item(session, OWNER)
    assert (shown["state"], shown["challenge"]["by"], "challengeable" in shown) == ("unanswered", "ana", False)
    assert [one["item"] for one in session.everything()["top"]["challenged"]] == [OWNER]
    assert edit("lift", who="lee", item=OWNER, why="no")["kind"] == "refused"
    assert edit("lift", who="bo", item=OWNER, why="li does it now")["kind"] == "ack"
    assert item(session, OWNER)["state"] == "met"
    assert saved(root)["answers"][OWNER]["challenged"]["lifted"]["by"] == "bo"


def test_neither_undo_nor_a_new_or_withdrawn_answer_ends_a_challenge(session: Session, edit: Edit, root: Path) -> None:
    edit("challenge", item=OWNER, why="she left")
    assert session.everything()["top"]["undo"] == 0
    for draft in ({"answer": "yes", "confirm": True}, {"answer": "partial"}, {}):
        edit("answer", who="lee", item=OWNER, draft=draft, base=item(session, OWNER)["v"])
        assert item(session, OWNER)["state"] == "unanswered"
        assert saved(root)["answers"][OWNER]["challenged"]["by"] == "ana"


def test_the_answer_of_a_team_is_challenged_in_its_file(session: Session, root: Path, edit: Edit) -> None:
    assert edit("challenge", item=ROTA, why="nobody in August")["kind"] == "ack"
    assert sales(root)[ROTA]["challenged"]["by"] == "ana"
    assert (item(session, ROTA)["state"], Session(root, "depot").everything()["items"][ROTA]["state"]) == (
        "unanswered",
        "unanswered",
    )
    assert "answers" not in saved(root) or ROTA not in saved(root)["answers"]


def test_an_item_is_assigned_and_that_is_undone(session: Session, root: Path, edit: Edit) -> None:
    assert edit("assign", item=OWNER, to="TBD")["lacks"][0]["field"] == "to"
    edit("assign", item=OWNER, to="li", due="2026-12-01")
    shown = item(session, OWNER)
    assert (shown["assigned"], shown["owner"]) == ({"to": "li", "due": "2026-12-01", "by": "ana"}, "li")
    sent: list[dict[str, Any]] = []
    session.edit({"id": "undo", "client": "page", "who": "ana", "undo": True}, sent.append)
    assert "assignment" in sent[-1]["did"]["says"]
    assert "assigned" not in saved(root)
    edit("assign", item=OWNER, to="li")
    edit("assign", item=OWNER, to="")
    assert "assigned" not in item(session, OWNER)


def test_each_is_told_which_open_items_are_theirs(session: Session, edit: Edit) -> None:
    edit("assign", item="rollback/rehearsed", to="Li")
    session.meet("li")
    assert session.own_waivers()["top"]["mine"] == {"li": ["rollback/rehearsed"]}


def test_a_team_answers_once_and_the_page_is_told_for_whom(session: Session, root: Path, edit: Edit) -> None:
    says = session.heirs(ROTA)
    assert "team sales; 2 workloads inherit it: depot, shop" in says
    text = (root / "teams/sales.yaml").read_text(encoding="utf-8")
    (root / "teams/sales.yaml").write_text(f"# ours\n{text}", encoding="utf-8")
    session.refresh(lambda _: None)
    base = item(session, ROTA)["inherited"]["v"]
    assert edit("answer-above", item=ROTA, draft={"answer": "not-applicable"}, base=base)["lacks"]
    assert edit("answer-above", item=ROTA, draft={"answer": "no", "note": "gone"}, base=base)["kind"] == "ack"
    assert (sales(root)[ROTA]["answer"], sales(root)[ROTA]["by"]) == ("no", "ana")
    assert (root / "teams/sales.yaml").read_text(encoding="utf-8").startswith("# ours\n")
    assert item(session, ROTA)["state"] == "not-met"
    # Somebody who saw the former answer does not write over this one.
    both = edit("answer-above", who="bo", item=ROTA, draft={"answer": "yes"}, base=base)
    assert (both["kind"], both["theirs"]["answer"]) == ("conflict", "no")
    assert sales(root)[ROTA]["answer"] == "no"


def test_an_item_of_the_workload_is_answered_for_nobody_else(session: Session, root: Path, edit: Edit) -> None:
    assert edit("answer-above", item=OWNER, draft={"answer": "no"}, base="")["kind"] == "refused"
    assert OWNER not in sales(root)


def test_comments_are_added_and_those_of_others_appear(session: Session, root: Path, edit: Edit) -> None:
    assert edit("comment", item=OWNER, text=" ")["lacks"][0]["field"] == "text"
    edit("comment", item=OWNER, text="who is it?")
    edit("comment", item=OWNER, text="who is it?")  # sent again
    (first,) = session.everything()["comments"][OWNER]
    edit("comment", who="bo", item=OWNER, text="li", reply_to=first["id"])
    at = datetime.combine(date(2026, 11, 20), datetime.min.time())
    add_comment(session.held.workspace, "shop", OWNER, "eve", at, "before\u202e all")
    sent: list[dict[str, Any]] = []
    session.refresh(sent.append)
    shown = [(one["by"], one["text"], one["to"]) for one in sent[0]["comments"][OWNER]]
    assert shown[0] == ("eve", "before\ufffd all", None)
    assert {("ana", "who is it?", None), ("bo", "li", "ana")} < set(shown)


def test_the_first_page_is_led_to_the_item_that_was_asked_for(session: Session) -> None:
    stage = Stage(session, at=OWNER)
    hello = {"kind": "hello", "client": "c1", "who": "ana"}
    led = [[one["at"] for one in stage.receive(hello) if one["kind"] == "all"] for _ in range(2)]
    stage.end()
    assert led == [[OWNER], [None]]


@pytest.mark.parametrize(("named", "at"), [(f"shop#{OWNER}", OWNER), (f"depot#{OWNER}", None), ("shop", None)])
def test_the_command_names_the_item_to_the_form_of_its_workload(
    root: Path, monkeypatch: pytest.MonkeyPatch, named: str, at: str | None
) -> None:
    monkeypatch.setenv(REVIEW_AT, named)
    form = form_of("shop", Workspace(root, TODAY), "ana", "en", TODAY)
    form.close()
    assert form.conversation.at == at
