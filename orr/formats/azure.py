"""Read Azure's review checklists and the results of their queries.

The form is that of https://github.com/Azure/review-checklists: a list as JSON or as the workbook that people fill in,
and what Azure Resource Graph answered to its queries (`graph_results`). `docs/exchange/azure.md` says what becomes of
each part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from orr.formats.lens.walk import Shape
from orr.formats.lines import counted
from orr.formats.questions import Found, Question, fault
from orr.messages import render, say
from orr.model.review import Reply
from orr.source.cells import Rows
from orr.source.faults import FaultyInput, Path, Place, shortened
from orr.source.json_text import parse_json

_COLUMNS = {
    "main area": "category",
    "sub area": "subcategory",
    "checklist item": "text",
    "description (optional)": "description",
    "severity": "severity",
    "status": "status",
    "comment": "comments",
    "more info": "link",
    "training": "training",
    "graph query": "graph",
    "guid": "guid",
}
"""By heading of a workbook, the key that says the same in JSON."""
_KEYS = (*_COLUMNS.values(), "waf", "service")
_REPLIES = {"fulfilled": "Yes", "open": "No", "not required": "N/A", "n/a": "N/A"}
_UNANSWERED = ("", "not verified", "undefined", "null", "none")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TIMESTAMP = re.compile(r"\w{3} (\w{3}) +(\d{1,2}) [\d:]{8} \S+ (\d{4})")
_NAMED = 5
"""How many resources are named in an answer."""


@dataclass(frozen=True, slots=True)
class AzureList:
    """A checklist as questions, and its title."""

    title: str
    found: Found


@dataclass(slots=True)
class QueryResult:
    """What a query found about one check.

    Attributes
    ----------
    place
        Where the first of its results stands.
    compliant
        How many resources are as the check wants them.
    others
        The resources that are not, or of which it is not said.
    unclear
        How many of `others` are neither `true` nor `false`.
    """

    place: Place
    compliant: int = 0
    others: list[str] = field(default_factory=list)
    unclear: int = 0

    @property
    def reply(self) -> Reply | None:
        """Yes where every resource complies, no where one certainly does not; else nothing is known."""
        if len(self.others) > self.unclear:
            return Reply.NO
        return None if self.unclear else Reply.YES

    def says(self, language: str) -> str:
        """In words, how many resources comply, and which do not."""
        total = self.compliant + len(self.others)
        found = say("exchange.azure.result", n=self.compliant, total=total)
        named = [*self.others[:_NAMED], *(["…"] if len(self.others) > _NAMED else [])]
        return "\n".join([render(found, language), *named])


@dataclass(frozen=True, slots=True)
class QueryResults:
    """Results of queries by check id, and the day of the queries if known."""

    by_guid: Mapping[str, QueryResult]
    ran_on: date | None


def is_azure(data: object) -> bool:
    """Whether parsed JSON is one of Azure's lists, or the results of its queries."""
    if not isinstance(data, dict):
        return False
    for key in ("items", "checks"):
        entries = data.get(key)
        if isinstance(entries, list) and any(isinstance(one, dict) and "guid" in one for one in entries):
            return True
    return False


def is_azure_workbook(tables: Sequence[Rows]) -> bool:
    """Whether one of several tables has the headings of Azure's workbook."""
    return any(True for _ in _headings(tables))


def read_list(text: str, path: str, language: str) -> AzureList:
    """Read a list as JSON.

    Parameters
    ----------
    text, path
        The file, and its name for faults.
    language
        Of the words that are put before its own.

    Raises
    ------
    FaultyInput
        If it is not JSON. What else is wrong with it is in the `faults` that are found.
    """
    data, places = parse_json(text, path)
    shape = Shape(path, places)
    reader = _List(path, language)
    whole = shape.object(data, ()) or {}
    for at, item in shape.objects(whole, "items", ()):
        row = {key: shape.text(item, key, at, mandatory=key == "text") for key in _KEYS if key in item or key == "text"}
        reader.lost.update(item.keys() - set(_KEYS) - {"id"})
        if row["text"]:
            reader.take(row, shape.place(at))
    metadata = whole.get("metadata")
    title = shape.text(metadata, "name", ("metadata",), mandatory=False) if isinstance(metadata, dict) else ""
    reader.found.faults += shape.faults
    return AzureList(title, reader.finished())


def read_workbook_list(tables: Sequence[Rows], path: str, language: str) -> AzureList:
    """Read the sheet of a workbook that holds a list; see `read_list`."""
    reader, title = _List(path, language), ""
    for rows, head in _headings(tables):
        above = [row[0].text.strip() for row in rows[:head] if row and row[0].text.strip()]
        title = title or (above[-1] if above else "")
        names = [cell.text.strip().casefold() for cell in rows[head]]
        for row in rows[head + 1 :]:
            cells = {name: cell.text.strip() for name, cell in zip(names, row, strict=False) if cell.text.strip()}
            # In published workbooks the ids stand one column beside their heading.
            if not _GUID.fullmatch(cells.get("guid", "")):
                beside = next((name for name, text in cells.items() if _GUID.fullmatch(text)), None)
                cells |= {"guid": cells.pop(beside)} if beside is not None else {}
            if cells:
                reader.lost.update(name for name in cells if name not in _COLUMNS)
                reader.take({_COLUMNS[name]: text for name, text in cells.items() if name in _COLUMNS}, row[0].place)
    return AzureList(title, reader.finished())


def _headings(tables: Sequence[Rows]) -> Iterator[tuple[Rows, int]]:
    """The tables of a list, each with the number of the row of its headings."""
    for rows in tables:
        for at, row in enumerate(rows[:40]):
            if {"checklist item", "guid"} <= {cell.text.strip().casefold() for cell in row}:
                yield rows, at
                break


class _List:
    def __init__(self, path: str, language: str) -> None:
        self.path, self.language = path, language
        self.found = Found(named=True)
        self.lost: Counter[str] = Counter()
        self.answered = 0

    def take(self, row: Mapping[str, str], place: Place) -> None:
        """Read one check; an empty line of it is left out."""
        ask = row.get("text", "").strip()
        if not ask:
            if any(row.get(key) for key in ("description", "guid")):
                self.found.faults.append(fault(self.path, place, "blank", key="text"))
            return
        status = row.get("status", "").strip()
        if status.casefold() not in (*_REPLIES, *_UNANSWERED):
            self.found.notes.append(fault(self.path, place, "azure.status", status=shortened(status)))
        reply = _REPLIES.get(status.casefold(), "")
        self.answered += bool(reply or row.get("comments"))
        self.found.questions.append(
            Question(
                place,
                ask,
                why="\n\n".join(filter(None, (row.get("description", ""), *self._about(row)))),
                fix="\n\n".join(filter(None, (self._links(row), self._query(row)))),
                section_title=": ".join(filter(None, (row.get("category"), row.get("subcategory")))),
                name=row.get("guid", "").strip().lower(),
                risk=row.get("severity", "").strip(),
                reply=reply,
                note=row.get("comments", "").strip(),
            )
        )

    def _about(self, row: Mapping[str, str]) -> Iterator[str]:
        for key in ("waf", "service"):
            if row.get(key):
                yield self._words(key, row[key])

    def _links(self, row: Mapping[str, str]) -> str:
        return "\n".join(f"<{row[key].strip()}>" for key in ("link", "training") if row.get(key, "").strip())

    def _query(self, row: Mapping[str, str]) -> str:
        return self._words("graph", row["graph"].strip()) if row.get("graph", "").strip() else ""

    def _words(self, key: str, value: str) -> str:
        return render(say(f"exchange.azure.{key}", value=value), self.language)

    def finished(self) -> Found:
        """What was found, with what was left out."""
        first = self.found.questions[0].place if self.found.questions else Place(1, 1)
        if self.lost:
            self.found.answering.append(fault(self.path, first, "azure.lost", parts=counted(self.lost)))
        if self.answered:
            self.found.answering.append(fault(self.path, first, "azure.answered", n=self.answered))
        if not self.found.questions and not self.found.faults:
            self.found.faults.append(fault(self.path, first, "none", key="items"))
        return self.found


def read_results(text: str, path: str) -> QueryResults:
    """Read what the queries of a list found.

    Raises
    ------
    FaultyInput
        With every fault at once.
    """
    data, places = parse_json(text, path)
    shape = Shape(path, places)
    whole = shape.object(data, ()) or {}
    found: dict[str, QueryResult] = {}
    for at, check in shape.objects(whole, "checks", ()):
        guid, resource = shape.text(check, "guid", at).lower(), shape.text(check, "id", at, mandatory=False)
        result = found.setdefault(guid, QueryResult(shape.place(at)))
        said = _truth(check.get("compliant"))
        if said:
            result.compliant += 1
        else:
            result.others.append(resource or "?")
            result.unclear += said is None
    if shape.faults:
        raise FaultyInput(shape.faults)
    return QueryResults(found, _ran_on(whole, shape))


def _truth(value: Any) -> bool | None:
    return {"true": True, "false": False}.get(str(value).strip().lower())


def _ran_on(whole: Mapping[str, Any], shape: Shape) -> date | None:
    metadata = whole.get("metadata")
    at: Path = ("metadata",)
    stamp = shape.text(metadata, "timestamp", at, mandatory=False) if isinstance(metadata, dict) else ""
    written = _TIMESTAMP.fullmatch(stamp.strip())
    try:
        if written is not None:
            return datetime.strptime(" ".join(written.groups()), "%b %d %Y").date()
        return date.fromisoformat(stamp.strip()[:10]) if stamp.strip() else None
    except ValueError:
        return None
