"""`orr attest` and `orr verify`: from a decision to a file that somebody else believes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.gate_stage import IMAGE, OTHER, decided, orr
from support.keys import ssh

from orr.cli import COMMANDS


def test_both_are_commands() -> None:
    assert {"attest", "verify"} <= set(COMMANDS)


def test_what_was_attested_is_verified_by_its_signer_and_subject(tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    key, signers = ssh(root)
    capsys.readouterr()
    assert orr(root, "attest", "shop", "--artifact", IMAGE, "--key", str(key), "--by", "ana") == 0
    printed = capsys.readouterr().out.split()
    assert printed == [
        str(root.resolve() / f"reports/shop/{name}")
        for name in ("decision.json", "decision.json.sig", "svr.json", "svr.json.sig")
    ]
    about = ("verify", printed[0], "--signers", str(signers))
    assert orr(root, *about, "--artifact", IMAGE) == 0
    assert "go, about image sha256:aaaaaaaaaaaa" in capsys.readouterr().out
    assert orr(root, *about, "--artifact", OTHER) == 1
    assert "not about image sha256:bbbbbbbbbbbb" in capsys.readouterr().out
    assert orr(root, *about, "--identity", "bo") == 1
    assert "not signed by a key of bo" in capsys.readouterr().out
    assert orr(root, *about, "--signature", str(signers)) == 1
    assert "its signature is none" in capsys.readouterr().out
