"""Which votes count on an assessment, and the decision they make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from orr.evaluate.case import Case
from orr.evaluate.states import day_of
from orr.evaluate.verdict import Verdict
from orr.messages import Message, say
from orr.model.person import alike
from orr.model.review import SignOff, Vote


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
