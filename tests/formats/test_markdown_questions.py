"""Checklists and answers in Markdown: the dialects that teams write."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import TODAY, case, checklist, choices, item
from support.strategies import texts

from orr.formats.listing import checklist_csv, checklist_markdown
from orr.formats.markdown_questions import read_markdown
from orr.formats.questions import Terms, checklist_of
from orr.formats.sheet.filled import FilledSheet
from orr.formats.sheet.matched import answers_of
from orr.formats.spreadsheet import read_questions
from orr.model.checklist import Checklist
from orr.source.faults import FaultyInput
from orr.source.table import read_tables

GITHUB = """\
---
name: Production readiness
about: Before the first launch
labels: [readiness]
---
<!-- Tick what holds. -->
## Monitoring
- [x] There are [dashboards](https://grafana.example.com/d/shop) @wei
- [ ] Alerts page somebody
  - [ ] outside office hours, too
  - [X] with a runbook
"""
GITLAB = """\
# Readiness review

## Summary

- [ ] **Give an overview of the service**

  _Who uses it?_

## Operations
### Scale
- [x] **What are the bottlenecks?**
  The database: see [the test](docs/load.md).
- [ ] **Is there a runbook?** N/A, because nobody operates it.
"""
KUBERNETES = """\
# A feature

- [Rollback](#rollback)

## Rollback

###### Can it be rolled back?

Yes. By the flag; see [the drill](drills/flag.md).

###### Does it change defaults?

No new field has a default.

###### What happens to clients?

- [ ] Nothing
- [x] They reconnect

## Scale

* **Will it add calls?**
  No, none.
"""
PLAIN = """\
# Before we launch

Words about it.

* On-call is staffed
* Backups were restored once
  within a quarter
"""
TABLE = """\
## Reliability

| Check name | Short description | Priority | Done | Owner |
| --- | --- | :-: | --- | --- |
| [Auto scale](https://example.com/scale) | It scales. | P1 | [x] | wei |
| Rollback | It goes back. | low | no: too slow | |
"""
PROSE = """\
# Questions

### Rollback

Partly: by hand.

### Monitoring

There are dashboards.
"""
DIALECTS = {
    "GitHub's issue template": (GITHUB, [
        ("Monitoring", "There are dashboards", "yes"),
        ("Monitoring", "Alerts page somebody", ""),
        ("Monitoring", "Alerts page somebody: outside office hours, too", ""),
        ("Monitoring", "Alerts page somebody: with a runbook", "yes"),
    ]),
    "GitLab's readiness page": (GITLAB, [
        ("Summary", "Give an overview of the service", ""),
        ("Scale", "What are the bottlenecks? The database: see the test.", "yes"),
        ("Scale", "Is there a runbook? N/A, because nobody operates it.", ""),
    ]),
    "Kubernetes' questionnaire": (KUBERNETES, [
        ("Rollback", "Can it be rolled back?", "Yes. By the flag; see the drill."),
        ("Rollback", "Does it change defaults?", "No new field has a default."),
        ("Rollback", "What happens to clients?", "[ ] Nothing\n[x] They reconnect"),
        ("Scale", "Will it add calls?", "No, none."),
    ]),
    "marks in place of boxes": ("## A\n- ✅ B\n- ❌ C\n- ⬜ D\n- ☑️ E", [
        ("A", "B", "yes"), ("A", "C", "❌"), ("A", "D", ""), ("A", "E", "yes"),
    ]),
    "nested numbers": ("1. A\n   1. B?\n   2. C?\n2. D?\n   - E?", [
        ("", "A: B?", ""), ("", "A: C?", ""), ("", "D?", ""), ("", "D? E?", ""),
    ]),
    "bold titles and quotes": ("**A**\n\n- [x] B\n\n> [!NOTE]\n> - [ ] C", [("A", "B", "yes"), ("A", "C", "")]),
    "a table in HTML": (
        "## A\n- [ ] B\n\n<table>\n<tr><th>Question</th><th>Answer</th></tr>\n"
        "<tr><td>C?</td><td>Yes</td></tr>\n</table>",
        [("A", "B", ""), ("A", "C?", "Yes")],
    ),
    "a plain list": (PLAIN, [
        ("Before we launch", "On-call is staffed", ""),
        ("Before we launch", "Backups were restored once within a quarter", ""),
    ]),
    "a table": (TABLE, [("Reliability", "Auto scale", "yes"), ("Reliability", "Rollback", "no: too slow")]),
    "headings and prose": (PROSE, [
        ("", "Rollback", "Partly: by hand."),
        ("", "Monitoring", "There are dashboards."),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_gives_its_questions_under_their_headings_with_what_was_said(name: str) -> None:
    text, expected = DIALECTS[name]
    found = read_markdown(text, "a.md")
    assert found.faults == []
    assert [(one.section_title, one.ask, one.reply) for one in found.questions] == expected
    for one in found.questions:  # each at the line that it stands in
        line = text.split("\n")[one.place.line - 1].replace(
            "[dashboards](https://grafana.example.com/d/shop) @wei", "dashboards"
        )
        assert any(word in line for word in one.ask.split())


def test_links_people_and_what_stands_below_a_box_come_along() -> None:
    first = read_markdown(GITHUB, "a.md").questions[0]
    assert (first.person, first.links) == ("wei", ("dashboards <https://grafana.example.com/d/shop>",))
    assert read_markdown(GITLAB, "a.md").questions[0].below == "Who uses it?"
    assert read_markdown("mail wei@example.com\n\n- [ ] Ask ops@example.com?", "a.md").questions[0].person == ""


NESTED = """\
---
name: "Our template"
---
- Monitoring (P2)
  - [ ] Dashboards [P1]
    - [x] Who reads them?
      - [ ] Daily @wei
- [ ] Backups
  - by hand
    - [ ] P3: restored
"""


def test_a_footnote_is_no_part_of_a_question_but_a_note_to_it_and_a_bare_address_a_link() -> None:
    text = "- [x] A[^1] and [^2]\n  https://x.example/r.\n\n[^1]: Since\n    May.\n"
    (question,) = read_markdown(text, "a.md").questions
    assert (question.ask, question.below) == ("A and [^2] https://x.example/r.", "Since May.")
    assert question.links == ("<https://x.example/r>",)


def test_html_that_may_hold_questions_is_told() -> None:
    found = read_markdown("- [ ] A\n\n<ul>\n<li>B?</li>\n</ul>\n\n<details>\n\nC\n\n</details>\n", "a.md")
    assert [(note.wrong.key, note.place.line) for note in found.notes] == [("exchange.markdown.html", 3)]


def test_a_nested_box_stands_behind_the_words_above_it_and_a_priority_is_no_part_of_a_question() -> None:
    found = read_markdown(NESTED, "a.md")
    assert [(one.ask, one.also[0], one.risk, one.reply, one.person) for one in found.questions] == [
        ("Monitoring (P2): Dashboards", "Dashboards", "P1", "", ""),
        ("Monitoring (P2): Dashboards: Who reads them?", "Who reads them?", "", "yes", ""),
        ("Monitoring (P2): Dashboards: Who reads them? Daily", "Daily", "", "", "wei"),
        ("Backups", "Backups", "", "", ""),
        ("Backups: by hand: restored", "restored", "P3", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (NESTED, "Our template"),
        ("---\nname: x\n---\n# Team *PRR*\n\n- [ ] a", "Team PRR"),
        ("# One\n\n- [ ] a\n\n# Two\n\n- [ ] b", ""),
    ],
)
def test_a_document_is_called_what_its_only_title_or_its_front_matter_says(text: str, title: str) -> None:
    assert read_markdown(text, "a.md").title == title


def test_a_list_of_ours_says_of_which_checklist_it_is_and_two_are_a_fault() -> None:
    ours = checklist_markdown(checklist(item("a")), "en")
    assert read_markdown(ours, "a.md").checklist == "c"
    (fault,) = read_markdown(ours + ours.replace("`c/", "`d/"), "a.md").faults
    assert fault.wrong.key == "exchange.markdown.several"


@pytest.mark.parametrize(
    "text", ["", "Words alone.\n", "---\nname: x\n---\n", "```\n- [ ] code\n```\n", "<!-- - [ ] x -->"]
)
def test_a_document_without_questions_is_a_fault(text: str) -> None:
    (fault,) = read_markdown(text, "a.md").faults
    assert fault.wrong.key == "exchange.markdown.empty"


# As a checklist


def made(text: str, **risks: str) -> list[tuple[str, str, str]]:
    found = read_markdown(text, "a.md")
    sections = checklist_of(found, "a.md", Terms("ours", risks={"": "medium", **risks})).checklist.sections
    return [(section.section, one.item, str(one.risk)) for section in sections for one in section.items]


def test_risks_come_from_the_table_from_a_word_that_is_mapped_or_from_the_default() -> None:
    assert made(PLAIN) == [
        ("before-we-launch", "on-call-is-staffed", "medium"),
        ("before-we-launch", "backups-were-restored-once-within-a-quarter", "medium"),
    ]
    assert made(TABLE, p1="high") == [("reliability", "auto-scale", "high"), ("reliability", "rollback", "low")]
    with pytest.raises(FaultyInput, match=r"P1 is not a risk; .* --risk P1=high"):
        made(TABLE)


# As answers

ASKED = case(
    item("rollback", ask={"en": "Can it be rolled back?", "zh-CN": "能回退吗？"}),
    item("defaults", ask="Does it change `defaults`"),
    item("calls", ask="Will it add calls?"),
    item("auto", ask="Auto scale"),
    item("dashboards", ask="There are dashboards"),
    item("runbook", ask="Is there a runbook?"),
)


def answered(text: str) -> FilledSheet:
    return answers_of(read_markdown(textwrap.dedent(text), "a.md"), "a.md", ASKED, TODAY, "bo", TODAY)


def test_only_what_begins_with_an_answer_is_one_and_prose_is_shown_as_a_draft() -> None:
    sheet = answered(KUBERNETES)
    rollback, calls = sheet.answers["c/rollback"], sheet.answers["c/calls"]
    assert (rollback.answer, rollback.note) == ("yes", "By the flag; see the drill.")
    assert [(one.title, one.path) for one in rollback.evidence] == [("the drill", "drills/flag.md")]
    assert (calls.answer, calls.note, calls.by) == ("no", "none.", "bo")
    assert set(sheet.answers) == {"c/rollback", "c/calls"}
    told = [(note.wrong.key.removeprefix("exchange."), note.place.line) for note in sheet.notes]
    assert told == [("sheet.draft", 11), ("matched.unknown", 15)]


def test_a_ticked_box_is_a_yes_and_an_empty_one_nothing_and_people_are_asked() -> None:
    sheet = answered("""\
        - [x] There are dashboards
          with [proof](https://example.com/d)
        - [ ] Auto scale @ana
        - [x] Can it be rolled back
          - No: not since March
        - [ ] Is there a runbook
          - N/A
        """)
    assert {name: one.answer for name, one in sheet.answers.items()} == {}
    assert {name: one.to for name, one in sheet.assigned.items()} == {"c/auto": "ana"}
    assert sorted(note.wrong.key for note in sheet.notes) == [
        "exchange.matched.unknown",
        "exchange.sheet.draft",
        "exchange.sheet.no-reason",
    ]


def test_a_document_with_no_question_of_the_workload_is_a_fault() -> None:
    with pytest.raises(FaultyInput, match="none of these questions is asked of shop"):
        answered(PLAIN)


# There and back

words = texts.filter(lambda text: any(sign.isalnum() for sign in text))
lists = st.builds(
    lambda asks, whys, risks, titles: checklist(
        *(
            item(
                f"i{at}", ask=ask, risk=risk, checks=[{"check": "files", "paths": "a"}], **({"why": why} if why else {})
            )
            for at, (ask, why, risk) in enumerate(zip(asks, whys, risks, strict=True))
        ),
        sections=[choices("x", "y", rules=[("x", "none"), ("default", "high")], title=titles)],
    ),
    st.tuples(words, words),
    st.tuples(st.none() | words, st.none() | words),
    st.tuples(*[st.sampled_from(["high", "medium", "low"])] * 2),
    st.fixed_dictionaries({"en": words, "zh-CN": words}),
)


@given(lists, st.sampled_from(["csv", "md"]), st.sampled_from(["en", "zh-CN"]))
def test_a_checklist_that_nobody_edited_comes_back_as_it_was_with_all_that_a_list_cannot_carry(
    ours: Checklist, way: str, language: str
) -> None:
    if way == "csv":
        found = read_questions(read_tables(checklist_csv(ours, language).encode(), "a.csv"), "a.csv")
    else:
        found = read_markdown(checklist_markdown(ours, language), "a.md")
    assert checklist_of(found, f"a.{way}", Terms("c", base=ours)).checklist == ours
