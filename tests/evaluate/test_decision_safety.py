"""The table of situations in the documentation: what each of them means for the verdict."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from support.decision_rows import ROWS, Row, headline
from support.reading_rows import GROUP, READINGS, Reading

from tools.decision_table import CHINESE, DOCUMENTS, document

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.situation)
def test_a_situation_has_the_verdict_headline_and_decision_of_the_table(row: Row) -> None:
    assessed = row.assessed()
    decision = None if row.decision is None else str(assessed.decision)
    assert (headline(assessed), decision) == (row.headline, row.decision)


@pytest.mark.parametrize("row", READINGS, ids=lambda row: row.situation)
def test_what_was_made_before_is_read_as_the_table_says(row: Reading) -> None:
    assert row.answers("en") == row.says


def test_no_situation_stands_in_the_table_twice() -> None:
    names = [*(row.situation for row in ROWS), *(row.situation for row in READINGS)]
    assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("language", DOCUMENTS)
def test_the_documentation_holds_the_table(language: str) -> None:
    written = (ROOT / DOCUMENTS[language]).read_text(encoding="utf-8")
    assert written == document(written, language), "run python -m tools.decision_table"


def test_every_group_and_situation_has_its_words_in_chinese() -> None:
    rows = (*ROWS, *READINGS)
    assert set(CHINESE) == {row.group for row in ROWS} | {GROUP} | {row.situation for row in rows}
    assert [name for name, count in Counter(CHINESE.values()).items() if count > 1] == []
