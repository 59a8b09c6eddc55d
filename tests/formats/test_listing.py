import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from orr.evaluate import Case, evaluate
from orr.formats.listing import assessment_csv, checklist_csv, checklist_markdown
from orr.formats.spreadsheet import import_sheet
from orr.model.checklist import Checklist
from orr.model.finding import Evidence
from orr.model.review import Review
from orr.model.validation import read
from orr.model.workload import Workload

CHECKLIST = read(
    Checklist,
    {
        "checklist": "rollback-plan",
        "version": 3,
        "title": {"en": "Rollback <plan>", "zh-CN": "回滚方案"},
        "about": "How to go back.",
        "sections": [
            {
                "section": "plan",
                "title": {"en": "The plan", "zh-CN": "方案"},
                "items": [
                    {
                        "item": "rehearsed",
                        "ask": {"en": "Was it rehearsed?", "zh-CN": "演练过吗？"},
                        "why": '=cmd|" /C calc"!A0',
                        "fix": "- Rehearse it, *now*.\n- Again.",
                        "risk": "high",
                        "blocking": True,
                    },
                    {"item": "written", "ask": "Is it written, and dated?", "risk": "low"},
                ],
            },
            {
                "section": "boats",
                "risk_rules": [{"if": "seats", "risk": "none"}, {"if": "default", "risk": "medium"}],
                "items": [{"item": "seats", "ask": "Is there a seat?"}],
            },
        ],
    },
)


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_checklist_as_csv_has_a_row_for_each_item_and_no_formula():
    text = checklist_csv(CHECKLIST, "en")

    first, second, third = rows(text)
    assert text.startswith("\ufeff")
    assert first == {
        "Section": "plan",
        "Section title": "The plan",
        "Item": "rehearsed",
        "Question": "Was it rehearsed?",
        "Why": "'" + '=cmd|" /C calc"!A0',
        "Fix": "'- Rehearse it, *now*.\n- Again.",
        "Risk": "high",
        "Blocking": "yes",
    }
    assert (second["Risk"], second["Blocking"], third["Risk"]) == ("low", "no", "")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_items_with_risks_come_back_from_csv_in_either_language(language):
    plain = replace(CHECKLIST, sections=CHECKLIST.sections[:1])
    imported = import_sheet(checklist_csv(plain, language).encode(), "a.csv", "rollback-plan", "Rollback").checklist

    written, read = CHECKLIST.sections[0], imported.sections[0]
    assert (read.section, read.title) == (written.section, written.title[language])
    for before, after in zip(written.items, read.items, strict=True):
        ask = before.ask if isinstance(before.ask, str) else before.ask[language]
        assert after == replace(before, ask=ask)


def test_a_checklist_as_markdown_is_a_list_to_tick_in_which_texts_are_no_markup():
    text = checklist_markdown(CHECKLIST, "en")

    assert text.splitlines()[:3] == [r"# Rollback \<plan\>", "", "How to go back."]
    assert "- [ ] Was it rehearsed? (`rollback-plan/rehearsed`, high risk, blocking)" in text
    assert r"- Rehearse it, \*now\*. - Again." in text
    assert "1. `seats`: no risk\n1. `default`: medium risk\n" in text


def test_markdown_speaks_the_language_that_is_asked_for():
    text = checklist_markdown(CHECKLIST, "zh-CN")

    assert "- [ ] 演练过吗？ (`rollback-plan/rehearsed`, 高风险, 阻断上线)" in text


def test_an_assessment_as_csv_has_a_row_for_each_item_with_its_state_and_answer():
    answers = {
        "rollback-plan/rehearsed": {"answer": "no", "by": "=ana", "on": "2026-11-20"},
        "rollback-plan/seats": {"answer": "yes", "by": "ana", "on": "2026-11-20"},
    }
    workload = read(Workload, {"workload": "checkout", "title": "C", "tier": 2, "owner": {"team": "t"}})
    review = read(Review, {"review": "checkout", "answers": answers})
    assessment = evaluate(Case(workload, review, (CHECKLIST,)), Evidence(), date(2026, 11, 22))

    rehearsed, written, boats = rows(assessment_csv([assessment], "en"))

    assert (rehearsed["Workload"], rehearsed["Checklist"], rehearsed["Item"]) == (
        "checkout",
        "rollback-plan",
        "rehearsed",
    )
    assert (rehearsed["State"], rehearsed["Answer"], rehearsed["Answered by"]) == ("not met", "no", "'=ana")
    assert (rehearsed["Blocking"], rehearsed["Answered on"]) == ("yes", "2026-11-20")
    assert (written["State"], written["Answer"]) == ("unanswered", "")
    assert (boats["Item"], boats["State"]) == ("boats", "met")
