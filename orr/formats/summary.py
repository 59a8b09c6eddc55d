"""Headline shared by all text formats of an assessment."""

from __future__ import annotations

from orr.evaluate import Decision, Evaluation, Verdict
from orr.evaluate.asked import is_left_out
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.states import STATES
from orr.evaluate.verdict import conditions, is_stopping
from orr.messages import Message, render, say
from orr.model.finding import Finding
from orr.model.review import State

SHAPES = {Verdict.GO: "●", Verdict.CONDITIONAL_GO: "▲", Verdict.NO_GO: "■"}
"""A shape per verdict, so that colour is never the only signal."""
COLOURS = {Verdict.GO: "green", Verdict.CONDITIONAL_GO: "yellow", Verdict.NO_GO: "red"}
"""The colour of each verdict in a terminal."""


def head_in_words(assessment: Evaluation) -> Message:
    """Which workload is assessed, for what, and on which day."""
    case = assessment.case
    return say(
        "formats.head",
        name=case.workload.workload,
        title=case.workload.title,
        tier=case.tier,
        occasion=case.review.occasion,
        launch=launch_in_words(assessment),
        today=assessment.today,
    )


def headline_in_words(assessment: Evaluation, language: str) -> str:
    """The verdict in capitals behind its shape, with how much is missing and not known."""
    verdict, headline = render(assessment.verdict, language), render(assessment.headline, language)
    return (
        f"{SHAPES[assessment.verdict]} {verdict.upper()}{headline[len(verdict) :]}"  # it comes first in each language
    )


def launch_in_words(assessment: Evaluation) -> Message:
    """When the launch is, and how many days are left."""
    day = assessment.case.launch_day
    if day is None:
        return say("formats.no-launch")
    left = (day - assessment.today).days
    if left < 0:
        return say("formats.launched", day=day, n=-left)
    return say("formats.launch-today", day=day) if left == 0 else say("formats.launch", day=day, n=left)


def validity_in_words(assessment: Evaluation) -> Message:
    """Until when the verdict holds."""
    if assessment.valid_until is not None:
        return say("formats.valid-until", day=assessment.valid_until)
    if assessment.verdict is Verdict.NO_GO:
        return say("formats.valid-no-go")
    return say("formats.valid-no-end")


def decision_in_words(assessment: Evaluation) -> Message:
    """Decision with missing roles, and a note that unproven names are claims."""
    said = _decision(assessment)
    return say("formats.decision-claims", decision=said) if assessment.names_are_claims else said


def _decision(assessment: Evaluation) -> Message:
    if assessment.decision is not Decision.PENDING:
        return say("formats.decision", decision=assessment.decision)
    voted = {vote.sign_off.role for vote in assessment.votes if vote.valid}
    waiting = [role for role in assessment.case.policy.sign_offs if role not in voted]
    return say("formats.decision-pending", roles=waiting)


def covered_in_words(item: ItemAssessment) -> Message:
    """What covers an item: its waiver or its plan."""
    return say("formats.by-waiver", waiver=item.waived_by) if item.waived_by else say("formats.by-plan")


def challenge_in_words(item: ItemAssessment) -> Message:
    """Who challenges an item's answer, and why."""
    challenge, answer = item.challenge, item.answer
    assert challenge is not None
    assert answer is not None
    said = {"item": item.name, "by": challenge.by, "day": challenge.on, "why": challenge.why}
    reply = say("formats.challenge.nothing") if answer.answer is None else answer.answer
    return say("formats.challenge", **said, answer=reply, answered=answer.by)


def rows_by_checklist(assessment: Evaluation) -> list[tuple[str, dict[State, int]]]:
    """Per checklist that is not left out, how many items are in each state."""
    rows: dict[str, dict[State, int]] = {}
    for item in assessment.items:
        if is_left_out(item):
            continue
        row = rows.setdefault(item.checklist.checklist, dict.fromkeys(STATES, 0))
        row[item.state] += 1
    return list(rows.items())


def is_empty_no_go(assessment: Evaluation) -> bool:
    """Whether the verdict is no-go though no item stops anything: nothing applies, so nothing was assessed."""
    stopping = (is_stopping(item, assessment.case.policy) for item in assessment.items)
    return assessment.verdict is Verdict.NO_GO and not any(stopping)


def weight_in_words(item: ItemAssessment, assessment: Evaluation) -> Message:
    """Effect on the verdict of an item that stops no launch.

    What covers it and until when, or its weight.
    """
    if not item.open:
        return say("formats.closed")
    if item.covered_by is None:
        return say("formats.condition" if conditions(item, assessment.case.policy) else "formats.no-weight")
    if item.waived_by is None:
        return say("formats.by-plan")
    waiver = next(one for one in assessment.case.waivers if one.waiver == item.waived_by)
    return say("formats.by-waiver-until", waiver=waiver.waiver, day=waiver.expires, reason=waiver.reason)


def attested_in_words(item: ItemAssessment) -> list[Message]:
    """Attestation of a person beside the checks; empty where there is none."""
    said = item.attestation
    if said is None or not item.findings:
        return []
    note = said.note or said.reason
    words = say("formats.attested", answer=said.answer, by=said.by, day=said.on)
    if note:
        words = say("formats.attested.note", attested=words, note=" ".join(note.split()))
    return [words, *map(_checked, item.findings)]


def _checked(finding: Finding) -> Message:
    key = "formats.checked" if finding.kind else "formats.checked.group"
    return say(key, check=finding.kind, outcome=finding.label, says=finding.says)
