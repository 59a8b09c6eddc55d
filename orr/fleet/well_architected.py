"""Write answers to the Well-Architected Tool: a plan first, changes only on request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orr.evaluate import Evaluation
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.riskproofs import NONE_OF_THESE
from orr.evaluate.votes import Decision
from orr.evidence.checks.aws.causes import cause_of
from orr.evidence.checks.aws.reviews import SERVICE, LensReview, answers, lens_reviews, milestones
from orr.evidence.errors import Undetermined
from orr.formats.lens.tool import Choice
from orr.messages import Message, render, say
from orr.model.review import State
from orr.workspace.editing import Refused
from orr.workspace.practices import wa_choices

LONGEST_NOTE = 250
MOST_MILESTONES = 100
_OURS = "orr: "
"""How a note begins that orr may replace."""


@dataclass(slots=True)
class Update:
    """What is to change in the answer to a question: by choice, its status and notes."""

    alias: str
    question: str
    choices: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """Planned changes, in words and as calls, with notes."""

    updates: list[Update] = field(default_factory=list)
    milestone: str | None = None
    says: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


def plan(assessment: Evaluation, tool: Any, tool_id: str, language: str) -> Plan:
    """Compare what became of a workload with what the tool has; nothing is written.

    A choice is to be selected only if every item that stands for it, and applies, is met.

    Parameters
    ----------
    assessment
        Of the workload.
    tool, tool_id
        The tool's client, and the workload's id in it.
    language
        Of the notes that are written.

    Raises
    ------
    Undetermined
        If the tool does not answer.
    Refused
        If a decision is to be a milestone, and there is no room for another.
    """
    made = Plan()
    for review in lens_reviews(tool, tool_id):
        wanted = _wanted(assessment, review)
        if wanted:
            for answer in answers(tool, tool_id, review.alias):
                _compare(made, review, answer, wanted, language)
    if assessment.decision is not Decision.PENDING:
        name = f"orr {assessment.decision} {assessment.digest.removeprefix('sha256:')[:12]}"
        there = milestones(tool, tool_id)
        if name not in there:
            if len(there) >= MOST_MILESTONES:
                raise Refused(say("exchange.tool.milestones", limit=MOST_MILESTONES))
            made.milestone = name
            made.says.append(say("exchange.tool.milestone", name=name))
    return made


def carry_out(found: Plan, tool: Any, tool_id: str) -> None:
    """Write what was planned, the milestone last.

    Raises
    ------
    Undetermined
        If the tool refuses something; what was written before stays, and a second run does the rest.
    """
    for one in found.updates:
        given = {"WorkloadId": tool_id, "LensAlias": one.alias, "QuestionId": one.question}
        _write(tool.update_answer, "UpdateAnswer", **given, ChoiceUpdates=one.choices)
    if found.milestone is not None:
        token = hashlib.sha256(f"{tool_id} {found.milestone}".encode()).hexdigest()
        given = {"WorkloadId": tool_id, "MilestoneName": found.milestone, "ClientRequestToken": token}
        _write(tool.create_milestone, "CreateMilestone", **given)


def _write(call: Any, operation: str, **given: Any) -> None:
    try:
        call(**given)
    except Exception as error:
        raise Undetermined(cause_of(error, SERVICE, operation)) from error


def _wanted(assessment: Evaluation, review: LensReview) -> dict[Choice, list[ItemAssessment]]:
    """Items by choice of a lens: its own, else those of its practice."""
    found: dict[Choice, list[ItemAssessment]] = {}
    for one in _each(assessment.items):
        if one.item is None:
            continue
        lens, section = one.checklist.lens, one.section.section
        if lens is not None and lens.name == review.name:
            found.setdefault((section, one.item.item.removeprefix(f"{section}.")), []).append(one)
        elif review.is_framework:
            for practice in one.item.practice:
                if practice in wa_choices():
                    found.setdefault(wa_choices()[practice], []).append(one)
    applies = {choice: [one for one in them if one.state is not State.NOT_APPLICABLE] for choice, them in found.items()}
    return {choice: them for choice, them in applies.items() if them}


def _each(items: Iterable[ItemAssessment]) -> Iterator[ItemAssessment]:
    for one in items:
        yield one
        yield from one.choices


def _compare(
    made: Plan,
    review: LensReview,
    answer: Mapping[str, Any],
    wanted: Mapping[Choice, list[ItemAssessment]],
    language: str,
) -> None:
    """Plan what is to change in one answer."""
    question = answer["QuestionId"]
    offered = {one["ChoiceId"]: one.get("Title") or one["ChoiceId"] for one in answer.get("Choices", ())}
    own = {choice: them for (of, choice), them in wanted.items() if of == question}
    for choice in sorted(own.keys() - offered.keys()):
        made.notes.append(say("exchange.tool.gone", choice=choice, question=question))
    if own.keys() & offered.keys() and answer.get("IsApplicable") is False:
        made.notes.append(say("exchange.tool.left", question=question))
        return
    update = Update(review.alias, question)
    selected = set(answer.get("SelectedChoices", ()))
    said = {one["ChoiceId"]: one for one in answer.get("ChoiceAnswers", ())}
    for choice in (one for one in offered if one in own):
        there = said.get(choice, {})
        if there.get("Status") == "NOT_APPLICABLE":
            made.notes.append(say("exchange.tool.left-choice", choice=choice, question=question))
            continue
        met = all(one.state is State.MET for one in own[choice])
        note, was = _note(own[choice], language), there.get("Notes") or ""
        if len(note) > LONGEST_NOTE:
            note = note[: LONGEST_NOTE - 1] + "…"
            made.notes.append(say("exchange.tool.cut", choice=choice, question=question, limit=LONGEST_NOTE))
        if was and not was.startswith(_OURS):
            made.notes.append(say("exchange.tool.own-note", choice=choice, question=question))
            note = was
        if met != (choice in selected) or note != was:
            update.choices[choice] = {"Status": "SELECTED" if met else "UNSELECTED", "Notes": note}
            turned = "select" if met else "unselect"
            state = turned if met != (choice in selected) else "note"
            made.says.append(say(f"exchange.tool.{state}", title=offered[choice], question=question, note=note))
    if any(change["Status"] == "SELECTED" for change in update.choices.values()):
        for none in sorted(one for one in selected if one.endswith(NONE_OF_THESE) and one not in own):
            update.choices[none] = {"Status": "UNSELECTED", "Notes": said.get(none, {}).get("Notes") or ""}
            title = offered.get(none, none)
            made.says.append(say("exchange.tool.unselect", title=title, question=question, note=""))
    if update.choices:
        made.updates.append(update)


def _note(items: Iterable[ItemAssessment], language: str) -> str:
    states = (f"{one.name} {render(say(f'words.state.{one.state}'), language)}" for one in items)
    return _OURS + "; ".join(sorted(states))
