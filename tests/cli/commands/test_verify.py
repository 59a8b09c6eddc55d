"""`orr attest` and `orr verify`: from a decision to a file that somebody else believes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.gate_stage import IMAGE, OTHER, decided, orr, record, stage
from support.keys import pem, ssh

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
    good = capsys.readouterr().out
    assert "go, about image sha256:aaaaaaaaaaaa" in good
    assert "; signed by ana; holds until " in good
    assert good.endswith("(UTC)\n")
    assert orr(root, *about, "--artifact", OTHER) == 1
    assert "not about image sha256:bbbbbbbbbbbb" in capsys.readouterr().out
    assert orr(root, *about, "--identity", "bo") == 1
    assert "not signed by a key of bo" in capsys.readouterr().out
    assert orr(root, *about, "--signature", str(signers)) == 1
    assert "its signature is none" in capsys.readouterr().out


def test_without_what_to_judge_by_nothing_is_known_of_it_and_an_end_counts_all_the_same(
    tmp_path: Path, capsys: Any
) -> None:
    root = decided(tmp_path)
    private, public = pem(root)
    for key in (private, ssh(root)[0]):
        assert orr(root, "attest", "shop", "--artifact", IMAGE, "--key", str(key), "--by", "ana", "--out", "out") == 0
    for name, says in (("decision.json", "give --signers"), ("decision.dsse.json", "give --key")):
        capsys.readouterr()
        assert orr(root, "verify", f"out/{name}") == 3
        assert says in capsys.readouterr().out
        assert orr(root, "verify", f"out/{name}", "--artifact", OTHER) == 1
    assert orr(root, "verify", "out/decision.dsse.json", "--key", str(public)) == 0
    assert f"; signed by the key {public}, as ana; " in capsys.readouterr().out


def test_a_later_day_may_be_asked_about_and_an_earlier_one_revives_nothing(tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    private, public = pem(root)
    assert orr(root, "attest", "shop", "--artifact", IMAGE, "--key", str(private), "--by", "ana", "--out", "out") == 0
    about = ("verify", "out/decision.dsse.json", "--key", str(public))
    capsys.readouterr()
    assert orr(root, *about, "--today", "9000-01-01") == 1
    assert "it is past its time" in capsys.readouterr().out
    assert orr(root, *about, "--today", "2020-01-01") == orr(root, *about) == 0


def test_one_for_an_environment_says_what_to_name(tmp_path: Path, capsys: Any) -> None:
    root = stage(tmp_path)
    record(root, environment="production")
    private, public = pem(root)
    named = ("--artifact", IMAGE, "--environment", "production")
    assert orr(root, "attest", "shop", *named, "--key", str(private), "--by", "ana", "--out", "out") == 0
    about = ("verify", "out/decision.dsse.json", "--key", str(public))
    capsys.readouterr()
    assert orr(root, *about, "--artifact", IMAGE) == 1
    refused = capsys.readouterr().out
    assert refused.endswith(": it is for production; give --environment production if the release is too\n")
    assert orr(root, *about, *named) == 0


def test_what_is_no_attestation_is_told_without_words_of_a_program(tmp_path: Path, capsys: Any) -> None:
    public = pem(tmp_path)[1]
    assert orr(tmp_path, "verify", str(public), "--key", str(public)) == 1
    assert capsys.readouterr().out.endswith("no attestation of orr: it is no JSON, or a key stands in it twice\n")
