import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from orr.evaluate import Case, evaluate
from orr.formats import listing
from orr.formats.listing import assessment_csv, checklist_csv, checklist_markdown, path_csv
from orr.formats.record import to_json
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


def with_plans():
    answers = {
        "rollback-plan/rehearsed": {
            "answer": "no", "by": "ana", "on": "2026-11-20", "note": "=Friday",
            "plan": {"action": "Drill", "owner": "li", "due": "2026-12-05"},
            "evidence": [{"title": "only a title"}, {"path": "drills/1.md"}, {"url": "https://example.com/t/1"}],
        },
        "rollback-plan/seats": {"answer": "no", "by": "ana", "on": "2026-11-20", "note": "None yet."},
    }  # fmt: skip
    workload = {"workload": "checkout", "title": "C", "tier": 2, "owner": {"team": "t"}, "launch": "2026-12-01"}
    review = read(Review, {"review": "checkout", "answers": answers})
    return evaluate(Case(read(Workload, workload), review, (CHECKLIST,)), Evidence(), date(2026, 11, 22))


def test_the_path_to_go_as_csv_has_owner_due_note_and_link():
    first, section = rows(path_csv([with_plans()], "en"))
    row = ("1", "rollback-plan/rehearsed", "li", "2026-12-05", "yes", "Drill", "'=Friday")
    assert tuple(first[key] for key in ("Step", "Item", "Owner", "Due", "After the launch", "Next step", "Note")) == row
    assert first["Link"] == "drills/1.md https://example.com/t/1"
    assert (section["Item"], section["Owner"], section["Due"], section["Note"]) == (
        "rollback-plan/boats", "t", "", "None yet.",
    )  # fmt: skip
    assert [*rows(path_csv([with_plans()], "zh-CN"))[0]][8:10] == ["负责人", "截止"]


def test_json_has_every_field_that_the_csv_has():
    record = to_json(with_plans(), "en")
    # The number is the order; question, risk and cover are those of the item; fix and plan are the action.
    of_steps = {
        "step",
        "ask",
        "risk",
        "blocking",
        "covered-by",
        "action",
        "link",
    }
    for columns, part in ((listing._ASSESSMENT, "items"), (listing._PATH, "path_to_go")):
        for one in record[part]:
            lacking = {column for column in columns if column.replace("-", "_") not in {*one, *record}}
            assert lacking - (of_steps if part == "path_to_go" else set()) == set()
    by_name = {one["item"]: one for one in record["items"]}
    for step in record["path_to_go"]:
        assert {"ask", "risk", "blocking", "covered_by"} <= {*by_name[step["item"]]}
        assert {"fix", "plan", "links"} <= {*step}
