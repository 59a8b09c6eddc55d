"""Workbooks as other programs save them: of LibreOffice's shape, and Excel files saved once more."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from support.lanes import package

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    "<office:body><office:spreadsheet>"
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def open_document(sheets: dict[str, Iterable[Sequence[Any]]], within: str = "") -> bytes:
    """An .ods file as LibreOffice writes it: what is empty to the right and below is one repeated cell."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_row, rows))}{within}"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell'
        ' table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = zipfile.ZipInfo("mimetype")  # first, and not compressed
        archive.writestr(kind, "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"{_HEAD}{tables}</office:spreadsheet></office:body></office:document-content>")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return out.getvalue()


def _row(cells: Sequence[Any]) -> str:
    rest = 16384 - len(cells)
    tail = f'<table:table-cell table:number-columns-repeated="{rest}"/>'
    return f"<table:table-row>{''.join(map(_cell, cells))}{tail}</table:table-row>"


def _cell(value: Any) -> str:
    if value in (None, ""):
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind, shown = f'office:value-type="date" office:date-value="{value.isoformat()}"', value.strftime("%d.%m.%y")
    elif isinstance(value, (int, float)):
        kind, shown = f'office:value-type="float" office:value="{value}"', str(value)
    else:
        kind, shown = 'office:value-type="string"', str(value)
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n"))
    return f"<table:table-cell {kind}>{lines}</table:table-cell>"


def excel(*sheets: Iterable[Sequence[Any]]) -> bytes:
    """An Excel file of sheets of values."""
    book = package("openpyxl").Workbook()
    book.remove(book.active)
    for rows in sheets:
        made = book.create_sheet()
        for row in rows:
            made.append(list(row))
    return _saved(book)


def saved_again(raw: bytes, change: Callable[[Any], object] = lambda _: None) -> bytes:
    """An Excel file as another program saves it after somebody changed the workbook."""
    book = package("openpyxl").load_workbook(io.BytesIO(raw))
    change(book)
    return _saved(book)


def _saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
