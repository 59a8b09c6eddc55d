"""Read a risk register (CSV, workbook or Markdown) as scenarios of a pre-mortem."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from orr.formats.sheet.rows import normal
from orr.messages import Message, say
from orr.model.review import Level, Scenario
from orr.source.cells import MAX_CELLS, Cell, Rows, headings, stop
from orr.source.dates import only_date
from orr.source.faults import Fault, Place

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "scenario": ("risk", "scenario", "risk description", "risk event", "threat", "what could go wrong",
                 "风险", "场景", "风险描述", "风险事件"),
    "likelihood": ("likelihood", "probability", "可能性", "概率", "发生概率"),
    "impact": ("impact", "severity", "consequence", "影响", "影响程度", "严重程度"),
    "detection": ("detection", "detected by", "indicator", "early warning", "发现方式", "检测", "预警", "预警信号"),
    "response": ("response", "mitigation", "mitigation plan", "treatment", "action", "countermeasure", "contingency",
                 "应对", "应对措施", "缓解措施", "措施"),
    "tested": ("tested on", "last tested", "演练日期", "最近演练"),
    "kind": ("kind", "类别"),
    "workload": ("workload", "工作负载"),
}  # fmt: skip
"""By column, the headings that stand for it; capitals, spaces and underscores make no difference."""

_OF_QUESTIONS = ("question", "ask", "check", "item", "checklist item", "问题", "检查内容", "提问", "检查项", "条目")
"""Headings that a checklist has and no register: there a risk is the size of what a row asks."""

_WORDS = {
    Level.LOW: ("low", "very low", "l", "rare", "unlikely", "remote", "minor", "negligible", "insignificant",
                "低", "很低", "轻微"),
    Level.MEDIUM: ("medium", "moderate", "m", "possible", "中", "中等", "一般"),
    Level.HIGH: ("high", "very high", "h", "likely", "very likely", "almost certain", "certain", "major", "severe",
                 "critical", "catastrophic", "高", "很高", "严重", "重大"),
}  # fmt: skip
_LEVELS = {word: level for level, words in _WORDS.items() for word in words}
_FIFTHS = {"1": Level.LOW, "2": Level.LOW, "3": Level.MEDIUM, "4": Level.HIGH, "5": Level.HIGH}
_THIRDS = {"1": Level.LOW, "2": Level.MEDIUM, "3": Level.HIGH}
_BY_HEADING = {heading: column for column, them in HEADINGS.items() for heading in them}
_SCENARIO_KINDS = ("", "pre-mortem", "事前推演")
"""The rows of a register of ours that are scenarios; the others are items, which an answer closes."""

_MAX_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Register:
    """What a risk register became, and what was left out of it."""

    scenarios: tuple[Scenario, ...]
    notes: tuple[Fault, ...]


class _Table(NamedTuple):
    """A table with the columns that are known, by index, and its rows below the headings."""

    columns: Mapping[int, str]
    head: Sequence[Cell]
    rows: Rows


def is_register(tables: Sequence[Rows]) -> bool:
    """Whether a table has columns for risks and for their likelihood or severity."""
    return _table(tables) is not None


def read_register(
    tables: Sequence[Rows], path: str, workload: str, today: date, here: Sequence[Scenario] = ()
) -> Register:
    """Read the rows of a register as scenarios.

    A level may be a word, or a number of a scale of 5, or of 3 where the column has none above;
    one that is neither is left empty, with a note.

    Parameters
    ----------
    tables
        The tables of the file; the first that is a register counts.
    path
        The file's name for faults.
    workload
        Whose they are: rows that name another one are left out.
    today
        A drill cannot be of a later day.
    here
        The scenarios that there are: what differs from them only as tables write it is theirs.

    Raises
    ------
    FaultyInput
        If none of the tables is a register.
    """
    table = _table(tables)
    if table is None:
        stop(path, Place(1, 1), "risks.no-register", headings=list(HEADINGS["scenario"]))
    reader = _Reader(path, table, workload, today)
    read = (scenario for row in table.rows if (scenario := reader.scenario(row)) is not None)
    scenarios = [_as_here(scenario, here) for scenario in read]
    left = [cell for at, cell in enumerate(table.head) if at not in table.columns and cell.text.strip()]
    if left:
        reader.note(left[0].place, "table.unknown-column", **headings(left))
    return Register(tuple(scenarios), tuple(reader.notes))


def _as_here(read: Scenario, here: Sequence[Scenario]) -> Scenario:
    """A scenario with the texts of the one here, where a table writes both alike."""
    texts = ("scenario", "detection", "response")
    old = next((one for one in here if normal(one.scenario) == normal(read.scenario)), None)
    pairs = ((key, getattr(old, key), getattr(read, key)) for key in texts if old is not None)
    return replace(read, **{key: was for key, was, now in pairs if normal(was or "") == normal(now or "")})


def _table(tables: Sequence[Rows]) -> _Table | None:
    for rows in tables:
        for number, row in enumerate(rows):
            columns: dict[int, str] = {}
            if any(_folded(cell.text) in _OF_QUESTIONS for cell in row):
                continue
            for place, cell in enumerate(row):
                column = _BY_HEADING.get(_folded(cell.text))
                if column is not None and column not in columns.values():
                    columns[place] = column
            if "scenario" in columns.values() and {"likelihood", "impact"} & set(columns.values()):
                return _Table(columns, row, rows[number + 1 :])
    return None


def _folded(text: str) -> str:
    """Text without what stands in brackets, marks and signs, as “🔴 High (4)” and “Impact (1-5)”."""
    bare = re.sub(r"(?<=\S)\s*[(（][^()（）]*[)）]", "", text)
    return re.sub(r"^[^\w]+", "", re.sub(r"[\s_*-]+", " ", bare)).strip().lower()


class _Reader:
    def __init__(self, path: str, table: _Table, workload: str, today: date) -> None:
        self.path, self.workload, self.today, self.columns = path, workload, today, table.columns
        self.notes: list[Fault] = []
        self._seen: set[str] = set()
        self._scale = self._scale_of(table)

    def note(self, place: Place, key: str, **values: object) -> None:
        wrong: Message = say(f"exchange.{key}", **values)
        self.notes.append(Fault(self.path, place, wrong, say(f"exchange.{key}.do", **values)))

    def scenario(self, row: Sequence[Cell]) -> Scenario | None:
        cells = {self.columns[place]: cell for place, cell in enumerate(row) if place in self.columns}
        said = {name: cell.text.strip() for name, cell in cells.items()}
        if not any(said.values()):
            return None
        place = row[0].place
        if said.get("workload", "") not in ("", self.workload):
            self.note(place, "risks.other-workload", workload=said["workload"], asked=self.workload)
            return None
        if said.get("kind", "").lower() not in _SCENARIO_KINDS:
            self.note(place, "risks.no-scenario", kind=said["kind"])
            return None
        if not said.get("scenario"):
            self.note(place, "risks.empty")
            return None
        if said["scenario"] in self._seen:
            self.note(cells["scenario"].place, "risks.twice", scenario=said["scenario"][:80])
            return None
        self._seen.add(said["scenario"])
        return Scenario(
            scenario=said["scenario"],
            likelihood=self._level(cells, "likelihood"),
            impact=self._level(cells, "impact"),
            detection=said.get("detection") or None,
            response=said.get("response") or None,
            tested_on=self._day(cells.get("tested")),
        )

    def _scale_of(self, table: _Table) -> Mapping[str, Level]:
        """The scale of a register's numbers; none where they go beyond 5."""
        places = [place for place, column in self.columns.items() if column in ("likelihood", "impact")]
        cells = [row[place].text.strip() for row in table.rows for place in places if place < len(row)]
        largest = max((int(number[0]) for cell in cells if (number := re.match(r"\d{1,9}", cell))), default=0)
        if any("5" in table.head[place].text for place in places):
            largest = max(largest, 5)
        return _THIRDS if largest <= 3 else _FIFTHS if largest <= 5 else {}

    def _level(self, cells: Mapping[str, Cell], name: str) -> Level | None:
        cell = cells.get(name)
        if cell is None or not cell.text.strip():
            return None
        word = _folded(cell.text)
        number = re.match(r"(\d)(?![\d%.,])", word)  # as in "4 (likely)"
        level = _LEVELS.get(word) or (self._scale.get(number[1]) if number else None)
        if level is None:
            self.note(cell.place, "risks.level", value=cell.text.strip()[:80])
        return level

    def _day(self, cell: Cell | None) -> date | None:
        if cell is None or not cell.text.strip():
            return None
        day = only_date(cell.text.strip())
        if day is None or day > self.today:
            self.note(cell.place, "risks.day", value=cell.text.strip()[:80])
            return None
        return day


def markdown_tables(text: str, path: str) -> list[Rows]:
    """Tables of a Markdown text as rows of cells with line numbers.

    Raises
    ------
    FaultyInput
        If it has more lines or cells than are read.
    """
    if text.count("\n") > _MAX_LINES or text.count("|") > MAX_CELLS:
        stop(path, Place(1, 1), "markdown.too-large", lines=_MAX_LINES, cells=MAX_CELLS)
    from markdown_it import MarkdownIt  # few registers are Markdown

    tables: list[Rows] = []
    line = 1
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            line = token.map[0] + 1 if token.map else line
            tables[-1].append([])
        elif token.type == "inline" and tables and token.level >= 4:  # in a cell
            words, address = "", ""
            for child in token.children or ():
                address = str(child.attrs["href"]) if child.type == "link_open" else address
                if child.type == "link_close" and child.markup != "autolink":
                    words += f" <{address}>"
                else:
                    words += child.content if child.content and child.type != "html_inline" else " "
            tables[-1][-1].append(Cell(" ".join(words.split()), Place(line, len(tables[-1][-1]) + 1)))
    return tables
