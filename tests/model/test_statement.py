"""The bytes that are signed."""

from __future__ import annotations

import json
from datetime import date

import pytest
from support.builders import DIGEST, leave, waiver

from orr.model.review import Waiver
from orr.model.statement import Holder, Kind, Statement, approval, vote
from orr.model.validation import read
from orr.model.workload import LeaveOut

SHOP, DAY = Holder("workload", "shop"), date(2026, 11, 22)


def test_a_vote_is_one_line_of_json_with_its_keys_in_order() -> None:
    said = vote(SHOP, "operations", "李芳", "go", DAY, DIGEST)
    assert said.content.decode() == (
        f'{{"by":"李芳","digest":"{DIGEST}","kind":"vote","on":"2026-11-22","role":"operations",'
        '"statement":"orr.statement/1","vote":"go","workload":"shop"}\n'
    )


@pytest.mark.parametrize("digest", [DIGEST, DIGEST.removeprefix("sha256:"), "AB" * 32])
def test_a_digest_may_be_written_in_any_way(digest: str) -> None:
    whole = "sha256:" + digest[-64:].lower()
    assert vote(SHOP, "r", "li", "go", DAY, digest).content == vote(SHOP, "r", "li", "go", DAY, whole).content


def test_an_approval_says_all_that_stands_in_the_file_but_itself() -> None:
    written = read(Waiver, {**waiver("c/a"), "signature": "S", "revoked_on": "2026-11-30"})
    said = json.loads(approval(Kind.WAIVER, SHOP, "W-1", "ana", written, written.approved_on, written.expires).content)
    assert said["approves"] == waiver("c/a")
    assert (said["kind"], said["name"], said["by"], said["workload"]) == ("waiver", "W-1", "ana", "shop")
    assert (said["on"], said["expires"]) == (waiver("c/a")["approved_on"], waiver("c/a")["expires"])


def statement(**changes: object) -> Statement:
    written = read(LeaveOut, leave())
    return approval(Kind.LEAVE_OUT, SHOP, "evolve", "ana", written, written.on, written.expires)._replace(**changes)


@pytest.mark.parametrize(
    "changes",
    [{"kind": Kind.WAIVER}, {"holder": Holder("team", "shop")}, {"holder": Holder("workload", "other")}, {"by": "bo"},
     {"told": {"name": "operate"}}],
    ids=["kind", "whose file", "workload", "person", "content"],
)  # fmt: skip
def test_whatever_differs_is_another_statement(changes: dict[str, object]) -> None:
    assert statement(**changes).content != statement().content


def test_the_keys_of_a_statement_are_not_taken_from_what_is_approved() -> None:
    assert json.loads(statement(told={"by": "bo", "kind": "vote", "statement": "x"}).content)["by"] == "ana"


def test_a_seal_names_the_statement_with_one_signature() -> None:
    assert statement().seal("S\n") == statement().seal("S")
    assert len({statement().seal("S"), statement().seal("T"), statement(by="bo").seal("S")}) == 3
