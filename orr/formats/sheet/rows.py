"""Rows of an answer sheet: item, answer, and a key that reveals edits."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from orr.evaluate.applies import left_out
from orr.evaluate.case import Case
from orr.evaluate.states import decider
from orr.messages import Message, render, say
from orr.model.checklist import AnsweredBy, Checklist, Item, Section, item_id
from orr.model.review import Answer, EvidenceEntry
from orr.source.table import neutral, plain

CELLS = ("answer", "reason", "note", "evidence", "action", "owner", "due")
"""What people fill in."""
KEY = re.compile(
    r"orr:(?P<workload>[^:\s]{1,128}):(?P<name>[^:/\s]{1,128}/[^:/\s]{1,128}):(?P<digest>[0-9a-f]{12})", re.ASCII
)
"""What a row bears to be found again: workload, item, and the digest of its cells as they were written."""


@dataclass(frozen=True, slots=True)
class Row:
    """An item as an answer sheet shows it.

    Attributes
    ----------
    checklist, section, item
        Where it stands.
    name
        `checklist/item`.
    answer, answer_from
        The answer that counts now, and whose it is.
    cells
        Its texts by `CELLS`; empty where there is nothing.
    key
        See `KEY`.
    """

    checklist: Checklist
    section: Section
    item: Item
    name: str
    answer: Answer | None
    answer_from: str | None
    cells: Mapping[str, str]
    key: str

    def facts(self, language: str) -> str:
        """Risk, whether it blocks, what else decides, and who answered when: what is there to read."""
        found: list[Message] = []
        if self.item.risk:
            found.append(say("exchange.list.risk." + self.item.risk))
        if self.item.blocking:
            found.append(say("exchange.list.blocking"))
        if self.item.checks:
            found.append(
                say("exchange.sheet." + ("checked" if decider(self.item) is AnsweredBy.CHECKS else "checked-too"))
            )
        if self.item.evidence == "required":
            found.append(say("exchange.sheet.required"))
        if self.answer is not None:
            key = "workload" if self.answer_from == "workload" else "inherited"
            said = {"by": self.answer.by, "on": self.answer.on, "place": self.answer_from}
            found.append(say(f"exchange.sheet.answered.{key}", **said))
        return render(found, language)


def rows_of(case: Case, today: date) -> Iterator[Row]:
    """The rows of all that a workload is asked on its occasion."""
    for checklist in case.asked:
        for section in checklist.sections:
            for item in section.items:
                if left_out(item, case, today) is None:
                    name = item_id(checklist.checklist, item.item)
                    answer, where = case.answer(item.scope, name)
                    cells = cells_of(answer)
                    key = f"orr:{case.workload.workload}:{name}:{digest(cells)}"
                    yield Row(checklist, section, item, name, answer, where, cells, key)


def cells_of(answer: Answer | None) -> dict[str, str]:
    """The texts of an answer."""
    if answer is None:
        return dict.fromkeys(CELLS, "")
    plan = answer.plan
    texts = {
        "answer": answer.answer.value if answer.answer else "",
        "reason": answer.reason or "",
        "note": answer.note or "",
        "evidence": "\n".join(map(line_of, answer.evidence)),
        "action": plan.action if plan else "",
        "owner": plan.owner if plan else "",
        "due": plan.due.isoformat() if plan else "",
    }
    return {name: normal(text) for name, text in texts.items()}


def line_of(entry: EvidenceEntry) -> str:
    """An entry of evidence as a line: its title, and where it lies in angle brackets."""
    where = entry.path or entry.url
    title = " ".join((entry.title or "").split())
    return f"{title} <{where}>".lstrip() if where else title


def normal(text: str) -> str:
    """Text in the form that every sheet returns: clean, trimmed, visible characters only."""
    text = re.sub(r"\t+", " ", text.replace("\u200b", ""))
    lines = [line.strip() for line in plain(neutral(text)).split("\n")]
    return "\n".join(lines).strip()


def digest(cells: Mapping[str, str]) -> str:
    """What cells are told apart by."""
    texts = [cells[name] for name in CELLS]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:12]
