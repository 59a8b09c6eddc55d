"""Make answers of the rows of a filled answer sheet, those alone that somebody edited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from orr.evaluate.case import Case
from orr.formats.sheet.replies import leading_reply
from orr.formats.sheet.rows import CELLS, Row, digest, line_of, normal, rows_of
from orr.messages import Message, say
from orr.model.checklist import Item
from orr.model.fields import Moment
from orr.model.nobody import unfit_name
from orr.model.person import same
from orr.model.review import Answer, Assignment, Reply
from orr.model.validation import ValidationError, read
from orr.source.dates import only_date
from orr.source.faults import Fault, FaultyInput, Place, nearest, shortened

_WHERE = re.compile(
    r"(?:(?P<title>.*?)\s*<(?P<where>[^<>]+)>|\[(?P<named>[^\[\]]*)\]\((?P<link>[^()\s]+)\))", re.DOTALL
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_FILE = re.compile(r"\S*[/.]\S+")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Filled:
    """A row of a sheet as it came back.

    Attributes
    ----------
    workload, name, digest
        What its key says; without a digest it is of no sheet of orr, and so an edit.
    ask
        The question that stands beside it; None where there is none.
    cells
        What of `CELLS` is there, as it was written.
    place
        Where it stands.
    places
        Where its cells stand, as far as that is known.
    """

    workload: str
    name: str
    digest: str | None
    ask: str | None
    cells: Mapping[str, str]
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(slots=True)
class FilledSheet:
    """What a sheet became.

    Attributes
    ----------
    answers
        By item, those that were edited.
    assigned
        By item, who is asked for it.
    refused
        By item, why its answer must not be taken.
    notes
        Rows that are no answer yet.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    assigned: dict[str, Assignment] = field(default_factory=dict)
    refused: dict[str, Message] = field(default_factory=dict)
    notes: list[Fault] = field(default_factory=list)


def fill(
    rows: Iterable[Filled], path: str, case: Case, today: date, by: str, on: Moment, faults: Sequence[Fault] = ()
) -> FilledSheet:
    """Make answers of edited rows.

    A row is edited if its cells are not those that its key was made of. Where the answer here is
    not the one that the sheet was written with, an edit is refused, unless it corrects an answer by the same person.

    Parameters
    ----------
    rows, path
        The rows, and the file's name for faults.
    case, today
        What the workload is asked now.
    by, on
        Who answers, and when.
    faults
        What was found wrong when the rows were read.

    Raises
    ------
    FaultyInput
        With every fault at once.
    """
    filler = _Filler(path, case, today, by, on)
    filler.faults += faults
    for row in rows:
        filler.take(row)
    if filler.faults:
        raise FaultyInput(filler.faults)
    return filler.sheet


class _Filler:
    def __init__(self, path: str, case: Case, today: date, by: str, on: Moment) -> None:
        self.path, self.case, self.by, self.on = path, case, by, on
        self.now = {row.name: row for row in rows_of(case, today)}
        self.sheet = FilledSheet()
        self.faults: list[Fault] = []
        self.edits: dict[str, dict[str, str]] = {}

    def take(self, filled: Filled) -> None:
        """Take a row, if it was edited."""
        name = self.case.renaming.ids.get(filled.name, filled.name)
        here = self.now.get(name)
        if filled.workload != self.case.workload.workload:
            self._wrong(filled, "other-workload", "key", workload=filled.workload, asked=self.case.workload.workload)
            return
        if here is None:
            known = nearest(name, self.now)
            self._odd(filled, "not-asked", "key", name=name, near=known or "–")
            return
        if filled.ask is not None and not _asks(here.item, filled.ask):
            self._wrong(filled, "other-question", "ask", name=name, ask=shortened(filled.ask))
            return
        cells = self._normal(filled, here)
        if digest(cells) == filled.digest or cells == here.cells:
            return
        if self.edits.setdefault(name, cells) != cells:
            self._wrong(filled, "twice", "answer", name=name)
        elif name not in self.sheet.answers:
            self._answer(filled, here, cells)

    def _normal(self, filled: Filled, here: Row) -> dict[str, str]:
        """The cells as they are compared; a column that was deleted changes nothing."""
        cells = {name: normal(filled.cells[name]) if name in filled.cells else here.cells[name] for name in CELLS}
        reply, rest = leading_reply(cells["answer"])
        if reply is not None:
            beside = "reason" if reply is Reply.NOT_APPLICABLE else "note"
            cells |= {"answer": reply.value, beside: "\n".join(filter(None, (rest, cells[beside])))}
        if (day := only_date(cells["due"])) is not None:
            cells["due"] = day.isoformat()
        elif found := _SLASHED.fullmatch(cells["due"]):  # which number is the month only the day that stood there tells
            one, other, year = found.groups()
            days = (f"{year}-{int(month):02}-{int(day):02}" for month, day in ((one, other), (other, one)))
            cells["due"] = next((day for day in days if day == here.cells["due"]), cells["due"])
        return cells

    def _answer(self, filled: Filled, here: Row, cells: dict[str, str]) -> None:
        name, before = here.name, len(self.faults)
        reply = Reply(cells["answer"]) if cells["answer"] in tuple(Reply) else None
        plan = {key: cells[key] for key in ("action", "owner", "due") if cells[key]}
        if reply is None and cells["answer"]:
            self._odd(filled, "draft", "answer", name=name, text=shortened(cells["answer"]))
            return
        if reply is None and not plan:
            key = "draft" if any(cells.values()) else "emptied"
            self._odd(
                filled, key, "answer", name=name, text=shortened(cells["note"] or cells["reason"] or cells["evidence"])
            )
            return
        if reply is Reply.NOT_APPLICABLE and not cells["reason"]:
            self._wrong(filled, "no-reason", "reason", name=name)
        if here.answer_from not in (None, "workload") and not cells["note"]:
            self._wrong(filled, "departs", "note", name=name, place=here.answer_from)
        evidence = [self._entry(filled, here, line) for line in cells["evidence"].split("\n") if line]
        bound = here.item.subject or (here.answer is not None and here.answer.release is not None)
        data = {
            "answer": reply,
            "reason": cells["reason"] or None,
            "note": cells["note"] or None,
            "evidence": [entry for entry in evidence if entry is not None],
            "plan": self._plan(filled, name, plan),
            "by": self.by,
            "on": self.on,
            "release": self.case.review.release if bound and self.case.review.release else None,
        }
        try:
            answer = read(Answer, data)
        except ValidationError:
            if len(self.faults) == before:
                self._wrong(filled, "unfit", "answer", name=name)
            return
        self.sheet.answers[name] = answer
        corrects = here.answer is not None and same(here.answer.by, self.by)
        if filled.digest not in (None, digest(here.cells)) and not corrects:
            self.sheet.refused[name] = say("exchange.sheet.changed")

    def _plan(self, filled: Filled, name: str, plan: dict[str, str]) -> dict[str, str] | None:
        missing = [key for key in ("action", "owner", "due") if key not in plan]
        if not plan:
            return None
        if missing:
            columns = [say(f"exchange.column.{key}") for key in missing]
            self._wrong(filled, "half-plan", missing[0], name=name, columns=columns)
        if "owner" in plan and (nobody := unfit_name(plan["owner"])) is not None:
            values = {"key": say("exchange.column.owner"), **nobody.values}
            wrong, remedy = (say(f"file.model.{nobody.kind}{end}", **values) for end in ("", ".do"))
            self.faults.append(Fault(self.path, filled.places.get("owner", filled.place), wrong, remedy))
        if "due" in plan:
            try:
                date.fromisoformat(plan["due"])
            except ValueError:
                self._wrong(filled, "due", "due", name=name, due=shortened(plan["due"]))
        return plan

    def _entry(self, filled: Filled, here: Row, line: str) -> dict[str, str] | None:
        """An entry of evidence; one that stands here already keeps what no sheet can carry."""
        for entry in here.answer.evidence if here.answer is not None else ():
            if normal(line_of(entry)) == line:
                data: dict[str, str] = entry.as_data()
                return data
        found = _WHERE.fullmatch(line)
        title, where = (found["title"] or found["named"], found["where"] or found["link"]) if found else ("", line)
        if found is None and not (_ADDRESS.fullmatch(line) or _FILE.fullmatch(line)):
            return {"title": line}
        made = {"title": title, "url" if _ADDRESS.fullmatch(where) else "path": where}
        made = {key: value for key, value in made.items() if value}
        if "url" in made and not made["url"].lower().startswith(("http://", "https://")):
            self._wrong(filled, "address", "evidence", name=here.name, where=shortened(where))
            return None
        return made

    def _wrong(self, filled: Filled, key: str, cell: str, **values: object) -> None:
        self.faults.append(self._fault(filled, key, cell, values))

    def _odd(self, filled: Filled, key: str, cell: str, **values: object) -> None:
        self.sheet.notes.append(self._fault(filled, key, cell, values))

    def _fault(self, filled: Filled, key: str, cell: str, values: dict[str, object]) -> Fault:
        says = say(f"exchange.sheet.{key}", **values), say(f"exchange.sheet.{key}.do", **values)
        return Fault(self.path, filled.places.get(cell, filled.place), *says)


def _asks(item: Item, ask: str) -> bool:
    """Whether a text is the question of an item in one of its languages."""
    texts = [item.ask] if isinstance(item.ask, str) else list(item.ask.values())
    return " ".join(ask.split()) in {" ".join(normal(text).split()) for text in texts}
