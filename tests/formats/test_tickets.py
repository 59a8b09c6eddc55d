"""Texts of tickets, in the marks of the tracker that they are for."""

from __future__ import annotations

import pytest
from support.builders import assess, case, item

from orr.formats.tickets import JIRA, MARKDOWN, Form, key_in, tickets_of, with_block

LONG = "字" * 40_000


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        (MARKDOWN, "**Is it owned?** (`c/own`)\n\n- State: unanswered: nobody has answered\n- Risk: high"),
        (JIRA, "Is it owned? (c/own)\n\n- State: unanswered: nobody has answered\n- Risk: high"),
    ],
    ids=["Markdown", "Jira"],
)
def test_a_text_is_in_the_marks_of_its_tracker_and_loses_the_line_for_which_there_is_no_room(
    form: Form, begins: str
) -> None:
    made = assess(case(item("own", ask="Is it owned?", fix=LONG + LONG)))
    (ticket,) = tickets_of([made], "item", "en", form)
    assert ticket.text.startswith(begins)
    assert ticket.text.endswith("\n…")
    assert "字" not in ticket.text
    assert ticket.lost > len(LONG)


@pytest.mark.parametrize(("form", "cut"), [(MARKDOWN, False), (JIRA, True)], ids=["Markdown", "Jira"])
def test_a_text_is_as_long_as_its_tracker_takes(form: Form, cut: bool) -> None:
    (ticket,) = tickets_of([assess(case(item("own", fix=LONG)))], "item", "en", form)
    assert (ticket.lost > 0, len(ticket.text) <= form.longest) == (cut, True)


def test_words_that_jira_would_obey_are_escaped_and_no_others() -> None:
    assert JIRA.escape("a *b* 1! [~mo] !x.png! {code}") == r"a *b* 1! \[~mo] \!x.png! \{code}"


def test_a_block_whose_end_somebody_took_away_is_known_and_made_whole_once() -> None:
    (ticket,) = tickets_of([assess(case(item("own")))], "item", "en", MARKDOWN)
    whole = with_block("", ticket)
    text = whole.replace("<!-- orr:end -->", "And my words.")
    assert key_in(text) == ticket.key
    mended = with_block(text, ticket)
    assert mended == with_block(mended, ticket)
    assert mended.startswith(whole)
    assert "And my words." in mended
