"""Spreadsheets as rows of cells with their places: CSV and Excel.

A cell is the text that stands in it. Formulas are never worked out: in CSV they are text,
and of an Excel file the values are read that were saved with it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import NoReturn
from unicodedata import normalize

from orr.messages import say
from orr.messages.cleaning import clean
from orr.model.person import INVISIBLE
from orr.source.faults import Fault, FaultyInput, Place
from orr.source.yaml import MAX_BYTES, decode

MAX_CELLS = 200_000
MAX_UNPACKED = 30_000_000
MAX_ELEMENTS = 200_000
_DELIMITERS = (",", ";", "\t", "，")
# Also the other forms of these signs, and behind what is not seen: programs differ in what they read past.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−"
_FORMULA = re.compile(rf"'*(?:\s|{INVISIBLE.pattern})*(?P<sign>[{_SIGNS}])|'*[\t\r]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and where it stands; in Excel, its row and column."""

    text: str
    place: Place


Rows = list[list[Cell]]


def neutral(text: str) -> str:
    """Clean a text, and keep a spreadsheet from taking it for a formula; `plain` takes that back.

    A sign that only looks like that of a formula becomes it, so that no later reader does so behind the apostrophe.
    """
    text = clean(text)
    found = _FORMULA.match(text)
    if found is None:
        return text
    at, end = found.span("sign")
    return f"'{text[:at]}{normalize('NFKC', text[at:end])}{text[end:]}" if found["sign"] else f"'{text}"


def write_csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table as CSV (RFC 4180), each text by `neutral`, so that no cell is a formula or begins a row.

    Parameters
    ----------
    columns
        The names in the first row.
    rows
        The cells of the others: None is empty, a list is joined by semicolons, a date is as in ISO 8601.
    """
    stream = StringIO()
    # Every text is quoted, so that a delimiter of another country divides none.
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> str | float:
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return "" if value is None else value
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    return neutral(value.isoformat() if isinstance(value, date) else str(value))


def plain(text: str) -> str:
    """Take back the apostrophe that `neutral` put in front."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read_cells(raw: bytes, path: str) -> Rows:
    """Read a spreadsheet: Excel where the bytes are a ZIP archive, else CSV.

    Rows without any text are left out.

    Raises
    ------
    FaultyInput
        If it cannot be read.
    """
    rows = _excel(raw, path) if raw[:4] == b"PK\x03\x04" else _csv(decode(raw, path), path)
    return [row for row in rows if any(cell.text.strip() for cell in row)]


def _stop(path: str, place: Place, key: str, **values: object) -> NoReturn:
    raise FaultyInput([Fault(path, place, say(f"exchange.{key}", **values), say(f"exchange.{key}.do", **values))])


def _csv(text: str, path: str) -> Rows:
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    bare = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    rows: Rows = [[]]
    at, line, line_start, cells = 0, 1, 0, 0
    while at <= len(text):
        place = Place(line, at - line_start + 1)
        value = ""
        if text[at : at + 1] == '"':
            parts, at = [], at + 1
            while True:
                end = text.find('"', at)
                if end < 0:
                    _stop(path, place, "table.quote")
                parts.append(text[at:end])
                at = end + 1
                if text[at : at + 1] != '"':
                    break
                parts.append('"')
                at += 1
            value = "".join(parts)
            if newlines := value.count("\n"):
                line, line_start = line + newlines, text.rfind("\n", 0, at) + 1
        match = bare.match(text, at)
        assert match is not None
        value, at = value + match.group(), match.end()
        rows[-1].append(Cell(plain(value), place))
        cells += 1
        if cells > MAX_CELLS:
            _stop(path, place, "table.too-large", limit=MAX_CELLS)
        if text[at : at + 1] == delimiter:
            at += 1
            continue
        if at >= len(text):
            break
        at += 2 if text.startswith("\r\n", at) else 1
        line, line_start = line + 1, at
        rows.append([])
    return rows


def _excel(raw: bytes, path: str) -> Rows:
    if len(raw) > MAX_BYTES:
        _stop(path, Place(1, 1), "table.too-many-bytes", size=len(raw), limit=MAX_BYTES)
    try:
        from openpyxl import load_workbook  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        _stop(path, Place(1, 1), "table.no-excel")
    rows: Rows = []
    cells = 0
    try:
        _bound(raw, path)
        sheet = load_workbook(BytesIO(raw), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            # A row is filled up to its last cell, which may be the 16,384th; rows left out count, too.
            cells += len(values) + 1
            if cells > MAX_CELLS:
                _stop(path, Place(number, 1), "table.too-large", limit=MAX_CELLS)
            rows.append([Cell(_text(value), Place(number, column)) for column, value in enumerate(values, 1)])
    except FaultyInput:
        raise
    except Exception as error:  # a damaged archive raises whatever its reader meets
        _stop(path, Place(1, 1), "table.excel", problem=str(error).split("\n")[0] or type(error).__name__)
    return rows


def _bound(raw: bytes, path: str) -> None:
    """Refuse an archive that would unpack beyond the bounds."""
    from zipfile import ZipFile  # brings much along, and few tables are Excel files

    elements = 0
    with ZipFile(BytesIO(raw)) as archive:
        size = sum(part.file_size for part in archive.infolist())
        if size > MAX_UNPACKED:
            _stop(path, Place(1, 1), "table.too-many-bytes", size=size, limit=MAX_UNPACKED)
        for part in archive.infolist():
            content = archive.read(part)
            # A sheet costs as much as some hundred other elements.
            elements += content.count(b"<") - content.count(b"</") + 100 * content.count(b"sheetId")
    if elements > MAX_ELEMENTS:
        _stop(path, Place(1, 1), "table.too-many-elements", limit=MAX_ELEMENTS)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
