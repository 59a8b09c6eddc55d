"""Votes and approvals with signatures, from the command line, by real keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.ssh_keys import agent, keygen, make_key, revocation_list, signer

from orr.cli import main
from orr.source.yaml import parse

FILES = {
    "orr.yaml": "signers: keys/signers\npolicy:\n  - {tiers: [1, 2, 3, 4], sign_offs: [ops], signatures: required}\n",
    "checklists/c.yaml": """\
checklist: c
version: 1
title: C
sections:
  - section: s
    items:
      - {item: a, ask: A?, risk: high}
      - {item: b, ask: B?, risk: high}
      - {item: ours, ask: C?, risk: high, scope: team}
""",
    "checklists/d.yaml": "checklist: d\nversion: 1\ntitle: D\nsections:\n  - {section: s, items: [{item: a, ask: A?, risk: low}]}\n",  # noqa: E501
    "workloads/shop/workload.yaml": """\
workload: shop  # the shop
title: Shop
tier: 4
tier_exception:
  tier: 4
  instead_of: 1
  reason: A pilot
  requested_by: wei
  expires: 2999-01-01
owner: {team: t}
checklists: [c]
leave_out:
  d:
    reason: It comes later  # soon
    requested_by: wei
    expires: 2999-01-01
""",
    "workloads/shop/review.yaml": """\
review: shop
answers:
  c/a: {answer: no, by: wei, on: 2026-01-02}
  c/b: {answer: yes, by: wei, on: 2026-01-02, challenged: {by: bo, on: 2026-01-03, why: really?}}
waivers: [{waiver: W-1, items: [c/a], reason: later, requested_by: wei, expires: 2999-01-01}]
""",
    "teams/t.yaml": "# ours\nteam: t\nanswers:\n  c/ours: {answer: not-applicable, reason: none, by: wei, on: 2026-01-02}\n",  # noqa: E501
}
APPROVALS = {
    "leave-out": (["approve", "shop", "leave-out", "d"], "workloads/shop/workload.yaml", ("leave_out", "d")),
    "tier-exception": (["approve", "shop", "tier-exception"], "workloads/shop/workload.yaml", ("tier_exception",)),
    "not-applicable": (["approve", "shop", "not-applicable", "c/ours"], "teams/t.yaml", ("answers", "c/ours")),
    "challenge": (
        ["approve", "shop", "challenge", "c/b", "--why", "seen"],
        "workloads/shop/review.yaml", ("answers", "c/b", "challenged", "lifted"),
    ),
    "lift": (
        ["challenge", "shop", "c/b", "seen", "--lift"],
        "workloads/shop/review.yaml", ("answers", "c/b", "challenged", "lifted"),
    ),
    "waiver": (["waive", "shop", "--approve", "W-1"], "workloads/shop/review.yaml", ("waivers", 0)),
    "vote": (["sign", "shop", "ops", "go"], "workloads/shop/review.yaml", ("sign_offs", 0)),
}  # fmt: skip


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    make_key(folder, "ana")
    make_key(folder, "wei")
    return folder


@pytest.fixture
def root(tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    soon = {name: text.replace("2999-01-01", _soon()) for name, text in FILES.items()}
    for name, text in {**soon, "keys/signers": signer("ana", keys / "ana") + signer("wei", keys / "wei")}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORR_BY", "ana")
    return tmp_path


def _soon() -> str:
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


def entry(root: Path, file: str, at: tuple[str | int, ...]) -> dict[str, str]:
    found = parse((root / file).read_text("utf-8"), "")
    for key in at:
        found = found[key]  # type: ignore[index]
    assert isinstance(found, dict)
    return found


each = pytest.mark.parametrize(("words", "file", "at"), APPROVALS.values(), ids=APPROVALS)


@each
def test_a_key_signs_what_is_written(root: Path, keys: Path, words: list[str], file: str, at: tuple[str, ...]) -> None:
    assert main([*words, "--key", str(keys / "ana")]) == 0
    assert entry(root, file, at)["signature"].startswith("-----BEGIN SSH SIGNATURE-----\n")
    assert "# " in "".join((root / name).read_text() for name in ("teams/t.yaml", "workloads/shop/workload.yaml"))
    assert main(["lint"]) in (0, 2)


@each
def test_a_statement_that_was_printed_is_signed_elsewhere(
    root: Path, keys: Path, words: list[str], file: str, at: tuple[str, ...], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = (root / file).read_bytes()
    assert main([*words, "--print-statement"]) == 0
    assert (root / file).read_bytes() == before
    (root / "statement").write_bytes(capfdbinary.readouterr().out)
    assert json.loads((root / "statement").read_bytes())["by"] == "ana"
    keygen("-Y", "sign", "-f", keys / "ana", "-n", "orr", root / "statement")
    assert main([*words, "--signature", str(root / "statement.sig")]) == 0
    assert entry(root, file, at)["signature"] == (root / "statement.sig").read_text().strip()


@each
def test_without_the_signature_that_is_asked_for_nothing_is_written(
    root: Path, keys: Path, words: list[str], file: str, at: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / file).read_bytes()
    assert main(words) == 2
    assert "--key" in capsys.readouterr().err
    assert main([*words, "--key", str(keys / "wei")]) == 2
    assert "may not sign for ana" in capsys.readouterr().err
    assert main([*words, "--key", str(keys / "ana"), "--print-statement"]) == 2
    assert (root / file).read_bytes() == before


@pytest.mark.parametrize(
    ("key", "says"),
    [
        pytest.param("keys/nosuch", "there is no file keys/nosuch of a key", id="a file that is not there"),
        pytest.param("orr.yaml", "orr.yaml is no private key of SSH", id="a file that is no key"),
        pytest.param("agent", "no agent answers; start one", id="no agent"),
        pytest.param("keys/wei", "by which it is signed as ana, is revoked", id="the revoked key of another"),
        pytest.param("keys/cy", "may not sign for ana", id="a key of nobody"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_with_its_cause(
    root: Path, keys: Path, key: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    for name in ("wei", "cy"):
        if not (root / "keys" / name).exists():
            make_key(root / "keys", name)
    revocation_list(root / "keys/revoked", root / "keys/wei")
    with (root / "orr.yaml").open("a") as settings:
        settings.write("revoked: keys/revoked\n")
    assert main(["sign", "shop", "ops", "go", "--by", "ana", "--key", key]) == 2
    assert says in capsys.readouterr().err


def test_an_agent_that_holds_several_keys_of_others_is_told_how_to_choose(
    root: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with agent(keys / "wei", make_key(tmp_path / "more", "cy")) as variables:
        monkeypatch.setenv("SSH_AUTH_SOCK", variables["SSH_AUTH_SOCK"])
        assert main(["sign", "shop", "ops", "go", "--by", "ana", "--key", "agent"]) == 2
    assert "the agent holds 2 keys, not just one that may sign" in capsys.readouterr().err


def test_all_of_it_together_makes_a_decision(
    root: Path, keys: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with agent(keys / "wei", keys / "ana") as variables:
        monkeypatch.setenv("SSH_AUTH_SOCK", variables["SSH_AUTH_SOCK"])
        for name in ("tier-exception", "leave-out", "not-applicable", "challenge", "waiver", "vote"):
            assert main([*APPROVALS[name][0], "--key", "agent"]) == 0, name
    capsys.readouterr()
    assert main(["check", "shop", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["decision"], told["tier"]) == ("conditional-go", "conditional-go", 4)
    assert [one["good"] for one in told["signatures"]["found"]] == [True] * 6
    for file in ("workloads/shop/workload.yaml", "workloads/shop/review.yaml", "teams/t.yaml"):
        text = (root / file).read_text("utf-8")
        (root / file).write_text(text.replace("later", "sooner").replace("reason: none", "reason: ours"), "utf-8")
    assert main(["check", "shop", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["decision"]) == ("no-go", "pending")
    assert sum(not one["good"] for one in told["signatures"]["found"]) == 3


def test_a_vote_for_no_go_needs_no_signature(root: Path) -> None:
    assert main(["sign", "shop", "ops", "no-go"]) == 0
    assert "signature" not in entry(root, "workloads/shop/review.yaml", ("sign_offs", 0))


def test_an_approval_without_a_signature_is_signed_later(root: Path, keys: Path) -> None:
    (root / "orr.yaml").write_text("signers: keys/signers\n")
    for name in ("leave-out", "tier-exception", "not-applicable", "waiver"):
        words, file, at = APPROVALS[name]
        assert main(words) == 0
        assert "signature" not in entry(root, file, at)
        assert main([*words, "--key", str(keys / "ana")]) == 0, name
        assert entry(root, file, at)["signature"]


def test_an_emergency_passes_only_with_the_signature_of_who_approved_it(
    root: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = ["gate", "shop", "--artifact", "git:42cd0e1f5b7a9c3d8e2f4a6b1c0d9e8f7a6b5c4d"]
    assert main(["emergency", "shop", "--reason", "it burns", "--by", "wei"]) == 0
    assert main(["emergency", "shop", "--approve", "E-1"]) == 2
    assert main(["emergency", "shop", "--approve", "E-1", "--key", str(keys / "wei")]) == 2
    assert main(["emergency", "shop", "--close", "E-1", "--key", "agent"]) == 2
    assert main(["emergency", "shop", "--approve", "E-1", "--key", str(keys / "ana")]) == 0
    assert main(gate) == 0
    path = root / "workloads/shop/review.yaml"
    path.write_text(path.read_text("utf-8").replace("it burns", "it is Friday"), "utf-8")
    capsys.readouterr()
    assert main(gate) == 3
    assert "the approval of the exception E-1 does not count" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["approve", "shop", "leave-out"],
        ["approve", "shop", "tier-exception", "d"],
        ["approve", "shop", "challenge", "c/b"],
        ["approve", "shop", "leave-out", "d", "--why", "x"],
        ["approve", "shop", "not-applicable", "c/nothing"],
        ["approve", "shop", "leave-out", "e"],
        ["waive", "shop", "c/a", "--reason", "r", "--expires", "2999-01-01", "--key", "agent"],
        ["challenge", "shop", "c/b", "why", "--key", "agent"],
        ["sign", "shop", "ops", "go", "--signature", "nothing"],
    ],
    ids=" ".join,
)
def test_what_does_not_fit_together_is_refused(root: Path, words: list[str]) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    assert main(words) == 2
    assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before
