"""Workbooks of Excel and LibreOffice: what is read, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from support.workbooks import OF_EXCEL, OF_LIBREOFFICE, excel, open_document, saved_again

from orr.source.faults import FaultyInput
from orr.source.table import read_cells, read_tables
from orr.source.workbook import read_workbook

SHEET = b'<sheet name="a" sheetId="1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'


def texts(raw: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in rows] for rows in read_tables(raw, "a")]


ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(parts.items()):
            archive.writestr(name, content)
    return out.getvalue()


def packed_again(raw: bytes, before: bytes = b"", end: bytes = b"</table:table>") -> bytes:
    """An archive as another program packs it, with something before what LibreOffice wrote."""
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    content = parts["content.xml"].replace(b"<office:document-content", before + b"<office:document-content", 1)
    content = content.replace(b"</table:table>", end)
    return packed({**parts, "content.xml": content})


def altered(within: bytes, instead: bytes = b"</sheetData>", part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """An Excel file with something more in one of its parts."""
    after = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(excel([["Item"]]))) as old,
        zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(instead, within + instead) if name == part else content)
    return after.getvalue()


VALUES = [
    ["Item", "Question"],
    ["001", "上线了吗？"],
    [None, 7, 7.5, date(2026, 11, 1), datetime(2026, 11, 1, 9)],
]
READ = [["Item", "Question"], ["001", "上线了吗？"], ["", "7", "7.5", "2026-11-01", "2026-11-01 09:00:00"]]


def test_the_values_of_a_workbook_are_read_as_they_would_be_written() -> None:
    assert texts(excel(VALUES)) == [READ]
    assert texts(open_document({"a": VALUES})) == [READ]


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (
            OF_EXCEL,
            [["Question", "Due"], ["Was it rehearsed?", "2026-11-26"], ["Is it there?", "True"], ["演習", "#N/A"],
             ["Is it left?", "2026-11-27"]],
        ),
        (
            OF_LIBREOFFICE,
            [["Area", "Question"], ["Operations", "Is it there? ", "2026-11-26"], ["Operations", "Is it there? !"]],
        ),
    ],
    ids=["Excel", "LibreOffice"],
)  # fmt: skip
def test_a_workbook_is_read_as_the_program_that_saved_it_shows_it(raw: bytes, read: list[list[str]]) -> None:
    assert texts(raw) == [read]


def test_a_workbook_that_one_reader_refuses_is_read_by_the_other() -> None:
    assert texts(altered(b"<fill/>", b"</fills>", "xl/styles.xml")) == [[["Item"]]]


LIBREOFFICE_ROW = (
    '<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p>'
    '</office:annotation><text:p>Is <text:span>it</text:span><text:s text:c="2"/>there?</text:p>'
    "<text:p>Now<text:line-break/>so?</text:p>"
    '</table:table-cell><table:table-cell table:formula="of:=A1" office:value-type="string" office:string-value="ab">'
    '<text:p>ab</text:p></table:table-cell><table:table-cell office:value-type="date"'
    ' office:date-value="2026-11-26T00:00:00"><text:p>26.11.26</text:p></table:table-cell></table:table-row>'
)


MERGED = (
    '<table:table-row><table:table-cell office:value-type="string" table:number-rows-spanned="2"'
    ' table:number-columns-spanned="1"><text:p>a</text:p></table:table-cell><table:table-cell'
    ' office:value-type="string"><text:p>b</text:p></table:table-cell></table:table-row><table:table-row>'
    '<table:covered-table-cell/><table:table-cell office:value-type="string"><text:p>c</text:p></table:table-cell>'
    "</table:table-row>"
)


def test_merged_cells_of_libreoffice_say_the_same_on_their_own_sheet() -> None:
    raw = open_document({"x": [["q"], [], ["r"]]}, MERGED)
    assert texts(raw) == [[["q"], ["r"], ["a", "b"], ["a", "c"]]]
    assert texts(open_document({"x": [["q"]], "y": [["s"]]}, MERGED))[1] == [["s"], ["a", "b"], ["a", "c"]]


def test_a_file_of_libreoffice_is_read_without_its_comments_and_however_it_was_packed() -> None:
    raw = open_document({"a": [["Question"]]}, LIBREOFFICE_ROW)
    read = [["Question"], ["Is it  there?\nNow\nso?", "ab", "2026-11-26"]]
    assert texts(raw) == texts(packed_again(raw)) == [read]


def test_a_formula_is_what_was_saved_with_it_and_else_its_text() -> None:
    assert texts(excel([["=1+1", "=see below", True]])) == [[["=1+1", "=see below", "True"]]]


def test_a_row_knows_its_place_and_an_empty_one_is_left_out() -> None:
    (sheet,) = read_workbook(excel([[None], ["a"], [None, None], [None, "b"]]), "a.xlsx")
    assert [(row[-1].text, row[-1].place.line, row[-1].place.column) for row in sheet.rows] == [
        ("a", 2, 1),
        ("b", 4, 2),
    ]


def test_merged_cells_say_the_same_and_hidden_sheets_nothing() -> None:
    def change(book: Any) -> None:
        book.worksheets[0].merge_cells("A1:A2")
        book.worksheets[1].sheet_state = "hidden"

    raw = saved_again(excel([["a", "b"], [None, "c"]], [["x"]]), change)
    assert texts(raw) == [[["a", "b"], ["a", "c"]]]


@pytest.mark.parametrize("name", ["a.xlsx", "A.ODS", "a.xls"])
def test_what_only_its_name_makes_a_workbook_is_a_fault(name: str) -> None:
    with pytest.raises(FaultyInput, match="is no workbook of Excel or LibreOffice"):
        read_tables(b"\xff\xd8\x9d not a workbook", name)
    assert read_tables(b"a,b", name)[0][0][1].text == "b"  # as some programs name their CSV


def test_rosters_and_the_like_take_the_first_sheet_alone() -> None:
    assert [[cell.text for cell in row] for row in read_cells(excel([["a"]], [["b"]]), "a.xlsx")] == [["a"]]


FAR = b'<row r="2"><c r="XFD2" t="str"><v>x</v></c></row>'
REPEATED = (
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string"'
    ' table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell></table:table-row>'
)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        pytest.param(lambda: b"PK\x03\x04 and no archive", "excel", id="no archive"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no file of Excel", "excel", id="no old Excel"),
        pytest.param(
            lambda: altered(b"".join(FAR.replace(b"2", b"%d" % row) for row in range(3, 30))),
            "too-large",
            id="far cells",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            lambda: altered(b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', b"<pageMargins"),
            "too-large",
            id="a huge merged cell",
        ),
        pytest.param(lambda: open_document({"a": [["x"]]}, REPEATED), "too-large", id="a cell repeated"),
        pytest.param(lambda: altered(b"<row/>" * 200_000), "too-many-elements", id="many rows"),
        pytest.param(
            lambda: altered(b"<xf/>" * 200_000, b"</cellXfs>", "xl/styles.xml"), "too-many-elements", id="many styles"
        ),
        pytest.param(
            lambda: altered(SHEET * 2_000, b"</sheets>", "xl/workbook.xml"), "too-many-elements", id="many sheets"
        ),
        pytest.param(lambda: altered(b" " * 30_000_000), "too-many-bytes", id="many bytes"),
        pytest.param(lambda: altered(ENTITY, b"<worksheet"), "entities", id="an entity"),
        pytest.param(
            lambda: packed_again(open_document({"a": [["x"]]}), ENTITY), "entities", id="an entity in LibreOffice"
        ),
        pytest.param(lambda: packed_again(open_document({"a": [["x"]]}), end=b"</table:tabl>"), "excel", id="no end"),
        pytest.param(lambda: packed({"a.txt": b"x"}), "no-workbook", id="another archive"),
    ],
)
def test_a_damaged_workbook_or_one_that_unpacks_to_too_much_is_a_fault(raw: Callable[[], bytes], key: str) -> None:
    with pytest.raises(FaultyInput) as caught:
        read_tables(raw(), "a.xlsx")

    assert [fault.wrong.key for fault in caught.value.faults] == [f"exchange.table.{key}"]


@pytest.mark.parametrize("within", [b'<row r="1048576"><c r="A1048576"/></row>', b'<row><c r="XFD2"/></row>' * 20])
def test_cells_far_away_that_hold_nothing_cost_nothing(within: bytes) -> None:
    assert texts(altered(within)) == [[["Item"]]]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("Item;Größe\na;5".encode("cp1252"), id="what Windows calls ANSI"),
        pytest.param("Item\tGröße\r\na\t5".encode("utf-16"), id="Unicode text of Excel"),
        pytest.param("Item,Größe\na,5".encode("utf-16-le"), id="UTF-16 that does not say so"),
        pytest.param("sep=;\r\nItem;Größe\r\na;5".encode(), id="sep="),
        pytest.param("\ufeffItem,Größe\na,5".encode(), id="a byte-order mark"),
    ],
)
def test_a_csv_file_is_read_in_the_encodings_of_spreadsheets(raw: bytes) -> None:
    assert texts(raw) == [[["Item", "Größe"], ["a", "5"]]]
