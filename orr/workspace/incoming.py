"""Merge an incoming file into a review, newer answers only, after listing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from orr.evaluate.states import day_of
from orr.messages import Message, say
from orr.model.fields import Moment
from orr.model.review import Answer, Challenge, Review, Waiver
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.workspace import crosscheck
from orr.workspace.differences import changed, part, parts_that_differ
from orr.workspace.editing import Refused, edit_review
from orr.workspace.workspace import Workspace

GIVEN = ("answer", "reason", "note", "evidence", "plan", "by", "on", "release")
"""What of an answer another file may bring; whatever else stands beside it here stays."""
_BESIDE = ("reason", "note", "evidence", "plan", "release", "approved_by")
_KNOWN = ("review", "answers", "waivers", "sign_offs", "pre_mortem", "assigned", "occasion", "release", "benefits")
_REQUEST = ("items", "reason", "compensating", "requested_by", "expires")


class Fate(StrEnum):
    """What becomes of a part that a file brings."""

    NEW = "new"
    OTHER = "other"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a review that a file brings.

    Attributes
    ----------
    fate
        Whether it is new here, takes the place of another, or is not taken.
    says
        What it is, in a line.
    details
        What else differs, a line each.
    """

    fate: Fate
    says: Message
    details: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file brings into a review.

    Attributes
    ----------
    review
        Answers, and what else of a review it has.
    whole
        Whether it is a whole review, with occasion, release and what is not there.
    refused
        By item, why its answer is not taken, whatever stands here.
    """

    review: Review
    whole: bool = False
    refused: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A review as it would be, and every change to that.

    Attributes
    ----------
    before, after
        The review here, and with what is taken.
    changes
        A change for each part that differs.
    absent
        The answers here that a whole review lacks; they stay.
    """

    before: Review
    after: Review
    changes: tuple[Change, ...]
    absent: tuple[str, ...] = ()

    def of(self, fate: Fate) -> list[Change]:
        """The changes of a fate."""
        return [change for change in self.changes if change.fate is fate]


def read_whole(workspace: Workspace, file: InputFile) -> Incoming:
    """Read a whole review that was written elsewhere, by new ids.

    Raises
    ------
    FaultyInput
        With every fault of the file, as of one that lies here.
    """
    review = file.read_as(Review)
    case = workspace.case(review.review)
    inherited = {**case.organization_answers, **case.team_answers}
    about = (workspace.catalogue, inherited, workspace.today, workspace.timezone)
    if faults := list(crosscheck.review_faults(file, review, *about)):
        raise FaultyInput(faults)
    return Incoming(workspace.catalogue.renaming.review(review), whole=True)


def compare(here: Review, incoming: Incoming, timezone: tzinfo) -> Comparison:
    """Compare a review with what a file brings; what the file does not mention stays."""
    after, changes = here, []
    for name, there in sorted(incoming.review.answers.items()):
        change, answer = _answer(name, here.answers.get(name), there, incoming.refused.get(name), timezone)
        changes += change
        after = replace(after, answers={**after.answers, **({} if answer is None else {name: answer})})
    for waiver in incoming.review.waivers:
        change, after = _waiver(after, waiver)
        changes += change
    for scenario in incoming.review.pre_mortem:
        if scenario in here.pre_mortem:
            continue
        old = next((one for one in here.pre_mortem if one.scenario == scenario.scenario), None)
        changes.append(_differs(part("pre_mortem", of=scenario.scenario), old, scenario))
        kept = tuple(scenario if one is old else one for one in after.pre_mortem)
        after = replace(after, pre_mortem=kept if old else (*kept, scenario))
    for name, assignment in sorted(incoming.review.assigned.items()):
        if assignment != (was := here.assigned.get(name)):
            changes.append(_differs(part("assigned", of=name), was, assignment))
            after = replace(after, assigned={**after.assigned, name: assignment})
    for key in ("occasion", "release", "benefits"):
        mine, theirs = getattr(here, key), getattr(incoming.review, key)
        if incoming.whole and theirs and mine != theirs:
            changes.append(_differs(part(key), mine or None, theirs))
            after = replace(after, **{key: theirs})
    absent = here.answers.keys() - incoming.review.answers.keys() if incoming.whole else ()
    return Comparison(here, after, (*changes, *_not_taken(here, incoming)), tuple(sorted(absent)))


def compared(workspace: Workspace, name: str, incoming: Sequence[Incoming]) -> Comparison:
    """Compare a workload's review with incoming files, one after another.

    Raises
    ------
    FaultyInput
        If a file that the workload needs has faults.
    """
    return _in_turn(workspace.case(name).review, incoming, workspace.timezone)


def _in_turn(here: Review, incoming: Sequence[Incoming], timezone: tzinfo) -> Comparison:
    found = Comparison(here, here, ())
    for one in incoming:
        step = compare(found.after, one, timezone)
        found = Comparison(here, step.after, (*found.changes, *step.changes), step.absent)
    return found


def take(workspace: Workspace, name: str, found: Comparison, incoming: Sequence[Incoming]) -> None:
    """Save the review of a comparison, if what was compared still is what lies here.

    Raises
    ------
    Refused
        If it was changed meanwhile.
    FaultyInput, NotSaved
        As of `edit_review`.
    """

    def change(review: Review) -> Review:
        again = _in_turn(review, incoming, workspace.timezone)
        if again.changes != found.changes:
            raise Refused(say("exchange.incoming.meanwhile"))
        return again.after

    edit_review(workspace, name, change)


def _answer(
    name: str, here: Answer | None, there: Answer, refused: Message | None, timezone: tzinfo
) -> tuple[list[Change], Answer | None]:
    """What is made of an answer, and the answer to save where one is taken."""
    given = {key: getattr(there, key) for key in GIVEN}
    challenge, about = _challenge(here, there)
    if here is not None and replace(here, **given) == here:
        agreed = [_left(name, why) for why in _agreement(here, there)]
        if challenge == here.challenged:
            return [*agreed, *(_left(name, why) for why in about)], None
        return [
            *agreed,
            *(Change(Fate.NEW, say("exchange.incoming.new", name=name, there=why)) for why in about),
        ], replace(here, challenged=challenge)
    # Whoever agreed to an answer agreed to that one, here.
    given |= {"challenged": challenge, "approved_by": None, "agreed_to": None, "signature": None}
    taken = Answer(**given) if here is None else replace(here, **given)
    details = (*parts_that_differ(here, taken, _BESIDE), *about, *_agreement(here, there))
    shown = say("exchange.incoming.answer", answer=there.answer or "–", by=there.by, on=there.on)
    if refused is None and here is not None and not _is_newer(there.on, here.on, timezone):
        refused = say("exchange.incoming.older", by=here.by, on=here.on)
    if refused is not None:
        says = say("exchange.incoming.left-answer", name=name, there=shown, why=refused)
        return [Change(Fate.LEFT, says, details)], None
    if here is None:
        return [Change(Fate.NEW, say("exchange.incoming.new", name=name, there=shown), details)], taken
    was = say("exchange.incoming.answer", answer=here.answer or "–", by=here.by, on=here.on)
    return [Change(Fate.OTHER, say("exchange.incoming.other", name=name, here=was, there=shown), details)], taken


def _left(name: str | Message, why: Message) -> Change:
    return Change(Fate.LEFT, say("exchange.incoming.left", name=name, why=why))


def _challenge(here: Answer | None, there: Answer) -> tuple[Challenge | None, tuple[Message, ...]]:
    """Merge a challenge, but never its lifting; with the remarks on that."""
    mine, theirs = here.challenged if here is not None else None, there.challenged
    if theirs is None or theirs == mine:
        return mine, ()
    if mine is not None:
        return mine, (say("exchange.incoming.other-challenge", by=theirs.by),)
    lifted = (say("exchange.incoming.lifted", by=theirs.lifted.by),) if theirs.lifted else ()
    return replace(theirs, lifted=None), (say("exchange.incoming.challenged", by=theirs.by, why=theirs.why), *lifted)


def _agreement(here: Answer | None, there: Answer) -> tuple[Message, ...]:
    """That somebody agreed to an answer elsewhere, which counts only where it is done here."""
    by = there.approved_by
    return () if by is None or (here and here.approved_by == by) else (say("exchange.incoming.agreed", by=by),)


def _is_newer(there: Moment, here: Moment, timezone: tzinfo) -> bool:
    """Whether an answer was certainly given after another: of the same day only by the hour."""
    if isinstance(there, datetime) and isinstance(here, datetime):
        first, second = (one if one.tzinfo else one.replace(tzinfo=timezone) for one in (here, there))
        return second > first
    return day_of(there, timezone) > day_of(here, timezone)


def _waiver(review: Review, there: Waiver) -> tuple[list[Change], Review]:
    """A waiver comes in as a request, and may be ended; leave is given here alone."""
    here = next((one for one in review.waivers if one.waiver == there.waiver), None)
    name = part("waivers", of=there.waiver)
    if here is None:
        asked = Waiver(
            waiver=there.waiver, **{key: getattr(there, key) for key in _REQUEST}, revoked_on=there.revoked_on
        )
        details = parts_that_differ(None, asked, _REQUEST)
        leave = (say("exchange.incoming.approve", by=there.approved_by),) if there.approved_by else ()
        says = say("exchange.incoming.asked", name=name, by=there.requested_by)
        return [Change(Fate.NEW, says, (*details, *leave))], replace(review, waivers=(*review.waivers, asked))
    if any(getattr(here, key) != getattr(there, key) for key in _REQUEST):
        says = say("exchange.incoming.left", name=name, why=say("exchange.incoming.other-waiver"))
        return [Change(Fate.LEFT, says, parts_that_differ(here, there, _REQUEST))], review
    changes = []
    if here.revoked_on is None and there.revoked_on is not None:
        ended = replace(here, revoked_on=there.revoked_on)
        review = replace(review, waivers=tuple(ended if one is here else one for one in review.waivers))
        changes.append(_differs(part("revoked_on", of=there.waiver), None, there.revoked_on, Fate.OTHER))
    if there.approved_by is not None and there.approved_by != here.approved_by:
        changes.append(_left(name, say("exchange.incoming.approve", by=there.approved_by)))
    return changes, review


def _not_taken(here: Review, incoming: Incoming) -> Iterator[Change]:
    """What a file has that only people here may write, and what it lacks."""
    for vote in incoming.review.sign_offs:
        if vote not in here.sign_offs:
            yield _left(part("sign_offs", of=vote.role), say("exchange.incoming.vote", by=vote.by, vote=vote.vote))
    for key in (one.name for one in fields(Review) if incoming.whole and one.name not in _KNOWN):
        if getattr(incoming.review, key) and getattr(incoming.review, key) != getattr(here, key):
            yield _left(part(key), say("exchange.incoming.by-hand"))


def _differs(name: Message, here: Any, there: Any, fate: Fate | None = None) -> Change:
    return Change(fate or (Fate.NEW if here is None else Fate.OTHER), changed(name, here, there))
