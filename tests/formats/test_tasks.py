"""The open items of a person or a role."""

from __future__ import annotations

import pytest
from support.builders import day
from support.outcomes import conditional

from orr.formats.tasks import tasks_text


@pytest.mark.parametrize(
    ("language", "words"), [("en", f"waived by W-1 until {day(9)}"), ("zh-CN", f"由 W-1 豁免至 {day(9)}")]
)
def test_an_item_that_a_waiver_covers_shows_which_and_until_when(language: str, words: str) -> None:
    text = tasks_text(conditional(), None, None, language)
    assert words in text
    assert text.count("W-1") == 1
