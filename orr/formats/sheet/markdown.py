"""Answer sheet as Markdown: a box to tick per item, with details below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orr.evaluate.case import Case
from orr.formats.markdown import escaped
from orr.formats.sheet.filled import Filled
from orr.formats.sheet.rows import CELLS, KEY, Row
from orr.messages import LANGUAGES, in_language, render, say
from orr.model.review import Reply
from orr.source.faults import Fault, Place

_ITEM = re.compile(rf"\s*[-*+]\s+\[(?P<box>.?)\]\s*(?P<ask>.*?)\s*<!--\s*{KEY.pattern}\s*-->\s*")
_FIELD = re.compile(r"\s+[-*+]\s+(?P<label>[^:：]{1,40})[:：](?P<text>.*)")
_ENDS = re.compile(r"#{1,6}\s|\s*[-*+]\s+\[.?\]\s")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def sheet_markdown(case: Case, rows: Sequence[Row], language: str) -> str:
    """Write an answer sheet; words of people are escaped."""
    title = escaped(in_language(case.workload.title, language))
    lines = [f"# {render(say('exchange.sheet.title', title=title), language)}", ""]
    lines += [render(say("exchange.sheet.how.markdown"), language), ""]
    checklist, section = "", ""
    for row in rows:
        if row.checklist.checklist != checklist:
            checklist, section = row.checklist.checklist, ""
            lines += [f"## {escaped(in_language(row.checklist.title, language))}", ""]
        if row.section.section != section:
            section = row.section.section
            lines += [f"### {escaped(in_language(row.section.title or section, language))}", ""]
        lines += [*_entry(row, language), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _entry(row: Row, language: str) -> Iterator[str]:
    box = "x" if row.cells["answer"] == Reply.YES else " "
    yield f"- [{box}] {escaped(in_language(row.item.ask, language))} <!-- {row.key} -->"
    if facts := row.facts(language):
        yield f"  - *{escaped(facts)}*"
    for name in CELLS:
        text = row.cells[name]
        if name == "answer":
            text = "" if text in ("", Reply.YES) else render(say(f"exchange.sheet.reply.{text}"), language)
        first, *more = [_line(line) for line in text.split("\n")]
        yield f"  - {render(say(f'exchange.column.{name}'), language)}: {first}".rstrip()
        yield from (f"    {line}".rstrip() for line in more)


def _line(text: str) -> str:
    """A line of people's words, which begins no list, and is told from a blank one."""
    line = escaped(text)
    return f"\\{line}" if re.match(r"[-+]", line) else line


def read_markdown_sheet(text: str, path: str) -> tuple[list[Filled], list[Fault]]:
    """Read the rows of an answer sheet, and what is wrong with how they are written.

    That is a key that does not stand behind a box to tick, and a box that is ticked beside another answer.
    """
    labels = {render(say(f"exchange.column.{name}"), one).lower(): name for name in CELLS for one in LANGUAGES}
    faults: list[Fault] = []
    rows: list[Filled] = []
    cells: dict[str, str] = {}
    places: dict[str, Place] = {}
    current = ""
    boxes: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        place = Place(number, 1)
        found = _ITEM.fullmatch(line)
        if found is not None:
            cells, places, current = dict.fromkeys(CELLS, ""), {}, ""
            boxes.append(found["box"].strip())
            names = found.groupdict()
            about = names["workload"], names["name"], names["digest"], _plain(names["ask"])
            rows.append(Filled(*about, cells, place, places))
        elif KEY.search(line) and "<!--" in line:
            faults.append(Fault(path, place, say("exchange.sheet.no-box"), say("exchange.sheet.no-box.do")))
        elif _ENDS.match(line):
            cells, current = {}, ""
        elif (field := _FIELD.fullmatch(line)) and (name := labels.get(_plain(field["label"]).strip(" *_").lower())):
            current = name
            cells[name] = _plain(field["text"])
            places[name] = Place(number, field.start("text") + 1)
        elif current and cells:
            cells[current] += "\n" + _plain(line)
    ticked = (row for row, box in zip(rows, boxes, strict=True) if box)
    faults += (fault for row in ticked if (fault := _ticked(row, path)) is not None)
    return rows, faults


def _ticked(row: Filled, path: str) -> Fault | None:
    """Make a ticked box a yes; a fault where another answer stands beside it."""
    from orr.formats.sheet.replies import leading_reply

    assert isinstance(row.cells, dict)
    answer = row.cells["answer"].strip()
    if not answer:
        row.cells["answer"] = Reply.YES.value
    elif leading_reply(answer)[0] is not Reply.YES:
        return Fault(path, row.places["answer"], say("exchange.sheet.box"), say("exchange.sheet.box.do"))
    return None


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text.replace("\u200b", ""))
