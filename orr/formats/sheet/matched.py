"""Match the questions of somebody's document with the items that a workload is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from orr.evaluate.case import Case
from orr.formats.questions import Found, Question, fault
from orr.formats.sheet.filled import Filled, FilledSheet, fill
from orr.formats.sheet.replies import leading_reply
from orr.formats.sheet.rows import Row, normal, rows_of
from orr.model.fields import Moment
from orr.model.review import Assignment, Reply
from orr.source.dates import only_date
from orr.source.faults import Fault, FaultyInput, name_fault, shortened


def answers_of(found: Found, path: str, case: Case, today: date, by: str, on: Moment) -> FilledSheet:
    """Match a document's answers to the workload's questions, and report the rest.

    A question is that of an item by the item's name, or by the same words in one of its languages. Only what begins
    with yes, partly, no or not applicable is an answer.

    Raises
    ------
    FaultyInput
        With every fault at once; where no question is one of the workload's, too.
    """
    matcher = _Matcher(path, case, today)
    rows = [row for question in found.questions for row in matcher.row(question)]
    if found.faults or not matcher.matched:
        none = [] if matcher.matched or not found.questions else [
            fault(path, found.questions[0].place, "matched.none", workload=case.workload.workload)
        ]  # fmt: skip
        raise FaultyInput([*found.faults, *none])
    sheet = fill(rows, path, case, today, by, on)
    sheet.notes[:0] = [*found.notes, *matcher.notes]
    for name, (person, due) in matcher.assigned.items():
        sheet.assigned[name] = Assignment(to=person, due=due, by=by)
    return sheet


class _Matcher:
    def __init__(self, path: str, case: Case, today: date) -> None:
        self.path = path
        self.workload = case.workload.workload
        self.notes: list[Fault] = []
        self.assigned: dict[str, tuple[str, date | None]] = {}
        self.matched = 0
        self.known: dict[str, Row] = {}
        rows = list(rows_of(case, today))
        for row in rows:
            asks = [row.item.ask] if isinstance(row.item.ask, str) else row.item.ask.values()
            for key in (row.name, *map(_words, asks)):
                self.known.setdefault(key, row)
        names = [row.item.item for row in rows]
        self.known |= {row.item.item: row for row in rows if names.count(row.item.item) == 1}

    def row(self, question: Question) -> Iterator[Filled]:
        """Row of a question that answers it; empty for unasked or unanswered ones."""
        wordings = (question.name, _words(question.ask), *map(_words, question.also))
        here = next((self.known[one] for one in wordings if one in self.known), None)
        if here is None:
            self._odd(question, "matched.unknown", ask=shortened(question.ask), workload=self.workload)
            return
        self.matched += 1
        self._assign(question, here)
        reply, rest = leading_reply(question.reply)
        told = "\n".join(filter(None, (rest if reply is not None else "", question.note, question.below)))
        if reply is None:
            if said := question.reply or told:
                self._odd(question, "sheet.draft", name=here.name, text=shortened(" ".join(said.split())))
            return
        if reply is Reply.YES and leading_reply(told)[0] not in (None, Reply.YES):
            self._odd(question, "sheet.draft", name=here.name, text=shortened(told))
            return
        if reply is Reply.NOT_APPLICABLE and not told:
            self._odd(question, "sheet.no-reason", name=here.name)
            return
        cells = {"answer": reply.value}
        if told:
            cells["reason" if reply is Reply.NOT_APPLICABLE else "note"] = told
        if links := [link for link in question.links if "<#" not in link]:
            cells["evidence"] = "\n".join(dict.fromkeys([*here.cells["evidence"].splitlines(), *links]))
        kinds = {"reply": "answer", "note": "note", "links": "evidence"}
        places = {kinds[name]: place for name, place in question.places.items() if name in kinds}
        yield Filled(self.workload, here.name, None, None, cells, question.place, places)

    def _assign(self, question: Question, here: Row) -> None:
        """Whoever is named with a question is asked for it."""
        person, due = question.person.removeprefix("@"), only_date(question.due)
        if question.due and (due is None or not person):
            key = "matched.no-day" if due is None else "matched.due-alone"
            self._odd(question, key, due=due or shortened(question.due), name=here.name)
        if person and name_fault(person, "@") is not None:
            self._odd(question, "matched.nobody", person=shortened(person), name=here.name)
        elif person:
            self.assigned[here.name] = (person, due)

    def _odd(self, question: Question, key: str, **values: object) -> None:
        self.notes.append(fault(self.path, question.place, key, **values))


def _words(text: str) -> str:
    return " ".join(normal(text).replace("`", "").casefold().split()).rstrip("?？.:： ")


def without_answers(found: Found) -> list[Question]:
    """Questions as a checklist takes them, with the text below as reason and links."""
    made = []
    for one in found.questions:
        links = [link for link in one.links if "<#" not in link]
        why = "\n".join(filter(None, (one.why, one.below, "; ".join(links))))
        made.append(replace(one, why=why))
    return made
