"""Answer sheet as a table, readable in whatever order its rows stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from orr.formats.sheet.filled import Filled
from orr.formats.sheet.rows import CELLS, KEY, Row
from orr.messages import LANGUAGES, in_language, render, say
from orr.source.cells import Cell, Rows
from orr.source.faults import Fault, Place
from orr.source.table import write_csv

COLUMNS = ("checklist", "section", "ask", "facts", *CELLS, "key")


def headings(language: str) -> list[str]:
    """The columns' headings."""
    return [render(say(f"exchange.column.{name}"), language) for name in COLUMNS]


def texts(row: Row, language: str) -> list[str]:
    """The cells of a row, in the order of `COLUMNS`."""
    given = [
        in_language(row.checklist.title, language),
        in_language(row.section.title or row.section.section, language),
    ]
    cells = dict(row.cells)
    if cells["answer"]:
        cells["answer"] = render(say(f"exchange.sheet.reply.{cells['answer']}"), language)
    return [*given, in_language(row.item.ask, language), row.facts(language), *(cells[name] for name in CELLS), row.key]


def sheet_csv(rows: Iterable[Row], language: str) -> str:
    """Write an answer sheet as CSV, with a byte-order mark for Excel's sake."""
    return "\ufeff" + write_csv(headings(language), (texts(row, language) for row in rows))


def has_keys(rows: Rows) -> bool:
    """Whether a table is an answer sheet, or part of one."""
    return any(KEY.fullmatch(cell.text.strip()) for row in rows for cell in row)


def read_table_sheet(tables: Sequence[Rows], path: str) -> tuple[list[Filled], list[Fault]]:
    """Read the rows with a key, by the headings above them; ignore others.

    What is wrong is told beside them: no headings above a row, or one of them twice.
    """
    faults: list[Fault] = []
    return [row for rows in tables for row in _filled(rows, path, faults)], faults


def _filled(rows: Rows, path: str, faults: list[Fault]) -> Iterator[Filled]:
    known = {_heading(text): name for one in LANGUAGES for name, text in zip(COLUMNS, headings(one), strict=True)}
    columns: dict[str, int] = {}
    for row in rows:
        keys = [found for cell in row if (found := KEY.fullmatch(cell.text.strip()))]
        if not keys:
            named = [(known[heading], at) for at, cell in enumerate(row) if (heading := _heading(cell.text)) in known]
            if len(dict(named)) > len(CELLS) // 2:
                columns = dict(named)
                twice = [at for name, at in named if columns[name] != at]
                faults += (_fault(path, row[at].place, "table.twice", heading=row[at].text.strip()) for at in twice)
            continue
        if "answer" not in columns:
            faults.append(_fault(path, row[0].place, "sheet.no-headings"))
            return
        cells = {name: _at(row, columns[name]) for name in CELLS if name in columns}
        ask = _at(row, columns["ask"]) if "ask" in columns else None
        places = {name: row[at].place for name, at in columns.items() if at < len(row)}
        for key in keys:
            yield Filled(key["workload"], key["name"], key["digest"], ask, cells, row[0].place, places)


def _fault(path: str, place: Place, key: str, **values: object) -> Fault:
    return Fault(path, place, say(f"exchange.{key}", **values), say(f"exchange.{key}.do", **values))


def _heading(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().lower())


def _at(row: Sequence[Cell], index: int) -> str:
    return row[index].text if index < len(row) else ""
