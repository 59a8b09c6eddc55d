"""Recorded objections that vanished without being lifted, withdrawn or closed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from orr.messages import Message, say
from orr.model.digest import normal_digest
from orr.model.review import Answer, Review, Vote

Record = Mapping[str, Any]


class Stood(NamedTuple):
    """Objections and exceptions as a run holds them.

    Attributes
    ----------
    challenges
        By item, who challenged and when, each with whether that is open.
    no_go
        By role, person and digest the days of votes for no-go that count.
    emergencies
        By name, approver and moment of the approval who closed an exception and when; None twice while it is open.
    votes
        By role and person the day of the vote, whatever it is.
    digest
        Of what was assessed.
    """

    challenges: Mapping[tuple[str, str, str], bool]
    no_go: Mapping[tuple[str, str, str], str]
    emergencies: Mapping[tuple[str, str, str], tuple[str | None, str | None]]
    votes: Mapping[tuple[str, str], str]
    digest: str


def stood_in(record: Record) -> Stood:
    """What stands in an assessment in the form `orr.assessment/1`."""
    challenges = [one for item in record["items"] if (one := item.get("challenged")) is not None]
    votes = [one for one in record.get("sign_offs", ()) if one["vote"] == "no-go" and one["valid"]]
    return Stood(
        {(one["item"], one["by"], str(one["on"])): one["open"] for one in challenges},
        {(one["role"], one["by"], one["digest"]): one["on"] for one in votes},
        {
            (one["emergency"], str(one["approved_by"]), str(one["approved_at"])): (one["closed_by"], one["closed_on"])
            for one in record.get("emergencies", ())
            if one["approved_at"] is not None
        },
        {(one["role"], one["by"]): one["on"] for one in record.get("sign_offs", ())},
        str(record.get("digest")),
    )


def closed_in(record: Record) -> frozenset[str]:
    """Names of closed exceptions in an assessment of the form `orr.assessment/1`."""
    return frozenset(str(one["emergency"]) for one in record.get("emergencies", ()) if one["closed_on"] is not None)


def stands_in(review: Review, answers: Iterable[Mapping[str, Answer]], digest: str) -> Stood:
    """What stands in the files now."""
    challenges = [
        (name, one.challenged) for some in answers for name, one in some.items() if one.challenged is not None
    ]
    votes = [one for one in review.sign_offs if one.vote is Vote.NO_GO]
    approved = [one for one in review.emergencies if one.approved_at is not None]
    return Stood(
        {(name, one.by, one.on.isoformat()): one.lifted is None for name, one in challenges},
        {(one.role, one.by, normal_digest(one.digest)): one.on.isoformat() for one in votes},
        {
            (one.emergency, str(one.approved_by), one.approved_at.isoformat() if one.approved_at else ""): (
                one.closed_by,
                one.closed_on.isoformat() if one.closed_on is not None else None,
            )
            for one in approved
        },
        {(one.role, one.by): one.on.isoformat() for one in review.sign_offs},
        digest,
    )


def gone(before: Stood, after: Stood, ids: Mapping[str, str]) -> Iterator[Message]:
    """Name what is gone, in words.

    Parameters
    ----------
    before, after
        What stood, and what stands.
    ids
        The present names of items by those that they replaced.
    """
    held = {(ids.get(item, item), by, on) for item, by, on in after.challenges}
    for (old, by, on), is_open in before.challenges.items():
        item = ids.get(old, old)
        if is_open and (item, by, on) not in held:
            yield say("rule.milder.challenge-gone", item=item, by=by, on=_day(on))
    for (role, by, digest), on in before.no_go.items():
        changed_their_mind = after.votes.get((role, by), "") > on
        if digest == after.digest and (role, by, digest) not in after.no_go and not changed_their_mind:
            yield say("rule.milder.no-go-gone", role=role, by=by, on=_day(on))
    for key, closed in before.emergencies.items():
        name, by, _ = key
        if key not in after.emergencies:
            yield say("rule.milder.emergency-gone", emergency=name, by=by)
        elif any(closed) and not any(after.emergencies[key]):
            yield say("rule.milder.emergency-reopened", emergency=name, by=closed[0] or "—", on=closed[1] or "—")


def _day(moment: str) -> date:
    return date.fromisoformat(str(moment)[: len("2026-01-31")])
