"""The table of situations in the documentation: what each of them means for the verdict."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from support.decision_rows import ROWS, Row, headline

from tools.decision_table import DOCUMENT, document

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.situation)
def test_a_situation_has_the_verdict_headline_and_decision_of_the_table(row: Row) -> None:
    assessed = row.assessed()
    decision = None if row.decision is None else str(assessed.decision)
    assert (headline(assessed), decision) == (row.headline, row.decision)


def test_no_situation_stands_in_the_table_twice() -> None:
    assert [name for name, count in Counter(row.situation for row in ROWS).items() if count > 1] == []


def test_the_documentation_holds_the_table() -> None:
    written = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    assert written == document(written), "run python -m tools.decision_table"
