"""Which votes count on an assessment, and the decision they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.ballot import Ballot
from orr.evaluate.ballot_changes import NOTHING_KNOWN, Changed, Known, changes_between, few, in_words, one_by_one
from orr.evaluate.case import Case
from orr.evaluate.proofs import Unproven
from orr.evaluate.states import day_of
from orr.evaluate.verdict import Verdict, stops
from orr.messages import Message, say
from orr.model.digest import normal_digest
from orr.model.person import alike, likenesses
from orr.model.review import SignOff, Vote
from orr.model.settings import CRITICAL, PolicyRow
from orr.model.statement import Kind

CHANGED, OTHER = "rule.vote.changed", "rule.vote.other-digest"
"""The messages of votes that are void because something changed, where it is known what, and where not."""


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


def vote_statuses(
    case: Case, items: Sequence[ItemAssessment], ballot: Ballot, digest: str, today: date, known: Known
) -> tuple[VoteStatus, ...]:
    """Which sign-offs of a review count for an assessment on a day.

    Where the policy wants distinct voters, a vote for go is void if the same person, or one of an alike name,
    has voted go for another role before: by its place in the review. In tiers 1 and 2 the votes for go of those who
    answered an item that stops are void unless somebody who answered none votes go as well. A vote for no-go always
    counts, signed or not.

    Parameters
    ----------
    items
        What was assessed.
    ballot, digest
        What is voted on, and its digest.
    known
        What is known of earlier ballots, by digest.
    """
    distinct = case.policy.needs_distinct_voters(case.tier)
    said_go: list[SignOff] = []

    def why_void(sign_off: SignOff) -> Message | None:
        if sign_off.role not in case.policy.sign_offs:
            return say("rule.vote.role-not-asked", role=sign_off.role)
        if normal_digest(sign_off.digest) != digest:
            return _other(sign_off, ballot, known)
        if sign_off.vote is Vote.GO and day_of(sign_off.on, case.timezone) > today:
            return say("rule.vote.ahead", role=sign_off.role, on=sign_off.on)
        unproven = vote_unproven(case, sign_off) if sign_off.vote is Vote.GO else None
        if unproven is not None:
            return say("rule.vote.unproven", role=sign_off.role, why=unproven.why)
        if sign_off.vote is Vote.GO and distinct:
            for other in said_go:
                if other.role != sign_off.role and alike(other.by, sign_off.by):
                    return say("rule.vote.same-voter", role=sign_off.role, by=sign_off.by, other=other.role)
            said_go.append(sign_off)
        return None

    whys = [(sign_off, why_void(sign_off)) for sign_off in case.votes_on(digest)]
    if case.tier <= CRITICAL:
        whys = _without_self_approval(whys, items, case)
    return tuple(VoteStatus(sign_off, why is None, why) for sign_off, why in whys)


def vote_unproven(case: Case, sign_off: SignOff) -> Unproven | None:
    """Why a vote lacks proof by signature; None where proven or not required."""
    return case.unproven(Kind.VOTE, sign_off.role, sign_off, sign_off.by)


def _other(sign_off: SignOff, ballot: Ballot, known: Known) -> Message:
    """That a vote was given on something else, with what changed where that is known."""
    changed = changes_of(sign_off, ballot, known)
    if not changed:
        return say(OTHER, role=sign_off.role)
    return say(CHANGED, role=sign_off.role, parts=one_by_one(in_words(changed)))


class Voided(NamedTuple):
    """Votes that are void for one and the same reason, and the reason."""

    sign_offs: tuple[SignOff, ...]
    why: Message

    @property
    def roles(self) -> list[str]:
        """The roles that voted so, each once."""
        return list(dict.fromkeys(one.role for one in self.sign_offs))


def voided(votes: Iterable[VoteStatus]) -> tuple[Voided, ...]:
    """The void votes by reason, each reason once: what changed may void those of many roles."""
    found: dict[str, Voided] = {}
    for vote in (vote for vote in votes if vote.why is not None):
        why: Message = vote.why  # type: ignore[assignment]
        shared = why.key in (CHANGED, OTHER)
        key = repr(replace(why, values={**why.values, "role": ""})) if shared else repr(vote)
        before = found[key].sign_offs if key in found else ()
        found[key] = Voided((*before, vote.sign_off), why)
    return tuple(
        one._replace(why=replace(one.why, values={**one.why.values, "role": one.roles}))
        if one.why.key in (CHANGED, OTHER)
        else one
        for one in found.values()
    )


def last_vote(case: Case, role: str) -> SignOff | None:
    """The vote that a role gave last, by its place in the review."""
    return next((one for one in reversed(case.review.sign_offs) if one.role == role), None)


def changes_of(sign_off: SignOff, ballot: Ballot, known: Known) -> tuple[Changed, ...]:
    """What changed since a vote was given; nothing where that is not known."""
    return changes_between(ballot, sign_off.parts, known.get(normal_digest(sign_off.digest), NOTHING_KNOWN))


def _without_self_approval(
    whys: Sequence[tuple[SignOff, Message | None]], items: Sequence[ItemAssessment], case: Case
) -> list[tuple[SignOff, Message | None]]:
    """Void the votes for go of those who answered what stops, where nobody else votes go."""
    answered = answered_by(items, case.policy)
    go = [sign_off for sign_off, why in whys if why is None and sign_off.vote is Vote.GO]
    own = {sign_off.by: names for sign_off in go if (names := answered.of(sign_off.by))}
    if any(sign_off.by not in own for sign_off in go):
        return list(whys)

    def why_void(sign_off: SignOff) -> Message:
        names = own[sign_off.by]
        return say("rule.vote.own-answers", role=sign_off.role, by=sign_off.by, n=len(names), items=few(names))

    return [(sign_off, why_void(sign_off) if sign_off in go else why) for sign_off, why in whys]


class Answered:
    """Who answered which items, found by how a name looks."""

    def __init__(self, items: Iterable[ItemAssessment]) -> None:
        self._order: dict[str, int] = {}
        self._by_look: dict[str, dict[str, None]] = {}  # to compare all pairs of names takes long
        for place, item in enumerate(items):
            self._order[item.name] = place
            for part in item.choices or (item,):
                for look in likenesses(part.answer.by) if part.answer is not None else ():
                    self._by_look.setdefault(look, {})[item.name] = None

    def of(self, person: str) -> list[str]:
        """The items that a person, or one of an alike name, answered; in their order."""
        names = {name for look in likenesses(person) for name in self._by_look.get(look, ())}
        return sorted(names, key=self._order.__getitem__)


def answered_by(items: Iterable[ItemAssessment], policy: PolicyRow) -> Answered:
    """Who answered the items that stop the launch while they are open."""
    return Answered(item for item in items if stops(item, policy))


def decide(case: Case, votes: Sequence[VoteStatus], verdict: Verdict) -> Decision:
    """Decide: no-go at any valid no-go, pending until every role voted, else the verdict."""
    valid = [vote.sign_off for vote in votes if vote.valid]
    if any(vote.vote is Vote.NO_GO for vote in valid):
        return Decision.NO_GO
    if set(case.policy.sign_offs) - {vote.role for vote in valid}:
        return Decision.PENDING
    return Decision(verdict.value)
