"""Secrets in tracked files."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from orr.evidence.checks.contents.secrets import secret_in
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)
MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
BODY = "\n".join(["MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB"] * 4)


def block(kind: str, body: str = BODY) -> str:
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n"


def jwk(**members: str) -> str:
    return json.dumps({"alg": "RS256", **members})


LONG = "x" * 43
TOKEN = "ghp_" + "Zk3vT9qLw2Yh7BnC5xRd8MfJ6sPg4uEaW1iQ"
CASES = [
    ("keys.txt", block("PRIVATE KEY"), NOT_MET),
    ("a.go", "const k = `" + block("RSA PRIVATE KEY") + "`\n", NOT_MET),
    ("sa.json", json.dumps({"private_key": block("PRIVATE KEY")}), NOT_MET),
    ("a.pem", block("EC PRIVATE KEY"), NOT_MET),
    ("a.asc", block("PGP PRIVATE KEY BLOCK"), NOT_MET),
    ("examples/testdata/k", block("OPENSSH PRIVATE KEY"), NOT_MET),
    ("a.pem", block("PUBLIC KEY"), MET),
    ("a.pem", block("CERTIFICATE"), MET),
    ("docs/keys.md", block("PRIVATE KEY", "…"), MET),
    ("docs/keys.md", "-----BEGIN PRIVATE KEY-----\n", MET),
    ("tempkey.jwk", jwk(kty="RSA", n=LONG, d=LONG), NOT_MET),
    ("keys.json", json.dumps({"keys": [{"kty": "EC", "x": LONG, "d": LONG}]}), NOT_MET),
    ("oct.json", jwk(kty="oct", k=LONG), NOT_MET),
    ("public.jwk", jwk(kty="RSA", n=LONG, e="AQAB"), MET),
    ("other.json", json.dumps({"a": {"kty": "RSA"}, "b": {"d": LONG}}), MET),
    (".env", "TEST=testing123\n", MET),
    ("src/.env", "DB_PASSWORD=correct-horse\n", NOT_MET),
    (".env.production", 'export API_KEY="zq81hhs81jj1"  # ours\n', NOT_MET),
    (".env", "DATABASE_URL=postgres://shop:hunter2@db/shop\n", NOT_MET),
    (".env", "PORT=8080\nAPI_KEY=\nTOKEN=${TOKEN}\nSECRET=<yours>\nPASSWORD=changeme\n", MET),
    (".env", "TOKEN_URL=https://id.example/oauth/token\n", MET),
    (".env", "TOKEN_URL=https://id.example/?key=correct-horse\n", NOT_MET),
    (".env.example", "DB_PASSWORD=correct-horse\n", MET),
    ("id_rsa", "words\n", NOT_MET),
    ("src/app.py", f"client(token='{TOKEN}')\n", NOT_MET),
    ("docs/setup.md", "export AWS_ACCESS_KEY_ID=AKIA" + "Q7ZL3WXN5TRB2KHD\n", NOT_MET),
    ("docs/setup.md", "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n", MET),
    ("docs/setup.md", "token: ghp_" + "x" * 36 + "\n", MET),
    ("docs/token-rotation.md", "How a token, a password and a private key are replaced.\n", MET),
]


def look(folder: Path, **more: object) -> Finding:
    finding = run_check("files", folder, today=TODAY, secrets=True, forbidden=["**/id_rsa"], **more)
    assert all(render(finding.says, language) for language in LANGUAGES)
    return finding


@pytest.mark.parametrize(("path", "text", "outcome"), CASES, ids=[f"{n}-{one[0]}" for n, one in enumerate(CASES)])
def test_a_secret_is_a_finding_whatever_the_name_of_its_file(
    tmp_path: Path, write, path: str, text: str, outcome: Outcome
) -> None:
    write("README.md", "# Shop\n")
    write(path, text)
    found = look(tmp_path)
    assert found.outcome is outcome
    assert (path in render(found.says, "en")) is (outcome is NOT_MET)


def test_a_finding_names_the_line_and_never_the_secret(tmp_path: Path, write) -> None:
    write("a/.env", "PORT=1\nDB_PASSWORD=correct-horse\n")
    assert render(look(tmp_path).says, "en") == "a secret lies in a file: a/.env gives DB_PASSWORD a value (line 2)"


def test_what_is_excepted_is_left_out_by_path_and_shown_with_its_reason(tmp_path: Path, write) -> None:
    write("tests/keys/a.pem", block("PRIVATE KEY"))
    write("tests/keys/id_rsa", block("PRIVATE KEY"))
    found = look(tmp_path, **{"except": [{"path": "tests/keys/*", "reason": "thrown away after each test"}]})
    assert found.outcome is MET
    assert "left out is tests/keys/* (thrown away after each test)" in render(found.says, "en")
    write("b.pem", block("PRIVATE KEY"))
    assert look(tmp_path, **{"except": [{"path": "tests/keys/*", "reason": "as above"}]}).outcome is NOT_MET


@pytest.mark.parametrize(
    "given",
    [
        [{"path": "a.pem"}],
        [{"path": "a.pem", "reason": " "}],
        [{"path": "**", "reason": "all of them"}],
        [{"path": "../a", "reason": "outside"}],
        [{"path": "a.pem", "reason": "x", "until": "2027"}],
    ],
    ids=["no reason", "blank reason", "everything", "outside", "another key"],
)
def test_an_exception_without_path_and_reason_is_refused(tmp_path: Path, write, given: list) -> None:
    write("a.md", "x")
    found = look(tmp_path, **{"except": given})
    assert found.outcome is UNKNOWN
    assert "names a path and a reason" in render(found.says, "en")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_text_is_read_in_the_encodings_that_windows_writes(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "deploy.ps1").write_bytes(f"# deploys the shop\r\n$token = '{TOKEN}'\r\n".encode(encoding))
    found = look(tmp_path)
    says = "a secret lies in a file: deploy.ps1 holds a token that begins with ghp_ (line 2)"
    assert (found.outcome, render(found.says, "en")) == (NOT_MET, says)


@pytest.mark.parametrize(("before", "outcome"), [(1_000, NOT_MET), (3_000_000, MET)], ids=["within", "beyond"])
def test_of_a_large_file_the_beginning_is_read(tmp_path: Path, write, before: int, outcome: Outcome) -> None:
    write("big.log", "-" * before + f"\n{TOKEN}\n" + "-" * 3_000_000)
    assert look(tmp_path).outcome is outcome


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_only_tracked_files_are_read_in_a_work_tree(tmp_path: Path, write) -> None:
    write("a.md", "x")
    for arguments in (["init", "-q"], ["add", "a.md"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    write("local.pem", block("PRIVATE KEY"))
    assert look(tmp_path).outcome is MET
    subprocess.run(["git", "add", "local.pem"], cwd=tmp_path, check=True)
    assert look(tmp_path).outcome is NOT_MET


@pytest.mark.parametrize("head", [b"-----BEGIN PRIVATE KEY-----\n", b"PuTTY-User-Key-File-2:\n"])
def test_many_heads_of_keys_without_an_end_are_none_and_soon_looked_through(head: bytes) -> None:
    assert secret_in("a", head * 30_000) is None
