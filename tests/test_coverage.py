"""Every practice and requirement of the source is served, and the page that says so is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.coverage import coverage, items_by_practice, shipped_checklists
from orr.messages import LANGUAGES
from orr.model import item_id
from orr.practices import index

ROOT = Path(__file__).parents[1]
CHECKLISTS = shipped_checklists()
ITEMS = {item_id(c.checklist, i.item): i for c in CHECKLISTS for s in c.sections for i in s.items}


def test_there_are_eight_checklists() -> None:
    assert {checklist.checklist for checklist in CHECKLISTS} == {
        "staffing", "runbooks", "security-baseline", "rollback-plan", "organization", "prepare", "operate", "evolve",
    }  # fmt: skip


def test_there_are_82_practices_and_38_requirements() -> None:
    assert len({practice["practice"] for practice in index()["practices"]}) == 82
    assert len({requirement["requirement"] for requirement in index()["requirements"]}) == 38


def test_every_practice_is_asked_by_an_item_that_names_it() -> None:
    asked = items_by_practice(CHECKLISTS)
    assert [one["practice"] for one in index()["practices"] if one["practice"] not in asked] == []


def test_the_practices_of_an_area_are_asked_by_the_checklist_of_that_name() -> None:
    asked = items_by_practice(CHECKLISTS)
    for practice in index()["practices"]:
        names = [name for name, _ in asked[practice["practice"]]]
        assert any(name.startswith(practice["area"] + "/") for name in names), practice["practice"]


def test_every_requirement_is_asked_by_an_existing_item_or_met_by_a_feature() -> None:
    for requirement in index()["requirements"]:
        items = requirement.get("items", [])
        assert items or requirement.get("feature"), requirement["requirement"]
        assert set(items) <= set(ITEMS), requirement["requirement"]


def test_every_requirement_names_a_practice_that_exists() -> None:
    known = {practice["practice"] for practice in index()["practices"]}
    assert {requirement["practice"] for requirement in index()["requirements"]} <= known


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_written_out_in_both_languages(name: str) -> None:
    item = ITEMS[name]
    for text in (item.ask, item.why, item.fix):
        assert isinstance(text, dict), name
        assert set(text) == set(LANGUAGES)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text["zh-CN"])
    assert item.risk is not None


@pytest.mark.parametrize("checklist", CHECKLISTS, ids=lambda checklist: checklist.checklist)
def test_a_checklist_and_its_sections_have_titles_in_both_languages(checklist) -> None:  # type: ignore[no-untyped-def]
    for title in (checklist.title, *(section.title for section in checklist.sections)):
        assert isinstance(title, dict)
        assert set(title) == set(LANGUAGES)
    assert checklist.owner


@pytest.mark.parametrize("name", ["staffing", "runbooks", "security-baseline", "rollback-plan"])
def test_a_checklist_of_the_first_four_has_ten_to_twenty_items(name: str) -> None:
    (checklist,) = (one for one in CHECKLISTS if one.checklist == name)
    assert 10 <= sum(len(section.items) for section in checklist.sections) <= 20


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == coverage()
