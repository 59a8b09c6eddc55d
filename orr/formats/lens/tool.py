"""Match the answers that the Well-Architected Tool gives with checklists and practices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from orr.formats.lens.answers import import_answers
from orr.formats.questions import fault
from orr.messages import render, say
from orr.model.checklist import Checklist, Item, Section, item_id
from orr.model.review import Answer
from orr.source.faults import Fault, Place

_START = Place(1, 1)
Choice = tuple[str, str]
"""The ids of a question and of a choice of it."""


@dataclass(slots=True)
class Matched:
    """Answers by item, remarks that are no answers, and what was not matched."""

    answers: dict[str, Answer] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def answers_of_lens(
    given: Iterable[Mapping[str, Any]],
    path: str,
    checklists: Sequence[Checklist],
    by: str,
    on: date | datetime,
    language: str,
) -> Matched:
    """Make answers to the lens's own checklists.

    Only choices that the tool offers are answered: those of a newer version of the lens, or left over from an older
    one, are told instead, and so is what is not applicable without a reason.

    Raises
    ------
    FaultyInput
        If the tool gives what its model does not allow.
    """
    found, kept, answered = Matched(), [], set()
    sections = {section.section: (checklist, section) for checklist in checklists for section in checklist.sections}
    for one in given:
        question = one["QuestionId"]
        if question not in sections:
            found.notes.append(fault(path, _START, "tool.no-question", id=question))
            continue
        checklist, section = sections[question]
        part, items = _known(one, section, path, found.notes)
        answered |= {item_id(checklist.checklist, name) for name in items}
        if part is not None:
            kept.append({"Answer": part})
    read = import_answers(json.dumps(kept, default=str), path, checklists, by, on, language)
    found.answers = {name: answer for name, answer in read.answers.items() if name in answered}
    found.notes += read.notes
    return found


def _known(
    answer: Mapping[str, Any], section: Section, path: str, notes: list[Fault]
) -> tuple[dict[str, Any] | None, set[str]]:
    """Part of an answer that fits the checklist, and the items among its choices."""
    question, ours = section.section, {item.item for item in section.items}
    offered = {choice["ChoiceId"] for choice in answer.get("Choices", ())}
    own = {name: next((one for one in (name, f"{question}.{name}") if one in ours), None) for name in offered}
    said = {*answer.get("SelectedChoices", ()), *(one["ChoiceId"] for one in answer.get("ChoiceAnswers", ()))}
    if old := sorted(said - offered):
        notes.append(fault(path, _START, "tool.old-choice", ids=old, question=question))
    if other := sorted(name for name, item in own.items() if item is None):
        notes.append(fault(path, _START, "tool.other-choice", ids=other, question=question))
    if missing := sorted(ours - set(own.values())):
        notes.append(fault(path, _START, "tool.not-offered", ids=missing, question=question))
    items = {item for item in own.values() if item is not None}
    if answer.get("IsApplicable") is False and not _has_reason(answer):
        notes.append(fault(path, _START, "tool.no-reason", id=question))
        return None, set()
    choices = []
    for one in answer.get("ChoiceAnswers", ()):
        item = own.get(one["ChoiceId"])
        if item is not None and one.get("Status") == "NOT_APPLICABLE" and not _has_reason(one):
            notes.append(fault(path, _START, "tool.no-reason", id=item))
            items.discard(item)
        elif item is not None:
            choices.append(dict(one))
    selected = [name for name in answer.get("SelectedChoices", ()) if own.get(name) is not None]
    if old and not selected and answer.get("IsApplicable") is not False and not any(map(_is_said, choices)):
        return None, set()  # what is left of the answer does not say that anything is missing
    return {**answer, "SelectedChoices": selected, "ChoiceAnswers": choices}, items


def _has_reason(part: Mapping[str, Any]) -> bool:
    return part.get("Reason") not in (None, "", "NONE", "OTHER") or bool((part.get("Notes") or "").strip())


def _is_said(choice: Mapping[str, Any]) -> bool:
    return choice.get("Status") in ("SELECTED", "NOT_APPLICABLE")


def remarks_of_framework(
    given: Iterable[Mapping[str, Any]],
    path: str,
    items: Iterable[tuple[str, Item]],
    choices_of: Mapping[str, Choice],
    title: str,
    language: str,
) -> Matched:
    """Turn the tool's answers on practices into remarks on items, never answers.

    Parameters
    ----------
    given, path
        The answers to the lens of AWS's framework, and what they are called in faults.
    items
        By global name, what the workload is asked.
    choices_of
        By practice, the ids of its question and its choice.
    title
        What each remark begins with: the tool, the lens and the day.
    language
        Of the remarks.
    """
    found, by_question = Matched(), {one["QuestionId"]: one for one in given}
    unmatched: set[str] = set()
    for name, item in items:
        for practice in item.practice:
            question, choice = choices_of.get(practice, ("", ""))
            answer = by_question.get(question)
            offered = {one["ChoiceId"]: one for one in answer.get("Choices", ())} if answer is not None else {}
            if answer is None or choice not in offered:
                unmatched.add(practice)
                continue
            says = _says(answer, choice, offered[choice].get("Title") or choice, language)
            if says:
                found.remarks.append((name, f"{title}: {says}"))
    if unmatched:
        found.notes.append(fault(path, _START, "tool.unmatched", ids=sorted(unmatched), n=len(unmatched)))
    return found


def _says(answer: Mapping[str, Any], choice: str, title: str, language: str) -> str:
    """What is said of a choice; nothing where its question is not answered."""
    own: Mapping[str, Any] = next((one for one in answer.get("ChoiceAnswers", ()) if one["ChoiceId"] == choice), {})
    if answer.get("IsApplicable") is False:
        state, part = "not-applicable", answer
    elif choice in answer.get("SelectedChoices", ()):
        state, part = "selected", own
    elif own.get("Status") == "NOT_APPLICABLE":
        state, part = "not-applicable", own
    elif not answer.get("SelectedChoices"):
        return ""
    else:
        state, part = "not-selected", own
    code = part.get("Reason")
    reason = render(say(f"exchange.reason.{code}"), language) if code not in (None, "", "NONE", "OTHER") else ""
    said = render(say(f"exchange.tool.{state}", title=title), language)
    notes = ((one.get("Notes") or "").strip() for one in (own, answer))
    return ". ".join(filter(None, (said, reason, *notes)))
