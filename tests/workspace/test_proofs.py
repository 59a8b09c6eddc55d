"""Signatures of votes and approvals, from the files to the verdict, by real keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.ssh_keys import make_key, revocation_list, signer

from orr.assessing import assess, recorded_signatures, with_records
from orr.evaluate import Evaluation
from orr.evaluate.proofs import of_vote
from orr.formats.record import to_json
from orr.history import History, Run
from orr.messages import render
from orr.model.review import Vote
from orr.source.faults import Fault
from orr.system import clock
from orr.system.ssh_signatures import sign
from orr.workspace.editing import Refused, approve_waiver, edit_review, new_vote, with_vote
from orr.workspace.proofs import Judge
from orr.workspace.signing import no_pen, sign_with
from orr.workspace.workspace import Workspace

ORR = """\
signers: signers
policy:
  - {tiers: [1, 2, 3, 4], sign_offs: [ops], signatures: required}
"""
LIST = """\
checklist: c
version: 1
title: C
sections:
  - section: s
    items: [{item: a, ask: A?, risk: high}]
"""
FILES = {
    "orr.yaml": ORR,
    "checklists/c.yaml": LIST,
    "workloads/shop/workload.yaml": "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: t}\n",
    "workloads/shop/review.yaml": "review: shop\nanswers: {c/a: {answer: yes, by: wei, on: 2026-01-02}}\n",
}


def put(root: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")
    return root


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ana", "bo", "old"):
        make_key(folder, name)
    return folder


@pytest.fixture
def root(tmp_path: Path, keys: Path) -> Path:
    return put(tmp_path, {**FILES, "signers": signer("ana", keys / "ana") + signer("bo", keys / "bo")})


def today() -> date:
    return clock.today(UTC)


def opened(root: Path) -> Workspace:
    return Workspace(root)


def voted(root: Path, keys: Path, *, by: str = "ana", key: str = "ana", vote: str = "go", **changes: Any) -> None:
    """Vote with a signature, which is made whether it will count or not, and then change the vote."""
    workspace = opened(root)
    given = new_vote(assess(workspace, "shop", compared=False), "ops", by, Vote(vote))
    signature = sign(of_vote("shop", given).statement.content, keys / key)
    signed = replace(given, **{"signature": signature, **changes})
    edit_review(workspace, "shop", lambda review: with_vote(review, signed))


def assessed(root: Path) -> Evaluation:
    return assess(opened(root), "shop", compared=False)


def recorded(root: Path, at: datetime) -> None:
    with closing(History("sqlite:///reports/history.db", root)) as history:
        history.record(Run("shop", today(), at, to_json(assessed(root), "en")))


def why(root: Path) -> str:
    (vote,) = assessed(root).votes
    return render(vote.why, "en") if vote.why else ""


def test_a_signed_vote_decides(root: Path, keys: Path) -> None:
    voted(root, keys)
    assert (assessed(root).decision, why(root)) == ("go", "")
    (proof,) = to_json(assessed(root), "en")["signatures"]["found"]
    assert proof["good"]
    assert proof["key"].startswith("SHA256:")


Change = Callable[[Path, Path], None]


def rewritten(text: str, other: str) -> Change:
    def change(root: Path, _keys: Path) -> None:
        path = root / "workloads/shop/review.yaml"
        before = path.read_text("utf-8")
        assert text in before
        path.write_text(before.replace(text, other), "utf-8")

    return change


def revoked(root: Path, keys: Path) -> None:
    revocation_list(root / "revoked", keys / "ana")
    (root / "orr.yaml").write_text("revoked: revoked\n" + ORR)


def term_over(root: Path, keys: Path) -> None:
    (root / "signers").write_text(signer("ana", keys / "ana", 'valid-before="20200101"'))


def removed(root: Path, keys: Path) -> None:
    (root / "signers").write_text(signer("bo", keys / "bo"))


def for_anybody(root: Path, keys: Path) -> None:
    (root / "signers").write_text(signer("*", keys / "ana"))


@pytest.mark.parametrize(
    ("vote", "change", "words"),
    [
        ({"signature": None}, None, "the signature of ana is missing"),
        ({"signature": "yes"}, None, "what stands in place of the signature of ana is none"),
        ({"key": "bo"}, None, "may not sign for ana"),
        ({"key": "old"}, None, "may not sign for ana"),
        ({"by": "Ana"}, None, "may not sign for Ana"),
        ({}, rewritten("by: ana", "by: bo"), "does not fit what stands here"),
        ({}, rewritten("vote: go\n    on: 20", "vote: go\n    on: 19"), "does not fit what stands here"),
        ({}, revoked, "is revoked"),
        ({}, term_over, "was not valid on"),
        ({}, removed, "may not sign for ana"),
        ({}, for_anybody, "may not sign for ana"),
    ],
    ids=["missing", "no signature", "somebody else's key", "a stranger's key", "another spelling", "another person",
         "another day", "revoked", "term over", "taken out", "a line for anybody"],
)  # fmt: skip
def test_a_vote_that_is_not_proven_is_void_and_told(
    root: Path, keys: Path, vote: dict[str, Any], change: Change | None, words: str
) -> None:
    voted(root, keys, **vote)
    if change is not None:
        change(root, keys)
    assert assessed(root).decision == "pending"
    assert words in why(root)
    assert words in " ".join(render(flag.says, "en") for flag in assessed(root).flags)


@pytest.mark.parametrize("vote", [{"signature": None}, {"key": "old"}])
def test_a_vote_for_no_go_counts_in_any_case(root: Path, keys: Path, vote: dict[str, Any]) -> None:
    voted(root, keys, vote="no-go", **vote)
    assert assessed(root).decision == "no-go"
    assert "unproven-vote" in [flag.flag for flag in assessed(root).flags]


@pytest.mark.parametrize(
    ("script", "words"),
    [(None, "install OpenSSH 8.8 or later"), ("echo OpenSSH_8.1p1 >&2", "later is needed, and here is OpenSSH_8.1p1")],
    ids=["missing", "too old"],
)  # fmt: skip
def test_without_a_new_enough_program_nothing_signed_counts(
    root: Path, keys: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, script: str | None, words: str
) -> None:
    voted(root, keys)
    folder = write("bin/x").parent
    if script is not None:
        for name in ("ssh", "ssh-keygen"):
            write(f"bin/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/nowhere")
    assert assessed(root).decision == "pending"
    assert words in why(root)


def test_what_the_history_recorded_in_time_stays_good(root: Path, keys: Path) -> None:
    voted(root, keys)
    recorded(root, datetime(2026, 2, 3, tzinfo=UTC))
    (root / "signers").write_text(signer("ana", keys / "ana", 'valid-before="20260301"'))
    assert (assessed(root).decision, why(root)) == ("go", "")
    (root / "signers").write_text(signer("ana", keys / "ana", 'valid-before="20260202"'))
    assert "was not valid on 2026-02-03" in why(root)
    (root / "signers").write_text(signer("ana", keys / "ana", 'valid-after="20260204"'))
    assert "was not valid on 2026-02-03" in why(root)


def test_the_history_is_asked_only_where_time_matters(root: Path, keys: Path) -> None:
    voted(root, keys)
    workspace = opened(root)
    case = workspace.case("shop")
    assert recorded_signatures(workspace, case) == {}
    assert with_records(workspace, case) is case


def test_no_other_signature_counts_as_recorded(root: Path, keys: Path) -> None:
    voted(root, keys, key="bo", by="bo")
    recorded(root, datetime(2026, 2, 3, tzinfo=UTC))
    (root / "signers").write_text(signer("ana", keys / "ana", 'valid-before="20260301"'))
    voted(root, keys)
    assert [render(vote.why, "en") if vote.why else "" for vote in assessed(root).votes][1].count("was not valid on")


def test_a_day_that_somebody_asks_about_is_judged_at_its_end(root: Path, keys: Path) -> None:
    judge = Judge(root, opened(root).settings, UTC, date(2027, 5, 6))
    assert judge.now == datetime(2027, 5, 6, 23, 59, 59, tzinfo=UTC)
    assert abs((Judge(root, opened(root).settings, UTC).now - datetime.now(UTC)).total_seconds()) <= 120


def test_a_pen_refuses_before_anything_is_written(root: Path, keys: Path) -> None:
    workspace = opened(root)
    assessment = assess(workspace, "shop", compared=False)
    statement = of_vote("shop", new_vote(assessment, "ops", "ana", Vote.GO)).statement
    with pytest.raises(Refused, match="asks for the signature of ana"):
        no_pen(statement, assessment.case.policy)
    with pytest.raises(Refused, match="may not sign for ana"):
        sign_with(workspace, statement, str(keys / "bo"))
    with pytest.raises(Refused, match=r"there is no file .*none of a key"):
        sign_with(workspace, statement, str(root / "none"))
    (root / "orr.yaml").write_text("language: en\n")
    with pytest.raises(Refused, match=r"names no file of `signers`"):
        sign_with(opened(root), statement, str(keys / "ana"))


def test_an_approval_may_be_signed_later_by_the_same_person_alone(root: Path) -> None:
    waivers = "waivers: [{waiver: W-1, items: [c/a], reason: r, requested_by: wei, expires: 2999-01-01, approved_by: ana, approved_on: 2026-01-02}]\n"  # noqa: E501
    path = root / "workloads/shop/review.yaml"
    path.write_text(path.read_text() + waivers)
    assessment = assessed(root)
    review = assessment.case.review
    assert approve_waiver(review, assessment, "W-1", "ana") == review
    with pytest.raises(Refused, match="approved by ana already"):
        approve_waiver(review, assessment, "W-1", "bo")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"orr.yaml": ORR.replace("signers: signers\n", "")}, "orr.yaml:2:45: signatures are required, and no file"),
        ({"orr.yaml": ORR.replace(": signers", ": none")}, "orr.yaml:1:1: the file none cannot be read"),
        ({"orr.yaml": "revoked: gone\n" + ORR}, "orr.yaml:1:1: the file gone cannot be read"),
        ({"orr.yaml": "revoked: list\n" + ORR, "list": "\n"}, "orr.yaml:1:1: the file list cannot be read: 0 bytes"),
        ({"orr.yaml": "revoked: signers\n"}, "orr.yaml:1:1: `revoked` is about the keys of `signers`"),
        ({"orr.yaml": ORR.replace(": signers", ": ../away")}, "orr.yaml:1:1: the file ../away leads out"),
        ({"signers": "# ours\nana ssh-ed25519 AAAA\n"}, "signers:2:1: this is no key of the kind ssh-ed25519"),
    ],
    ids=["no signers", "no file", "no list", "an empty list", "a list alone", "elsewhere", "a bad line"],
)  # fmt: skip
def test_lint_tells_what_is_wrong_with_the_files_of_keys(root: Path, files: dict[str, str], told: str) -> None:
    put(root, files)
    faults = [fault.in_words("en") for fault in faults_of(root)]
    assert [one for one in faults if told in one], faults


def faults_of(root: Path) -> list[Fault]:
    return list(Workspace(root, despite_faults=True).faults())


@pytest.mark.parametrize("name", ["signers", "revoked"])
def test_nothing_counts_by_a_file_of_keys_that_is_a_link_out_of_the_workspace(
    root: Path, keys: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    voted(root, keys)
    away = tmp_path_factory.mktemp("away") / name
    if name == "revoked":
        put(root, {"orr.yaml": f"revoked: revoked\n{ORR}"})
        revocation_list(root / "revoked")
    (root / name).rename(away)
    (root / name).symlink_to(name)
    assert any("cannot be read" in fault.in_words("en") for fault in faults_of(root))  # a circle
    (root / name).unlink()
    (root / name).symlink_to(away)
    (vote,) = assess(Workspace(root, despite_faults=True), "shop", compared=False).votes
    assert vote.why is not None
    assert "leads out of the workspace" in render(vote.why, "en")
    assert any("leads out of the workspace" in fault.in_words("en") for fault in faults_of(root))


def test_lint_tells_who_votes_and_approves_without_a_key(root: Path, keys: Path) -> None:
    (root / "signers").write_text(signer("bo", keys / "bo"))
    voted(root, keys)
    path = root / "workloads/shop/review.yaml"
    path.write_text(
        path.read_text().replace("answer: yes", "answer: not-applicable\n    reason: none\n    approved_by: lin")
    )
    told = [fault.in_words("en") for fault in opened(root).faults()]
    assert sum("no key of signers speaks for" in one for one in told) == 2
    assert any(": no key of signers speaks for ana" in one and "review.yaml:" in one for one in told)
