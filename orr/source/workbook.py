"""Workbooks of Excel and LibreOffice as sheets of cells; nothing in them is worked out.

A date is written as one, a formula is the value that was saved with it, else its own text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from types import MappingProxyType
from typing import Any
from warnings import catch_warnings
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile

from orr.source.cells import MAX_CELLS, Cell, Rows, stop
from orr.source.faults import FaultyInput, Place
from orr.source.yaml import MAX_BYTES

MAX_UNPACKED = 30_000_000
MAX_ELEMENTS = 200_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
_DIMENSIONS = re.compile(
    rb"<table:table(?=[\s>])|<table:table-row\b[^>]*|<table:(?:covered-)?table-cell\b(?P<cell>[^>]*)|(?P<text><text:p\b)"
)
_BREAKS = re.compile(rb"<text:(line-break|tab)\b[^>]*/>")
_SPANNED = re.compile(rb"number-(columns|rows)-spanned=[\"'](\d{1,7})")
_TIMES = re.compile(rb"number-(?:columns|rows)-repeated=[\"'](\d{1,9})")
_MOST_SPREAD = 10 * MAX_CELLS
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
"""How the names of workbooks end."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


Area = tuple[int, int, int, int]
"""A merged area: its first row and column, from 1, its height and its width."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, and its rows without those that are empty."""

    title: str
    rows: Rows


def is_workbook(raw: bytes) -> bool:
    """Whether bytes are those of a workbook, by how they begin."""
    return raw.startswith((b"PK\x03\x04", _OLD_EXCEL))


def read_workbook(raw: bytes, path: str) -> list[Sheet]:
    """Read every sheet that is not hidden.

    Raises
    ------
    FaultyInput
        If it is damaged or too large, or the package that reads it is missing.
    """
    if len(raw) > MAX_BYTES:
        stop(path, Place(1, 1), "table.too-many-bytes", size=len(raw), limit=MAX_BYTES)
    try:
        if raw.startswith(_OLD_EXCEL):
            return list(_others(raw, path))
        names = _bound(raw, path)
        if "content.xml" in names:
            return list(_others(_with_breaks(raw), path, _merged(raw)))
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            stop(path, Place(1, 1), "table.no-workbook")
        try:
            return list(_excel(raw, path))
        except (FaultyInput, ImportError):
            raise
        except Exception:  # openpyxl demands more of styles and the like than other programs write
            return list(_others(raw, path))
    except FaultyInput:
        raise
    except ImportError as missing:
        package = "python-calamine" if "calamine" in str(missing) else "openpyxl"
        stop(path, Place(1, 1), "table.no-excel", package=package)
    except Exception as error:  # a damaged archive raises whatever its reader meets
        stop(path, Place(1, 1), "table.excel", problem=str(error).split("\n")[0] or type(error).__name__)


def _excel(raw: bytes, path: str) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    with catch_warnings(action="ignore"):  # of styles, drop-downs and the like that openpyxl does not keep
        book = load_workbook(BytesIO(raw))
        cells = {sheet.title: sheet._cells for sheet in book.worksheets}
        saved = None
        if any(cell.data_type == "f" for those in cells.values() for cell in those.values()):
            saved = load_workbook(BytesIO(raw), data_only=True)
    left = [MAX_CELLS]
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        found: dict[tuple[int, int], str] = {}
        links: dict[tuple[int, int], str] = {}
        for at, cell in cells[sheet.title].items():
            value = cell.value
            if cell.data_type == "f":
                worked_out = saved[sheet.title].cell(*at).value if saved is not None else None
                value = getattr(value, "text", value) if worked_out in (None, *_ERRORS) else worked_out
            found[at] = in_words(value)
            target = cell.hyperlink.target if cell.hyperlink is not None else None
            if target and target.startswith("http") and target != found[at]:
                links[at] = target
        for area in sheet.merged_cells.ranges:
            first = found.get((area.min_row, area.min_col), "")
            found |= dict.fromkeys(((row, column) for row, column in area.cells), first)
        yield Sheet(sheet.title, _rows(found, left, path, links))


_ERRORS = ("#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!")


def _merged(raw: bytes) -> list[list[Area]]:
    with ZipFile(BytesIO(raw)) as archive:
        return [areas for _, areas in _tables(archive.read("content.xml"))]


def _with_breaks(raw: bytes) -> bytes:
    """An OpenDocument file with characters for the line breaks and tabs that calamine leaves out."""
    copied = BytesIO()
    with ZipFile(BytesIO(raw)) as archive:
        content = _BREAKS.sub(lambda found: b"\n" if found[1] == b"line-break" else b"\t", archive.read("content.xml"))
        with ZipFile(copied, "w") as copy:
            for name in dict.fromkeys(archive.namelist()):
                copy.writestr(name, content if name == "content.xml" else archive.read(name))
    return copied.getvalue()


def _others(raw: bytes, path: str, merged: Sequence[Sequence[Area]] = ()) -> Iterator[Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(BytesIO(raw))
    left = [MAX_CELLS]
    for at, about in enumerate(book.sheets_metadata):
        if about.visible != SheetVisibleEnum.Visible or about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        first_row, first_column = sheet.start or (0, 0)
        found = {
            (first_row + y + 1, first_column + x + 1): in_words(value)
            for y, row in enumerate(sheet.to_python(skip_empty_area=True))
            for x, value in enumerate(row)
        }
        areas = [
            (top + 1, start + 1, bottom - top + 1, end - start + 1)
            for (top, start), (bottom, end) in sheet.merged_cell_ranges or ()
        ]
        for top, start, height, width in (*areas, *(merged[at] if at < len(merged) else ())):
            words = found.get((top, start), "")
            found |= {(y, x): words for y in range(top, top + height) for x in range(start, start + width)}
        yield Sheet(about.name, _rows(found, left, path))


def _rows(
    found: Mapping[tuple[int, int], str],
    left: list[int],
    path: str,
    links: Mapping[tuple[int, int], str] = MappingProxyType({}),
) -> Rows:
    """Non-empty rows up to their last text, at most `left` of them."""
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), words in found.items():
        if words.strip():
            by_row.setdefault(row, {})[column] = words
    rows = []
    for row, texts in sorted(by_row.items()):
        left[0] -= max(texts)
        if left[0] < 0:
            stop(path, Place(row, 1), "table.too-large", limit=MAX_CELLS)
        columns = range(1, max(texts) + 1)
        rows.append([Cell(texts.get(at, ""), Place(row, at), links.get((row, at), "")) for at in columns])
    return rows


def in_words(value: Any) -> str:
    """Value as text: a day as `YYYY-MM-DD`, a whole number without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return "" if value is None else str(value)


def _bound(raw: bytes, path: str) -> list[str]:
    """Parts of an archive, refused if oversized when unpacked, or with entities."""
    elements = merged = 0
    with ZipFile(BytesIO(raw)) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if size > MAX_UNPACKED:
            stop(path, Place(1, 1), "table.too-many-bytes", size=size, limit=MAX_UNPACKED)
        for part in parts:
            content = archive.read(part)
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                stop(path, Place(1, 1), "table.entities", part=part.filename)
            if part.filename.endswith(".xml"):
                ParserCreate().Parse(content, True)  # some readers never come to the end of what has none
            # A sheet costs as much as some hundred other elements.
            elements += content.count(b"<") - content.count(b"</") + 100 * content.count(b"sheetId")
            merged += sum(map(_area, _MERGED.finditer(content)))
            if b"<table:table-row" in content:
                merged += sum(
                    cells + sum(height * width for *_, height, width in areas) for cells, areas in _tables(content)
                )
    if elements > MAX_ELEMENTS:
        stop(path, Place(1, 1), "table.too-many-elements", limit=MAX_ELEMENTS)
    if merged > _MOST_SPREAD:
        stop(path, Place(1, 1), "table.too-large", limit=MAX_CELLS)
    return [part.filename for part in parts]


def _area(found: re.Match[bytes]) -> int:
    """How many cells a merged area covers."""
    columns = [sum((sign - 64) * 26**place for place, sign in enumerate(reversed(found[at]))) for at in (1, 3)]
    return int(abs(columns[1] - columns[0]) + 1) * (abs(int(found[4]) - int(found[2])) + 1)


def _tables(content: bytes) -> Iterator[tuple[int, list[Area]]]:
    """Number of cells and merged areas of each sheet of an OpenDocument file, repetitions included."""
    width = height = row = column = 0
    areas: list[Area] = []
    started = False
    for token in _DIMENSIONS.finditer(content):
        times = int(found[1]) if (found := _TIMES.search(token[0])) else 1
        if token["cell"] is not None:
            if spans := {name: int(n) for name, n in _SPANNED.findall(token["cell"])}:
                areas.append((row, column + 1, spans.get(b"rows", 1), spans.get(b"columns", 1)))
            column += times
            if b"value-type" in token["cell"]:
                width, height = max(width, column), row
        elif token["text"] is not None:
            width, height = max(width, column), row
        elif token[0].startswith(b"<table:table-row"):
            row, column = row + times, 0
        else:
            if started:
                yield width * height, areas
            width = height = row = column = 0
            areas, started = [], True
    yield width * height, areas
