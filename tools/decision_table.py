"""The decision-safety table in the documentation.

`python -m tools.decision_table` writes it into `docs/verdict.md` anew.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.decision_rows import ROWS, Row

DOCUMENT = Path("docs") / "verdict.md"
_BEGIN, _END = "<!-- decision table: begin -->\n", "<!-- decision table: end -->\n"


def document(written: str) -> str:
    """The documentation's text with the table as it ought to be."""
    before, _, rest = written.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{table()}{_END}{after}"


def table() -> str:
    """The rows by group, each with the verdict and, where they are about votes, the decision."""
    return "".join(_group(name, list(rows)) for name, rows in groupby(ROWS, key=lambda row: row.group)) + "\n"


def _group(name: str, rows: list[Row]) -> str:
    decided = any(row.decision for row in rows)
    head = ("Situation", "Verdict", *(["Decision"] if decided else []))
    lines = [head, ("---",) * len(head)]
    lines += [(row.situation, row.headline, *([row.decision or ""] if decided else [])) for row in rows]
    return f"\n### {name}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
