"""Laws of what others verify: unsigned, altered, older or laxer never reads better."""

from __future__ import annotations

import copy
import io
import json
import shutil
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import TODAY, answer, assess, case, check, evidence, found, item
from support.fuzzing import examples
from support.gate_stage import FILES, IMAGE, decided, orr, record, stage
from support.keys import pem

from orr.assessing import named_release
from orr.evaluate import Evaluation, Verdict
from orr.evaluate.votes import Decision
from orr.formats.record import to_json
from orr.proof.attestation import about_problems, read_attestation
from orr.proof.gate import gate
from orr.proof.passage import NOT_ASSESSED, PASS, Passage, by_attestation
from orr.proof.recorded import evidence_of
from orr.proof.signing import Signers
from orr.proof.unpack import verify_pack
from orr.source.faults import FaultyInput
from orr.workspace.workspace import Workspace

OUTCOMES = ("met", "partial", "not-met", "unknown")
RANK = {verdict: place for place, verdict in enumerate(Verdict)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A decision attested and a pack, both signed by one key."""
    root = decided(tmp_path_factory.mktemp("laws") / "w")
    private, _ = pem(root)
    assert orr(root, "attest", "shop", "--artifact", IMAGE, "--key", str(private), "--out", "made") == 0
    assert orr(root, "audit", "shop", "--out", "pack.zip", "--key", str(private)) == 0
    return root


def good(file: Path, root: Path, now: datetime, **how: Any) -> bool:
    """Whether the gate lets it pass; it never does what `orr verify` does not believe."""
    by = Signers(keys=(root / "key.pub.pem",) if how.get("key", True) else ())
    read = read_attestation(file, by, now)
    asked = named_release(None, how.get("artifact", IMAGE), None)
    believed = read.unproven is None and not read.problems and not about_problems(read, None, asked)
    passes = gated(file, root, now, **how) == PASS
    assert believed or not passes
    return passes


def gated(file: Path, root: Path, now: datetime, **how: Any) -> int:
    by = Signers(keys=(root / "key.pub.pem",) if how.pop("key", True) else ())
    blank = Passage("shop", named_release(None, how.pop("artifact", IMAGE), None), now, NOT_ASSESSED)
    return by_attestation(
        read_attestation(file, by, now), blank, how.pop("strict", False), how.pop("max_age", None)
    ).status


def soon() -> datetime:
    """Some minutes after whatever was made till now."""
    return datetime.now(UTC) + timedelta(minutes=5)


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_no_altered_attestation_passes(
    place: int, bit: int, made: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = json.loads((made / "made/decision.dsse.json").read_bytes())
    raw = bytearray(b64decode(told["payload"]))
    raw[place % len(raw)] ^= 1 << bit
    file = tmp_path_factory.mktemp("altered") / "decision.dsse.json"
    file.write_text(json.dumps({**told, "payload": b64encode(bytes(raw)).decode()}))
    assert gated(file, made, soon()) == NOT_ASSESSED
    assert not good(file, made, soon())


@given(later=st.timedeltas(timedelta(0), timedelta(days=1500)), older=st.timedeltas(timedelta(0), timedelta(days=1500)))
def test_an_older_attestation_never_reads_better(later: timedelta, older: timedelta, made: Path) -> None:
    file = made / "made/decision.dsse.json"
    at = soon() + later
    sooner, afterwards = good(file, made, at), good(file, made, at + older)
    assert sooner or not afterwards
    assert gated(file, made, at, max_age=timedelta(minutes=1)) != PASS


@given(
    key=st.booleans(), artifact=st.sampled_from([IMAGE, "sha256:" + "c" * 64, "git:" + "4" * 40]), strict=st.booleans()
)
def test_unsigned_or_of_another_subject_never_reads_better(key: bool, artifact: str, strict: bool, made: Path) -> None:
    passes = good(made / "made/decision.dsse.json", made, soon(), key=key, artifact=artifact, strict=strict)
    assert passes is (key and artifact == IMAGE)


@given(data=st.data())
def test_no_altered_pack_is_proven(data: st.DataObject, made: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with zipfile.ZipFile(made / "pack.zip") as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    name = data.draw(st.sampled_from(sorted(members)))
    raw = bytearray(members[name])
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    changed = data.draw(st.sampled_from(["altered", "removed", "added"]))
    now = {
        "altered": {**members, name: bytes(raw)},
        "removed": {path: content for path, content in members.items() if path != name},
        "added": {**members, f"{name}.more": bytes(raw)},
    }[changed]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for path, content in now.items():
            file.writestr(path, content)
    pack = tmp_path_factory.mktemp("altered") / "pack.zip"
    pack.write_bytes(buffer.getvalue())
    read = verify_pack(pack, Signers(keys=(made / "key.pub.pem",)), None, soon())
    whole = (read.findings, read.unproven) == ((), None) and read.proven is not None
    assert not whole or name == "manifest.dsse.json"  # which may call its key, and space its JSON, as it likes


# The gate's look at files and a run

REVIEW, SETTINGS, CHECKLIST = "workloads/shop/review.yaml", "orr.yaml", "checklists/c.yaml"
LENIENT: tuple[tuple[str, str, str], ...] = (
    (SETTINGS, "[service-owner, operations]", "[service-owner]"),
    (SETTINGS, "distinct: true", "distinct: false"),
    (SETTINGS, "tiers: [1, 2, 3, 4]", "tiers: [1, 2, 3, 4]\n  no_go: []\n  conditional: []"),
    (CHECKLIST, "risk: high", "risk: low"),
    (CHECKLIST, ", evidence: required", ""),
    (CHECKLIST, "sections: [Steps]", "sections: []"),
    (CHECKLIST, 'paths: ["drills/*.md"]', 'paths: ["**"]'),
    ("workloads/shop/workload.yaml", "tier: 1", "tier: 4"),
    (REVIEW, "vote: no-go", "vote: go"),
    (REVIEW, "role: service-owner", "role: operations"),
    (REVIEW, "by: ana", "by: bo"),
    ("workloads/shop/docs/rollback.md", "Turn the flag off", "Do nothing"),
)
"""What makes files laxer, or says of votes what nobody did."""


@pytest.fixture(scope="module", params=["pending", "no-go", "voted no-go"])
def refused(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that the gate lets nothing of pass: a vote is missing, an answer is no, or a vote is for no-go."""
    root = tmp_path_factory.mktemp("refused") / "w"
    answers = FILES[REVIEW].replace("c/own: {answer: yes", "c/own: {answer: no")
    stage(root, voted=False, **({REVIEW: answers} if request.param == "no-go" else {}))
    votes = {"pending": ["go"], "no-go": ["go", "go"], "voted no-go": ["go", "no-go"]}[request.param]
    for role, by, vote in zip(("service-owner", "operations"), ("ana", "bo"), votes, strict=False):
        assert orr(root, "sign", "shop", role, vote, "--by", by, "--artifact", IMAGE) == 0
    record(root)
    return root


@settings(max_examples=examples(10))
@given(edits=st.sets(st.sampled_from(LENIENT), min_size=1, max_size=4), data=st.data())
def test_laxer_or_altered_files_never_pass_what_was_refused(
    edits: set[tuple[str, str, str]], data: st.DataObject, refused: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("laxer") / "w"
    shutil.copytree(refused, root)
    for path, old, new in sorted(edits):
        text = (root / path).read_text(encoding="utf-8")
        (root / path).write_text(text.replace(old, new), encoding="utf-8")
    if data.draw(st.booleans(), label="the history is altered"):
        raw = (root / "reports/history.db").read_bytes()
        (root / "reports/history.db").write_bytes(raw.replace(b"no-go", b"go   ").replace(b"pending", b"go     "))
    try:
        workspace = Workspace.open(root)
        case = workspace.case("shop", None, named_release(None, IMAGE, None))
        answer = gate(workspace, case, datetime.now(UTC))
    except FaultyInput:
        return
    assert answer.status != PASS, answer.says


def recorded(outcomes: list[str], holds: list[int | None], day: date, offset: int) -> Evaluation:
    names = [f"i{number}" for number in range(len(outcomes))]
    made_of = case(*(item(name, checks=[check(paths=[name])]) for name in names), item("own", valid_for="20d"),
                   answers={"own": answer()})  # fmt: skip
    then = assess(
        made_of,
        evidence(**{name: [found(one, until)] for name, one, until in zip(names, outcomes, holds, strict=True)}),
    )
    run = to_json(then, "en")
    return assess(made_of, evidence_of({**run, "today": day.isoformat()}, TODAY + timedelta(days=offset)), offset)


FOUND = st.lists(st.tuples(st.sampled_from(OUTCOMES), st.none() | st.integers(0, 40)), min_size=1, max_size=4)


@given(FOUND, st.integers(0, 40), st.integers(0, 40))
def test_an_older_run_never_reads_better(told: list[tuple[str, int | None]], first: int, more: int) -> None:
    outcomes, holds = [one for one, _ in told], [until for _, until in told]
    sooner, later = (recorded(outcomes, holds, TODAY, day) for day in (first, first + more))
    assert RANK[later.verdict] <= RANK[sooner.verdict]


@given(FOUND)
def test_a_run_of_today_reads_as_it_was_recorded(told: list[tuple[str, int | None]]) -> None:
    outcomes, holds = [one for one, _ in told], [until for _, until in told]
    names = [f"i{number}" for number in range(len(outcomes))]
    made_of = case(*(item(name, checks=[check(paths=[name])]) for name in names), answers={})
    then = assess(
        made_of,
        evidence(**{name: [found(one, until)] for name, one, until in zip(names, outcomes, holds, strict=True)}),
    )
    now = assess(made_of, evidence_of(to_json(then, "en"), TODAY))
    assert (now.verdict, now.digest, [one.state for one in now.items]) == (
        then.verdict,
        then.digest,
        [one.state for one in then.items],
    )


LAXER: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda run: [finding.update(outcome="unknown") for one in run["items"] for finding in one["evidence"]],
    lambda run: [one["evidence"].clear() for one in run["items"]],
    lambda run: run["items"].clear(),
)


@given(FOUND, st.sampled_from(LAXER))
def test_a_run_that_says_less_never_reads_better(
    told: list[tuple[str, int | None]], less: Callable[[dict[str, Any]], object]
) -> None:
    names = [f"i{number}" for number in range(len(told))]
    made_of = case(*(item(name, checks=[check(paths=[name])]) for name in names), answers={})
    then = assess(
        made_of, evidence(**{name: [found(one, until)] for name, (one, until) in zip(names, told, strict=True)})
    )
    run = to_json(then, "en")
    poorer = copy.deepcopy(run)
    less(poorer)
    assert RANK[assess(made_of, evidence_of(poorer, TODAY)).verdict] <= RANK[then.verdict]


def test_the_order_of_verdicts_is_from_worst_to_best() -> None:
    assert [one.value for one in Verdict] == ["no-go", "conditional-go", "go"]
    assert Decision.PENDING not in (Decision.GO, Decision.CONDITIONAL_GO)
