"""Steps to sign elsewhere, since no private key is where the form runs."""

from __future__ import annotations

import shlex

from orr.evaluate import Evaluation
from orr.evaluate.proofs import of_answer, of_lift, of_vote, of_waiver
from orr.messages import say
from orr.model.review import Answer, SignOff, Vote, Waiver
from orr.model.statement import Holder, Statement
from orr.workspace.editing import Refused


def vote_elsewhere(assessment: Evaluation, vote: SignOff) -> None:
    """Refuse a vote for go that has to be signed, and say how.

    Raises
    ------
    Refused
        With the line to run, and what it signs. A vote for no-go counts without.
    """
    name = assessment.case.workload.workload
    words = ["sign", name, vote.role, vote.vote.value, "--digest", vote.digest]
    if vote.vote is Vote.GO:
        _refuse(assessment, of_vote(name, vote).statement, *words)


def approve_elsewhere(assessment: Evaluation, waiver: Waiver) -> None:
    """Refuse the approval of a waiver likewise."""
    name = assessment.case.workload.workload
    _refuse(assessment, of_waiver(name, waiver).statement, "waive", name, "--approve", waiver.waiver)


def agree_elsewhere(assessment: Evaluation, item: str, answer: Answer) -> None:
    """Refuse likewise to agree that an item does not apply."""
    name = assessment.case.workload.workload
    statement = of_answer(Holder("workload", name), item, answer).statement
    _refuse(assessment, statement, "approve", name, "not-applicable", item)


def lift_elsewhere(assessment: Evaluation, holder: Holder, item: str, answer: Answer) -> None:
    """Refuse likewise to lift a challenge."""
    assert answer.challenged is not None
    assert answer.challenged.lifted is not None
    why, statement = answer.challenged.lifted.why, of_lift(holder, item, answer).statement
    _refuse(assessment, statement, "challenge", assessment.case.workload.workload, item, why, "--lift")


def _refuse(assessment: Evaluation, statement: Statement, *words: str) -> None:
    if assessment.case.policy.needs_signatures:
        command = shlex.join(["orr", *words, "--by", statement.by, "--key", "agent"])
        raise Refused(
            say(
                "form.refused.unsigned", command=command, statement=statement.content.decode("utf-8", "replace").strip()
            )
        )
