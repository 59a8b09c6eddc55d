"""Checklists and assessments as CSV and Markdown lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from orr.evaluate import Step
from orr.evaluate.assessed import ItemAssessment
from orr.formats.lines import counted
from orr.formats.markdown import escaped
from orr.formats.unread import Outcome, Unread
from orr.messages import Message, in_language, render, say
from orr.model.checklist import Checklist, Item, item_id
from orr.model.fields import Text
from orr.source.table import write_csv

_CHECKLIST = ("section", "section-title", "item", "ask", "why", "fix", "risk", "blocking")
_CARRIED = frozenset(("item", "ask", "why", "fix", "risk", "blocking"))
_ASSESSMENT = (
    "workload", "checklist", "item", "ask", "state", "risk", "blocking",
    "covered-by", "answer", "by", "on", "because", "fix",
)  # fmt: skip
_PATH = (
    "workload", "step", "item", "ask", "state", "risk", "blocking",
    "covered-by", "owner", "due", "after-launch", "action", "note", "link",
)  # fmt: skip


def checklist_csv(checklist: Checklist, language: str) -> str:
    """Write a checklist as CSV that `import_sheet` reads.

    The text begins with a byte-order mark, without which Excel takes UTF-8 for something
    else. What a spreadsheet would take for a formula begins with an apostrophe.
    """
    rows = []
    for section in checklist.sections:
        for item in section.items:
            texts = [_words(text, language) for text in (section.title, item.ask, item.why, item.fix)]
            risk = render(item.risk, language) if item.risk else ""
            blocking = _yes(bool(item.blocking), language)
            rows.append([section.section, texts[0], item.item, *texts[1:], risk, blocking])
    return _csv(_CHECKLIST, rows, language)


def lost(checklists: Iterable[Checklist]) -> list[Message]:
    """Parts of checklists that neither CSV nor Markdown can hold, with counts."""
    found: Counter[str] = Counter()
    for checklist in checklists:
        for section in checklist.sections:
            found.update(key for key in ("about", "risk_rules", "blocking") if getattr(section, key))
            for item in section.items:
                found.update(item.as_data().keys() - _CARRIED)
                found.update("languages" for text in (item.ask, item.why, item.fix) if not isinstance(text, str | None))
    return [say("exchange.list.lost", parts=counted(found))] if found else []


def assessment_csv(outcomes: Iterable[Outcome], language: str) -> str:
    """Write a CSV row per item, and one per workload that could not be read."""
    rows: list[Sequence[str]] = []
    for one in outcomes:
        if isinstance(one, Unread):
            rows.append(_unread(one, _ASSESSMENT, language))
        else:
            rows += [_row(one.case.workload.workload, item, language) for item in one.items]
    return _csv(_ASSESSMENT, rows, language)


def path_csv(outcomes: Iterable[Outcome], language: str) -> str:
    """Write paths to go as CSV, a step per row with person and date.

    A workload that could not be read has one row: its files have to be mended.
    """
    rows: list[Sequence[str]] = []
    for one in outcomes:
        if isinstance(one, Unread):
            rows.append(_unread(one, _PATH, language))
        else:
            steps = enumerate(one.path_to_go, 1)
            rows += [_step(one.case.workload.workload, number, step, language) for number, step in steps]
    return _csv(_PATH, rows, language)


def _unread(unread: Unread, columns: Sequence[str], language: str) -> list[str]:
    """Row of an unreadable workload, its faults in the column of the cause."""
    faults = "; ".join(unread.lines(language))
    said = {"workload": unread.workload, "state": unread.headline(language), "because": faults, "action": faults}
    return [said.get(column, "") for column in columns]


def _step(workload: str, number: int, step: Step, language: str) -> list[str]:
    return [
        workload,
        str(number),
        step.item.name,
        _words(step.item.ask, language),
        render(step.item.state, language),
        render(step.item.risk, language),
        _yes(step.item.blocking, language),
        step.item.covered_by or "",
        step.owner,
        render(step.due, language) if step.due else "",
        _yes(step.after_launch, language),
        _words(step.action, language),
        step.note or "",
        " ".join(step.links),
    ]


def _row(workload: str, item: ItemAssessment, language: str) -> list[str]:
    answer = item.answer
    return [
        workload,
        item.checklist.checklist,
        item.name.partition("/")[2],
        _words(item.ask, language),
        render(item.state, language),
        render(item.risk, language),
        _yes(item.blocking, language),
        item.covered_by or "",
        render(answer.answer, language) if answer and answer.answer else "",
        answer.by if answer else "",
        render(answer.on, language) if answer else "",
        "; ".join(render(cause, language) for cause in item.causes),
        _words(item.fix, language),
    ]


def checklist_markdown(checklist: Checklist, language: str) -> str:
    """Write a checklist as Markdown with a box to tick for each item."""
    lines = [f"# {_inline(checklist.title, language)}", ""]
    if checklist.about:
        lines += [_inline(checklist.about, language), ""]
    for section in checklist.sections:
        lines += [f"## {_inline(section.title or section.section, language)}", ""]
        if section.about:
            lines += [_inline(section.about, language), ""]
        for item in section.items:
            lines += _entry(checklist, item, language)
        lines.append("")
        if section.risk_rules:
            lines += [render(say("exchange.list.rules"), language), ""]
            for rule in section.risk_rules:
                risk = render(say(f"exchange.list.risk.{rule.risk}"), language)
                lines.append(f"1. `{rule.if_}`: {risk}")
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _entry(checklist: Checklist, item: Item, language: str) -> list[str]:
    facts = [f"`{item_id(checklist.checklist, item.item)}`"]
    if item.risk:
        facts.append(render(say("exchange.list.risk." + item.risk), language))
    if item.blocking:
        facts.append(render(say("exchange.list.blocking"), language))
    lines = [f"- [ ] {_inline(item.ask, language)} ({', '.join(facts)})"]
    for key, text in (("why", item.why), ("fix", item.fix)):
        if text:
            label = render(say(f"exchange.list.{key}"), language)
            lines.append(f"  - {label} {_inline(text, language)}")
    return lines


def _inline(text: Text, language: str) -> str:
    return escaped(in_language(text, language))


def _words(text: Text | None, language: str) -> str:
    return "" if text is None else in_language(text, language)


def _yes(value: bool, language: str) -> str:
    return render(say("exchange.list.yes" if value else "exchange.list.no"), language)


def _csv(columns: Iterable[str], rows: Iterable[Sequence[str]], language: str) -> str:
    names = [render(say(f"exchange.column.{column}"), language) for column in columns]
    return "\ufeff" + write_csv(names, rows)
