"""Signatures by keys of SSH, made and judged by the real `ssh-keygen`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from orr.system.ssh_signatures import KeygenRefused, Outcome, read_bounded, sign, ssh_version, verify
from tests.support.ssh_keys import agent, keygen, make_key, revocation_list, signer

BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
STATEMENT = b'{"kind":"vote","by":"ana.ruiz"}\n'
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Path:
    """A folder with the keys of Ana, Wei and an authority."""
    folder = tmp_path_factory.mktemp("keys")
    make_key(folder, "ana")
    make_key(folder, "wei", "ecdsa")
    make_key(folder, "authority")
    return folder


@pytest.fixture(scope="module")
def signed(keys) -> str:
    return sign(STATEMENT, keys / "ana")


@pytest.fixture
def signers() -> Callable[..., bytes]:
    def told(*lines: str) -> bytes:
        return "".join(lines).encode()

    return told


def outcome(*arguments, **named) -> Outcome:
    return verify(*arguments, **named).outcome


@pytest.mark.parametrize("key", ["ana", "wei"])
def test_what_a_key_signs_is_good_for_its_principal(keys, signers, key) -> None:
    judged = verify(STATEMENT, sign(STATEMENT, keys / key), signers(signer("x", keys / key)), "x", NOW)
    assert judged.outcome is Outcome.GOOD
    assert judged.key.startswith("SHA256:")


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_statement_altered_by_one_byte_is_told(keys, signers, signed, place) -> None:
    altered = bytearray(STATEMENT)
    altered[place] ^= 1
    assert outcome(bytes(altered), signed, signers(signer("ana", keys / "ana")), "ana", NOW) is Outcome.ALTERED


def test_a_signature_for_another_use_is_told(keys, signers) -> None:
    of_git = sign(STATEMENT, keys / "ana", namespace="git")
    assert outcome(STATEMENT, of_git, signers(signer("ana", keys / "ana")), "ana", NOW) is Outcome.NAMESPACE


def test_a_key_that_may_not_sign_for_this_use_counts_for_nobody(keys, signers, signed) -> None:
    only_git = signers(signer("ana", keys / "ana", 'namespaces="git"'))
    assert outcome(STATEMENT, signed, only_git, "ana", NOW) is Outcome.STRANGER


@pytest.mark.parametrize("principal", ["wei", "Ana", "ana.ruiz", "", "-n", "*", "ana\n"])
def test_only_the_very_principal_of_the_key_has_signed(keys, signers, signed, principal) -> None:
    listed = signers(signer("ana", keys / "ana"), signer("wei", keys / "wei"))
    assert outcome(STATEMENT, signed, listed, principal, NOW) is Outcome.STRANGER


@pytest.mark.parametrize(
    "text",
    ["", "no", f"{BEGIN}\n{END}", f"{BEGIN}\nU1NIU0lH\n{END}", f"{BEGIN}\n{'A' * 40_000}\n{END}"],
    ids=["empty", "a word", "nothing in it", "cut", "too long"],
)  # fmt: skip
def test_what_is_no_signature_is_told(keys, signers, text) -> None:
    assert outcome(STATEMENT, text, signers(signer("ana", keys / "ana")), "ana", NOW) is Outcome.MALFORMED


def test_a_signature_with_another_byte_is_not_good(keys, signers, signed) -> None:
    body = signed.index("\n") + 1
    for place in range(body, len(signed) - 40, 17):
        letter = "B" if signed[place] == "A" else "A"
        altered = signed[:place] + letter + signed[place + 1 :]
        assert outcome(STATEMENT, altered, signers(signer("ana", keys / "ana")), "ana", NOW) is not Outcome.GOOD


def test_a_revoked_key_is_told_whenever_it_signed(keys, signers, signed, tmp_path) -> None:
    listed, dead = signers(signer("ana", keys / "ana")), revocation_list(tmp_path / "krl", keys / "ana").read_bytes()
    assert outcome(STATEMENT, signed, listed, "ana", NOW, dead) is Outcome.REVOKED
    assert outcome(STATEMENT, signed, listed, "ana", NOW - timedelta(days=900), dead) is Outcome.REVOKED
    public = (keys / "ana.pub").read_bytes()
    assert outcome(STATEMENT, signed, listed, "ana", NOW, b"# lost\n" + public) is Outcome.REVOKED
    assert outcome(STATEMENT, signed, listed, "ana", NOW, (keys / "wei.pub").read_bytes()) is Outcome.GOOD
    other = revocation_list(tmp_path / "of-wei", keys / "wei").read_bytes()
    assert outcome(STATEMENT, signed, listed, "ana", NOW, other) is Outcome.GOOD


@pytest.mark.parametrize(
    ("options", "at", "expected"),
    [
        ('valid-before="20261201"', NOW, Outcome.GOOD),
        ('valid-before="20261130120001"', NOW.astimezone(timezone(timedelta(hours=8))), Outcome.GOOD),
        ('valid-before="20261130115959"', NOW, Outcome.OUT_OF_TERM),
        ('valid-before="20261130115959"', NOW - timedelta(days=1), Outcome.GOOD),
        ('valid-after="20261201"', NOW, Outcome.OUT_OF_TERM),
        ('valid-after="20261101",valid-before="20261201"', NOW, Outcome.GOOD),
    ],
    ids=["before its end", "a zone of its own", "after its end", "then before its end", "too early", "within"],
)  # fmt: skip
def test_the_key_has_to_be_valid_at_that_time(keys, signers, signed, options, at, expected) -> None:
    assert outcome(STATEMENT, signed, signers(signer("ana", keys / "ana", options)), "ana", at) is expected


def test_the_zone_of_the_machine_changes_nothing(keys, signers, signed, monkeypatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    listed = signers(signer("ana", keys / "ana", 'valid-before="20261130120500"'))
    assert outcome(STATEMENT, signed, listed, "ana", NOW) is Outcome.GOOD


def test_a_certificate_of_an_authority_stands_for_its_principal(keys, signers) -> None:
    make_key(keys, "lin")
    keygen("-s", keys / "authority", "-I", "lin", "-n", "lin", "-V", "20260101:20261231", keys / "lin.pub")
    signature = sign(STATEMENT, keys / "lin-cert.pub")
    listed = signers(signer("*", keys / "authority", "cert-authority"))
    assert outcome(STATEMENT, signature, listed, "lin", NOW) is Outcome.GOOD
    assert outcome(STATEMENT, signature, listed, "ana", NOW) is Outcome.STRANGER
    assert outcome(STATEMENT, signature, listed, "lin", NOW + timedelta(days=300)) is not Outcome.GOOD
    assert outcome(STATEMENT, signature, signers(signer("*", keys / "authority")), "lin", NOW) is Outcome.STRANGER


def test_the_agent_signs_with_its_only_key(keys, signers, monkeypatch) -> None:
    with agent(keys / "ana") as variables:
        monkeypatch.setenv("SSH_AUTH_SOCK", variables["SSH_AUTH_SOCK"])
        by_agent = sign(STATEMENT, "agent")
        by_public_key = sign(STATEMENT, keys / "ana.pub")
    for signature in (by_agent, by_public_key):
        assert outcome(STATEMENT, signature, signers(signer("ana", keys / "ana")), "ana", NOW) is Outcome.GOOD


def test_of_several_keys_the_agent_takes_the_one_that_is_listed(keys, signers, monkeypatch) -> None:
    with agent(keys / "wei", keys / "ana") as variables:
        monkeypatch.setenv("SSH_AUTH_SOCK", variables["SSH_AUTH_SOCK"])
        with pytest.raises(KeygenRefused, match="agent-keys 2"):
            sign(STATEMENT, "agent")
        signature = sign(STATEMENT, "agent", signers=signer("ana", keys / "ana"))
    assert outcome(STATEMENT, signature, signers(signer("ana", keys / "ana")), "ana", NOW) is Outcome.GOOD


def test_without_an_agent_or_a_key_nothing_is_signed(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / "text").write_text("no key")
    (tmp_path / "text").chmod(0o600)
    kinds = {"agent": "agent", tmp_path / "none": "gone", tmp_path / "text": "key", tmp_path: "gone"}
    for key, kind in kinds.items():
        with pytest.raises(KeygenRefused) as refused:
            sign(STATEMENT, key)
        assert refused.value.kind == kind


def test_files_that_cannot_be_used_are_told_and_make_nothing_good(keys, signers, signed, tmp_path) -> None:
    listed = signers(signer("ana", keys / "ana"))
    (tmp_path / "large").write_bytes(b"#" * 1_000_001)
    (tmp_path / "empty").write_bytes(b"\n")
    (tmp_path / "torn").write_bytes(b"SSHKRL\n\0\0\0\0\1torn")
    for path in (tmp_path / "none", tmp_path, tmp_path / "large"):
        with pytest.raises(KeygenRefused) as refused:
            read_bounded(path, "signers")
        assert refused.value.kind == "signers"
    for name in ("none", "large", "empty"):
        with pytest.raises(KeygenRefused) as refused:
            read_bounded(tmp_path / name, "revoked")
        assert refused.value.kind == "revoked"
    with pytest.raises(KeygenRefused) as refused:
        verify(STATEMENT, signed, listed, "ana", NOW, (tmp_path / "torn").read_bytes())
    assert refused.value.kind == "revoked"


def test_no_file_of_keys_leads_out_of_the_folder_that_it_has_to_lie_in(tmp_path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "signers"
    inside.mkdir()
    outside.write_text("ana")
    (inside / "real").write_text("wei")
    (inside / "link").symlink_to(outside)
    (inside / "folder").symlink_to(tmp_path)
    (inside / "beside").symlink_to("real")
    (tmp_path / "whole").symlink_to(inside)
    for path in (inside / "link", inside / "folder/signers", inside / "../signers", outside):
        with pytest.raises(KeygenRefused) as refused:
            read_bounded(path, "signers", inside)
        assert refused.value.kind == "outside"
    for path, within in ((inside / "beside", inside), (tmp_path / "whole/real", tmp_path / "whole")):
        assert read_bounded(path, "signers", within) == b"wei"


@pytest.mark.parametrize(
    ("script", "kind"),
    [(None, "missing"), ("echo OpenSSH_8.7p1 >&2", "old"), ("echo no >&2", "old"), ("exec sleep 9", "failed")],
    ids=["missing", "too old", "no version", "it hangs"],
)  # fmt: skip
def test_without_a_new_enough_program_there_is_no_answer(
    keys, signers, signed, write, monkeypatch, script, kind
) -> None:
    monkeypatch.setattr("orr.system.ssh_signatures.SECONDS", 0.3)
    folder = write("bin/x").parent
    monkeypatch.setenv("PATH", str(folder) if script is None else f"{folder}{os.pathsep}/usr/bin:/bin")
    if script is not None:
        for name in ("ssh", "ssh-keygen"):
            write(f"bin/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)
    for act in (
        ssh_version,
        lambda: sign(STATEMENT, keys / "ana"),
        lambda: verify(STATEMENT, signed, signers(""), "ana", NOW),
    ):
        with pytest.raises(KeygenRefused) as refused:
            act()
        assert refused.value.kind == kind


def test_no_configuration_of_the_user_is_obeyed(keys, signers, signed, tmp_path, monkeypatch) -> None:
    marker = tmp_path / "ran"
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    (tmp_path / "home" / ".ssh" / "config").write_text(f"Match exec \"touch '{marker}'\"\n  User x\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert outcome(STATEMENT, signed, signers(signer("ana", keys / "ana")), "ana", NOW) is Outcome.GOOD
    assert ssh_version()
    assert not marker.exists()
