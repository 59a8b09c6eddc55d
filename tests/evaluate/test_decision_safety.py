"""The table of situations in the documentation: what each of them means for the verdict."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from support.decision_rows import ROWS, Row, headline

from tools.decision_table import CHINESE, DOCUMENTS, document

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.situation)
def test_a_situation_has_the_verdict_headline_and_decision_of_the_table(row: Row) -> None:
    assessed = row.assessed()
    decision = None if row.decision is None else str(assessed.decision)
    assert (headline(assessed), decision) == (row.headline, row.decision)


def test_no_situation_stands_in_the_table_twice() -> None:
    assert [name for name, count in Counter(row.situation for row in ROWS).items() if count > 1] == []


@pytest.mark.parametrize("language", DOCUMENTS)
def test_the_documentation_holds_the_table(language: str) -> None:
    written = (ROOT / DOCUMENTS[language]).read_text(encoding="utf-8")
    assert written == document(written, language), "run python -m tools.decision_table"


def test_every_group_and_situation_has_its_words_in_chinese() -> None:
    assert set(CHINESE) == {row.group for row in ROWS} | {row.situation for row in ROWS}
    assert [name for name, count in Counter(CHINESE.values()).items() if count > 1] == []
