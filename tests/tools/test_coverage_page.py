"""Every practice and requirement of the source is served, and the page that says so is up to date."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from support import ROOT

from orr.evidence.checks.aws.recipes import library
from orr.evidence.checks.service.recipes import all_names
from orr.evidence.kinds.kind import Kind
from orr.evidence.kinds.registry import all_kinds, kind_named
from orr.messages import LANGUAGES, in_language
from orr.model.checklist import Checklist, item_id
from orr.workspace.practices import index
from orr.workspace.workspace import Workspace
from tools.aws_recipes_page import recipes
from tools.coverage_page import coverage, items_by_practice, shipped_checklists
from tools.systems import System, systems

CHECKLISTS = shipped_checklists()
OPTIONAL = shipped_checklists("optional")
ITEMS = {item_id(c.checklist, i.item): i for c in CHECKLISTS for s in c.sections for i in s.items}
MORE = {item_id(c.checklist, i.item): i for c in OPTIONAL for s in c.sections for i in s.items}


def test_there_are_ten_checklists() -> None:
    assert {checklist.checklist for checklist in CHECKLISTS} == {
        "staffing", "runbooks", "security-baseline", "rollback-plan", "reliability", "data-protection",
        "organization", "prepare", "operate", "evolve",
    }  # fmt: skip


def test_there_are_82_practices_and_38_requirements() -> None:
    assert len({practice["practice"] for practice in index()["practices"]}) == 82
    assert len({requirement["requirement"] for requirement in index()["requirements"]}) == 38


def test_every_practice_is_asked_by_an_item_that_names_it() -> None:
    asked = items_by_practice(CHECKLISTS)
    assert [one["practice"] for one in index()["practices"] if one["practice"] not in asked] == []


BASICS = {"staffing", "runbooks", "security-baseline", "rollback-plan"}


def test_the_practices_of_an_area_are_asked_by_the_checklist_of_that_name_or_by_the_basics_of_a_launch() -> None:
    asked = items_by_practice(CHECKLISTS)
    for practice in index()["practices"]:
        lists = {name.partition("/")[0] for name, _ in asked[practice["practice"]]}
        assert lists & {practice["area"], *BASICS}, practice["practice"]


def test_every_requirement_is_asked_by_an_existing_item_or_met_by_a_feature() -> None:
    for requirement in index()["requirements"]:
        items = requirement.get("items", [])
        assert items or requirement.get("feature"), requirement["requirement"]
        assert set(items) <= set(ITEMS), requirement["requirement"]


def test_every_requirement_names_a_practice_that_exists() -> None:
    known = {practice["practice"] for practice in index()["practices"]}
    assert {requirement["practice"] for requirement in index()["requirements"]} <= known


def test_a_practice_is_served_by_a_check_or_it_is_said_why_not() -> None:
    served = {practice for item in ITEMS.values() if item.checks for practice in item.practice}
    for practice in index()["practices"]:
        assert (practice["practice"] in served) is ("by_hand" not in practice), practice["practice"]
        if "by_hand" in practice:
            assert set(practice["by_hand"]) == set(LANGUAGES)
        else:
            assert practice["automatable"] in ("fully", "partly"), practice["practice"]


def test_what_can_be_read_fully_is_read_by_a_check() -> None:
    levels = Counter(practice["automatable"] for practice in index()["practices"])
    assert levels == {"fully": 30, "partly": 51, "none": 1}
    assert [one for one in index()["practices"] if one["automatable"] == "fully" and "by_hand" in one] == []


def test_every_kind_of_check_is_used_by_an_item() -> None:
    used = {spec.check for item in (ITEMS | MORE).values() for spec in item.sources}
    assert used == {name for name, kind in all_kinds() if isinstance(kind, Kind) and kind.built_in}


def test_what_acts_in_the_checklists_in_use_by_themselves_stands_beside_a_file() -> None:
    groups = [[kind_named(one.check).traits.acts for one in spec.sources] for i in ITEMS.values() for spec in i.checks]
    assert [acts for acts in groups if all(acts)] == []


def test_the_optional_checklists_have_no_fault_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "orr.yaml").write_text("checklists: [checklists, checklists/optional]\n")
    (tmp_path / "checklists").symlink_to(ROOT / "checklists")
    workspace = Workspace.open(tmp_path, date(2026, 11, 23))
    assert list(workspace.faults()) == []
    assert {one.checklist for one in OPTIONAL} <= set(workspace.checklists)


@pytest.mark.parametrize("checklist", OPTIONAL, ids=lambda checklist: checklist.checklist)
def test_an_optional_checklist_says_at_its_head_what_must_be_allowed(checklist: Checklist) -> None:
    head = (ROOT / "checklists" / "optional" / f"{checklist.checklist}.yaml").read_text(encoding="utf-8")
    acting = {spec.check for s in checklist.sections for i in s.items for spec in i.sources}
    for kind in acting:
        assert f"`{kind}`" in head.split("checklist:")[0] or not kind_named(kind).traits.acts


def test_an_item_is_written_out_in_both_languages() -> None:
    for name, item in (ITEMS | MORE).items():
        for text in (item.ask, item.why, item.fix):
            assert isinstance(text, dict), name
            assert set(text) == set(LANGUAGES), name
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text["zh-CN"]), name
        assert item.risk is not None, name


def test_a_checklist_and_its_sections_have_titles_in_both_languages() -> None:
    for checklist in (*CHECKLISTS, *OPTIONAL):
        for title in (checklist.title, *(section.title for section in checklist.sections)):
            assert isinstance(title, dict), title
            assert set(title) == set(LANGUAGES), title
        assert checklist.owner, checklist.checklist


@pytest.mark.parametrize("name", ["staffing", "runbooks", "security-baseline", "rollback-plan"])
def test_a_checklist_of_the_first_four_has_ten_to_twenty_items(name: str) -> None:
    (checklist,) = (one for one in CHECKLISTS if one.checklist == name)
    assert 10 <= sum(len(section.items) for section in checklist.sections) <= 20


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == coverage()


def test_every_system_has_a_row_with_its_name_and_the_items_that_ask_its_recipes() -> None:
    rows = coverage().partition("| System |")[2].splitlines()[2:]
    assert [row[2:].partition(" | ")[0] for row in rows if row] == [in_language(one.name, "en") for one in systems()]
    (grafana,) = (row for row in rows if row.startswith("| Grafana |"))
    assert "`operate/outcome-alerts-fired`, *`live/alerts-delivered`*" in grafana


def test_there_are_137_systems_of_six_kinds() -> None:
    assert Counter(system.kind for system in systems()) == {
        "aws-program": 12, "aws-service": 40, "aws-feature": 16, "third-party": 11, "standard-tool": 1, "mechanism": 57,
    }  # fmt: skip
    assert len({system.system for system in systems()}) == 137


def test_what_works_with_a_system_exists() -> None:
    kinds = {name for name, _ in all_kinds()}
    for system in systems():
        assert set(system.served_by.checks) <= kinds, system.system
        assert set(system.served_by.aws) <= set(library()), system.system
        assert set(system.served_by.service) <= set(all_names()), system.system
        assert set(system.served_by.items) <= {*ITEMS, *MORE}, system.system


@pytest.mark.parametrize("name", ["trusted-advisor", "auto-scaling"])
def test_a_system_that_shows_limits_names_no_item_about_people(name: str) -> None:
    (system,) = (one for one in systems() if one.system == name)
    assert system.served_by.items
    assert not {item.partition("/")[0] for item in system.served_by.items} & {"staffing", "organization"}
    assert "staffing/primary-on-every-shift" not in system.served_by.items


def test_a_service_bears_the_name_that_it_has_now() -> None:
    named = {one.system: in_language(one.name, "en") for one in systems()}
    present = {
        "cloudwatch-events": "Amazon EventBridge",
        "elasticsearch-service": "Amazon OpenSearch Service",
        "kinesis-firehose": "Amazon Data Firehose",
        "personal-health-dashboard": "AWS Health Dashboard",
        "quicksight": "Amazon QuickSight",
    }
    assert {system: named[system].partition(", once")[0] for system in present} == present


def test_every_service_of_aws_is_read_by_a_recipe_or_it_is_said_why_not() -> None:
    for system in systems():
        if system.kind in ("aws-service", "aws-feature"):
            assert system.served_by.aws or system.why_not, system.system


def test_every_other_product_is_read_by_a_recipe() -> None:
    assert [one.system for one in systems() if one.kind == "third-party" and not one.served_by.service] == []


def test_every_recipe_of_aws_reads_a_system() -> None:
    assert {recipe for system in systems() for recipe in system.served_by.aws} == set(library())


def test_few_systems_have_nothing_that_works_with_them() -> None:
    assert {system.system for system in systems() if system.why_not} == {
        "aws-caf", "shared-responsibility-model", "codestar",
    }  # fmt: skip


def test_what_is_said_of_systems_is_said_in_both_languages() -> None:
    for system in systems():
        for text in filter(None, (system.served_by.feature, system.why_not)):
            assert isinstance(text, dict), system.system
            assert set(text) == set(LANGUAGES)
        if system.kind == "mechanism":
            assert isinstance(system.name, dict), system.system


def test_a_system_needs_something_that_works_with_it_or_a_reason() -> None:
    with pytest.raises(ValueError, match="served_by or why_not"):
        System(system="fax", kind="mechanism", name="Fax")


def test_the_page_of_the_recipes_is_up_to_date() -> None:
    assert (ROOT / "docs" / "aws-recipes.md").read_text(encoding="utf-8") == recipes()
