"""Challenges, votes and exceptions as git and the runs hold them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from orr.model.digest import normal_digest
from orr.model.fields import Moment
from orr.model.review import Answer, Challenge, Emergency, Lifted, Reply, SignOff, Vote

KEPT = 200
"""How many of each are kept in a record: the last."""


class Doubt(NamedTuple):
    """A challenge that stood in a file.

    Attributes
    ----------
    source
        Whose answer was challenged: `workload`, `team:<team>` or `organization`.
    item
        The item.
    challenge
        As it was raised.
    answered_by
        Whose answer it was, in every version.
    lifts
        Who lifted it on a day that counts.
    """

    source: str
    item: str
    challenge: Challenge
    answered_by: tuple[str, ...] = ()
    lifts: tuple[Lifted, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from others."""
        return self.source, self.item, self.challenge.by, self.challenge.on.isoformat()

    @property
    def answer(self) -> Answer:
        """What is left of the answer once it is withdrawn."""
        return Answer(by=min(self.answered_by), on=self.challenge.on, challenged=self.challenge)

    @property
    def is_lifted(self) -> bool:
        """Whether somebody lifted it who may."""
        return any(all(self.challenge.may_be_lifted(one.by, by) for by in self.answered_by) for one in self.lifts)


class Agreement(NamedTuple):
    """Agreement that an item does not apply, and the answer it was given to."""

    source: str
    item: str
    by: str
    mark: str


class Objections(NamedTuple):
    """Objections and exceptions in any known version of the files.

    Attributes
    ----------
    doubts
        Challenges.
    votes
        The votes of each role and person.
    emergencies
        Exceptions that were approved, open or closed.
    agreements
        To what answers of not applicable people agreed.
    """

    doubts: tuple[Doubt, ...] = ()
    votes: tuple[SignOff, ...] = ()
    emergencies: tuple[Emergency, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    def agreed(self, item: str, source: str, answer: Answer) -> Answer:
        """The answer of a source without the agreement of somebody who agreed to another one."""
        if answer.approved_by is None or answer.answer is not Reply.NOT_APPLICABLE:
            return answer
        marks = [one.mark for one in self.agreements if one[:3] == (source, item, answer.approved_by)]
        to = answer.agreed_to or (marks[0] if marks else answer.mark)
        return answer if to == answer.mark else replace(answer, approved_by=None, agreed_to=None, signature=None)

    def is_unknown(self, item: str, source: str, answer: Answer) -> bool:
        """Whether nothing tells to which answer of not applicable somebody agreed."""
        bare = answer.approved_by is not None and answer.agreed_to is None
        return bare and not any(one[:3] == (source, item, answer.approved_by) for one in self.agreements)

    def removed(self, item: str, source: str | None, answers: Iterable[Answer]) -> Doubt | None:
        """A challenge of an item that was taken out of the files, though nobody lifted it.

        Parameters
        ----------
        item, source
            The item, and whose answer counts for it; None where nobody answers it any more.
        answers
            All that stand in the files now for the item.
        """
        held = {(one.challenged.by, one.challenged.on.isoformat()) for one in answers if one.challenged is not None}
        for doubt in self.doubts:
            counts = doubt.item == item and (source is None or doubt.source in (source, "workload"))
            if counts and doubt.key[2:] not in held and not doubt.is_lifted:
                return doubt
        return None

    def challenged(self, item: str, source: str, answer: Answer, others: Iterable[Answer]) -> Answer:
        """Answer from a source with its standing challenge, even one removed since."""
        one = answer.challenged
        if one is not None and one.lifted is not None:
            for doubt in self.doubts:
                theirs = (*doubt.answered_by, answer.by)
                if doubt.key == (source, item, one.by, one.on.isoformat()) and not all(
                    one.may_be_lifted(one.lifted.by, by) for by in theirs
                ):
                    return replace(answer, challenged=replace(one, lifted=None))
        if one is None or (one.lifted is not None and not answer.disputed):
            gone = self.removed(item, source, (answer, *others))
            return answer if gone is None else replace(answer, challenged=gone.challenge)
        return answer

    def no_go(self, present: Iterable[SignOff], digest: str) -> Iterator[SignOff]:
        """Removed votes for no-go, of persons who have not voted since."""
        if not self.votes:
            return
        said = {(one.role, one.by) for one in present}
        last: dict[tuple[str, str], SignOff] = {}
        for vote in sorted(self.votes, key=lambda one: (one.on.isoformat(), one.vote is Vote.NO_GO)):
            last[vote.role, vote.by] = vote
        for voter, vote in last.items():
            if voter not in said and vote.vote is Vote.NO_GO and normal_digest(vote.digest) == digest:
                yield vote

    def exceptions(self, present: Iterable[Emergency]) -> tuple[Emergency, ...]:
        """Known exceptions: closed once anybody closed them, removed ones included."""
        closed = {_approval(one): one for one in self.emergencies if one.closed_on is not None}
        gone = {_approval(one): one for one in self.emergencies}

        def known(one: Emergency) -> Emergency:
            end = closed.get(_approval(one), one)
            return one if one.closed_on else replace(one, closed_by=end.closed_by, closed_on=end.closed_on)

        now = tuple(present)
        left = gone.keys() - {_approval(one) for one in now}
        return (*map(known, now), *(known(gone[key]) for key in sorted(left)))


NO_OBJECTIONS = Objections()


def together(*every: Objections) -> Objections:
    """Put together what several places hold."""
    doubts: dict[tuple[str, ...], Doubt] = {}
    for doubt in (doubt for one in every for doubt in one.doubts):
        known = doubts.get(doubt.key, doubt)
        by = tuple(sorted({*known.answered_by, *doubt.answered_by}))
        lifts = tuple(dict.fromkeys((*known.lifts, *doubt.lifts)))
        doubts[doubt.key] = known._replace(answered_by=by, lifts=lifts)
    votes = {
        (one.role, one.by, one.vote, one.on.isoformat(), normal_digest(one.digest)): one
        for some in every
        for one in some.votes
    }
    emergencies = {(*_approval(one), str(one.closed_on)): one for some in every for one in some.emergencies}
    agreements: dict[tuple[str, str], Agreement] = {}
    for agreement in (agreement for one in every for agreement in one.agreements):
        agreements.setdefault(agreement[:2], agreement)  # git, which comes first, is the nearer witness
    found = tuple(doubts.values()), tuple(votes.values()), tuple(emergencies.values())
    return Objections(*found, tuple(agreements.values()))


def doubt_of(source: str, item: str, answer: Answer, lifts: tuple[Lifted, ...]) -> Doubt:
    """The challenge of an answer."""
    assert answer.challenged is not None
    return Doubt(source, item, replace(answer.challenged, lifted=None), (answer.by,), lifts)


def as_json(objections: Objections) -> dict[str, Any]:
    """Objections as a record keeps them."""
    return {
        "challenges": [
            {
                "source": one.source,
                "item": one.item,
                **{key: value for key, value in one.challenge.as_data().items() if key != "lifted"},
                "answered_by": list(one.answered_by),
                "lifts": [lift.as_data() for lift in one.lifts],
            }
            for one in sorted(objections.doubts, key=lambda one: one.challenge.on.isoformat())[-KEPT:]
        ],
        "votes": [
            one.as_data(without={"parts", "signature"})
            for one in sorted(objections.votes, key=lambda one: one.on.isoformat())[-KEPT:]
        ],
        "emergencies": [
            one.as_data(without={"signature"})
            for one in sorted(objections.emergencies, key=lambda one: str(one.approved_at))[-KEPT:]
        ],
        "agreements": [list(one) for one in sorted(objections.agreements)],
    }


def of_json(data: Mapping[str, Any]) -> Objections:
    """The same again."""
    return Objections(
        tuple(
            Doubt(
                one["source"],
                one["item"],
                challenge_of_json({key: one[key] for key in ("by", "on", "why")}),
                tuple(one["answered_by"]),
                tuple(map(_lift, one["lifts"])),
            )
            for one in data.get("challenges", ())
        ),
        tuple(
            SignOff(**{**one, "vote": Vote(one["vote"]), "on": moment_of(one["on"])}) for one in data.get("votes", ())
        ),
        tuple(_emergency(one) for one in data.get("emergencies", ())),
        tuple(Agreement(*one) for one in data.get("agreements", ())),
    )


def challenge_of_json(data: Mapping[str, Any]) -> Challenge:
    """A challenge as `as_data` writes it."""
    lifted = _lift(data["lifted"]) if data.get("lifted") else None
    return Challenge(**{**data, "on": moment_of(data["on"]), "lifted": lifted})


def _lift(data: Mapping[str, Any]) -> Lifted:
    return Lifted(**{**data, "on": moment_of(data["on"])})


def moment_of(text: str) -> Moment:
    """A day, or a moment, as `as_data` writes it."""
    return date.fromisoformat(text) if len(text) == len("2026-01-31") else datetime.fromisoformat(text)


def _emergency(data: Mapping[str, Any]) -> Emergency:
    moments = {key: moment_of(data[key]) for key in ("requested_at", "approved_at", "closed_on") if data.get(key)}
    return Emergency(**{**data, **moments})


def _approval(emergency: Emergency) -> tuple[str, str, str]:
    """What tells an approved exception from another."""
    at = emergency.approved_at
    return emergency.emergency, str(emergency.approved_by), at.isoformat() if at is not None else ""
