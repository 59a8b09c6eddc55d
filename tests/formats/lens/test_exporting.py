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
    "checklist": "rescue-security",
    "version": 1,
    "title": "Rescue: Security",
    "about": "Whether a rescue would succeed.",
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
            "items": [{"item": "vests.tested", "ask": "Do they float?"}],
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
    return {"item": name, "ask": {"en": f"Is it {name}?", "zh-CN": f"{name} 了吗？"}, "risk": risk, **more}


def test_a_section_with_rules_is_a_question_and_comes_back_equal():
    ruled = read(Checklist, RULED)

    exported = export_lens([ruled])

    assert import_lens(exported.text, "lens.json").checklists == (ruled,)
    lens = json.loads(exported.text)
    assert (lens["name"], lens["description"]) == ("Rescue", "Whether a rescue would succeed.")
    (pillar,) = lens["pillars"]
    assert (pillar["id"], pillar["name"]) == ("security", "Security")
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

    notes = {
        note.key + ":" + str(note.values.get("key", "")): note.values["n"] for note in export_lens([checklist]).notes
    }

    assert notes == {
        "exchange.export.plain:": 1,
        "exchange.export.low:": 1,
        "exchange.export.lost:effort": 1,
        "exchange.export.lost:valid_for": 2,
        "exchange.export.lost:waivable": 1,
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
        pytest.param([item(f"item-{n}", "high") for n in range(16)], "too-many", id="sixteen choices"),
        pytest.param([{**item("one", "high"), "ask": "x" * 129}], "too-long", id="a long question"),
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
    """A lens without what its importer says it drops: pillar ids' capitals, misspelt keys, spaces at a rule's ends."""
    if isinstance(part, dict):
        small = {"id": part["id"].lower()} if "questions" in part else {}
        return {k: _comparable(v, k) for k, v in {**part, **small}.items() if k != "Url"}
    if isinstance(part, list):
        return [_comparable(entry) for entry in part]
    return part.strip() if key == "condition" else part


@pytest.mark.parametrize("name", ["readiness.json", "pillars.json"])
def test_importing_again_what_was_exported_changes_nothing(name):
    checklists = import_lens(decode((SAMPLES / "lens" / name).read_bytes(), name), name).checklists

    assert import_lens(export_lens(checklists).text, name).checklists == checklists
