"""What is attested of a decision, as in-toto statements. Pure.

The form of a statement is that of https://github.com/in-toto/attestation (v1), that of a Simple Verification Result
its predicate `svr` v0.2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from orr.evaluate import Decision, Evaluation
from orr.evaluate.forecast import HORIZON_DAYS
from orr.evaluate.requirements import requirements_digest
from orr.messages import render, say
from orr.messages.errors import OrrError
from orr.model.digest import normal_digest
from orr.model.release import Release, digest_of

STATEMENT = "https://in-toto.io/Statement/v1"
PAYLOAD = "application/vnd.in-toto+json"
DECISION = "urn:orr:decision:v1"
RESULT = "https://in-toto.io/attestation/svr/v0.2"
VERIFIER = "urn:orr:gate:v1"
PASSED = {Decision.GO: "ORR_DECIDED_GO", Decision.CONDITIONAL_GO: "ORR_DECIDED_CONDITIONAL_GO"}
"""Every property of a result reads as passed: so only these decisions have one, and it says which."""

_COMMITS = (40, 64)


class NoSubject(OrrError):
    """A release that names nothing which a statement can be about."""


def subjects(release: Release) -> list[dict[str, Any]]:
    """The subjects of a release: its images by their digests, and its whole commit.

    Raises
    ------
    NoSubject
        If it names none.
    """
    found = []
    for image in release.images:
        digest = digest_of(image).removeprefix("sha256:")
        found.append({"name": image.rpartition("@")[0] or "artifact", "digest": {"sha256": digest}})
    if release.commit is not None:
        if len(release.commit) not in _COMMITS:
            raise NoSubject(say("proof.attest.short-commit", commit=release.commit))
        found.append({"name": "commit", "digest": {"gitCommit": release.commit}})
    if not found:
        raise NoSubject(say("proof.attest.no-subject"))
    return found


def statements(
    found: Evaluation, run: Mapping[str, Any], made_at: datetime, by: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is attested: the decision, and of one that lets pass a verification result.

    Parameters
    ----------
    found
        What was decided, as the files are by now.
    run
        By which run it was judged, and the head of the history.
    made_at
        The present moment.
    by
        Who attests it.

    Yields
    ------
    tuple
        `decision` or `svr`, and the statement.

    Raises
    ------
    NoSubject
        If the release names no artifact and no whole commit.
    """
    case = found.case
    about = {"_type": STATEMENT, "subject": subjects(case.release)}
    passes = found.decision in PASSED
    expires = _stamp(_expiry(found.valid_until, made_at, case.timezone)) if passes else None
    made, required = _stamp(made_at), requirements_digest(found.requirements)
    yield (
        "decision",
        {
            **about,
            "predicateType": DECISION,
            "predicate": {
                "workload": case.workload.workload,
                "occasion": case.review.occasion.value,
                "environment": case.release.environment,
                "version": case.release.version,
                "decision": found.decision.value,
                "verdict": found.verdict.value,
                "verdictWithoutWaivers": found.verdict_without_waivers.value,
                "reasons": [render(one, "en") for one in found.reasons],
                "signOffs": [
                    {
                        "role": vote.sign_off.role,
                        "by": vote.sign_off.by,
                        "vote": vote.sign_off.vote.value,
                        "on": vote.sign_off.on.isoformat(),
                        "digest": normal_digest(vote.sign_off.digest),
                        "counts": vote.valid,
                    }
                    for vote in found.votes
                ],
                "digest": found.digest,
                "requirements": required,
                "run": dict(run),
                "attestedBy": by,
                "madeAt": made,
                "expires": expires,
            },
        },
    )
    if passes:
        where = f":{case.release.environment}" if case.release.environment else ""
        policy = {"uri": "urn:orr:requirements", "digest": {"sha256": required.removeprefix("sha256:")}}
        yield (
            "svr",
            {
                **about,
                "predicateType": RESULT,
                "predicate": {
                    "verifier": {"id": VERIFIER, "policies": [policy]},
                    "timeCreated": made,
                    "properties": [PASSED[found.decision] + where],
                    "attestedBy": by,
                    "expires": expires,
                },
            },
        )


def text_of(statement: Mapping[str, Any]) -> bytes:
    """Bytes to sign: UTF-8 JSON, sorted keys, no white space, final line feed."""
    return json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def is_about(statement: Mapping[str, Any], release: Release) -> bool:
    """Whether a statement is about every artifact and commit of a release, in the same environment."""
    digests = [one["digest"] for one in statement["subject"]]
    wanted = [("sha256", digest_of(image).removeprefix("sha256:")) for image in release.images]
    wanted += [("gitCommit", release.commit)] if release.commit is not None else []
    held = all(any(_is(digest.get(kind), value, kind) for digest in digests) for kind, value in wanted)
    return bool(wanted) and held and environment_of(statement) == release.environment


def environment_of(statement: Mapping[str, Any]) -> str | None:
    """The environment that a statement is about; None for none."""
    predicate = statement["predicate"]
    if statement["predicateType"] == DECISION:
        found = predicate["environment"]
    else:
        found = predicate["properties"][0].partition(":")[2] or None
    return None if found is None else str(found)


def _is(held: object, wanted: str, kind: str) -> bool:
    if not isinstance(held, str):
        return False
    return held.startswith(wanted) if kind == "gitCommit" else held == wanted


def _expiry(valid_until: date | None, made_at: datetime, timezone: tzinfo) -> datetime:
    """The first moment at which a decision holds no more."""
    last = valid_until or made_at.astimezone(timezone).date() + timedelta(days=HORIZON_DAYS)
    return datetime.combine(last + timedelta(days=1), time(), timezone)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
