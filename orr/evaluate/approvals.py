"""What is signed and what is approved in a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from orr.evaluate.case import Case
from orr.evaluate.proofs import (
    Signed,
    Unproven,
    of_answer,
    of_emergency,
    of_lift,
    of_vote,
    of_waiver,
    signed_in_workload,
)
from orr.model.review import Answer, Reply, Waiver
from orr.model.statement import Kind
from orr.model.workload import LeaveOut


def signed_in(case: Case) -> Iterator[Signed]:
    """Signed statements of a case, as written, by their present names."""
    written, name, ids = case.as_written or case, case.workload.workload, case.renaming.ids
    yield from signed_in_workload(case.workload)
    yield from (of_vote(name, one) for one in case.review.sign_offs if one.signature is not None)
    yield from (of_emergency(name, one) for one in case.review.emergencies if one.signature is not None)
    for waiver, now in zip(written.review.waivers, case.review.waivers, strict=True):
        if waiver.signature is not None:
            yield of_waiver(name, waiver, now)
    for source, answers in written.answers_by_source():
        for item, answer in answers.items():
            if answer.signature is not None and answer.answer is Reply.NOT_APPLICABLE:
                yield of_answer(case.holder(source), item, answer, ids.get(item))
            if answer.challenged is not None and answer.challenged.signature is not None:
                yield of_lift(case.holder(source), item, answer, ids.get(item))


class Approved(NamedTuple):
    """Something that somebody approved, and why that is not proven, if it is not."""

    kind: Kind
    name: str
    by: str
    source: str
    signed: bool
    unproven: Unproven | None


def approvals_of(case: Case) -> Iterator[Approved]:
    """Approvals of a case, each with its holder.

    Waivers, leave, a tier exception, answers of not applicable, and lifted challenges.
    """
    found: list[tuple[Kind, str, str, Waiver | LeaveOut | Answer]] = [
        *((Kind.WAIVER, one.waiver, "workload", one) for one in case.review.waivers),
        *((Kind.LEAVE_OUT, name, "workload", leave) for name, leave in case.workload.leave_out.items()),
        *(
            (Kind.NOT_APPLICABLE, item, source, answer)
            for source, answers in case.answers_by_source()
            for item, answer in answers.items()
            if answer.answer is Reply.NOT_APPLICABLE
        ),
    ]
    for kind, name, source, what in found:
        if what.approved_by is not None:
            unproven = case.unproven(kind, name, what, what.approved_by, source)
            yield Approved(kind, name, what.approved_by, source, what.signature is not None, unproven)
    for source, answers in case.answers_by_source():
        for item, answer in answers.items():
            challenge = answer.challenged
            if challenge is not None and challenge.lifted is not None:
                by = challenge.lifted.by
                unproven = case.unproven(Kind.CHALLENGE_LIFTED, item, challenge, by, source)
                signed = challenge.signature is not None
                yield Approved(Kind.CHALLENGE_LIFTED, item, by, source, signed, unproven)
    exception = case.workload.tier_exception
    if exception is not None and exception.approved_by is not None:
        signed, why = exception.signature is not None, case.exception_unproven
        yield Approved(Kind.TIER_EXCEPTION, "", exception.approved_by, "workload", signed, why)
