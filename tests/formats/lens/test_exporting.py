import json
from dataclasses import replace

import pytest
from support import SAMPLES

from orr.formats.lens.exporting import export_lens
from orr.formats.lens.importing import import_lens
from orr.model.checklist import Checklist
from orr.model.validation import read
from orr.source.yaml import decode

RULED = {
    "checklist": "rescue-sec",
    "version": 1,
    "title": "Rescue: Security",
    "about": "Whether a rescue would succeed.",
    "lens": {"name": "Rescue", "pillar": "SEC", "place": 1},
    "sections": [
        {
            "section": "boats",
            "title": "Boats",
            "about": "Are there boats?\n\n- The law <https://example.com/law>",
            "risk_rules": [{"if": "seats && boats.tested", "risk": "none"}, {"if": "default", "risk": "high"}],
            "items": [
                {
                    "item": "seats",
                    "ask": "Is there a seat for everyone?",
                    "why": "People drown.\n<https://example.com>",
                    "fix": "Buy boats.",
                },
                {
                    "item": "boats.tested",
                    "ask": "Were they lowered?",
                    "fix": "Lower one.\n\n- How <https://example.com/how>",
                },
            ],
        },
        {
            "section": "vests",
            "title": "Vests",
            "risk_rules": [{"if": "vests.tested", "risk": "none"}, {"if": "default", "risk": "medium"}],
            "items": [{"item": "vests.tested", "ask": "Do they float?", "fix": "Buy vests."}],
        },
    ],
}


def plain(items):
    sections = [{"section": "plan", "title": "The plan", "items": items}]
    return read(
        Checklist,
        {
            "checklist": "rollback-plan",
            "version": 3,
            "title": {"en": "Rollback", "zh-CN": "回滚"},
            "sections": sections,
        },
    )


def item(name, risk, **more):
    ask = {"en": f"Is it {name}?", "zh-CN": f"{name} 了吗？"}
    return {"item": name, "ask": ask, "fix": "Do it.", "risk": risk, **more}


def test_a_section_with_rules_is_a_question_and_comes_back_equal():
    ruled = read(Checklist, RULED)

    exported = export_lens([ruled])

    assert import_lens(exported.text, "lens.json").checklists == (ruled,)
    lens = json.loads(exported.text)
    assert (lens["name"], lens["description"]) == ("Rescue", "Whether a rescue would succeed.")
    (pillar,) = lens["pillars"]
    assert (pillar["id"], pillar["name"]) == ("SEC", "Security")
    question = pillar["questions"][0]
    assert question["description"] == "Are there boats?"
    assert question["helpfulResource"] == {"displayText": "The law", "url": "https://example.com/law"}
    assert [choice["id"] for choice in question["choices"]] == ["seats", "tested"]
    assert question["riskRules"][0] == {"condition": "seats && tested", "risk": "NO_RISK"}
    assert question["choices"][1]["additionalResources"] == [
        {"type": "IMPROVEMENT_PLAN", "content": [{"displayText": "How", "url": "https://example.com/how"}]}
    ]
    assert exported.notes == ()


@pytest.mark.parametrize(
    ("items", "rules"),
    [
        pytest.param(
            [item("one", "high"), item("two", "medium")],
            [("one && two", "NO_RISK"), ("one", "MEDIUM_RISK"), ("default", "HIGH_RISK")],
            id="two risks",
        ),
        pytest.param(
            [item("one", "high"), item("two", "high")],
            [("one && two", "NO_RISK"), ("default", "HIGH_RISK")],
            id="only high",
        ),
        pytest.param([item("one", "medium")], [("one", "NO_RISK"), ("default", "MEDIUM_RISK")], id="only medium"),
        pytest.param([item("one", "low")], [("one", "NO_RISK"), ("default", "MEDIUM_RISK")], id="low counts as medium"),
        pytest.param(
            [item("one", "low", blocking=True), item("two", "low")],
            [("one && two", "NO_RISK"), ("one", "MEDIUM_RISK"), ("default", "HIGH_RISK")],
            id="blocking counts as high",
        ),
    ],
)
def test_items_with_risks_of_their_own_become_rules_that_are_no_milder(items, rules):
    lens = json.loads(export_lens([plain(items)]).text)

    (question,) = lens["pillars"][0]["questions"]
    assert [(rule["condition"], rule["risk"]) for rule in question["riskRules"]] == rules


def test_what_a_lens_cannot_hold_is_told_with_how_often():
    checklist = plain(
        [item("one", "low", valid_for="30d", effort="5m"), item("two", "high", valid_for="60d", waivable=False)]
    )

    notes = {note.key: note.values.get("n", note.values.get("parts")) for note in export_lens([checklist]).notes}

    assert notes == {
        "exchange.export.plain": 1,
        "exchange.export.low": 1,
        "exchange.export.lost": ["effort (1)", "valid_for (2)", "waivable (1)"],
    }


def test_a_lens_speaks_the_language_that_is_asked_for():
    lens = json.loads(export_lens([plain([item("one", "high")])], language="zh-CN").text)

    assert (lens["name"], lens["pillars"][0]["questions"][0]["choices"][0]["title"]) == ("回滚", "one 了吗？")


def test_questions_of_one_name_in_two_checklists_get_two_ids():
    first = plain([item("one", "high")])
    second = replace(first, checklist="other")

    pillars = json.loads(export_lens([first, second]).text)["pillars"]

    assert [pillar["questions"][0]["id"] for pillar in pillars] == ["plan", "other_plan"]


@pytest.mark.parametrize(
    ("items", "key"),
    [
        pytest.param([item("a", "high")], "too-short", id="an id of one letter"),
        pytest.param([item("one", "high", fix=None)], "no-plan", id="no improvement plan"),
        pytest.param(
            [item("one", "high", fix="Go.\n<javascript:alert(1)>")], "no-link", id="a link that runs a script"
        ),
        pytest.param([item("one", "high", why="x" * 2049)], "too-long", id="a long reason"),
        pytest.param([item(f"item-{n}", "high", why="y" * 50_000) for n in range(12)], "too-large", id="a large lens"),
    ],
)
def test_what_aws_would_refuse_is_told(items, key):
    assert f"exchange.export.{key}" in {note.key for note in export_lens([plain(items)]).notes}


@pytest.mark.parametrize("name", ["readiness.json", "pillars.json"])
def test_a_whole_lens_comes_back_as_it_was(name):
    text = decode((SAMPLES / "lens" / name).read_bytes(), name)

    exported = json.loads(export_lens(import_lens(text, name).checklists).text)

    assert _comparable(exported) == _comparable(json.loads(text))


def _comparable(part, key=""):
    """A lens without what its importer says it drops: misspelt keys, spaces at a rule's ends."""
    if isinstance(part, dict):
        return {k: _comparable(v, k) for k, v in part.items() if k != "Url"}
    if isinstance(part, list):
        return [_comparable(entry) for entry in part]
    return part.strip() if key == "condition" else part


@pytest.mark.parametrize("name", ["readiness.json", "pillars.json"])
def test_importing_again_what_was_exported_changes_nothing(name):
    checklists = import_lens(decode((SAMPLES / "lens" / name).read_bytes(), name), name).checklists

    assert import_lens(export_lens(checklists).text, name).checklists == checklists


def test_sections_of_our_own_get_a_choice_that_is_none_of_them_and_does_not_help():
    (question,) = json.loads(export_lens([plain([item("one", "high")])]).text)["pillars"][0]["questions"]

    assert question["choices"][-1] == {"id": "plan_no", "title": "None of these"}
    assert list(export_lens([plain([item("one", "high")])]).weaknesses()) == []


def test_more_items_than_a_question_takes_become_several_and_more_questions_several_pillars():
    crowded = plain([item(f"item-{n}", "high") for n in range(15 * 20)])
    exported = export_lens([crowded])

    pillars = json.loads(exported.text)["pillars"]
    questions = [question for pillar in pillars for question in pillar["questions"]]
    assert [len(pillar["questions"]) for pillar in pillars] == [20, 2]
    assert [pillar["name"] for pillar in pillars] == ["Rollback", "Rollback (2)"]
    assert [len(question["choices"]) for question in questions] == [15] * 21 + [300 - 21 * 14 + 1]
    assert len({question["id"] for question in questions}) == 22
    assert "exchange.export.divided" in {note.key for note in exported.notes}
    assert not {note.key for note in exported.notes} & {"exchange.export.too-many", "exchange.export.too-long"}


def test_a_question_that_is_too_long_is_cut_and_stands_whole_before_its_reason():
    asked = "Is it " + "so " * 50
    exported = export_lens([plain([{**item("one", "high", why="It sinks."), "ask": asked.strip()}])])

    (choice, _none) = json.loads(exported.text)["pillars"][0]["questions"][0]["choices"]
    assert len(choice["title"]) <= 128
    assert choice["title"].endswith("…")
    assert choice["helpfulResource"] == {"displayText": f"{asked.strip()}\n\nIt sinks."}
    assert {note.key for note in exported.notes} == {"exchange.export.plain", "exchange.export.cut-title"}


def test_the_name_of_a_lens_of_many_checklists_is_short_enough_and_said_to_be_cut():
    many = [replace(plain([item("one", "high")]), checklist=f"c{n}", title=f"Readiness of part {n}") for n in range(9)]
    exported = export_lens(many)

    assert len(json.loads(exported.text)["name"]) <= 128
    assert "exchange.export.cut-name" in {note.key for note in exported.notes}


def test_pillars_come_back_in_their_order_whatever_order_they_are_named_in():
    text = decode((SAMPLES / "lens" / "pillars.json").read_bytes(), "pillars.json")
    checklists = import_lens(text, "pillars.json").checklists

    assert export_lens(checklists[::-1]).text == export_lens(checklists).text
