import json
from datetime import date

import pytest
from support import SAMPLES

from orr.evaluate import Case, evaluate
from orr.formats.lens.answers import import_answers
from orr.formats.lens.importing import import_lens
from orr.model.checklist import Checklist
from orr.model.finding import Evidence
from orr.model.review import Review
from orr.model.validation import read
from orr.model.workload import Workload
from orr.source.faults import FaultyInput
from orr.source.yaml import decode

ON = date(2026, 11, 20)


def checklist(name="rescue-security"):
    rules = [{"if": "seats && boats.tested", "risk": "none"}, {"if": "default", "risk": "high"}]
    items = [
        {"item": "seats", "ask": "Is there a seat for everyone?"},
        {"item": "boats.tested", "ask": "Were they lowered?"},
    ]
    return read(
        Checklist,
        {
            "checklist": name,
            "version": 1,
            "title": "Rescue",
            "sections": [{"section": "boats", "risk_rules": rules, "items": items}],
        },
    )


def imported(data, checklists=None, **more):
    return import_answers(json.dumps(data), "a.json", checklists or [checklist()], "ana", ON, **more)


def replies(data, **more):
    return {name: str(answer.answer) for name, answer in imported(data, **more).answers.items()}


def summary(**more):
    return {"AnswerSummaries": [{"QuestionId": "boats", "PillarId": "security", **more}]}


SEATS, TESTED = "rescue-security/seats", "rescue-security/boats.tested"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            {"questionResponses": [{"questionId": "boats", "choices": ["seats"]}]},
            {SEATS: "yes", TESTED: "no"},
            id="question responses",
        ),
        pytest.param(summary(SelectedChoices=["seats", "tested"]), {SEATS: "yes", TESTED: "yes"}, id="ListAnswers"),
        pytest.param(
            {"Answer": {"QuestionId": "boats", "SelectedChoices": ["tested"]}},
            {SEATS: "no", TESTED: "yes"},
            id="GetAnswer",
        ),
        pytest.param([summary(SelectedChoices=["tested"])], {SEATS: "no", TESTED: "yes"}, id="pages of ListAnswers"),
        pytest.param(
            summary(ChoiceAnswerSummaries=[{"ChoiceId": "seats", "Status": "SELECTED"}]),
            {SEATS: "yes", TESTED: "no"},
            id="only statuses",
        ),
        pytest.param(
            summary(
                SelectedChoices=["seats"],
                ChoiceAnswerSummaries=[{"ChoiceId": "tested", "Status": "NOT_APPLICABLE", "Reason": "OUT_OF_SCOPE"}],
            ),
            {SEATS: "yes", TESTED: "not-applicable"},
            id="a choice that is not applicable",
        ),
        pytest.param(
            summary(IsApplicable=False, Reason="OTHER", Notes="No sea here."),
            {SEATS: "not-applicable", TESTED: "not-applicable"},
            id="a question that is not applicable",
        ),
    ],
)
def test_selected_is_yes_and_the_other_choices_of_an_answered_question_are_no(data, expected):
    assert replies(data) == expected


def test_who_answered_and_when_is_what_the_caller_says():
    answer = imported(summary(SelectedChoices=["seats"])).answers[SEATS]

    assert (answer.by, answer.on) == ("ana", ON)


@pytest.mark.parametrize(
    ("reason", "notes", "language", "kept"),
    [
        ("OTHER", "No sea here.", "en", "No sea here."),
        ("OUT_OF_SCOPE", "", "en", "Out of scope"),
        ("OUT_OF_SCOPE", "", "zh-CN", "不在范围内"),
        ("BUSINESS_PRIORITIES", "Next year.", "en", "The business has other priorities: Next year."),
    ],
)
def test_the_reason_why_something_is_not_applicable_is_kept(reason, notes, language, kept):
    answers = imported(summary(IsApplicable=False, Reason=reason, Notes=notes), language=language).answers

    assert {answer.reason for answer in answers.values()} == {kept}


def test_notes_stay_with_the_choice_or_go_with_the_first_of_the_question():
    answers = imported(
        summary(
            SelectedChoices=["tested"],
            Notes="Two ships.",
            ChoiceAnswers=[{"ChoiceId": "tested", "Status": "SELECTED", "Notes": "In May."}],
        )
    ).answers

    assert (answers[SEATS].note, answers[TESTED].note) == ("Two ships.", "In May.")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"questionResponses": [{"questionId": "boats", "choices": []}]}, id="question responses"),
        pytest.param(summary(SelectedChoices=[], Risk="UNANSWERED"), id="ListAnswers"),
        pytest.param(
            summary(ChoiceAnswerSummaries=[{"ChoiceId": "seats", "Status": "UNSELECTED"}]), id="nothing but unselected"
        ),
    ],
)
def test_a_question_without_a_selected_choice_stays_unanswered_and_is_told(data):
    made = imported(data)

    assert made.answers == {}
    assert [note.wrong.key for note in made.notes] == ["exchange.answers.unanswered"]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        pytest.param({}, "answers.form", id="no answers"),
        pytest.param(
            {"questionResponses": [{"questionId": "rafts", "choices": []}]}, "answers.no-question", id="question"
        ),
        pytest.param(
            {"questionResponses": [{"questionId": "boats", "choices": ["x"]}]}, "answers.no-choice", id="choice"
        ),
        pytest.param({"questionResponses": [{"questionId": "boats"}]}, "kind", id="no choices"),
        pytest.param({"questionResponses": [{"choices": []}]}, "missing", id="no id"),
        pytest.param(
            {"questionResponses": [{"questionId": "boats", "choices": ["seats"]}] * 2}, "answers.twice", id="twice"
        ),
        pytest.param(summary(IsApplicable=False, Reason="NONE"), "answers.no-reason", id="no reason"),
        pytest.param(summary(IsApplicable=False, Reason="OTHER"), "answers.no-reason", id="other, and no notes"),
        pytest.param(summary(IsApplicable=False, Reason="LAZY"), "answers.reason", id="an unknown reason"),
        pytest.param(
            summary(ChoiceAnswers=[{"ChoiceId": "seats", "Status": "MAYBE"}]), "answers.status", id="an unknown status"
        ),
        pytest.param(
            summary(SelectedChoices=["seats"], ChoiceAnswers=[{"ChoiceId": "seats", "Status": "UNSELECTED"}]),
            "answers.contradiction",
            id="selected and not",
        ),
    ],
)
def test_what_does_not_fit_the_checklists_is_a_fault(data, key):
    with pytest.raises(FaultyInput) as caught:
        imported(data)

    assert f"exchange.{key}" in {fault.wrong.key for fault in caught.value.faults}


def test_a_question_of_two_checklists_is_told_apart_by_its_pillar():
    both = [checklist("rescue-security"), checklist("rescue-reliability")]

    assert set(imported(summary(SelectedChoices=["seats"]), both).answers) == {SEATS, TESTED}
    with pytest.raises(FaultyInput, match="rescue-reliability"):
        imported({"questionResponses": [{"questionId": "boats", "choices": ["seats"]}]}, both)


def test_answers_to_a_whole_lens_are_read_and_assessed():
    def text(name):
        return decode((SAMPLES / "lens" / name).read_bytes(), name)

    lens = import_lens(text("pillars.json"), "lens.json")
    answers = import_answers(text("pillars-answers.json"), "a.json", lens.checklists, "ana", ON).answers

    assert {name.removeprefix("sample-lens-"): str(answer.answer) for name, answer in answers.items()} == {
        "opex/monitoring.choice1": "yes",
        "opex/monitoring.choice2": "yes",
        "opex/choice3": "no",
        "opex/choice4": "no",
        "opex/incidents.choice1": "no",
        "opex/incidents.choice2": "yes",
        "performance/choice1": "yes",
        "performance/choice2": "yes",
    }
    workload = read(Workload, {"workload": "w", "title": "W", "tier": 2, "owner": {"team": "t"}})
    case = Case(workload, Review(review="w", answers=answers), lens.checklists)
    assessed = {item.name: (str(item.state), item.risk) for item in evaluate(case, Evidence(), ON).items}
    assert assessed == {
        "sample-lens-opex/monitoring": ("not-met", "medium"),
        "sample-lens-opex/incidents": ("not-met", "medium"),
        "sample-lens-performance/scalability": ("met", "high"),
    }


def test_one_page_of_several_is_taken_and_said_to_be_one():
    lens = {
        "schemaVersion": "2021-11-01",
        "name": "L",
        "pillars": [
            {
                "id": "pil",
                "name": "P",
                "questions": [
                    {
                        "id": "boats",
                        "title": "B",
                        "choices": [{"id": "enough", "title": "E"}],
                        "riskRules": [{"condition": "default", "risk": "HIGH_RISK"}],
                    }
                ],
            }
        ],
    }
    page = {"AnswerSummaries": [{"QuestionId": "boats", "SelectedChoices": ["enough"]}], "NextToken": "abc"}

    checklists = import_lens(json.dumps(lens), "lens.json").checklists
    found = import_answers(json.dumps(page), "answers.json", checklists, "ana", date(2026, 11, 20))

    assert list(found.answers) == ["l-pil/enough"]
    assert [note.wrong.key for note in found.notes] == ["exchange.answers.more-pages"]
