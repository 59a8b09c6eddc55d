"""Digest that binds votes to an assessment, and the decision they make."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from orr.evaluate.case import Case, ItemAssessment
from orr.evaluate.states import day_of
from orr.evaluate.verdict import Verdict
from orr.messages import Message, say
from orr.model.checklist import Checklist
from orr.model.digest import GUIDANCE
from orr.model.finding import Evidence
from orr.model.person import alike
from orr.model.review import Answer, SignOff, Vote


class Decision(StrEnum):
    """What the votes make of the verdict."""

    NO_GO = "no-go"
    PENDING = "pending"
    CONDITIONAL_GO = "conditional-go"
    GO = "go"


class VoteStatus(NamedTuple):
    """A sign-off, whether it counts, and if not, why not."""

    sign_off: SignOff
    valid: bool
    why: Message | None


def digest_of(case: Case, evidence: Evidence, items: Sequence[ItemAssessment]) -> str:
    """SHA-256 of the canonical JSON of what is voted on.

    The workload, the items, the answers that count, which of their evidence does not hold or proves nothing,
    the waivers, the outcomes of the checks and the policy go in. Dates of collection,
    sign-offs and the order of keys do not.

    Returns
    -------
    str
        `sha256:` and 64 hex digits.
    """
    content = {
        "workload": case.workload.as_data(),
        "occasion": case.review.occasion,
        "answers": {
            part.name: _voted_on(part.answer)
            for item in items
            for part in (item.choices or (item,))
            if part.answer is not None
        },
        "waivers": sorted(
            (waiver.as_data() for waiver in case.review.waivers),
            key=lambda waiver: str(waiver["waiver"]),
        ),
        "outcomes": {
            part.name: [[finding.check, finding.outcome] for finding in part.findings]
            for item in items
            for part in (item.choices or (item,))
            if part.findings
        },
        "policy": {key: value for key, value in case.policy.as_data(defaults=True).items() if key != "recheck"},
    }
    for key, failing in (("missing", evidence.missing), ("hollow", evidence.hollow)):
        told = {name: sorted([why.key, str(why.values.get("path"))] for why in failing[name]) for name in failing}
        if any(told.values()):
            content[key] = told
    if case.release is not None:
        content["release"] = case.release
    written = {key: _canonical(value) for key, value in content.items()}
    written["items"] = _mapping({checklist.checklist: _written(checklist) for checklist in case.checklists})
    return "sha256:" + hashlib.sha256(_mapping(written).encode()).hexdigest()


def _written(checklist: Checklist) -> str:
    # By far the most of what is voted on, and the same for every workload that has it.
    return checklist.memoised("canonical", lambda: _canonical(_without_guidance(checklist.as_data())))


def _without_guidance(checklist: dict[str, Any]) -> dict[str, Any]:
    for section in checklist["sections"]:
        section["items"] = [
            {key: value for key, value in item.items() if key not in GUIDANCE} for item in section["items"]
        ]
    return checklist


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _mapping(written: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{_canonical(key)}:{value}" for key, value in sorted(written.items())) + "}"


def _voted_on(answer: Answer) -> dict[str, Any]:
    data = answer.as_data()
    for entry in data.get("evidence", ()):
        entry.pop("collected", None)
    return data


def vote_statuses(case: Case, digest: str, today: date) -> tuple[VoteStatus, ...]:
    """Which sign-offs of a review count for an assessment's digest on a day.

    Where the policy wants distinct voters, a vote for go is void if the same person, or one of an alike name,
    has voted go for another role before: by its place in the review. A vote for no-go always counts.
    """
    distinct = case.policy.needs_distinct_voters(case.workload.tier)
    said_go: list[SignOff] = []

    def why_void(sign_off: SignOff) -> Message | None:
        if sign_off.role not in case.policy.sign_offs:
            return say("rule.vote.role-not-asked", role=sign_off.role)
        if normal_digest(sign_off.digest) != digest:
            return say("rule.vote.other-digest", role=sign_off.role)
        if sign_off.vote is Vote.GO and day_of(sign_off.on, case.timezone) > today:
            return say("rule.vote.ahead", role=sign_off.role, on=sign_off.on)
        if sign_off.vote is Vote.GO and distinct:
            for other in said_go:
                if other.role != sign_off.role and alike(other.by, sign_off.by):
                    return say("rule.vote.same-voter", role=sign_off.role, by=sign_off.by, other=other.role)
            said_go.append(sign_off)
        return None

    return tuple(VoteStatus(sign_off, (why := why_void(sign_off)) is None, why) for sign_off in case.review.sign_offs)


def normal_digest(digest: str) -> str:
    """A digest with its prefix and in lower case, however it was written."""
    return "sha256:" + digest.removeprefix("sha256:").lower()


def decide(case: Case, votes: Sequence[VoteStatus], verdict: Verdict) -> Decision:
    """Decide: no-go at any valid no-go, pending until every role voted, else the verdict."""
    valid = [vote.sign_off for vote in votes if vote.valid]
    if any(vote.vote is Vote.NO_GO for vote in valid):
        return Decision.NO_GO
    if set(case.policy.sign_offs) - {vote.role for vote in valid}:
        return Decision.PENDING
    return Decision(verdict.value)
