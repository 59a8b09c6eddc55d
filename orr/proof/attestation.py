"""Read an attestation, and say what of it is not to be believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orr.evaluate import Decision, Verdict
from orr.evaluate.forecast import HORIZON_DAYS
from orr.evaluate.subjects import release_in_words
from orr.messages import Message, Said, moment, say
from orr.model.release import Release
from orr.model.review import Vote
from orr.proof.schema import decision_schema, misfit, result_schema
from orr.proof.signing import MAX_BYTES, Signers, ssh_problem, unwrapped
from orr.proof.statements import DECISION, PASSED, RESULT, STATEMENT, environment_of, is_about
from orr.system.paths import is_file

DETACHED = ".sig"
_LONGEST = timedelta(days=HORIZON_DAYS + 2)
"""From the making to the end of the last day, wherever the day ends."""


@dataclass(frozen=True)
class Attested:
    """What an attestation says, and what speaks against it.

    Attributes
    ----------
    statement
        What it says; None where it cannot be read. It is believed only where no problem is.
    unproven
        Why nobody knows who made it, or that what it says is what was signed.
    problems
        What else speaks against it: it is past its time, or of another subject.
    signed
        Who signed it; None where nobody knows.
    """

    statement: dict[str, Any] | None
    unproven: Message | None = None
    problems: tuple[Message, ...] = ()
    signed: Message | None = None

    @property
    def decision(self) -> Decision:
        """What it says was decided."""
        kind, predicate = self._said
        if kind == DECISION:
            return Decision(predicate["decision"])
        named = {name: decision for decision, name in PASSED.items()}
        return named[predicate["properties"][0].partition(":")[0]]

    @property
    def expires(self) -> datetime | None:
        """First moment without validity; None of a decision that lets nothing pass."""
        return _moment(self._said[1]["expires"])

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        kind, predicate = self._said
        return _stamped(predicate["madeAt" if kind == DECISION else "timeCreated"])

    @property
    def _said(self) -> tuple[str, dict[str, Any]]:
        if self.statement is None:
            raise ValueError("nothing could be read")
        return self.statement["predicateType"], self.statement["predicate"]


def read_attestation(path: Path, by: Signers, now: datetime, signature: Path | None = None) -> Attested:
    """Read a statement in an envelope, or one with a detached signature beside it.

    Parameters
    ----------
    path
        The envelope, or the statement.
    by
        Whose signatures count.
    now
        The present moment: keys and statements have to hold then.
    signature
        The detached signature; that of the same name with `.sig` behind it where it is None.

    Raises
    ------
    CannotSign
        If a signature cannot be judged.
    OSError
        If a file cannot be read.
    """
    raw = _begun(path)
    told = _parsed(raw)
    if isinstance(told, Message):
        return Attested(None, told)
    unproven: Message | None = None
    signing: Path | Message | None = None
    enveloped = "payloadType" in told
    if enveloped:
        raw, signing = unwrapped(told, by.keys)
        unproven = signing if isinstance(signing, Message) else None
        inner = _parsed(raw)
        told = inner if isinstance(inner, dict) else {}
    else:
        beside = signature or path.with_name(path.name + DETACHED)
        armoured = _begun(beside).decode("ascii", "replace") if is_file(beside) else None
        predicate = told.get("predicate")
        principal = predicate.get("attestedBy") if isinstance(predicate, dict) else None
        unproven = ssh_problem(raw, armoured, by, principal if isinstance(principal, str) else "", now)
    problem = _form_problem(told)
    if problem is not None:
        is_ours = told.get("_type") == STATEMENT and told.get("predicateType") in (DECISION, RESULT)
        return Attested(None, unproven if unproven is not None and (is_ours or enveloped) else problem)
    named = str(told["predicate"].get("attestedBy", ""))
    if isinstance(signing, Path):
        signed = say("proof.verify.signed-by-key", key=str(signing), by=named)
    else:
        signed = say("proof.verify.signed", by=by.identity or named)
    found = Attested(told, unproven)
    late = (
        () if found.expires is None or now < found.expires else (say("proof.verify.expired", at=moment(found.expires)),)
    )
    early = () if found.made_at <= now else (say("proof.verify.ahead", at=moment(found.made_at)),)
    return Attested(told, unproven, (*late, *early, *_contradictions(found)), None if unproven is not None else signed)


def about_problems(found: Attested, workload: str | None, release: Release | None) -> tuple[Message, ...]:
    """Why an attestation is not about a workload or a release that is asked for."""
    statement = found.statement
    if statement is None:
        return ()
    problems: list[Message] = []
    named = statement["predicate"].get("workload")
    if workload is not None and statement["predicateType"] == DECISION and named != workload:
        problems.append(say("proof.verify.workload", named=str(named), workload=workload))
    where = environment_of(statement)
    if (
        release is not None
        and release.environment is None
        and where is not None
        and is_about(statement, replace(release, environment=where))
    ):
        problems.append(say("proof.verify.environment", environment=where))
    elif release is not None and not is_about(statement, release):
        asked = release_in_words(release)
        problems.append(say("proof.verify.subject", subject=subject_in_words(statement), asked=asked))
    return tuple(problems)


def subject_in_words(statement: dict[str, Any]) -> Said:
    """What a statement is about."""
    images, commit = [], None
    for one in statement["subject"]:
        digest = one["digest"]
        if "sha256" in digest:
            name = "" if one["name"] == "artifact" else f"{one['name']}@"
            images.append(f"{name}sha256:{digest['sha256']}")
        commit = digest.get("gitCommit", commit)
    return release_in_words(Release(images=tuple(images), commit=commit, environment=environment_of(statement)))


def _begun(path: Path) -> bytes:
    """A file, or the beginning of one that is too long to be read."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _parsed(raw: bytes) -> dict[str, Any] | Message:
    """A JSON object without a key that stands twice, or why it is none."""
    if len(raw) > MAX_BYTES:
        return say("proof.verify.size", most=MAX_BYTES)
    try:
        told = json.loads(raw, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return say("proof.verify.json")
    return told if isinstance(told, dict) else say("proof.verify.form")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _form_problem(told: dict[str, Any]) -> Message | None:
    """Why something is not one of orr's statements."""
    kind = told.get("predicateType")
    if told.get("_type") != STATEMENT or kind not in (DECISION, RESULT):
        return say("proof.verify.kind", kind=str(kind)[:80])
    place = misfit(told, decision_schema() if kind == DECISION else result_schema())
    if place is not None:
        return say("proof.verify.misfit", place=place)
    one = Attested(told)
    try:
        sound = (one.expires is not None) is (one.decision in PASSED) and one.made_at is not None
    except (KeyError, ValueError):  # a day that does not exist, a property of another tool
        sound = False
    return None if sound else say("proof.verify.form")


def _contradictions(found: Attested) -> Iterator[Message]:
    """Contradictions that no decision of orr can have, such as an overlong term."""
    if found.expires is not None and found.expires - found.made_at > _LONGEST:
        yield say("proof.verify.too-long", at=moment(found.expires), days=HORIZON_DAYS)
    kind, predicate = found._said
    if kind == DECISION and found.decision in PASSED:
        if predicate["verdict"] != found.decision.value:
            yield say("proof.verify.verdict", decision=found.decision, verdict=Verdict(predicate["verdict"]))
        against = [one["by"] for one in predicate["signOffs"] if one["counts"] and one["vote"] == Vote.NO_GO.value]
        if against:
            yield say("proof.verify.vote", decision=found.decision, by=against[0])


def _moment(text: str | None) -> datetime | None:
    return None if text is None else _stamped(text)


def _stamped(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
