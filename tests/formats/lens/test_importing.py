import copy
import json
from pathlib import Path

import pytest
from support import SAMPLES

from orr.formats.checklist import checklist_yaml
from orr.formats.lens.exporting import export_lens
from orr.formats.lens.importing import import_lens
from orr.model.checklist import Checklist
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.source.yaml import decode
from orr.workspace.crosscheck import checklist_faults

LENS = {
    "schemaVersion": "2021-11-01",
    "name": "Rescue",
    "description": "Whether a rescue would succeed.",
    "pillars": [
        {
            "id": "costOptimization",
            "name": "Cost",
            "questions": [
                {
                    "id": "boats",
                    "title": "Boats",
                    "description": "Are there boats?",
                    "choices": [
                        {
                            "id": "enough",
                            "title": "There is a seat for everyone.",
                            "helpfulResource": {"displayText": "People drown.", "url": "https://example.com/why"},
                            "improvementPlan": {"displayText": "Buy boats."},
                            "additionalResources": [
                                {
                                    "type": "IMPROVEMENT_PLAN",
                                    "content": [{"displayText": "Offers", "url": "https://example.com/offers"}],
                                }
                            ],
                        },
                        {
                            "id": "tested",
                            "title": "They were lowered this year.",
                            "improvementPlan": {"displayText": "Lower them."},
                        },
                        {"id": "boats_no", "title": "None of these"},
                    ],
                    "riskRules": [
                        {"condition": "enough && tested && !boats_no", "risk": "NO_RISK"},
                        {"condition": "enough || (tested)", "risk": "MEDIUM_RISK"},
                        {"condition": "default", "risk": "HIGH_RISK"},
                    ],
                }
            ],
        }
    ],
}


def changed(change, value=None):
    """A copy of the lens with one thing changed, given as its path."""
    lens = copy.deepcopy(LENS)
    part = lens
    for key in change[:-1]:
        part = part[key]
    if value is None:
        del part[change[-1]]
    else:
        part[change[-1]] = value
    return json.dumps(lens, indent=1)


QUESTION = ("pillars", 0, "questions", 0)
CHOICE = (*QUESTION, "choices", 0)


def test_a_pillar_becomes_a_checklist_a_question_a_section_and_a_choice_an_item():
    imported = import_lens(json.dumps(LENS), "lens.json")

    (checklist,) = imported.checklists
    (section,) = checklist.sections
    assert checklist.checklist == "rescue-cost-optimization"
    assert (checklist.title, checklist.about) == ("Rescue: Cost", "Whether a rescue would succeed.")
    assert (section.section, section.title, section.about) == ("boats", "Boats", "Are there boats?")
    assert [item.item for item in section.items] == ["enough", "tested", "boats_no"]
    assert [(rule.if_, rule.risk) for rule in section.risk_rules] == [
        ("enough && tested && !boats_no", "none"),
        ("enough || (tested)", "medium"),
        ("default", "high"),
    ]
    assert imported.notes == ()


def test_a_choices_resources_become_why_and_fix():
    (checklist,) = import_lens(json.dumps(LENS), "lens.json").checklists

    item = checklist.sections[0].items[0]
    assert item.ask == "There is a seat for everyone."
    assert item.why == "People drown.\n<https://example.com/why>"
    assert item.fix == "Buy boats.\n\n- Offers <https://example.com/offers>"


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("", "cost-optimization"), ("ours", "ours-cost-optimization"), ("Our Lens", "our-lens-cost-optimization")],
)
def test_the_caller_may_say_what_names_begin_with(prefix, name):
    assert import_lens(json.dumps(LENS), "lens.json", prefix).checklists[0].checklist == name


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        pytest.param(("schemaVersion",), "2031-01-01", "lens.version", id="another version"),
        pytest.param(("name",), None, "missing", id="no name"),
        pytest.param(("name",), 7, "kind", id="a name that is a number"),
        pytest.param(("pillars",), [], "none", id="no pillars"),
        pytest.param(("pillars", 0, "questions"), {"id": "x"}, "kind", id="questions that are no list"),
        pytest.param(("pillars", 0, "questions", 0), "x", "kind", id="a question that is a text"),
        pytest.param((*QUESTION, "title"), " ", "blank", id="an empty title"),
        pytest.param((*CHOICE, "id"), "tested", "lens.twice", id="a choice twice"),
        pytest.param((*CHOICE, "id"), "a b", "lens.id", id="an id with a space"),
        pytest.param(
            (*CHOICE, "additionalResources", 0, "type"), "VIDEO", "lens.resource-type", id="a type of resource"
        ),
        pytest.param((*QUESTION, "riskRules", 0, "risk"), "LOW_RISK", "lens.risk", id="a risk that there is not"),
        pytest.param(
            (*QUESTION, "riskRules", 0, "condition"), "enough and tested", "lens.condition", id="a word for &&"
        ),
        pytest.param(
            (*QUESTION, "riskRules", 0, "condition"), "enough && lost", "lens.no-choice", id="an unknown choice"
        ),
        pytest.param((*QUESTION, "riskRules", 0, "condition"), "default", "lens.after-default", id="an early default"),
    ],
)
def test_a_lens_that_says_something_else_is_a_fault_where_it_says_so(path, value, key):
    text = changed(path, value)

    with pytest.raises(FaultyInput) as caught:
        import_lens(text, "lens.json")

    keys = {fault.wrong.key for fault in caught.value.faults}
    assert f"exchange.{key}" in keys
    for fault in caught.value.faults:
        assert fault.place.line <= len(text.splitlines())
        assert fault.in_words("en").startswith(f"lens.json:{fault.place.line}:{fault.place.column}: ")


def test_every_fault_is_told_at_once_and_in_order():
    lens = copy.deepcopy(LENS)
    del lens["name"]
    lens["pillars"][0]["questions"][0]["riskRules"][0]["risk"] = "LOW"
    lens["pillars"][0]["questions"][0]["choices"][1]["title"] = ""

    with pytest.raises(FaultyInput) as caught:
        import_lens(json.dumps(lens, indent=1), "lens.json")

    assert [fault.wrong.key for fault in caught.value.faults] == [
        "exchange.missing",
        "exchange.blank",
        "exchange.lens.risk",
    ]


def test_a_choice_whose_id_stands_elsewhere_in_the_pillar_is_named_after_its_question():
    lens = copy.deepcopy(LENS)
    other = copy.deepcopy(lens["pillars"][0]["questions"][0])
    other["id"] = "tested"
    lens["pillars"][0]["questions"].append(other)

    imported = import_lens(json.dumps(lens), "lens.json")

    first, second = imported.checklists[0].sections
    assert [item.item for item in first.items] == ["boats.enough", "boats.tested", "boats.boats_no"]
    assert [item.item for item in second.items] == ["tested.enough", "tested.tested", "tested.boats_no"]
    assert second.risk_rules[0].if_ == "tested.enough && tested.tested && !tested.boats_no"
    assert {note.wrong.key for note in imported.notes} == {"exchange.lens.renamed"}


def test_two_pillars_of_one_name_in_kebab_case_stay_two():
    lens = copy.deepcopy(LENS)
    lens["pillars"].append({**copy.deepcopy(lens["pillars"][0]), "id": "cost_optimization"})
    lens["pillars"][1]["questions"][0]["id"] = "rafts"

    names = [checklist.checklist for checklist in import_lens(json.dumps(lens), "lens.json").checklists]

    assert names == ["rescue-cost-optimization", "rescue-cost-optimization-2"]


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        pytest.param(("_version",), "3", "unknown-key", id="a key of somebody's own"),
        pytest.param((*CHOICE, "helpfulResource", "Url"), "https://a.b", "unknown-key", id="a misspelt key"),
        pytest.param((*CHOICE, "description"), "More words.", "lens.merged", id="a choice's description"),
        pytest.param(
            (*QUESTION, "helpfulResource"), {"displayText": "A guide"}, "lens.merged", id="a text without link"
        ),
        pytest.param(
            (*QUESTION, "riskRules"), [{"condition": "default", "risk": "NO_RISK"}], "lens.never-risk", id="harmless"
        ),
    ],
)
def test_what_is_left_out_or_put_together_is_told(path, value, key):
    imported = import_lens(changed(path, value), "lens.json")

    assert [note.wrong.key for note in imported.notes if note.wrong.key != "exchange.lens.differs"] == [
        f"exchange.{key}"
    ]


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        pytest.param((*CHOICE, "improvementPlan"), None, "no-plan", id="no improvement plan"),
        pytest.param((*CHOICE, "helpfulResource", "url"), "javascript:alert(1)", "no-link", id="a script as link"),
        pytest.param((*CHOICE, "title"), "a\u0000b", "forbidden", id="a control character"),
        pytest.param(
            (*QUESTION, "riskRules"),
            [{"condition": name, "risk": "HIGH_RISK"} for name in ("enough", "tested", "boats_no", "default")],
            "too-many",
            id="four rules",
        ),
    ],
)
def test_what_aws_does_not_accept_is_told_and_taken_as_it_is(path, value, key):
    imported = import_lens(changed(path, value), "lens.json")

    assert f"exchange.export.{key}" in {
        note.wrong.values["why"].key for note in imported.notes if note.wrong.key == "exchange.lens.not-accepted"
    }


def test_a_title_that_is_no_text_but_nan_is_a_fault():
    with pytest.raises(FaultyInput):
        import_lens(json.dumps(LENS).replace('"Boats"', "NaN"), "lens.json")


@pytest.mark.parametrize("pillar", ["GEN", "costOptimization", "a_B"])
def test_what_comes_back_is_the_same_or_its_difference_is_listed(pillar):
    lens = copy.deepcopy(LENS)
    lens["pillars"][0]["id"] = pillar
    same = import_lens(json.dumps(lens), "lens.json")
    assert json.loads(export_lens(same.checklists).text) == lens
    assert same.notes == ()

    lens["pillars"][0]["questions"][0]["choices"][0]["helpfulResource"]["url"] = ""
    other = import_lens(json.dumps(lens), "lens.json")
    assert json.loads(export_lens(other.checklists).text) != lens
    assert [note.wrong.key for note in other.notes] == ["exchange.lens.differs"]


WHOLE = {"readiness.json": (2, 3, 7), "pillars.json": (2, 3, 8)}
"""By file: how many pillars, questions and choices."""


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_lens_becomes_checklists_without_a_fault(name):
    imported = import_lens(decode((SAMPLES / "lens" / name).read_bytes(), name), name)

    sections = [section for checklist in imported.checklists for section in checklist.sections]
    assert (len(imported.checklists), len(sections), sum(len(section.items) for section in sections)) == WHOLE[name]
    for checklist in imported.checklists:
        file = InputFile(Path("c.yaml"), "c.yaml", checklist_yaml(checklist).encode())
        assert file.read_as(Checklist) == checklist
        assert list(checklist_faults(file, checklist)) == []


def test_what_a_lens_without_defaults_leaves_undecided_is_unknown_and_noted_question_by_question():
    name = "no-default.json"
    text = decode((SAMPLES / "lens" / name).read_bytes(), name)

    imported = import_lens(text, name)

    notes = [note for note in imported.notes if note.wrong.key == "exchange.lens.no-default"]
    assert [note.wrong.values["id"] for note in notes] == ["dp1", "dp2", "dp3"]
    assert len({note.place.line for note in notes}) == 3
    sections = [section for checklist in imported.checklists for section in checklist.sections]
    assert {(section.risk_rules[-1].if_, section.risk_rules[-1].risk) for section in sections} == {
        ("default", "unknown")
    }
    rules = [
        question["riskRules"]
        for pillar in json.loads(export_lens(imported.checklists).text)["pillars"]
        for question in pillar["questions"]
    ]
    assert all(rule["condition"] != "default" for those in rules for rule in those)
