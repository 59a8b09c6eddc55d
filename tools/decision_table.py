"""The decision-safety table in the documentation.

`python -m tools.decision_table` writes it into `docs/verdict.md` anew, and in Chinese into `docs/verdict.zh-CN.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import yaml
from support.decision_rows import ROWS, Row
from support.reading_rows import GROUP, READINGS

from orr.messages import render, template

DOCUMENTS = {"en": Path("docs") / "verdict.md", "zh-CN": Path("docs") / "verdict.zh-CN.md"}
CHINESE: dict[str, str] = yaml.safe_load(
    (Path(__file__).parents[1] / "tests/support/decision_rows.zh-CN.yaml").read_text(encoding="utf-8")
)
"""The names of the groups and situations in Chinese."""
_BEGIN, _END = "<!-- decision table: begin -->\n", "<!-- decision table: end -->\n"


def document(written: str, language: str = "en") -> str:
    """The documentation's text with the table as it ought to be."""
    before, _, rest = written.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{table(language)}{_END}{after}"


def table(language: str = "en") -> str:
    """The rows by group with verdict and, where they are about votes, decision; then what is read later."""
    groups = (_group(name, list(rows), language) for name, rows in groupby(ROWS, key=lambda row: row.group))
    return f"{''.join(groups)}{_readings(language)}\n"


def _readings(language: str) -> str:
    english = language == "en"
    head = ("Situation", "Answer") if english else ("情况", "回答")
    rows = [
        (one.situation, one.says) if english else (CHINESE[one.situation], one.answers(language)) for one in READINGS
    ]
    return f"\n### {GROUP if english else CHINESE[GROUP]}\n\n" + _lines([head, ("---",) * 2, *rows])


def _group(name: str, rows: list[Row], language: str) -> str:
    decided = any(row.decision for row in rows)
    english = language == "en"
    head = ("Situation", "Verdict", "Decision") if english else ("情况", "结论", "决定")
    lines = [head, ("---",) * 3, *(_english(row) if english else _chinese(row) for row in rows)]
    title = name if english else CHINESE[name]
    return f"\n### {title}\n\n" + _lines([line[: 2 + decided] for line in lines])


def _lines(cells: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def _english(row: Row) -> tuple[str, ...]:
    return row.situation, row.headline, row.decision or ""


def _chinese(row: Row) -> tuple[str, ...]:
    decision = str(template(f"words.decision.{row.decision}", "zh-CN")) if row.decision else ""
    return CHINESE[row.situation], render(row.assessed().headline, "zh-CN"), decision


if __name__ == "__main__":
    for tongue, path in DOCUMENTS.items():
        path.write_text(document(path.read_text(encoding="utf-8"), tongue), encoding="utf-8")
