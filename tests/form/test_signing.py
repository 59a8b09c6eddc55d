"""A form where the policy asks for signatures: it prepares and shows, and writes nothing."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.ssh_keys import make_key, signer

from orr.cli import main
from orr.form.changes import Change, Maker, change
from orr.form.state import ReviewState
from orr.workspace.editing import Refused

FILES = {
    "orr.yaml": "signers: signers\npolicy:\n  - {tiers: [1, 2, 3, 4], sign_offs: [ops], signatures: required}\n",
    "checklists/c.yaml": """\
checklist: c
version: 1
title: C
sections:
  - section: s
    items:
      - {item: a, ask: A?, risk: high}
      - {item: b, ask: B?, risk: high}
      - {item: d, ask: D?, risk: high}
""",
    "workloads/shop/workload.yaml": "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: t}\n",
    "workloads/shop/review.yaml": """\
review: shop
answers:
  c/a: {answer: no, by: wei, on: 2026-01-02}
  c/b: {answer: yes, by: wei, on: 2026-01-02, challenged: {by: bo, on: 2026-01-03, why: really?}}
  c/d: {answer: not-applicable, reason: none, by: wei, on: 2026-01-02}
waivers: [{waiver: W-1, items: [c/a], reason: later, requested_by: wei, expires: SOON}]
""",
}
Make = Callable[[dict[str, Any]], Change]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from datetime import UTC, datetime, timedelta

    soon = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    files = {**FILES, "signers": signer("ana", make_key(tmp_path, "ana"))}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace("SOON", soon), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(root: Path, kind: str, **told: Any) -> Change:
    held = ReviewState(root, "shop")
    digest = {"digest": held.assessment.digest} if kind == "vote" else {}
    return change(held.base.review, {"what": kind, **told, **digest}, Maker("ana", held.now(), held.assessment))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("vote", {"role": "ops", "vote": "go"}),
        ("approve", {"waiver": "W-1"}),
        ("agree", {"item": "c/d"}),
        ("lift", {"item": "c/b", "why": "seen it"}),
    ],
    ids=["vote", "waiver", "not applicable", "challenge"],
)
def test_the_line_that_is_shown_signs_what_is_shown(
    root: Path, kind: str, told: dict[str, Any], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = (root / "workloads/shop/review.yaml").read_bytes()
    with pytest.raises(Refused) as refused:
        edit(root, kind, **told)
    values = refused.value.why.values
    program, *words = shlex.split(str(values["command"]))
    assert program == "orr"
    assert json.loads(str(values["statement"]))["by"] == "ana"
    assert (root / "workloads/shop/review.yaml").read_bytes() == before
    asked = [word for word in words if word not in ("--key", "agent")]
    assert main([*asked, "--print-statement"]) == 0
    assert capsysbinary.readouterr().out.decode().strip() == values["statement"]
    assert main([*asked, "--key", str(root / "ana")]) == 0
    proofs = ReviewState(root, "shop").case.proofs.found.values()
    assert [one.unproven for one in proofs] == [None]


def test_a_vote_for_no_go_is_written_without(root: Path) -> None:
    (vote,) = edit(root, "vote", role="ops", vote="no-go").review.sign_offs
    assert (vote.vote, vote.signature) == ("no-go", None)
