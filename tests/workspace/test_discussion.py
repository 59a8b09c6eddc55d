"""Comments: a line each, only ever added; a bad line is told and loses nothing."""

from __future__ import annotations

import json
import subprocess
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.workspace_sample import TODAY, other, put

from orr.assessing import assess
from orr.source.faults import FaultyInput
from orr.workspace.discussion import ATTRIBUTE, add_comment, discussion_path, read_discussion
from orr.workspace.scaffold import merge_discussions
from orr.workspace.workspace import Workspace

DAY = date.fromisoformat(TODAY)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(put(tmp_path), DAY)


def say(workspace: Workspace, text: str, item: str = "c/own", **keys: Any) -> str:
    return add_comment(workspace, "shop", item, "wei", AT, text, **keys).id


def line(**keys: Any) -> str:
    return json.dumps({"id": "a1", "item": "c/own", "by": "wei", "at": "2026-11-20", "text": "so", **keys})


def test_comments_are_read_oldest_first_with_what_they_reply_to(workspace: Workspace) -> None:
    first = say(workspace, "who was on call?")
    say(workspace, "ana\n\u202eand bo \U0001f600", reply_to=first)
    path = discussion_path(workspace, "shop")
    path.write_bytes(path.read_bytes() + line(text="earlier").encode())  # no line end, as editors leave it
    say(workspace, "last", item="c/x")
    found = read_discussion(workspace, "shop")
    texts = [(one.text, one.reply_to) for one in found.by_item["c/own"]]
    assert texts == [("earlier", None), ("who was on call?", None), ("ana\n\ufffdand bo \U0001f600", first)]
    assert [one.text for one in found.by_item["c/x"]] == ["last"]
    assert found.faults == ()


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        pytest.param("<<<<<<< HEAD", "2:1: this is not JSON", id="a conflict's mark"),
        pytest.param('{"id": "a2", "item": "c/own"', "2:29: this is not JSON", id="cut off"),
        pytest.param(line(id="b", by="TBD"), "2:30: by is “TBD”", id="nobody"),
        pytest.param(line(id="b", at="2027-01-01"), "2:43: at is 2027-01-01, which is in the future", id="the future"),
        pytest.param(line(id="b", item="c/wn"), "2:13: there is no item c/wn; did you mean c/own?", id="no such item"),
        pytest.param(line(id="b", seen=True), "2:", id="an unknown key"),
        pytest.param(line(text="another"), "2:2: another comment has the id a1", id="an id of another"),
        pytest.param("[]", "2:1: ", id="a list"),
        pytest.param("\udcff", "2:1: ", id="no UTF-8"),
    ],
)
def test_a_line_that_is_no_comment_is_told_by_its_place_and_stays(workspace: Workspace, bad: str, says: str) -> None:
    path = discussion_path(workspace, "shop")
    text = f"{line()}\n{bad}\n".encode(errors="surrogateescape")
    path.write_bytes(text)
    new = say(workspace, "more")
    (fault, *_) = read_discussion(workspace, "shop").faults
    assert fault.in_words("en").split(".jsonl:", 1)[1].startswith(says)
    assert path.read_bytes().startswith(text)
    assert {"a1", new} <= {one.id for one in read_discussion(workspace, "shop").comments}


def test_nobodys_verdict_or_vote_depends_on_comments(workspace: Workspace) -> None:
    before = assess(workspace, "shop").digest
    say(workspace, "not so")
    discussion_path(workspace, "shop").write_bytes(b"\xff")
    assert assess(workspace, "shop").digest == before


def test_a_comment_without_words_is_refused(workspace: Workspace) -> None:
    for text in (" ", "x" * 10_001):
        with pytest.raises(FaultyInput):
            say(workspace, text)
    assert not discussion_path(workspace, "shop").exists()


def test_comments_follow_an_item_to_its_new_id(tmp_path: Path, workspace: Workspace) -> None:
    say(workspace, "so")
    put(tmp_path, other("checklists/c.yaml", "item: own\n", "item: mine\n        replaces: [c/own]\n"))
    found = read_discussion(Workspace(tmp_path, DAY), "shop")
    assert [one.item for one in found.comments] == ["c/mine"]


def test_what_two_people_say_at_once_is_kept(workspace: Workspace) -> None:
    each = [threading.Thread(target=lambda: [say(workspace, "x") for _ in range(5)]) for _ in range(3)]
    for one in each:
        one.start()
    for one in each:
        one.join()
    found = read_discussion(workspace, "shop")
    assert (len(found.comments), found.faults) == (15, ())


def test_git_keeps_the_comments_of_both_branches(tmp_path: Path, workspace: Workspace) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )

    (tmp_path / ".gitattributes").write_text("*.png binary", encoding="utf-8")
    assert merge_discussions(tmp_path) == [tmp_path / ".gitattributes"]
    assert merge_discussions(tmp_path) == []
    assert (tmp_path / ".gitattributes").read_text(encoding="utf-8") == f"*.png binary\n{ATTRIBUTE}\n"
    say(workspace, "first")
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "side")
    say(workspace, "of the side")
    git("commit", "-qam", "two")
    git("checkout", "-q", "main")
    say(workspace, "of main")
    git("commit", "-qam", "three")
    git("merge", "-q", "side")
    found = read_discussion(workspace, "shop")
    assert sorted(one.text for one in found.comments) == ["first", "of main", "of the side"]
    assert found.faults == ()


@given(st.lists(st.binary(max_size=30), max_size=5))
def test_whatever_stands_in_the_file_is_told_and_never_raises(tmp_path_factory: Any, lines: list[bytes]) -> None:
    workspace = Workspace(put(tmp_path_factory.mktemp("w")), DAY)
    discussion_path(workspace, "shop").write_bytes(b"\n".join([*lines, line().encode()]))
    assert "a1" in {one.id for one in read_discussion(workspace, "shop").comments}
