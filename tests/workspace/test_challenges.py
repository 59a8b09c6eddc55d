"""Challenges are written where the answer stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.workspace_sample import TODAY, other, put

from orr.assessing import assess
from orr.model.checklist import Scope
from orr.model.review import Answer, Reply
from orr.source.faults import FaultyInput
from orr.workspace.challenges import challenge, lift
from orr.workspace.editing import Refused
from orr.workspace.saving import NotSaved, locked
from orr.workspace.shared_answers import Home, edit_answer, home_in, home_of, inheriting
from orr.workspace.workspace import Workspace

DAY = date.fromisoformat(TODAY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    more = "workload: {}\ntitle: T\ntier: 3\nowner: {{team: {}}}\nchecklists: [c]\n"
    names = {"depot": "payments", "mail": "other"}
    return put(tmp_path, {f"workloads/{name}/workload.yaml": more.format(name, team) for name, team in names.items()})


def opened(root: Path) -> Workspace:
    return Workspace(root, DAY)


def home(root: Path, item: str) -> Home:
    workspace = opened(root)
    return home_of(workspace, workspace.case("shop"), item)


@pytest.mark.parametrize(
    ("item", "file", "workloads"),
    [
        pytest.param("c/own", "workloads/shop/review.yaml", ["shop"], id="the workload"),
        pytest.param("c/ours", "teams/payments.yaml", ["depot", "shop"], id="the team"),
        pytest.param("c/all", "organization.yaml", ["depot", "mail", "shop"], id="the organization"),
    ],
)
def test_an_answer_is_challenged_for_all_who_go_by_it(root: Path, item: str, file: str, workloads: list[str]) -> None:
    challenge(opened(root), "shop", item, "li", DAY, "not so")
    assert "challenged:" in (root / file).read_text(encoding="utf-8")
    found = [name for name in opened(root).workloads if assess(opened(root), name).challenged]
    assert found == workloads
    lift(opened(root), opened(root).case("shop"), item, "li", DAY, "it is")
    assert not assess(opened(root), "shop").challenged


@pytest.mark.parametrize(
    ("item", "by", "says"),
    [
        pytest.param("c/x", "li", "no answer of yes", id="nobody answered"),
        pytest.param("c/own", "li", "", id="answered"),
    ],
)
def test_only_an_answer_that_helps_can_be_challenged(root: Path, item: str, by: str, says: str) -> None:
    if not says:
        challenge(opened(root), "shop", item, by, DAY, "not so")
        says = "challenges the answer to c/own already"
    with pytest.raises(Refused, match=says):
        challenge(opened(root), "shop", item, by, DAY, "not so")


def test_who_answered_cannot_lift_the_challenge(root: Path) -> None:
    with pytest.raises(Refused, match="is not challenged"):
        lift(opened(root), opened(root).case("shop"), "c/ours", "li", DAY, "it is")
    challenge(opened(root), "shop", "c/ours", "li", DAY, "not so")
    with pytest.raises(Refused, match="or another person"):
        lift(opened(root), opened(root).case("shop"), "c/ours", "Ana", DAY, "it is")
    lift(opened(root), opened(root).case("shop"), "c/ours", "bo", DAY, "it is")


def test_a_workload_that_answers_for_itself_inherits_nothing(root: Path) -> None:
    own = "review: depot\nanswers:\n  c/ours: {answer: yes, by: wei, on: 2026-11-20}\n"
    (root / "workloads/depot/review.yaml").write_text(own, encoding="utf-8")
    assert inheriting(opened(root), home(root, "c/ours"), "c/ours") == ("shop",)


def test_a_missing_file_of_a_team_or_of_the_organization_is_made(root: Path) -> None:
    answer = Answer(answer=Reply.YES, by="ana", on=DAY)
    for item, file, scope in (
        ("c/ours", "teams/payments.yaml", Scope.TEAM),
        ("c/all", "organization.yaml", Scope.ORGANIZATION),
    ):
        (root / file).unlink()
        workspace = opened(root)
        edit_answer(workspace, home_in(workspace, workspace.case("shop"), scope), item, lambda _: answer)
        assert opened(root).case("shop").answer(scope, item)[0] == answer


def test_an_answer_that_the_file_may_not_hold_is_not_written(root: Path) -> None:
    before = (root / "teams/payments.yaml").read_bytes()
    with pytest.raises(FaultyInput, match="c/own"):
        edit_answer(opened(root), home(root, "c/ours"), "c/own", lambda _: Answer(answer=Reply.YES, by="ana", on=DAY))
    assert (root / "teams/payments.yaml").read_bytes() == before


def test_nothing_is_written_while_somebody_else_writes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orr.workspace.saving.LOCK_SECONDS", 0.1)
    path = home(root, "c/ours").path
    import threading

    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(path, "teams/payments.yaml"):
            held.set()
            done.wait(10)

    other_writer = threading.Thread(target=hold)
    other_writer.start()
    held.wait(10)
    with pytest.raises(NotSaved):
        challenge(opened(root), "shop", "c/ours", "li", DAY, "not so")
    done.set()
    other_writer.join()


def test_an_answer_under_a_replaced_id_moves_to_the_new_one(root: Path) -> None:
    changes = other("checklists/c.yaml", "item: ours\n", "item: theirs\n        replaces: [c/ours]\n")
    put(root, changes)
    challenge(opened(root), "shop", "c/theirs", "li", DAY, "not so")
    text = (root / "teams/payments.yaml").read_text(encoding="utf-8")
    assert "c/theirs" in text
    assert "c/ours" not in text
    assert [part.name for part in assess(opened(root), "shop").challenged] == ["c/theirs"]


def test_no_link_leads_a_write_out_of_the_workspace(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = opened(root)
    case = workspace.case("shop")
    outside = tmp_path_factory.mktemp("outside") / "payments.yaml"
    outside.write_bytes((root / "teams/payments.yaml").read_bytes())
    (root / "teams/payments.yaml").unlink()
    (root / "teams/payments.yaml").symlink_to(outside)
    before = outside.read_bytes()
    with pytest.raises(OSError):  # noqa: PT011 - of any system
        edit_answer(workspace, home_in(workspace, case, Scope.TEAM), "c/ours", lambda _: None)
    assert outside.read_bytes() == before
