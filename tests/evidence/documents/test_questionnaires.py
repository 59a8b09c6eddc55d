"""Questions in bold at the beginning of a list's entries, as in a questionnaire."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.evidence.documents.markdown import read_document
from orr.model.finding import Outcome
from orr.testing import run_check


def headings(text: str) -> list[tuple[str, int, int]]:
    return [(one.text, one.level, one.line) for one in read_document(text, "a.md").headings]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        pytest.param("* **Can it be disabled?**\n  Yes.\n", ("Can it be disabled?", 7, 1), id="the answer below"),
        pytest.param("- **Can it be disabled?**\n\n  Yes.\n", ("Can it be disabled?", 7, 1), id="a paragraph below"),
        pytest.param("1. **能停用吗？**\n   能。\n", ("能停用吗？", 7, 1), id="a numbered entry, Chinese"),
        pytest.param(
            "* **Can it be\n  disabled?**\n  Yes.\n", ("Can it be disabled?", 7, 1), id="a question of two lines"
        ),
        pytest.param(
            "* **Can `x` be disabled?**\n  - Yes.\n", ("Can x be disabled?", 7, 1), id="code, and a list below"
        ),
    ],
)
def test_a_question_in_bold_is_a_heading(text: str, heading: tuple[str, int, int]) -> None:
    assert headings(text) == [heading]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("* **Disable it first.**\n  Then go on.\n", id="no question"),
        pytest.param("* **Can it be disabled?** Yes.\n", id="the answer on its line"),
        pytest.param("* Look: **can it be disabled?**\n", id="words before it"),
        pytest.param("* a\n  * **Can it be disabled?**\n", id="an entry within an entry"),
        pytest.param(f"* **{'very ' * 50}long?**\n", id="longer than a heading is"),
        pytest.param("* ****\n", id="nothing in bold"),
    ],
)
def test_other_words_in_bold_of_an_entry_are_none(text: str) -> None:
    assert headings(text) == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("  Yes, by the flag.\n", Outcome.MET), ("  - [X] by the flag\n", Outcome.MET), ("", Outcome.NOT_MET),
     ("  TBD\n", Outcome.NOT_MET)],
    ids=["words", "a list", "nothing", "to be written"],
)  # fmt: skip
def test_what_stands_under_the_question_answers_it(tmp_path: Path, answer: str, outcome: Outcome) -> None:
    asked = "* **Can the feature be\n  disabled?**\n"
    (tmp_path / "a.md").write_text(f"# Feature\n\n{asked}{answer}\n* **Was it tested?**\n  In May.\n", encoding="utf-8")
    assert run_check("document", tmp_path, path="a.md", sections=["feature be disabled"]).outcome is outcome
