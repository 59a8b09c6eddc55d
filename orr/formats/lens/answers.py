"""Import the answers of a lens review.

Two forms are read: `questionResponses` with the choices selected for each question, and
what the Well-Architected Tool's API returns (`AnswerSummaries` of ListAnswers, `Answer` of
GetAnswer, or a list of either).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from orr.formats.lens.names import kebab
from orr.formats.lens.walk import Shape
from orr.messages import render, say
from orr.model.checklist import Checklist, Section, item_id
from orr.model.review import Answer, Reply
from orr.source.faults import Fault, FaultyInput, Path
from orr.source.json_text import parse_json

_STATUSES = ("SELECTED", "UNSELECTED", "NOT_APPLICABLE")
_REASONS = ("OUT_OF_SCOPE", "BUSINESS_PRIORITIES", "ARCHITECTURE_CONSTRAINTS", "OTHER")


@dataclass(frozen=True, slots=True)
class ImportedAnswers:
    """What a lens review became.

    Attributes
    ----------
    answers
        By item (`checklist/item`), as they go into a review.
    notes
        Questions that nobody answered there, and so have no answer here.
    """

    answers: dict[str, Answer]
    notes: tuple[Fault, ...]


ANSWERS = ("questionResponses", "AnswerSummaries", "Answer")
"""The keys of what is read."""


def import_answers(
    text: str, path: str, checklists: Sequence[Checklist], by: str, on: date | datetime, language: str = "en"
) -> ImportedAnswers:
    """Read the answers of a lens review.

    A selected choice is a yes; the other choices of a question that was answered are a no.
    Nothing is made of a question without a selected choice, which proves nothing.

    Parameters
    ----------
    text
        The answers, as JSON.
    path
        The file's name for faults.
    checklists
        What the lens became.
    by, on
        Who answered, and when: neither form says it.
    language
        In which the reasons that the tool knows by a code are written.

    Raises
    ------
    FaultyInput
        With every fault at once; ids that the checklists do not have are faults.
    """
    data, places = parse_json(text, path)
    shape = Shape(path, places)
    reader = _Answers(shape, checklists, by, on, language)
    if isinstance(data, dict) and "questionResponses" in data:
        for at, response in shape.objects(data, "questionResponses", ()):
            reader.response(at, response)
    else:
        for at, answer in _from_api(shape, data):
            reader.answer(at, answer)
    if shape.faults:
        raise FaultyInput(shape.faults)
    return ImportedAnswers(reader.answers, tuple(shape.notes))


def _from_api(shape: Shape, data: object, at: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(data, list):
        for index, part in enumerate(data):
            yield from _from_api(shape, part, (*at, index))
    elif isinstance(data, dict) and "AnswerSummaries" in data:
        if data.get("NextToken"):
            shape.odd((*at, "NextToken"), "answers.more-pages")
        yield from shape.objects(data, "AnswerSummaries", at)
    elif isinstance(data, dict) and "Answer" in data:
        if (answer := shape.object(data["Answer"], (*at, "Answer"))) is not None:
            yield (*at, "Answer"), answer
    elif isinstance(data, dict) and "QuestionId" in data:
        yield at, data
    else:
        shape.wrong(at, "answers.form")


class _Answers:
    def __init__(
        self, shape: Shape, checklists: Sequence[Checklist], by: str, on: date | datetime, language: str
    ) -> None:
        self.shape, self.checklists = shape, checklists
        self.by, self.on, self.language = by, on, language
        self.answers: dict[str, Answer] = {}
        self.seen: set[str] = set()

    def response(self, at: Path, response: dict[str, Any]) -> None:
        """One entry of `questionResponses`."""
        self.shape.only(response, ("questionId", "choices"), at)
        question = self._question(at, response, "questionId", None)
        selected = self._ids(response, "choices", at)
        if question is None:
            return
        checklist, section = question
        known = self._known(section, selected)
        if not selected:
            self.shape.odd(at, "answers.unanswered", id=section.section)
        else:
            self._write(checklist, section, dict.fromkeys(known, Reply.YES), {}, {})

    def answer(self, at: Path, answer: dict[str, Any]) -> None:
        """One answer as the API gives it."""
        shape = self.shape
        question = self._question(at, answer, "QuestionId", answer.get("PillarId"))
        selected = self._ids(answer, "SelectedChoices", at) if "SelectedChoices" in answer else {}
        if question is None:
            return
        checklist, section = question
        note = shape.text(answer, "Notes", at, mandatory=False).strip()
        if answer.get("IsApplicable") is False:
            reason = self._reason(answer, at, section.section)
            every = {item.item: Reply.NOT_APPLICABLE for item in section.items}
            self._write(checklist, section, every, dict.fromkeys(every, reason), dict.fromkeys(every, note))
            return
        replies = dict.fromkeys(self._known(section, selected), Reply.YES)
        reasons: dict[str, str] = {}
        notes: dict[str, str] = {}
        key = "ChoiceAnswers" if "ChoiceAnswers" in answer else "ChoiceAnswerSummaries"
        for here, choice in shape.objects(answer, key, at, mandatory=False):
            name = next(iter(self._known(section, {shape.text(choice, "ChoiceId", here): (*here, "ChoiceId")})), None)
            status = shape.text(choice, "Status", here)
            if status and status not in _STATUSES:
                shape.wrong((*here, "Status"), "answers.status", status=status)
            if name is None:
                continue
            if status == "SELECTED":
                replies[name] = Reply.YES
            elif name in replies:
                shape.wrong(here, "answers.contradiction", id=name)
            elif status == "NOT_APPLICABLE":
                replies[name] = Reply.NOT_APPLICABLE
                reasons[name] = self._reason(choice, here, name)
            if said := shape.text(choice, "Notes", here, mandatory=False).strip():
                notes[name] = said
        if not replies:
            shape.odd(at, "answers.unanswered", id=section.section)
            return
        if note:
            # A question's notes have no place of their own; they go with its first answer.
            first = section.items[0].item
            notes[first] = "\n\n".join(part for part in (note, notes.get(first)) if part)
        self._write(checklist, section, replies, reasons, notes)

    def _write(
        self,
        checklist: Checklist,
        section: Section,
        replies: dict[str, Reply],
        reasons: dict[str, str],
        notes: dict[str, str],
    ) -> None:
        for item in section.items:
            reply = replies.get(item.item, Reply.NO)
            reason = reasons.get(item.item) or None
            if reply is Reply.NOT_APPLICABLE and reason is None:
                continue  # told as a fault where it stands
            self.answers[item_id(checklist.checklist, item.item)] = Answer(
                answer=reply, note=notes.get(item.item) or None, reason=reason, by=self.by, on=self.on
            )

    def _reason(self, part: dict[str, Any], at: Path, name: str) -> str:
        code = self.shape.text(part, "Reason", at, mandatory=False)
        notes = self.shape.text(part, "Notes", at, mandatory=False).strip()
        if code not in ("", "NONE", *_REASONS):
            self.shape.wrong((*at, "Reason"), "answers.reason", reason=code)
            return ""
        said = render(say(f"exchange.reason.{code}"), self.language) if code in _REASONS and code != "OTHER" else ""
        reason = ": ".join(part for part in (said, notes) if part)
        if not reason:
            self.shape.wrong(at, "answers.no-reason", id=name)
        return reason

    def _question(self, at: Path, part: dict[str, Any], key: str, pillar: object) -> tuple[Checklist, Section] | None:
        name = self.shape.text(part, key, at)
        if not name:
            return None
        if name in self.seen:
            self.shape.wrong((*at, key), "answers.twice", id=name)
            return None
        self.seen.add(name)
        found = [
            (checklist, section)
            for checklist in self.checklists
            for section in checklist.sections
            if section.section == name
        ]
        if len(found) > 1 and isinstance(pillar, str):
            ending = kebab(pillar)
            named = [pair for pair in found if pair[0].checklist == ending or pair[0].checklist.endswith(f"-{ending}")]
            found = named or found
        if not found:
            self.shape.wrong((*at, key), "answers.no-question", id=name)
        elif len(found) > 1:
            holders = [checklist.checklist for checklist, _ in found]
            self.shape.wrong((*at, key), "answers.many-questions", id=name, checklists=holders)
        else:
            return found[0]
        return None

    def _ids(self, part: dict[str, Any], key: str, at: Path) -> dict[str, Path]:
        value = part.get(key)
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            place = (*at, key) if key in part else at
            self.shape.wrong(place, "kind", key=key, kind=say("exchange.kind.texts"))
            return {}
        return {name: (*at, key, index) for index, name in enumerate(value)}

    def _known(self, section: Section, names: dict[str, Path]) -> list[str]:
        """The items that choices became; a fault for each choice that there is not."""
        items = {item.item for item in section.items}
        found = []
        for name, at in names.items():
            own = next((item for item in (name, f"{section.section}.{name}") if item in items), None)
            if own is not None:
                found.append(own)
            elif name:
                self.shape.wrong(at, "answers.no-choice", id=name, question=section.section)
        return found
