"""The file of allowed signers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ssh_keys import make_key, public, signer

from orr.messages import render
from orr.workspace.signers import Signer, mark_of, read_signers

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICqe1LdfAILVpb0cSp49r8kyzfx2P288hWvESixzMpQj"


@pytest.mark.parametrize(
    ("line", "principals", "options"),
    [
        (f"ana {KEY}", "ana", {}),
        (f"ana,ana@example.com {KEY} a comment", "ana,ana@example.com", {}),
        (f'"ana ruiz" {KEY}', "ana ruiz", {}),
        (f'ana namespaces="orr,git" {KEY}', "ana", {"namespaces": "orr,git"}),
        (f'* cert-authority,valid-before="20270101Z" {KEY}', "*", {"cert-authority": "", "valid-before": "20270101Z"}),
        (f"\tana\t{KEY}\r", "ana", {}),
    ],
    ids=["plain", "two names", "a name with a space", "namespaces", "authority", "tabs"],
)
def test_a_line_says_whose_key_it_is(line: str, principals: str, options: dict[str, str]) -> None:
    read = read_signers(f"# comment\n\n{line}\n".encode())
    assert not read.bad
    assert [(one.principals, one.options) for one in read.signers] == [(principals, options)]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("ana", "no line of allowed signers"),
        (f"{KEY}", "no line of allowed signers"),
        ("ana ssh-ed25519 AAAA", "no key of the kind ssh-ed25519"),
        (f"ana ssh-rsa {KEY.split()[1]}", "no key of the kind ssh-rsa"),
        (f'ana principals="x" {KEY}', "no option principals"),
        (f'ana valid-before="tomorrow" {KEY}', "valid-before is no time: tomorrow"),
        (f'* namespaces="orr" {KEY}', "could sign for anybody"),
        (f"ana,?* {KEY}", "could sign for anybody"),
    ],
    ids=["no key", "no name", "a torn key", "another kind", "an unknown option", "no time", "anybody", "also anybody"],
)
def test_what_is_no_line_is_told_with_its_number(line: str, wrong: str) -> None:
    (bad,) = read_signers(f"ana {KEY}\n{line}\n".encode()).bad
    assert bad.line == 2
    assert wrong in render(bad.wrong, "en")
    assert render(bad.remedy, "zh-CN")


@pytest.mark.parametrize(
    ("principals", "name", "speaks"),
    [
        ("ana", "ana", True), ("ana", "Ana", False), ("ana,bo", "bo", True), ("*", "anybody", True),
        ("*@example.com", "ana@example.com", True), ("*@example.com", "ana@example.org", False), ("a?a", "ana", True),
        ("*,!ana", "ana", False), ("!ana,*", "bo", True), ("a.a", "ana", False), ("", "ana", False),
    ],
)  # fmt: skip
def test_patterns_of_names_are_read_as_openssh_reads_them(
    principals: str, name: str, speaks: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert Signer(principals, {}, "", "").speaks_for(name) is speaks
    if principals:
        (told := tmp_path_factory.mktemp("signers") / "signers").write_text(f"{principals} {KEY}\n")
        found = subprocess.run(
            ["ssh-keygen", "-Y", "match-principals", "-I", name, "-f", told], capture_output=True, check=False
        )
        assert (found.returncode == 0) is speaks


def test_the_mark_of_a_line_is_of_what_decides(tmp_path: Path) -> None:
    key, other = make_key(tmp_path, "one"), make_key(tmp_path, "other")
    assert public(key) != public(other)

    def marks(*lines: str) -> set[str]:
        return set(read_signers("".join(lines).encode()).marks)

    assert marks(signer("ana", key)) == marks("# a comment\n", signer("ana", key).replace("\n", " a comment\n"))
    assert (
        len(marks(signer("ana", key), signer("ana", other), signer("bo", key), signer("ana", key, "cert-authority")))
        == 4
    )


def test_only_terms_and_authorities_depend_on_time() -> None:
    assert not read_signers(f'ana namespaces="orr" {KEY}'.encode()).depend_on_time
    assert read_signers(f'ana valid-after="20260101" {KEY}'.encode()).depend_on_time
    assert read_signers(f"* cert-authority {KEY}".encode()).depend_on_time


@given(st.binary(max_size=300))
def test_no_content_fails_to_be_read(content: bytes) -> None:
    read = read_signers(content)
    assert len(read.signers) + len(read.bad) <= content.count(b"\n") + 1
    assert len(mark_of(content)) == 16
