"""What goes into the rule, and what comes out of it for an item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.builders import answer, assess, case, check, checklist, choices, day, item, plan, waiver

from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.case import units_of
from orr.model.checklist import Occasion, Scope
from orr.model.release import Release

RULES = [("a && b", "none"), ("default", "high")]


def only(*items: dict[str, Any], **how: Any) -> ItemAssessment:
    (one,) = assess(case(*items, **how)).items
    return one


# The case


def test_a_case_is_the_same_where_neither_occasion_nor_release_is_asked_for() -> None:
    made = case(item("a"))
    assert made.on(None, None) is made


def test_a_case_on_another_occasion_keeps_everything_else() -> None:
    made = case(item("a"), answers={"a": answer()}, release={"version": "1.0"})
    other = made.on(Occasion.CHANGE, None)
    assert other.review == replace(made.review, occasion=Occasion.CHANGE)
    assert (other.release, other.workload, other.checklists) == (made.release, made.workload, made.checklists)


def test_a_case_for_a_release_keeps_its_occasion() -> None:
    made = case(item("a"), occasion="change")
    other = made.on(None, Release(version="2.0"))
    assert (other.release, other.review) == (Release(version="2.0"), made.review)


def test_what_a_command_names_of_a_release_goes_before_what_the_review_says() -> None:
    made = case(item("a"), release={"version": "1.0", "environment": "production"})
    assert made.on(None, Release(version="2.0")).release == Release(version="2.0", environment="production")


@pytest.mark.parametrize("scope", Scope)
def test_nobody_answered_where_no_file_does(scope: Scope) -> None:
    assert case(item("a")).answer(scope, "c/a") == (None, None)


def test_a_unit_is_an_item_or_a_section_with_rules() -> None:
    one = checklist(item("a"), item("b"), sections=[choices("x", "y", rules=[("x", "none"), ("default", "high")])])
    assert [(section.section, part and part.item) for section, part in units_of(one)] == [
        ("plain", "a"), ("plain", "b"), ("s", None),
    ]  # fmt: skip


def test_the_units_of_a_case_are_those_of_its_checklists_in_their_order() -> None:
    both = [checklist(item("a"), name="two"), checklist(item("b"), name="one")]
    made = case(checklists=both)
    assert [(of.checklist, section.section, part and part.item) for of, section, part in made.units()] == [
        ("two", "plain", "a"), ("one", "plain", "b"),
    ]  # fmt: skip


# An item that was assessed


@pytest.mark.parametrize(
    ("said", "waivers", "covered"),
    [
        (answer(), [], None),
        (answer("no"), [], None),
        (answer("no"), [waiver("c/a")], "waiver:W-1"),
        (answer("no", plan=plan()), [], "plan"),
        (answer("no", plan=plan()), [waiver("c/a")], "waiver:W-1"),
        (answer(), [waiver("c/a")], None),
        (answer("not-applicable"), [waiver("c/a")], None),
    ],
    ids=["met", "nothing", "a waiver", "a plan", "both", "met and waived", "not applicable"],
)
def test_only_what_is_open_is_covered_by_a_waiver_before_a_plan(
    said: dict[str, Any], waivers: list[dict[str, Any]], covered: str | None
) -> None:
    assert only(item("a", plan_accepted=True), answers={"a": said}, waivers=waivers).covered_by == covered


@pytest.mark.parametrize(
    ("keys", "said", "attested"),
    [
        ({"checks": [check()]}, answer("no"), True),
        ({"checks": [check()]}, answer(), True),
        ({"checks": [check()]}, answer(None, plan=plan()), False),
        ({"checks": [check()]}, None, False),
        ({}, answer(), False),
    ],
    ids=["a no beside a check", "a yes beside a check", "only a plan", "nobody", "no check"],
)
def test_what_a_person_says_beside_a_check_is_an_attestation(
    keys: dict[str, Any], said: dict[str, Any] | None, attested: bool
) -> None:
    one = only(item("a", **keys), answers={"a": said} if said else {})
    assert one.attestation == (one.answer if attested else None)


def test_a_section_attests_nothing_itself() -> None:
    assert only(sections=[choices("a", "b", rules=RULES)], answers={"a": answer()}).attestation is None


def test_an_item_is_asked_fixed_and_scoped_as_its_checklist_says() -> None:
    one = only(item("a", fix="write it", scope="team"))
    assert (one.ask, one.fix, one.scope) == ("Is a done?", "write it", Scope.TEAM)


def test_a_section_is_asked_by_its_title_else_by_its_name() -> None:
    assert only(sections=[choices("a", rules=[("a", "none"), ("default", "high")], title="Boats")]).ask == "Boats"
    bare = only(sections=[choices("a", rules=[("a", "none"), ("default", "high")])])
    assert (bare.ask, bare.scope) == ("s", Scope.WORKLOAD)


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ({}, "fix a"),
        ({"a": answer()}, "fix b"),
        ({"a": answer("not-applicable")}, "fix b"),
        ({"a": answer(), "b": answer()}, None),
    ],
    ids=["none selected", "the first selected", "the first not applicable", "all selected"],
)
def test_the_next_step_of_a_section_is_that_of_its_first_choice_that_is_lacking(
    said: dict[str, Any], fix: str | None
) -> None:
    section = choices("a", "b", rules=RULES)
    for choice in section["items"]:
        choice["fix"] = f"fix {choice['item']}"
    assert only(sections=[section], answers=said).fix == fix


def test_a_choice_without_a_next_step_leaves_it_to_the_one_after() -> None:
    section = choices("a", "b", rules=RULES)
    section["items"][1]["fix"] = "fix b"
    assert only(sections=[section]).fix == "fix b"


def test_the_launch_is_on_a_day_of_the_workspace_or_on_none() -> None:
    assert case(item("a")).launch_day is None
    launch = case(item("a"), workload={"launch": day(3)}).launch_day
    assert launch is not None
    assert launch.isoformat() == day(3)
