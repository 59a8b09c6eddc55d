"""Tables with headings from CSV or Excel, with row numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from orr.evidence.documents.formats import format_of, other_format
from orr.evidence.errors import Undetermined
from orr.messages import say

if TYPE_CHECKING:
    from orr.source.cells import Rows

READS = ("CSV", "Excel")


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, and its texts by heading."""

    number: int
    cells: dict[str, str]

    def get(self, column: str | None) -> str:
        """The text under a heading; nothing where there is no such column."""
        return self.cells.get(column, "") if column is not None else ""


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes
    ----------
    columns
        Its headings as written.
    """

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, names: Iterable[str]) -> str | None:
        """The first column that has one of several names."""
        by_name = {heading(column): column for column in reversed(self.columns)}
        return next((by_name[name] for name in names if name in by_name), None)


def read_grid(raw: bytes, path: str, reads: Sequence[str] = READS) -> Grid:
    """Read a table.

    Parameters
    ----------
    raw, path
        The file's content and place.
    reads
        What the caller reads beside tables too, for a file that is something else.

    Raises
    ------
    Undetermined
        If it cannot be read, or has no rows under its headings.
    """
    from orr.source.faults import FaultyInput
    from orr.source.table import read_cells

    seen = format_of(raw, path)
    if seen is not None and seen not in READS:  # a table of commas might be made of many a format
        raise other_format(path, seen, reads)
    try:
        cells = read_cells(raw, path)
    except FaultyInput as faulty:
        fault = faulty.faults[0]
        why = say("evidence.cannot", wrong=fault.wrong, remedy=fault.remedy)
        raise Undetermined(say("roster.row", path=path, row=fault.place.line, why=why)) from None
    if len(cells) < 2:
        raise Undetermined(say("roster.no-rows", path=path))
    columns = tuple(cell.text.strip() for cell in cells[0])
    named = [column for column in columns if column]
    if len({heading(column) for column in named}) < len(named):
        raise Undetermined(say("roster.twice", path=path, columns=named[:20]))
    return Grid(path, columns, tuple(_rows(cells[1:], columns, path)))


@lru_cache(maxsize=1024)
def heading(text: str) -> str:
    """A heading to compare by: capitals, spaces, underscores and hyphens make no difference."""
    return re.sub(r"[\s_\-/]+", " ", text).strip().casefold()


def _rows(rows: Rows, columns: tuple[str, ...], path: str) -> Iterator[Row]:
    for row in rows:
        texts = [cell.text.strip() for cell in row]
        if any(texts[len(columns) :]):
            why = say("roster.too-wide", n=len(columns))
            raise Undetermined(say("roster.row", path=path, row=row[0].place.line, why=why))
        yield Row(row[0].place.line, {column: text for column, text in zip(columns, texts, strict=False) if column})
