"""Attestations: what is believed, and what is refused with its reason."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey
from support.gate_stage import FILES, IMAGE, OTHER, decided, gate, inside, orr, record, stage
from support.keys import pem, revoked, ssh

from orr.assessing import named_release
from orr.messages import LANGUAGES, Message, render
from orr.proof.attestation import Attested, about_problems, read_attestation
from orr.proof.passage import NOT_ASSESSED, PASS, Passage, by_attestation
from orr.proof.schema import decision_schema
from orr.proof.signing import CannotSign, Signers, envelope, is_pem, unwrapped
from orr.proof.statements import DECISION, PASSED, RESULT, STATEMENT, text_of


def soon(minutes: int = 5) -> datetime:
    """Some minutes after whatever was made till now."""
    return datetime.now(UTC) + timedelta(minutes=minutes)


def attested(root: Path, key: Path, *more: str, artifact: str = IMAGE) -> Path:
    out = root / "attested"
    assert (
        orr(root, "attest", "shop", "--artifact", artifact, "--key", str(key), "--by", "ana", "--out", str(out), *more)
        == 0
    )
    return out


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A decided workspace with its decision attested by a PEM key and by an SSH key."""
    root = decided(tmp_path_factory.mktemp("attested") / "w")
    private, _ = pem(root)
    attested(root, private)
    attested(root, ssh(root)[0])
    return root


def by_pem(root: Path) -> Signers:
    return Signers(keys=(root / "key.pub.pem",))


def by_ssh(root: Path) -> Signers:
    return Signers(signers=root / "ana.signers")


def test_a_decision_is_one_statement_and_what_lets_pass_a_result_as_well(made: Path) -> None:
    names = {path.name for path in (made / "attested").iterdir()}
    assert names == {
        "decision.dsse.json",
        "svr.dsse.json",
        *(f"{kind}.json{end}" for kind in ("decision", "svr") for end in ("", ".sig")),
    }
    decision, svr = (json.loads((made / "attested" / f"{kind}.json").read_text()) for kind in ("decision", "svr"))
    subject = [{"name": "artifact", "digest": {"sha256": "a" * 64}}]
    assert (decision["_type"], decision["subject"], decision["predicateType"]) == (STATEMENT, subject, DECISION)
    assert decision["predicate"]["decision"] == "go"
    assert (svr["subject"], svr["predicateType"]) == (subject, RESULT)
    assert svr["predicate"]["properties"] == ["ORR_DECIDED_GO"]
    assert svr["predicate"]["verifier"].keys() == {"id", "policies"}


def test_the_envelope_is_one_that_other_verifiers_read(made: Path) -> None:
    told = json.loads((made / "attested/decision.dsse.json").read_text())
    assert told["payloadType"] == "application/vnd.in-toto+json"
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    public = load_pem_public_key((made / "key.pub.pem").read_bytes())
    payload = b64decode(told["payload"])
    public.verify(  # type: ignore[call-arg, union-attr]
        b64decode(told["signatures"][0]["sig"]),
        b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload),
    )
    keyid = told["signatures"][0]["keyid"]
    assert Envelope.from_dict(told).verify([SSlibKey.from_crypto(public, keyid=keyid)], 1)


def test_ssh_keygen_alone_verifies_the_detached_signature(made: Path) -> None:
    words = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        "ana.signers",
        "-I",
        "ana",
        "-n",
        "orr",
        "-s",
        "attested/decision.json.sig",
    ]
    with (made / "attested/decision.json").open("rb") as statement:
        done = subprocess.run(words, cwd=made, stdin=statement, capture_output=True, check=False)
    assert done.returncode == 0, done


@pytest.mark.parametrize("kind", ["decision", "svr"])
def test_what_was_signed_is_believed(kind: str, made: Path) -> None:
    for found in (
        read_attestation(made / f"attested/{kind}.dsse.json", by_pem(made), soon()),
        read_attestation(made / f"attested/{kind}.json", by_ssh(made), soon()),
    ):
        assert (found.unproven, found.problems) == (None, ())
        assert about_problems(found, "shop", named_release(None, IMAGE, None)) == ()


@given(data=st.data())
def test_no_byte_of_what_was_signed_can_be_another(made: Path, data: st.DataObject) -> None:
    told = json.loads((made / "attested/decision.dsse.json").read_text())
    raw = bytearray(b64decode(told["payload"]))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    from base64 import b64encode

    _, why = unwrapped({**told, "payload": b64encode(bytes(raw)).decode()}, [made / "key.pub.pem"])
    assert isinstance(why, Message)


@pytest.mark.parametrize("name", ["decision.json", "decision.dsse.json"])
def test_one_byte_altered_is_refused(name: str, made: Path, tmp_path: Path) -> None:
    file = made / "attested" / name
    altered = tmp_path / name
    raw = bytearray(file.read_bytes())
    raw[raw.index(b"shop" if name == "decision.json" else b'"sig": "') + (0 if name == "decision.json" else 12)] ^= 1
    altered.write_bytes(bytes(raw))
    beside = made / "attested" / f"{name}.sig"
    by = Signers((made / "key.pub.pem",), made / "ana.signers")
    found = read_attestation(altered, by, soon(), beside if name == "decision.json" else None)
    assert found.unproven is not None
    assert "changed" in render(found.unproven, "en")


@pytest.mark.parametrize(
    ("keys", "options", "says"),
    [
        pytest.param((), "", "give --signers", id="no signers"),
        pytest.param(("bo",), "", "not signed by a key of ana", id="an unknown key"),
        pytest.param(("ana",), 'valid-before="20200101" ', "term has ended", id="a key past its term"),
        pytest.param(("ana",), 'namespaces="git" ', "not signed by a key", id="a key for another purpose"),
        pytest.param(("ana", "revoked"), "", "revoked", id="a revoked key"),
    ],
)
def test_whose_key_does_not_count_is_refused(
    keys: tuple[str, ...], options: str, says: str, made: Path, tmp_path: Path
) -> None:
    signers = tmp_path / "signers"
    if keys:
        name, _, public = (made / "ana.signers").read_text().partition(" ")
        if keys[0] == "bo":
            public = ssh(tmp_path, "bo")[1].read_text().partition(" ")[2]
        signers.write_text(f"{name} {options}{public}")
    dead = revoked(tmp_path, made / "ana.key") if "revoked" in keys else None
    by = Signers(signers=signers if keys else None, revoked=dead)
    found = read_attestation(made / "attested/decision.json", by, soon())
    assert found.unproven is not None
    assert says in render(found.unproven, "en")


def test_what_was_altered_is_told_as_altered_whatever_it_says_now(made: Path, tmp_path: Path) -> None:
    text = (made / "attested/decision.json").read_text()
    for old, new in (('"go"', '"gO"'), ('"decision"', '"decisiom"'), ("urn:orr:decision:v1", "urn:orr:decision:v1")):
        (tmp_path / "decision.json").write_text(text.replace(old, new, 1) + ("" if old != new else " "))
        by = Signers(signers=made / "ana.signers")
        found = read_attestation(tmp_path / "decision.json", by, soon(), made / "attested/decision.json.sig")
        assert found.unproven is not None
        assert "a byte of it" in render(found.unproven, "en")


def test_an_unknown_pem_key_and_none_are_refused(made: Path, tmp_path: Path) -> None:
    for keys, says in (((), "give --key"), ((pem(tmp_path, "other")[1],), "not signed by the key")):
        found = read_attestation(made / "attested/svr.dsse.json", Signers(keys=keys), soon())
        assert found.unproven is not None
        assert says in render(found.unproven, "en")


def test_it_is_believed_until_its_time_and_not_at_it(made: Path) -> None:
    file = made / "attested/decision.dsse.json"
    ends = read_attestation(file, by_pem(made), soon()).expires
    assert ends is not None
    before, at = (read_attestation(file, by_pem(made), one) for one in (ends - timedelta(seconds=1), ends))
    assert (before.problems, len(at.problems)) == ((), 1)
    assert "past its time" in render(at.problems[0], "en")
    early = read_attestation(file, by_pem(made), before.made_at - timedelta(seconds=1))
    assert "not come" in render(early.problems[0], "en")


def test_another_subject_workload_or_environment_is_told(made: Path) -> None:
    found = read_attestation(made / "attested/decision.dsse.json", by_pem(made), soon())
    for workload, artifact, environment in (
        ("stock", IMAGE, None),
        ("shop", OTHER, None),
        ("shop", f"{IMAGE} {OTHER}", None),
        ("shop", IMAGE, "production"),
    ):
        (problem,) = about_problems(found, workload, named_release(None, artifact, environment))
        assert all(render(problem, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b'{"payloadType": "x", "payload": "", "signatures": []}',
        b'{"payloadType": "application/vnd.in-toto+json", "payload": "e30=", "signatures": [{"sig": "!"}]}',
        b'{"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1"}',
        b'{"_type": "https://in-toto.io/Statement/v1", "predicateType": "a", "predicate": {}}',
        b'{"_type": "https://in-toto.io/Statement/v1", "predicateType": "urn:orr:decision:v1", "predicate": {}}',
        b" " * 4_000_001,
    ],
    ids=range(11),
)
def test_what_is_no_attestation_is_refused_with_its_reason(content: bytes, made: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    found = read_attestation(tmp_path / "file", by_pem(made), soon())
    assert found.statement is None
    assert found.unproven is not None
    assert render(found.unproven, "en")


def signed(made: Path, folder: Path, change: Callable[[dict[str, Any]], object], kind: str = "decision") -> Path:
    """A statement otherwise than it was made, signed by the same key."""
    told = json.loads((made / f"attested/{kind}.json").read_text())
    change(told["predicate"])
    file = folder / "altered.dsse.json"
    file.write_bytes(envelope(text_of(told), made / "key.pem"))
    return file


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda told: told.pop(key)


def _with(**keys: Any) -> Callable[[dict[str, Any]], object]:
    return lambda told: told.update(keys)


KEYS = list(decision_schema()["properties"]["predicate"]["properties"])


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        *(pytest.param("decision", _without(key), id=f"no {key}") for key in KEYS),
        *(pytest.param("decision", _with(**{key: 5}), id=f"{key}: 5") for key in KEYS),
        pytest.param("decision", _with(more=1), id="a key more"),
        pytest.param("decision", _with(reasons=["a", 5]), id="a reason that is none"),
        pytest.param("decision", lambda told: told["run"].update(number=True), id="a number that is none"),
        pytest.param("decision", _with(digest="sha256:" + "a" * 64 + "\n"), id="a line feed"),
        *(pytest.param("svr", _without(key), id=f"a result, no {key}") for key in ("properties", "timeCreated")),
        *(pytest.param("svr", _with(properties=one), id=f"properties: {one}") for one in ([], ["A"], [{}], "go")),
    ],
)
def test_a_signed_statement_of_another_form_is_refused(
    kind: str, change: Callable[[dict[str, Any]], object], made: Path, tmp_path: Path, capsys: Any
) -> None:
    file, key = str(signed(made, tmp_path, change, kind)), str(made / "key.pub.pem")
    assert orr(tmp_path, "verify", file, "--key", key) == 1
    assert "no attestation of orr" in capsys.readouterr().out
    status, line, _ = gate(tmp_path, capsys, "--attestation", file, "--key", key)
    assert (status, "no attestation of orr" in line) == (3, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(_with(expires="2999-01-01T00:00:00Z"), "no decision holds for more than 730 days", id="term"),
        pytest.param(_with(verdict="no-go"), "contradicts itself", id="verdict"),
        pytest.param(_with(decision="conditional-go", verdict="no-go"), "contradicts itself", id="conditional"),
        pytest.param(lambda told: told["signOffs"][0].update(vote="no-go"), "vote of ana for no-go", id="vote"),
    ],
)
def test_a_signed_decision_that_orr_could_not_have_made_is_refused(
    change: Callable[[dict[str, Any]], object], says: str, made: Path, tmp_path: Path, capsys: Any
) -> None:
    file, key = str(signed(made, tmp_path, change)), str(made / "key.pub.pem")
    assert orr(tmp_path, "verify", file, "--key", key) == 1
    assert says in capsys.readouterr().out
    status, line, _ = gate(tmp_path, capsys, "--attestation", file, "--key", key)
    assert (status, says in line) == (3, True)


# The gate by an attestation


def passage(found: Attested, *, strict: bool = False, max_age: timedelta | None = None, later: int = 5) -> Passage:
    at = soon(later)
    return by_attestation(found, Passage("shop", named_release(None, IMAGE, None), at, NOT_ASSESSED), strict, max_age)


def test_the_gate_believes_a_signed_decision_where_there_is_no_workspace(
    made: Path, tmp_path: Path, capsys: Any
) -> None:
    key, file = str(made / "key.pub.pem"), str(made / "attested/decision.dsse.json")
    status, line, told = gate(tmp_path, capsys, "--attestation", file, "--key", key)
    assert status == 0
    assert line.startswith("shop passes: go, about image")
    assert "attested by ana" in line
    assert told["expires"] is not None
    for words, says in (
        (("--attestation", file), "give --key"),
        (("--attestation", str(made / "attested/svr.dsse.json"), "--key", key), "attestation of the decision"),
        (("--attestation", file, "--key", key, "--environment", "production"), "not about image"),
    ):
        status, line, told = gate(tmp_path, capsys, *words)
        assert (status, told["passes"]) == (3, False)
        assert says in line
    assert gate(tmp_path, capsys, "--attestation", file, "--key", key, "--verdict-only")[0] == 2
    assert gate(tmp_path, capsys, "--attestation", file, "--key", key, artifact=OTHER)[0] == 3


def test_an_older_or_a_conditional_decision_may_be_refused(made: Path) -> None:
    found = read_attestation(made / "attested/decision.dsse.json", by_pem(made), soon())
    assert passage(found).status == PASS
    assert passage(found, max_age=timedelta(hours=1)).status == PASS
    assert passage(found, max_age=timedelta(hours=1), later=70).status == NOT_ASSESSED


# What is attested


def test_a_decision_that_lets_nothing_pass_has_no_result_and_no_end(tmp_path: Path, capsys: Any) -> None:
    root = stage(tmp_path, voted=False)
    record(root)
    private, public = pem(root)
    out = attested(root, private)
    assert [path.name for path in out.iterdir()] == ["decision.dsse.json"]
    found = read_attestation(out / "decision.dsse.json", Signers(keys=(public,)), soon())
    assert (found.decision.value, found.expires, found.problems) == ("pending", None, ())
    assert found.decision not in PASSED
    assert passage(found).status == 1
    assert orr(root, "verify", str(out / "decision.dsse.json"), "--key", str(public)) == 0
    assert "pending" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("artifact", "says"),
    [
        pytest.param("", "the release names none", id="none"),
        pytest.param("git:42cd0e1", "only its beginning", id="short"),
    ],
)
def test_what_names_no_artifact_is_refused_with_the_remedy(
    artifact: str, says: str, tmp_path: Path, capsys: Any
) -> None:
    root = decided(tmp_path)
    words = ("--artifact", artifact) if artifact else ()
    assert orr(root, "attest", "shop", "--key", str(pem(root)[0]), *words) == 2
    assert says in capsys.readouterr().err


def test_where_no_run_counts_nothing_is_attested(tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    assert orr(root, "attest", "shop", "--key", str(pem(root)[0]), "--artifact", OTHER) == 3
    assert "no run is about this release" in capsys.readouterr().err
    assert not (root / "reports/shop").exists()


def test_a_whole_commit_and_an_environment_are_attested(tmp_path: Path) -> None:
    commit = "git:" + "4" * 40
    root = stage(tmp_path)
    record(root, artifact=commit, environment="production")
    private, public = pem(root, curve=True, password="open sesame")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORR_KEY_PASSWORD", "open sesame")
        out = attested(root, private, "--environment", "production", artifact=commit)
    found = read_attestation(out / "svr.dsse.json", Signers(keys=(public,)), soon())
    assert found.statement is not None
    assert found.statement["subject"] == [{"name": "commit", "digest": {"gitCommit": "4" * 40}}]
    assert found.statement["predicate"]["properties"] == ["ORR_DECIDED_GO:production"]


def test_a_key_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    private, _ = pem(tmp_path, password="open sesame")
    assert is_pem(str(private))
    with pytest.raises(CannotSign, match="ORR_KEY_PASSWORD"):
        envelope(text_of({}), private)
    root = decided(tmp_path / "w")
    assert orr(root, "attest", "shop", "--key", str(tmp_path / "none"), "--artifact", IMAGE) == 3


def test_the_history_bears_out_what_was_attested_by_it_and_no_other_does(
    made: Path, tmp_path: Path, capsys: Any
) -> None:
    words = ("verify", str(made / "attested/decision.dsse.json"), "--key", str(made / "key.pub.pem"), "--history")
    assert orr(made, *words) == 0
    other = stage(
        tmp_path,
        **{"workloads/shop/x.txt": "another\n", "workloads/shop/workload.yaml": FILES["workloads/shop/workload.yaml"]},
    )
    record(other, at=soon() - timedelta(days=1))
    capsys.readouterr()
    with inside(other):
        assert orr(other, *words) == 1
    assert "the history lacks the head" in capsys.readouterr().out


def test_a_pem_key_that_cannot_be_used_is_refused_in_own_words(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import dsa, ed25519

    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    locked = tmp_path / "locked.pem"
    encrypted = serialization.BestAvailableEncryption(b"sesame")
    locked.write_bytes(ed25519.Ed25519PrivateKey.generate().private_bytes(*form, encrypted))
    odd = tmp_path / "odd.pem"
    odd.write_bytes(dsa.generate_private_key(1024).private_bytes(*form, serialization.NoEncryption()))
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    cases = [
        (locked, "", "it needs a password, which is read from ORR_KEY_PASSWORD"),
        (locked, "open", "ORR_KEY_PASSWORD holds another password"),
        (made / "key.pem", "sesame", "it has no password"),
        (broken, "", "no private key in PEM"),
        (odd, "", "keys of its kind are not known here"),
    ]
    for key, password, told in cases:
        monkeypatch.setenv("ORR_KEY_PASSWORD", password)
        with pytest.raises(CannotSign, match=told):
            envelope(b"{}", key)
    with pytest.raises(CannotSign, match="no public key in PEM"):
        unwrapped(json.loads((made / "attested/svr.dsse.json").read_text()), [broken])
