"""Packs for auditors: what is in them, and what was done to them."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.gate_stage import IMAGE, decided, orr, record, stage, vote
from support.keys import pem, ssh

from orr.proof.pack import archive

Members = dict[str, bytes]
Tell = Callable[..., tuple[int, str]]


BODY = "MIIEvQIBADANBgkqhkiG9w0B"
SECRET = f"-----BEGIN PRIVATE KEY-----\n{f'{BODY}' * 8}\n-----END PRIVATE KEY-----\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of two runs, the first decided and kept, with packs that a PEM key, an SSH key and none signed."""
    root = decided(tmp_path_factory.mktemp("packed") / "w")
    for out, words in (("plain", ()), ("pem", ("--key", str(pem(root)[0]))), ("ssh", ("--key", str(ssh(root)[0])))):
        assert orr(root, "audit", "shop", "--out", f"{out}.zip", *words) == 0
    return root


@pytest.fixture
def verified(made: Path, capsys: Any) -> Tell:
    def run(file: str | Path, *words: str) -> tuple[int, str]:
        capsys.readouterr()
        status = orr(made, "verify", str(file), *words)
        return status, capsys.readouterr().out.strip()

    return run


def members(file: Path) -> Members:
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(members: Members, compression: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


def head_of(file: Path) -> str:
    return str(json.loads(members(file)["manifest.json"])["head"])


def test_a_pack_holds_the_run_and_what_it_was_made_from(made: Path) -> None:
    found = members(made / "plain.zip")
    manifest = json.loads(found["manifest.json"])
    (run,) = manifest["workloads"]["shop"]["runs"]
    assert (run["decision"], run["kept"]) == ("go", "store")
    assert {vote["by"] for vote in run["votes"]} == {"ana", "bo"}
    wanted = {
        "orr.yaml",
        "checklists/c.yaml",
        *(
            f"workloads/shop/{name}"
            for name in ("workload.yaml", "review.yaml", "proof.txt", "x.txt", "docs/rollback.md")
        ),
    }
    assert wanted <= run["files"].keys()
    for path in wanted:
        one = run["files"][path]
        assert found[one["member"]] == (made / path).read_bytes()
        assert hashlib.sha256(found[one["member"]]).hexdigest() == one["sha256"]
    page = found["index.html"].decode()
    assert all(word in page for word in ("Audit pack", "审计包", "docs/rollback.md", "ana"))
    assert "<script" not in page
    assert "http" not in page.replace('charset="utf-8"', "")


def test_the_same_input_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "elsewhere", copy_function=shutil.copyfile)  # another folder, other times
    assert orr(tmp_path / "elsewhere", "audit", "shop", "--out", "again.zip", "--lang", "zh-CN") == 0
    assert (tmp_path / "elsewhere/again.zip").read_bytes() == (made / "plain.zip").read_bytes()
    for name in ("plain", "pem", "ssh"):
        words = () if name == "plain" else ("--key", str(made / ("key.pem" if name == "pem" else "ana.key")))
        assert orr(made, "audit", "shop", "--out", "again.zip", *words) == 0
        assert (made / "again.zip").read_bytes() == (made / f"{name}.zip").read_bytes()


def test_who_signed_it_or_a_head_that_was_noted_proves_it(made: Path, verified: Tell) -> None:
    status, line = verified("pem.zip", "--key", "key.pub.pem")
    assert (status, line) == (0, "pem.zip: complete, signed by the key that was given")
    status, line = verified("ssh.zip", "--signers", "ana.signers", "--identity", "ana")
    assert (status, line) == (0, "ssh.zip: complete, signed by ana")
    for name in ("plain.zip", "pem.zip", "ssh.zip"):
        status, line = verified(name, "--head", head_of(made / name))
        assert status == 0
        assert "its history has the head sha256:" in line
        assert "files besides are not named in that history" in line
    status, line = verified("ssh.zip", "--head", head_of(made / "ssh.zip"), "--signers", "ana.signers")
    assert (status, "name with --identity" in line) == (3, True)


def test_without_either_it_is_complete_and_its_origin_not_proven(verified: Tell) -> None:
    status, line = verified("plain.zip")
    assert status == 1
    assert "complete, origin not proven" in line
    for file, words, expected, says in (
        ("pem.zip", (), 3, "give --key"),
        ("ssh.zip", (), 3, "--identity"),
        ("ssh.zip", ("--identity", "ana"), 3, "--signers"),
        ("ssh.zip", ("--signers", "ana.signers", "--identity", "bo"), 1, "not signed by a key of bo"),
        ("plain.zip", ("--head", "sha256:" + "0" * 64), 1, "lacks the head"),
    ):
        status, line = verified(file, *words)
        assert (status, says in line) == (expected, True), line


def _resealed(found: Members) -> Members:
    """What somebody makes who also writes the manifest anew."""
    manifest = json.loads(found["manifest.json"])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in found.items()
        if not name.startswith("manifest.")
    }
    return {**found, "manifest.json": json.dumps(manifest).encode()}


def _evidence(found: Members) -> str:
    return next(name for name in found if name.endswith("/rollback.md"))


def _cut(found: Members) -> Members:
    return {name: content for name, content in found.items() if name != _evidence(found)}


def _swapped(found: Members) -> Members:
    name, manifest = _evidence(found), json.loads(found["manifest.json"])
    content = b"# Rollback\n\nNobody knows.\n"
    for part in (*manifest["workloads"]["shop"]["runs"], {"files": manifest["workloads"]["shop"]["now"]}):
        for one in part["files"].values():
            if one.get("member") == name:
                one["sha256"] = hashlib.sha256(content).hexdigest()
    return _resealed({**found, name: content, "manifest.json": json.dumps(manifest).encode()})


def _decided_otherwise(found: Members) -> Members:
    manifest = json.loads(found["manifest.json"])
    manifest["workloads"]["shop"]["runs"][0]["decision"] = "conditional-go"
    return {**found, "manifest.json": json.dumps(manifest).encode()}


def _chain_altered(found: Members) -> Members:
    chain = json.loads(found["history/chain.json"])
    next(one for one in chain if "run" in one)["run"]["verdict"] = "conditional-go"
    return _resealed({**found, "history/chain.json": json.dumps(chain).encode()})


def _chain_cut(found: Members) -> Members:
    return _resealed({**found, "history/chain.json": json.dumps(json.loads(found["history/chain.json"])[1:]).encode()})


@pytest.mark.parametrize(
    ("what", "says"),
    [
        pytest.param(lambda raw: raw + b"and more", "8 bytes stand after its end", id="after"),
        pytest.param(lambda raw: raw + zipped({"index.html": b"x"}), "no pack of orr", id="another zip after it"),
        pytest.param(lambda raw: b"PK and so" + raw, "9 bytes stand before its beginning", id="before"),
        pytest.param(lambda raw: raw[:-2] + b"\x03\0abc", "not as orr writes it", id="a comment"),
        pytest.param(lambda raw: zipped(_read_of(raw)), "not as orr writes it", id="zipped again"),
        pytest.param(lambda raw: zipped(_read_of(raw), zipfile.ZIP_DEFLATED), "compressed)", id="compressed"),
        pytest.param(lambda raw: archive({**_read_of(raw), "a/./b": b""}), "(ValueError: names)", id="a step nowhere"),
        pytest.param(lambda raw: archive({**_read_of(raw), "C:/b": b""}), "(ValueError: names)", id="a drive"),
        pytest.param(lambda raw: archive({**_read_of(raw), "INDEX.html": b""}), "index.html but for", id="capitals"),
        pytest.param(lambda raw: _twice(raw, "manifest.json"), "manifest.json is not as orr writes", id="a key twice"),
        pytest.param(lambda raw: raw.replace(b"PK\3\4\x14", b"PK\3\4\x15", 1), "not as orr", id="a byte of a header"),
    ],
)  # fmt: skip
def test_a_pack_has_one_form_that_every_reader_understands_alike(
    what: Callable[[bytes], bytes], says: str, made: Path, tmp_path: Path, verified: Tell
) -> None:
    (tmp_path / "pack.zip").write_bytes(what((made / "pem.zip").read_bytes()))
    status, told = verified(tmp_path / "pack.zip", "--key", "key.pub.pem")
    assert (status, says in told) == (1, True), told


def _read_of(raw: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _twice(raw: bytes, name: str) -> bytes:
    found = _read_of(raw)
    return archive({**found, name: found[name].replace(b"{", b'{"head": "x",', 1)})


@pytest.mark.parametrize(
    ("what", "says"),
    [
        pytest.param(
            lambda found: {n: c for n, c in found.items() if n != _evidence(found)}, "it was cut: files/", id="cut"
        ),
        pytest.param(lambda found: {**found, "more.txt": b"x"}, "more.txt was put in", id="put in"),
        pytest.param(lambda found: {**found, _evidence(found): b"x"}, "is not what was packed", id="other contents"),
        pytest.param(lambda found: {**found, "index.html": b"x"}, "index.html is not what", id="another page"),
        pytest.param(_swapped, "not what run 1 of shop was judged by", id="other evidence, sealed anew"),
        pytest.param(_decided_otherwise, "is not in its history", id="another decision"),
        pytest.param(_chain_altered, "not as it was written", id="another record"),
        pytest.param(_chain_cut, "does not end with", id="a record less"),
        pytest.param(lambda found: {**found, "../x": b""}, "no pack of orr", id="a path out of it"),
        pytest.param(lambda found: {"manifest.json": b"[]"}, "no pack of orr", id="no manifest"),
        pytest.param(lambda found: {**found, "manifest.json": b"[" * 99999}, "no pack of orr", id="a deep manifest"),
    ],
)
def test_whatever_was_done_to_it_is_named(
    what: Callable[[Members], Members], says: str, made: Path, tmp_path: Path, verified: Tell
) -> None:
    (tmp_path / "pack.zip").write_bytes(zipped(what(members(made / "plain.zip"))))
    status, line = verified(tmp_path / "pack.zip", "--head", head_of(made / "plain.zip"))
    assert status == 1
    assert says in line


def test_a_signed_pack_that_was_sealed_anew_is_not_what_was_signed(made: Path, tmp_path: Path, verified: Tell) -> None:
    (tmp_path / "pem.zip").write_bytes(zipped(_swapped(members(made / "pem.zip"))))
    assert "signature is of another manifest" in verified(tmp_path / "pem.zip", "--key", "key.pub.pem")[1]
    (tmp_path / "ssh.zip").write_bytes(zipped(_swapped(members(made / "ssh.zip"))))
    words = ("--signers", "ana.signers", "--identity", "ana")
    assert "a byte of it" in verified(tmp_path / "ssh.zip", *words)[1]


def test_a_pack_that_ends_early_is_none(made: Path, tmp_path: Path, verified: Tell) -> None:
    raw = (made / "plain.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(raw[: len(raw) // 2])
    status, line = verified(tmp_path / "half.zip")
    assert (status, "no pack of orr, or it was cut" in line) == (1, True)


def test_a_file_with_a_secret_is_left_out_and_named(tmp_path: Path, capsys: Any) -> None:
    root = stage(tmp_path, **{"workloads/shop/proof.txt": SECRET})
    record(root)
    capsys.readouterr()
    assert orr(root, "audit", "shop", "--out", "pack.zip") == 0
    digest = hashlib.sha256((root / "workloads/shop/proof.txt").read_bytes()).hexdigest()
    printed = capsys.readouterr().out
    assert f"workloads/shop/proof.txt of run 1 is left out (it seems to hold a secret): sha256 {digest}" in printed
    found = members(root / "pack.zip")
    assert not any(BODY.encode() in content for content in found.values())
    (run,) = json.loads(found["manifest.json"])["workloads"]["shop"]["runs"]
    assert run["files"]["workloads/shop/proof.txt"]["sha256"] == digest


def test_as_they_were_means_then_and_not_now(tmp_path: Path) -> None:
    root = decided(tmp_path)
    (root / "workloads/shop/docs/rollback.md").write_text("# Rollback\n\n## Steps\n\nAnother text by now.\n")
    vote(root)
    record(root)
    assert orr(root, "audit", "shop", "--out", "pack.zip") == 0
    found = members(root / "pack.zip")
    first, second = json.loads(found["manifest.json"])["workloads"]["shop"]["runs"]
    texts = [found[one["files"]["workloads/shop/docs/rollback.md"]["member"]].decode() for one in (first, second)]
    assert ["Another" in text for text in texts] == [False, True]


def test_an_older_run_comes_from_git_or_is_told_as_not_kept(
    tmp_path: Path, git: Callable[..., str], capsys: Any
) -> None:
    root = decided(tmp_path)
    kept = root / "reports/history.db.kept"
    broken = hashlib.sha256((root / "workloads/shop/docs/rollback.md").read_bytes()).hexdigest()
    (kept / "contents" / broken[:2] / broken).write_bytes(b"x")
    rollback = root / "workloads/shop/docs/rollback.md"
    was = rollback.read_text()
    for text, is_lost in ((was, False), (was + "More.\n", True)):  # as it is now, it may be what it was then
        rollback.write_text(text)
        assert orr(root, "audit", "shop", "--out", "pack.zip") == 0
        lost = f"workloads/shop/docs/rollback.md of run 1 is left out (not kept): sha256 {broken}"
        assert (lost in capsys.readouterr().out) is is_lost
    rollback.write_text(was)
    shutil.rmtree(kept)
    assert orr(root, "audit", "shop", "--out", "pack.zip") == 0
    assert "were not kept, and git does not have them" in capsys.readouterr().out
    git("init", "-q")
    git("add", "-A", ".")
    git("commit", "-qm", "x", on="2020-01-01")
    assert orr(root, "audit", "shop", "--out", "pack.zip") == 0
    (run,) = json.loads(members(root / "pack.zip")["manifest.json"])["workloads"]["shop"]["runs"]
    assert run["kept"].startswith("git ")
    assert run["files"]["workloads/shop/docs/rollback.md"]["member"].endswith("/rollback.md")


def test_only_runs_since_a_day_bring_their_files(made: Path) -> None:
    assert orr(made, "audit", "shop", "--since", "2999-01-01", "--out", "since.zip") == 0
    found = members(made / "since.zip")
    assert json.loads(found["manifest.json"])["workloads"]["shop"]["runs"] == []
    assert "history/chain.json" in found


def test_an_unknown_workload_is_a_fault(made: Path) -> None:
    assert orr(made, "audit", "stock", "--out", "none.zip") == 2
    assert not (made / "none.zip").exists()


def test_other_workloads_are_links_of_the_chain_alone(tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    other = {
        "workloads/stock/workload.yaml": "workload: stock\ntitle: Stock of secrets\ntier: 4\nowner: {team: payments}\n"
    }
    stage(root, voted=False, **other)
    assert orr(root, "audit", "stock", "--out", "pack.zip") == 0
    found = members(root / "pack.zip")
    assert not any(b"watch the errors fall" in content for content in found.values())
    capsys.readouterr()
    assert orr(root, "verify", "pack.zip", "--head", head_of(root / "pack.zip")) == 0
    assert IMAGE not in "".join(found)
