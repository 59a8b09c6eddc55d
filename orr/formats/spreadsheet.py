"""Read the questions of a spreadsheet, one row each, wherever its headings stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from orr.formats.questions import Found, Made, Question, Terms, checklist_of, fault, is_item_name
from orr.formats.sheet.replies import leading_reply
from orr.model.review import Reply
from orr.source.cells import Cell, Rows, headings
from orr.source.faults import Place
from orr.source.table import encoding_of, read_tables
from orr.source.workbook import is_workbook

COLUMNS = {
    "section": ("section", "section id", "小节", "分节", "章节", "部分", "分类", "类别"),
    "section title": ("section title", "小节标题", "分节标题", "章节标题"),
    "item": ("item", "item id", "id", "issue key", "检查项", "条目", "编号"),
    "ask": ("ask", "question", "问题", "检查内容", "提问"),
    "why": ("why", "reason", "原因", "为什么", "说明"),
    "fix": ("fix", "remedy", "改进", "改进措施", "整改", "整改措施", "下一步"),
    "risk": ("risk", "风险", "风险等级"),
    "blocking": ("blocking", "阻断", "阻断项", "是否阻断"),
}
"""By column, the headings that stand for it; capitals, spaces and underscores make no difference."""
_OF_OTHERS = {
    "section": ("category", "area", "epic", "component", "component/s", "components", "domain", "topic", "phase",
        "section/column",
    ),
    "ask": (
        "title", "summary", "name", "check", "check name", "task", "task name", "requirement", "control",
        "criterion", "criteria", "questions", "checklist item", "card name", "标题", "名称", "任务", "事项", "要求",
    ),
    "why": ("description", "short description", "details", "rationale", "card description", "描述"),
    "risk": ("priority", "severity", "risk level", "优先级", "严重程度"),
    "reply": (
        "answer", "answers", "response", "status", "state", "done", "checkbox", "completed", "complete", "met",
        "compliant", "result", "回答", "状态", "完成", "结果", "检查结果", "是否满足", "是否符合", "是否完成",
    ),
    "note": ("note", "notes", "comment", "comments", "remarks", "备注", "评论"),
    "links": ("evidence", "link", "links", "url", "proof", "证据", "链接"),
    "person": (
        "owner", "assignee", "assignees", "assigned to", "assign", "responsible", "person", "负责人", "责任人",
        "经办人",
    ),
    "due": ("due", "due date", "deadline", "target date", "截止", "截止日期", "到期日", "计划完成时间"),
}  # fmt: skip
"""Headings of Jira, Notion, Azure DevOps and hand-made tables, for columns that no other heading claims."""
_ASKS = ("Question", "Check", "Task", "Requirement", "Title", "Summary", "问题", "检查内容", "任务", "标题")
"""Headings of the column of questions that are named where there is none."""
_ANSWERING = ("reply", "note", "links", "person", "due")
_SILENT = ("issue type", "work item type", "type", "created", "updated", "reporter", "tags", "labels", "resolution")
_HEADINGS = {heading: column for column, them in COLUMNS.items() for heading in them}
_OTHER_HEADINGS = {heading: column for column, them in _OF_OTHERS.items() for heading in them}
_TOTAL = re.compile(r"(?:grand |sub)?totals?\b.*|sum|合计|总计|小计", re.IGNORECASE)
_ERROR = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!)")
_TITLE_ROWS = 40


def import_sheet(raw: bytes, path: str, checklist: str, title: str | None = None) -> Made:
    """Read a checklist from CSV or a workbook; see `checklist_of` and `read_questions`.

    Raises
    ------
    FaultyInput
        With every fault at once.
    """
    found = read_questions(read_tables(raw, path), path, raw)
    return checklist_of(found, path, Terms(checklist, title))


def read_questions(tables: Sequence[Rows], path: str, raw: bytes = b"") -> Found:
    """Read questions from every table with a column for them, and their faults.

    Only that column is mandatory. Rows above the headings, totals and tables without such a column are left
    out with a note. A row without a section belongs to the one above, as in merged cells.

    Parameters
    ----------
    tables, path
        The tables, and the file's name for faults.
    raw
        The file, which is reported where it is in no UTF-8.
    """
    found = Found()
    filled = [rows for rows in tables if rows]
    for rows in filled:
        _Table(path, found).read(rows, alone=len(filled) == 1)
    if not found.questions and not found.faults:
        place = filled[0][0][0].place if filled else Place(1, 1)
        key = "table.no-ask" if len(found.notes) == len(filled) > 0 else "table.empty"
        found.faults.append(fault(path, place, key, headings=list(_ASKS)))
    if not is_workbook(raw) and (encoding := encoding_of(raw)) == "cp1252":
        found.notes.append(fault(path, Place(1, 1), "table.encoding", encoding=encoding))
    return found


class _Table:
    def __init__(self, path: str, found: Found) -> None:
        self.path, self.found = path, found

    def read(self, rows: Rows, *, alone: bool) -> None:
        """Read a table below its headings."""
        at = _headings_at(rows)
        if at is None:
            report = self._wrong if alone else self._odd
            report(rows[0][0].place, "table.no-ask" if alone else "table.left-out", headings=list(_ASKS))
            return
        if at:
            self._odd(rows[0][0].place, "table.title-rows", n=at)
        head = rows[at]
        columns = _columns(rows[at:])
        replies = _replies(head, columns)
        self._report(head, columns, replies)
        self.found.named = self.found.named or "item" in columns.values()
        section = ""
        none: list[Cell] = []
        for row, after in zip_longest(rows[at + 1 :], rows[at + 2 :], fillvalue=none):
            if _texts(row) == _texts(head):
                continue
            if after and _texts(after) == _texts(head) and len(said := list(filter(None, _texts(row)))) == 1:
                section = said[0]  # of the rows below headings that stand there again
                continue
            cells = {column: row[index] for index, column in columns.items() if index < len(row)}
            for cell in row[len(head) :]:
                if cell.text.strip():
                    self._wrong(cell.place, "table.too-wide", n=len(head))
            if not any(cell.text.strip() for cell in cells.values()):
                continue
            first = next(cell.text.strip() for cell in row if cell.text.strip())
            if _TOTAL.fullmatch(first):
                self._odd(row[0].place, "table.total")
                continue
            section = _said(cells, "section") or section
            if ticked := [said for index, said in replies.items() if index < len(row) and _is_ticked(row[index])]:
                cells["reply"] = Cell(" / ".join(ticked), row[0].place)
            self._question(cells, row[0].place, section)

    def _question(self, cells: Mapping[str, Cell], place: Place, section: str) -> None:
        ask = _said(cells, "ask")
        if not ask or _ERROR.fullmatch(ask):
            if ask or any(_said(cells, column) for column in cells if not column.startswith("section")):
                self._wrong(cells.get("ask", Cell("", place)).place, "table.no-question")
            return
        names = {"section title": "section_title", "item": "name"}
        texts = {names.get(column, column): _said(cells, column) for column in cells if column != "links"}
        links = [line.strip() for line in _said(cells, "links").split("\n") if line.strip()]
        if len(links) == 1 and cells["links"].link:
            links = []
        behind = (cells[column] for column in ("ask", "reply", "note", "links") if column in cells)
        links += [f"{cell.text.strip()} <{cell.link}>" for cell in behind if cell.link]
        places = {column: cell.place for column, cell in cells.items()}
        given = {**texts, "section": "" if texts.get("section_title") and not _said(cells, "section") else section}
        self.found.questions.append(Question(place=place, links=tuple(links), places=places, also=(), **given))

    def _report(self, head: Sequence[Cell], columns: Mapping[int, str], replies: Mapping[int, str]) -> None:
        """Tell the columns that are left out, and those that only answers need."""
        seen: dict[str, str] = {}
        answering, unknown = [], []
        for index, cell in enumerate(head):
            column, heading = columns.get(index), _heading(cell)
            if seen.get(heading) in ("ask", "reply") or (column is not None and column in seen.values()):
                self._wrong(cell.place, "table.twice", heading=cell.text.strip())
            elif column in _ANSWERING or index in replies:
                answering.append(cell)
            elif column is None and heading and heading not in _SILENT:
                unknown.append(cell)
            if column is not None:
                seen[heading] = column
        for cells, notes, key in (
            (answering, self.found.answering, "table.answers"),
            (unknown, self.found.notes, "table.unknown-column"),
        ):
            if cells:
                notes.append(fault(self.path, cells[0].place, key, **headings(cells)))

    def _wrong(self, place: Place, key: str, **values: object) -> None:
        self.found.faults.append(fault(self.path, place, key, **values))

    def _odd(self, place: Place, key: str, **values: object) -> None:
        self.found.notes.append(fault(self.path, place, key, **values))


def _columns(rows: Rows) -> dict[int, str]:
    """Columns by index, as named by the first row that holds headings."""
    said = list(map(_heading, rows[0]))
    columns = {index: _HEADINGS[heading] for index, heading in enumerate(said) if heading in _HEADINGS}
    for index, heading in enumerate(said):
        column = _OTHER_HEADINGS.get(heading)
        if column is not None and index not in columns and column not in columns.values():
            columns[index] = column
    item = next((index for index, column in columns.items() if column == "item"), None)
    if item is None:
        return columns
    names = [row[item].text.strip() for row in rows[1:] if item < len(row) and row[item].text.strip()]
    if "ask" not in columns.values():  # the items of a table that has no other column of questions may be these
        if any(" " in name for name in names):
            columns[item] = "ask"
    elif len([name for name in names if is_item_name(name)]) * 2 < len(names):  # what its items are about, then
        del columns[item]
        if not {"section", "section title"} & set(columns.values()):
            columns[item] = "section title"
    return columns


def _headings_at(rows: Rows) -> int | None:
    """The first row of those that name most columns, if questions are one of them."""
    best, most = None, 0
    for at in range(min(len(rows), _TITLE_ROWS)):
        columns = _columns(rows[at:])
        if len(columns) > most:
            best, most = at if "ask" in columns.values() else None, len(columns)
    return best


def _replies(head: Sequence[Cell], columns: Mapping[int, str]) -> dict[int, str]:
    """Columns to tick, as in Yes | No | N/A, where no column has answers."""
    found = {index: cell.text.strip() for index, cell in enumerate(head) if leading_reply(cell.text)[0] is not None}
    return found if len(found) > 1 and "reply" not in columns.values() else {}


def _is_ticked(cell: Cell) -> bool:
    text = cell.text.strip()
    return text not in ("", "-", "0", "☐", "⬜", "□") and leading_reply(text)[0] is not Reply.NO


def _heading(cell: Cell) -> str:
    words = re.sub(r"[\s_-]+", " ", cell.text.strip().lower())
    custom = re.fullmatch(r"custom field \((.*)\)", words)  # as Jira writes what is not its own
    return (custom[1] if custom else words).strip(" ?？:：*#")


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.text.strip() for cell in row]


def _said(cells: Mapping[str, Cell], column: str) -> str:
    return cells[column].text.strip() if column in cells else ""
