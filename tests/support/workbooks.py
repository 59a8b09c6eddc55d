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


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = {"worksheets": "worksheet", "tables": "table", "sharedStrings.xml": "sharedStrings", "styles.xml": "styles"}


def office_open(book: str, **parts: str) -> bytes:
    """An .xlsx file of hand-written parts, as Excel and LibreOffice write them beyond what a library does.

    Parameters
    ----------
    book
        What stands in `workbook.xml`.
    parts
        By name, `sheet1` and so on, `sharedStrings`, `styles`, `table1`: what stands in them.
    """
    files = {}
    for name, inner in parts.items():
        folder = "worksheets/" if name.startswith("sheet") else "tables/" if name.startswith("table") else ""
        root = {"sharedStrings": "sst", "styles": "styleSheet"}.get(
            name, "table" if folder == "tables/" else "worksheet"
        )
        more, _, inside = inner.partition("|") if root == "table" else ("", "", inner)
        files[f"{folder}{name}.xml"] = f'<{root} xmlns="{_MAIN}" xmlns:r="{_OFFICE}"{more}>{inside}</{root}>'
    kinds = {name: _KINDS.get(name.split("/")[0], "") for name in files}
    types = "".join(
        f'<Override PartName="/xl/{name}"'
        f' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for name, kind in {"workbook.xml": "sheet.main", **kinds}.items()
    )
    linked = "".join(
        f'<Relationship Id="{name.split("/")[-1].removesuffix(".xml")}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
        for name, kind in kinds.items()
        if kind != "table"
    )
    package_uri = "http://schemas.openxmlformats.org/package/2006"
    root = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    tables = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/table" Target="../tables/{name}.xml"/>'
        for name in parts
        if name.startswith("table")
    )
    whole = {
        "[Content_Types].xml": f'<Types xmlns="{package_uri}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package_uri}/relationships">{root}</Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package_uri}/relationships">{linked}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{book}</workbook>',
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{package_uri}/relationships">'
        f"{tables}</Relationships>",
        **{f"xl/{name}": text for name, text in files.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in whole.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return out.getvalue()


_STYLES = (
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
)
OF_EXCEL = office_open(
    '<workbookPr date1904="1"/><sheets><sheet name="Review" sheetId="1" r:id="sheet1"/>'
    '<sheet name="Lists" sheetId="2" state="hidden" r:id="sheet2"/>'
    '<sheet name="Secrets" sheetId="3" state="veryHidden" r:id="sheet3"/></sheets>',
    sharedStrings='<si><t>Question</t></si><si><t>Due</t></si><si><r><t xml:space="preserve">Was it </t></r>'
    '<r><rPr><b/></rPr><t>rehearsed?</t></r></si><si><t>演習</t><rPh sb="0" eb="2"><t>えんしゅう</t></rPh></si>',
    styles=f'{_STYLES}<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>',
    sheet1='<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>44890</v></c></row>'
    '<row r="3"><c r="A3" t="inlineStr"><is><t>Is it there?</t></is></c><c r="B3" t="b"><v>1</v></c></row>'
    '<row r="4"><c r="A4" t="s"><v>3</v></c><c r="B4" t="e"><v>#N/A</v></c></row>'
    '<row r="5"><c r="A5" t="str"><f>CONCATENATE("Is it ","left?")</f><v>Is it left?</v></c>'
    '<c r="B5" s="1"><f>B2+1</f><v>44891</v></c></row></sheetData>'
    '<tableParts count="1"><tablePart r:id="table1"/></tableParts>',
    sheet2='<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>',
    sheet3='<sheetData><row r="1"><c r="A1"><v>2</v></c></row></sheetData>',
    table1=' id="1" name="Table1" displayName="Table1" ref="A1:B5"|<autoFilter ref="A1:B5"/><tableColumns count="2">'
    '<tableColumn id="1" name="Question"/><tableColumn id="2" name="Due"/></tableColumns>',
)
"""As Excel for the Mac saves: days since 1904, rich and phonetic texts, a table, and sheets that are hidden."""

OF_LIBREOFFICE = office_open(
    '<fileVersion appName="Calc"/><workbookPr backupFile="false" showObjects="all" date1904="false"/>'
    '<sheets><sheet name="Sheet1" sheetId="1" state="visible" r:id="sheet1"/></sheets>'
    '<calcPr iterateCount="100" refMode="A1" iterate="false" iterateDelta="0.001"/>',
    sharedStrings='<si><t xml:space="preserve">Area</t></si><si><t xml:space="preserve">Question</t></si>'
    '<si><t xml:space="preserve">Operations</t></si><si><t xml:space="preserve">Is it there? </t></si>',
    styles='<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    f'{_STYLES}<cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="true"/></cellXfs>',
    sheet1='<cols><col collapsed="false" hidden="false" min="1" max="1024" width="11.53"/></cols><sheetData>'
    '<row r="1" customFormat="false" ht="12.8"><c r="A1" s="0" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" s="0" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c>'
    '<c r="C2" s="1" t="n"><v>46352</v></c></row>'
    '<row r="3"><c r="A3" s="0"/><c r="B3" s="0" t="str"><f aca="false">B2&amp;"!"</f><v>Is it there? !</v></c></row>'
    '<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
    '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
)
"""As LibreOffice saves .xlsx: shared texts, own formats of days, merged cells, texts of formulas, the last row."""
