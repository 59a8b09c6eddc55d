"""Answer sheet as a workbook: a cover, and drop-downs on a sheet per checklist."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Any

from orr.evaluate import Evaluation
from orr.formats.sheet.rows import CELLS, Row
from orr.formats.sheet.table import COLUMNS, headings, texts
from orr.formats.summary import decision_in_words, validity_in_words
from orr.messages import in_language, render, say
from orr.messages.cleaning import clean
from orr.messages.errors import BadArgument

LONGEST = 32_767
"""How many characters a cell holds."""
_WIDTHS = {"section": 18, "ask": 46, "facts": 22, "answer": 11, "due": 12, "owner": 16}
_SHOWN = COLUMNS[1:]
_NO_NAME = re.compile(r"[\[\]:*?/\\]")


def sheet_workbook(assessment: Evaluation, rows: Sequence[Row], language: str) -> bytes:
    """Write an answer sheet as an Excel file; only its cover is protected.

    Raises
    ------
    BadArgument
        If a text is longer than a cell may be, or openpyxl is missing.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise BadArgument(say("exchange.sheet.no-openpyxl")) from None
    for row in rows:
        if any(len(text) > LONGEST for text in texts(row, language)):
            raise BadArgument(say("exchange.sheet.too-long", name=row.name, limit=LONGEST))
    book = Workbook()
    book.properties.creator = "orr"
    _cover(book.active, assessment, len(rows), language)
    for name, of_checklist in groupby(rows, key=lambda row: row.checklist.checklist):
        title = _NO_NAME.sub("-", name)[:31]
        # Of a name that is there already openpyxl makes another.
        _fill(book.create_sheet(title), list(of_checklist), language)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cover(sheet: Any, assessment: Evaluation, n: int, language: str) -> None:
    from openpyxl.styles import Alignment, Font

    workload = assessment.case.workload
    title = render(say("exchange.sheet.title", title=in_language(workload.title, language)), language)
    otherwise = {"without": assessment.verdict_without_waivers, "best": assessment.verdict_at_best}
    lines = [
        assessment.verdict,
        say("formats.otherwise", **otherwise),
        decision_in_words(assessment),
        validity_in_words(assessment),
        say("exchange.sheet.as-of", today=assessment.today, n=n),
        "",
        say("exchange.sheet.how.workbook"),
    ]
    sheet.title = render(say("exchange.sheet.cover"), language)
    for number, line in enumerate([title, *lines], 1):
        cell = sheet.cell(number, 1)
        _write(cell, render(line, language))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    sheet.cell(2, 1).font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 100
    sheet.protection.sheet = True


def _fill(sheet: Any, rows: Sequence[Row], language: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    grey = PatternFill("solid", fgColor="E6E9ED")
    for at, heading in enumerate(headings(language)[1:], 1):
        cell = sheet.cell(1, at)
        _write(cell, heading)
        cell.font, cell.fill = Font(bold=True), grey
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(_SHOWN[at - 1], 28)
    for number, row in enumerate(rows, 2):
        for at, (name, text) in enumerate(zip(_SHOWN, texts(row, language)[1:], strict=True), 1):
            cell = sheet.cell(number, at)
            if name == "due":
                cell.value, cell.number_format = date.fromisoformat(text) if text else None, "yyyy-mm-dd"
            else:
                _write(cell, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if name not in CELLS:
                cell.fill = grey
    letters = {name: get_column_letter(at) for at, name in enumerate(_SHOWN, 1)}
    sheet.column_dimensions[letters["key"]].hidden = True
    replies = [
        render(say(f"exchange.sheet.reply.{one}"), language) for one in ("yes", "partial", "no", "not-applicable")
    ]
    choice = DataValidation("list", formula1=f'"{",".join(replies)}"', allow_blank=True, showErrorMessage=False)
    day = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True, showErrorMessage=False)
    for validation, name in ((choice, "answer"), (day, "due")):
        sheet.add_data_validation(validation)
        validation.add(f"{letters[name]}2:{letters[name]}{len(rows) + 1}")
    sheet.freeze_panes = sheet.cell(2, _SHOWN.index("ask") + 2)
    sheet.auto_filter.ref = f"A1:{letters['key']}{len(rows) + 1}"
    sheet.sheet_view.zoomScale = 90
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _write(cell: Any, text: str) -> None:
    """Write a text as a text cell, so that it never becomes a formula."""
    if text:
        cell.value = clean(text)
        cell.data_type, cell.quotePrefix = "s", True
