"""Tables as rows of cells with their places: CSV here, workbooks in `orr.source.workbook`.

A cell is the text that stands in it. Formulas are never worked out: in CSV they are text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from io import StringIO
from unicodedata import normalize

from orr.messages.cleaning import clean
from orr.model.person import INVISIBLE
from orr.source.cells import MAX_CELLS, Cell, Rows, stop
from orr.source.faults import Place
from orr.source.workbook import WORKBOOKS, is_workbook, read_workbook
from orr.source.yaml import decode

_DELIMITERS = (",", ";", "\t", "，")
# Also the other forms of these signs, and behind what is not seen: programs differ in what they read past.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−"
_FORMULA = re.compile(rf"'*(?:\s|{INVISIBLE.pattern})*(?P<sign>[{_SIGNS}])|'*[\t\r]")


def neutral(text: str) -> str:
    """Clean a text and stop spreadsheets from reading a formula; `plain` reverses that.

    A sign that only looks like that of a formula becomes it, so that no later reader does so behind the apostrophe.
    """
    text = clean(text)
    found = _FORMULA.match(text)
    if found is None:
        return text
    at, end = found.span("sign")
    return f"'{text[:at]}{normalize('NFKC', text[at:end])}{text[end:]}" if found["sign"] else f"'{text}"


def write_csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table as CSV (RFC 4180), with every cell made `neutral`.

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
    """Read a table: a workbook's first sheet, else CSV in UTF-8.

    Rows without any text are left out.

    Raises
    ------
    FaultyInput
        If it cannot be read.
    """
    if is_workbook(raw):
        return next((sheet.rows for sheet in read_workbook(raw, path)), [])
    return _with_text(_csv(decode(raw, path), path))


def read_tables(raw: bytes, path: str) -> list[Rows]:
    """Read every table of a foreign file.

    CSV may also be UTF-16 or what Windows calls ANSI.

    Raises
    ------
    FaultyInput
        If it cannot be read.
    """
    if is_workbook(raw):
        return [sheet.rows for sheet in read_workbook(raw, path)]
    if path.lower().endswith(WORKBOOKS) and encoding_of(raw) == "cp1252":
        stop(path, Place(1, 1), "table.no-workbook")
    return [_with_text(_csv(decode(raw if encoding_of(raw) is None else _recoded(raw), path), path))]


def encoding_of(raw: bytes) -> str | None:
    """Encoding of a text that is not UTF-8, if recognisable; else None."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if raw[first:20:2].count(0) > 5:
            return name
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return None


def _recoded(raw: bytes) -> bytes:
    """The text in UTF-8, where it can be read at all."""
    try:
        return raw.decode(encoding_of(raw) or "utf-8").encode()
    except UnicodeError:
        return raw


def _with_text(rows: Rows) -> Rows:
    return [row for row in rows if any(cell.text.strip() for cell in row)]


def _csv(text: str, path: str) -> Rows:
    head = text.split("\n", 1)[0]
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to say it
    delimiter = told[1] if told is not None else max(_DELIMITERS, key=head.count)
    bare = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    rows: Rows = [[]]
    at, line, cells = (told.end(), 2, 0) if told is not None else (0, 1, 0)
    line_start = at
    while at <= len(text):
        place = Place(line, at - line_start + 1)
        value = ""
        if text[at : at + 1] == '"':
            parts, at = [], at + 1
            while True:
                end = text.find('"', at)
                if end < 0:
                    stop(path, place, "table.quote")
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
            stop(path, place, "table.too-large", limit=MAX_CELLS)
        if text[at : at + 1] == delimiter:
            at += 1
            continue
        if at >= len(text):
            break
        at += 2 if text.startswith("\r\n", at) else 1
        line, line_start = line + 1, at
        rows.append([])
    return rows
