"""Import a spreadsheet as a checklist, one row an item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orr.formats.lens.names import kebab, shortened, unique
from orr.messages import say
from orr.model.checklist import Checklist
from orr.model.validation import read
from orr.source.cells import Cell, Rows
from orr.source.faults import Fault, FaultyInput, Place
from orr.source.table import read_cells

COLUMNS = {
    "section": ("section", "section id", "小节", "分节", "章节", "部分", "分类", "类别"),
    "section title": ("section title", "小节标题", "分节标题", "章节标题"),
    "item": ("item", "item id", "id", "检查项", "条目", "编号"),
    "ask": ("ask", "question", "问题", "检查内容", "提问"),
    "why": ("why", "reason", "原因", "为什么", "说明"),
    "fix": ("fix", "remedy", "改进", "改进措施", "整改", "整改措施", "下一步"),
    "risk": ("risk", "风险", "风险等级"),
    "blocking": ("blocking", "阻断", "阻断项", "是否阻断"),
}
"""By column, the headings that stand for it; capitals, spaces and underscores make no difference."""

_RISKS = {"high": "high", "medium": "medium", "low": "low", "高": "high", "中": "medium", "低": "low"}
_TRUE = ("yes", "y", "true", "1", "x", "✓", "✔", "是", "√")
_FALSE = ("no", "n", "false", "0", "", "-", "否", "×")
_HEADINGS = {re.sub(r"[\s_-]+", " ", heading): column for column, them in COLUMNS.items() for heading in them}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class ImportedSheet:
    """What a spreadsheet became, and what was added to it or left out."""

    checklist: Checklist
    notes: tuple[Fault, ...]


def import_sheet(raw: bytes, path: str, checklist: str, title: str | None = None) -> ImportedSheet:
    """Read a checklist from CSV or Excel.

    Only the column of questions is mandatory. A row without a section belongs to the one
    above, as in merged cells; an item without a name is given one; and an item without a
    risk is of high risk until somebody says otherwise.

    Parameters
    ----------
    raw
        The file's bytes.
    path
        The file's name for faults.
    checklist, title
        Of the checklist, because a spreadsheet has no place for them. The name is brought
        into kebab-case, and is the title as well where there is none.

    Raises
    ------
    FaultyInput
        With every fault at once.
    """
    rows = read_cells(raw, path)
    sheet = _Sheet(path)
    data = sheet.read(rows)
    if sheet.faults:
        raise FaultyInput(sheet.faults)
    name = shortened(kebab(checklist), _LONGEST_ID) or "checklist"
    made = read(Checklist, {"checklist": name, "version": 1, "title": title or checklist, "sections": data})
    return ImportedSheet(made, tuple(sheet.notes))


class _Sheet:
    def __init__(self, path: str) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self.unrated: list[Place] = []
        self.items: set[str] = set()

    def read(self, rows: Rows) -> list[dict[str, Any]]:
        if not rows:
            self._wrong(Place(1, 1), "table.empty")
            return []
        columns = self._columns(rows[0])
        if "ask" not in columns.values():
            self._wrong(rows[0][0].place, "table.no-ask", headings=list(COLUMNS["ask"]))
            return []
        if len(rows) == 1:
            self._wrong(rows[0][0].place, "table.empty")
        sections: dict[str, dict[str, Any]] = {}
        current = ""
        taken = self._given_names(rows[1:], columns)
        for cells in self._rows(rows[1:], columns, len(rows[0])):
            current = self._section(cells, sections, current)
            item = self._item(cells, taken)
            if item:
                sections[current]["items"].append(item)
        if self.unrated:
            self._odd(self.unrated[0], "table.no-risk", n=len(self.unrated))
        return [section for section in sections.values() if section["items"]]

    def _columns(self, head: list[Cell]) -> dict[int, str]:
        columns: dict[int, str] = {}
        for index, cell in enumerate(head):
            heading = re.sub(r"[\s_-]+", " ", cell.text.strip().lower())
            column = _HEADINGS.get(heading)
            if column is None:
                if heading:
                    self._odd(cell.place, "table.unknown-column", heading=cell.text.strip())
            elif column in columns.values():
                self._wrong(cell.place, "table.twice", heading=cell.text.strip())
            else:
                columns[index] = column
        return columns

    def _rows(self, rows: Rows, columns: dict[int, str], width: int) -> Iterator[dict[str, Cell]]:
        for row in rows:
            for cell in row[width:]:
                if cell.text.strip():
                    self._wrong(cell.place, "table.too-wide", n=width)
            cells = {column: row[index] for index, column in columns.items() if index < len(row)}
            if any(cell.text.strip() for cell in cells.values()):
                yield {"row": row[0], **cells}

    def _given_names(self, rows: Rows, columns: dict[int, str]) -> set[str]:
        index = next((index for index, column in columns.items() if column == "item"), None)
        return set() if index is None else {row[index].text.strip() for row in rows if index < len(row)}

    def _section(self, cells: dict[str, Cell], sections: dict[str, dict[str, Any]], current: str) -> str:
        words = _said(cells, "section")
        title = _said(cells, "section title")
        if not words and not title:
            if not current:
                current = "items"
                sections[current] = {"section": current, "items": []}
            return current
        for name, section in sections.items():
            if words in (name, section.get("title")) or (not words and title == section.get("title")):
                return name
        name = words
        if not _ID.fullmatch(words) or len(words) > _LONGEST_ID:
            title = title or words
            name = unique(shortened(kebab(words or title), 60) or f"section-{len(sections) + 1}", sections)
        sections[name] = {"section": name, **({"title": title} if title else {}), "items": []}
        return name

    def _item(self, cells: dict[str, Cell], taken: set[str]) -> dict[str, Any]:
        ask = _said(cells, "ask")
        if not ask:
            self._wrong(cells.get("ask", cells["row"]).place, "table.no-question")
            return {}
        name = _said(cells, "item")
        if not name:
            name = unique(shortened(kebab(ask), 50) or f"item-{len(self.items) + 1}", self.items | taken)
        elif not _ID.fullmatch(name) or len(name) > _LONGEST_ID:
            self._wrong(cells["item"].place, "table.id", id=name)
        elif name in self.items:
            self._wrong(cells["item"].place, "lens.twice", id=name)
        self.items.add(name)
        item: dict[str, Any] = {"item": name, "ask": ask}
        item.update({key: words for key in ("why", "fix") if (words := _said(cells, key))})
        item["risk"] = self._risk(cells)
        if self._blocking(cells):
            item["blocking"] = True
        return item

    def _risk(self, cells: dict[str, Cell]) -> str:
        words = _said(cells, "risk").lower()
        if not words:
            self.unrated.append(cells.get("risk", cells["row"]).place)
            return "high"
        if words not in _RISKS:
            self._wrong(cells["risk"].place, "table.risk", risk=words)
        return _RISKS.get(words, "high")

    def _blocking(self, cells: dict[str, Cell]) -> bool:
        words = _said(cells, "blocking").lower()
        if words not in (*_TRUE, *_FALSE):
            self._wrong(cells["blocking"].place, "table.blocking", value=words)
        return words in _TRUE

    def _wrong(self, place: Place, key: str, **values: object) -> None:
        self.faults.append(self._fault(place, key, values))

    def _odd(self, place: Place, key: str, **values: object) -> None:
        self.notes.append(self._fault(place, key, values))

    def _fault(self, place: Place, key: str, values: dict[str, object]) -> Fault:
        return Fault(self.path, place, say(f"exchange.{key}", **values), say(f"exchange.{key}.do", **values))


def _said(cells: dict[str, Cell], column: str) -> str:
    return cells[column].text.strip() if column in cells else ""
