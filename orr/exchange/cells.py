"""Spreadsheets as rows of cells that know their place: CSV by itself, Excel through pandas.

A cell is the text that stands in it. Formulas are never worked out: in CSV they are text,
and of an Excel file the values are read that were saved with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import NoReturn

from orr.faults import Fault, FaultyInput, Place
from orr.messages import say
from orr.yamlfile import MAX_BYTES, decode

MAX_CELLS = 200_000
_DELIMITERS = (",", ";", "\t", "，")
_FORMULA = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r])")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and where it stands; in Excel, its row and column."""

    text: str
    place: Place


Rows = list[list[Cell]]


def neutral(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula; `plain` takes it back."""
    return f"'{text}" if _FORMULA.match(text) else text


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
        import openpyxl  # type: ignore[import-untyped, unused-ignore]  # noqa: F401 - what pandas reads Excel with
    except ImportError:
        _stop(path, Place(1, 1), "table.no-excel")
    import pandas as pd

    try:
        frame = pd.read_excel(BytesIO(raw), header=None, dtype=str, keep_default_na=False, engine="openpyxl")
    except Exception as error:  # a damaged archive raises whatever its reader meets
        _stop(path, Place(1, 1), "table.excel", problem=str(error) or type(error).__name__)
    if frame.size > MAX_CELLS:
        _stop(path, Place(1, 1), "table.too-large", limit=MAX_CELLS)
    return [
        [Cell("" if value is None else str(value), Place(row + 1, column + 1)) for column, value in enumerate(values)]
        for row, values in enumerate(frame.itertuples(index=False))
    ]
