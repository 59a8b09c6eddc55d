"""Challenge answers, and lift challenges, where the answers stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from orr.evaluate.case import Case
from orr.messages import Message, say
from orr.model.fields import Moment
from orr.model.review import Answer, Assignment, Challenge, Lifted, Reply, Review
from orr.model.validation import read
from orr.workspace.editing import Refused
from orr.workspace.shared_answers import Home, edit_answer, home_of
from orr.workspace.signing import LIFTED, Pen, no_pen, sign_answer
from orr.workspace.workspace import Workspace


def challenged(answer: Answer | None, item: str, by: str, on: Moment, why: str) -> Answer:
    """Challenge an answer: it does not count from then on.

    Raises
    ------
    Refused
        If nobody answered, the answer is no, or it is challenged already.
    """
    if answer is None or answer.answer in (None, Reply.NO):
        raise Refused(say("file.challenge.nothing", item=item))
    if answer.challenged is not None and (answer.challenged.lifted is None or answer.disputed):
        raise Refused(say("file.challenge.twice", item=item, by=answer.challenged.by))
    return replace(answer, challenged=read(Challenge, {"by": by, "on": on, "why": why}))


def lifted(answer: Answer | None, item: str, by: str, on: Moment, why: str) -> Answer:
    """Lift the challenge of an answer; the challenger may, and whoever did not give the answer.

    Raises
    ------
    Refused
        If there is none, or the person may not.
    """
    challenge = answer.challenged if answer is not None else None
    if answer is None or challenge is None or (challenge.lifted is not None and not answer.disputed):
        raise Refused(say("file.challenge.none", item=item))
    if not challenge.may_be_lifted(by, answer.by):
        raise Refused(say("file.challenge.own", item=item, by=by, challenger=challenge.by))
    return replace(answer, challenged=replace(challenge, lifted=read(Lifted, {"by": by, "on": on, "why": why})))


def lifted_in(case: Case, source: str, answer: Answer | None, item: str, by: str, on: Moment, why: str) -> Answer:
    """Lift the challenge of a source's answer, even one removed from its file.

    Raises
    ------
    Refused
        See `lifted`; or if it was the person's own answer when it was challenged.
    """
    known = case.as_known(item, answer, source) if answer is not None else None
    after = lifted(known, item, by, on, why)
    again = case.as_known(item, after, source).challenged
    if known is not None and known.challenged is not None and again is not None and again.lifted is None:
        raise Refused(say("file.challenge.own", item=item, by=by, challenger=known.challenged.by))
    return after


def challenge(workspace: Workspace, workload: str, item: str, by: str, on: Moment, why: str) -> Home:
    """Challenge the answer that counts for an item of a workload; returns where it stands.

    Raises
    ------
    Refused
        See `challenged`.
    FaultyInput, NotSaved
        See `orr.workspace.shared_answers.edit_answer`.
    """
    home = home_of(workspace, workspace.case(workload), item)
    edit_answer(workspace, home, item, lambda answer: challenged(answer, item, by, on, why))
    return home


def lift(workspace: Workspace, case: Case, item: str, by: str, on: Moment, why: str, pen: Pen = no_pen) -> Home:
    """Lift the challenge of an item's effective answer; return where it stands.

    Parameters
    ----------
    case
        The workload, with what git and the runs hold of it.

    Raises
    ------
    Refused
        See `lifted_in`; or the signature is missing that the policy asks for.
    FaultyInput, NotSaved
        See `orr.workspace.shared_answers.edit_answer`.
    """
    source = home_of(workspace, case, item).source
    return sign_answer(
        workspace, case, item, lambda answer: lifted_in(case, source, answer, item, by, on, why), LIFTED, pen
    )


def past_due(assignment: Assignment, today: date) -> Message | None:
    """Why nobody can be asked for something by a day; None where it has not passed."""
    past = assignment.due is not None and assignment.due < today
    return say("file.edit.past-due", on=assignment.due) if past else None


def assigned(review: Review, item: str, assignment: Assignment | None) -> Review:
    """Ask a person to see to an item; None asks nobody any more."""
    others = {name: one for name, one in review.assigned.items() if name != item}
    return replace(review, assigned=others if assignment is None else {**others, item: assignment})
