"""Sections with risk rules, and what an item takes over from where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from support.builders import answer, assess, case, check, checklist, choices, day, evidence, found, item, plan, waiver

from orr.evaluate.assessed import ItemAssessment
from orr.messages import render

RULES = [("a && b", "none"), ("a || b", "medium"), ("default", "high")]
OLD = day(-366)


def section_of(section: dict[str, Any], **how: Any) -> ItemAssessment:
    (one,) = assess(case(sections=[section], answers=how.pop("answers", {})), evidence(**how)).items
    return one


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ({}, "none of its choices has been answered"),
        ({"a": answer(), "b": answer("no")}, "the rule “a || b” holds; not selected: Is b chosen?"),
        ({"a": answer("no")}, "the rule “default” holds; not selected: Is a chosen?, Is b chosen?"),
        ({"a": answer("no"), "b": answer("not-applicable")}, "the rule “default” holds; not selected: Is a chosen?"),
        (
            {"a": answer(on=OLD), "b": answer(on=OLD)},
            "“Is a chosen?”: the answer of 2025-11-21 held until 2026-11-21, "
            "“Is b chosen?”: the answer of 2025-11-21 held until 2026-11-21",
        ),
    ],
    ids=["nothing", "a rule", "the last rule", "not applicable is not lacking", "stale"],
)
def test_a_section_says_why_it_is_in_its_state(said: dict[str, Any], english: str) -> None:
    assert render(section_of(choices("a", "b", rules=RULES), answers=said).causes, "en") == english


def test_a_section_that_is_met_needs_no_cause() -> None:
    assert section_of(choices("a", "b", rules=RULES), answers={"a": answer(), "b": answer()}).causes == ()


def test_a_section_of_which_no_rule_holds_is_unknown_at_its_worst_risk() -> None:
    rules = [("a", "none"), ("b", "medium"), ("!a && b", "medium")]
    one = section_of(choices("a", "b", rules=rules), answers={"a": answer("no"), "b": answer("no")})
    assert (one.state, one.risk, render(one.causes, "en")) == ("unknown", "medium", "none of its risk rules holds")


@pytest.mark.parametrize(
    ("risks", "worst"),
    [
        (["none", "medium"], "medium"),
        (["none", "medium", "high"], "high"),
        (["high", "none", "medium"], "high"),
        (["none"], "high"),
    ],
    ids=str,
)
def test_a_section_that_is_not_known_is_at_the_worst_risk_that_its_rules_know(risks: list[str], worst: str) -> None:
    rules = [("a", risk) for risk in risks[:-1]] + [("default", risks[-1])]
    assert section_of(choices("a", rules=rules)).risk == worst


def test_a_section_tells_what_its_choices_say_beside_it() -> None:
    section = choices("a", "b", rules=RULES, blocking=True)
    for choice in section["items"]:
        choice["checks"] = [check()]
    one = section_of(section, answers={"a": answer()}, a=[found("not-met")], b=[found("met", says="fine")])
    assert (one.item, one.blocking, one.waivable, one.applies, one.answer) == (None, True, True, True, None)
    assert (one.contradicted, one.planned, one.answer_from) == (True, False, "workload")
    assert [finding.says for finding in one.findings] == ["said so", "fine"]
    assert [(choice.name, choice.waived_by) for choice in one.choices] == [("c/a", None), ("c/b", None)]


def test_a_section_that_nobody_answered_has_no_answer_from_anywhere() -> None:
    one = section_of(choices("a", "b", rules=RULES))
    assert (one.answer_from, one.contradicted, one.findings, one.blocking) == (None, False, (), False)


def test_a_section_has_its_answer_from_the_first_choice_that_has_one() -> None:
    section = choices("a", "b", rules=RULES)
    section["items"][1]["scope"] = "team"
    (one,) = assess(case(sections=[section], team={"b": answer()})).items
    assert one.answer_from == "team:payments"


def test_a_choice_of_a_section_is_covered_by_no_waiver_of_its_own() -> None:
    section = choices("a", "b", rules=RULES)
    (one,) = assess(case(sections=[section], waivers=[waiver("c/a"), waiver("c/s", name="W-2")])).items
    assert (one.waived_by, [choice.waived_by for choice in one.choices]) == ("W-2", [None, None])


def test_what_an_item_does_not_say_is_the_strictest() -> None:
    (one,) = assess(case(item("a"))).items
    assert (one.risk, one.blocking, one.waivable, one.applies, one.planned) == ("high", False, True, True, False)
    assert (one.answer, one.answer_from, one.findings, one.contradicted, one.waived_by) == (None, None, (), False, None)


def test_an_item_stands_where_its_checklist_has_it() -> None:
    (one,) = assess(
        case(checklists=[checklist(item("a", waivable=False, blocking=True, risk="low"), name="one")])
    ).items
    assert (one.name, one.checklist.checklist, one.section.section) == ("one/a", "one", "plain")
    assert (one.item and one.item.item, one.waivable, one.blocking, one.risk) == ("a", False, True, "low")


@pytest.mark.parametrize(("due", "planned"), [(0, True), (-1, False)], ids=["due today", "due yesterday"])
def test_a_plan_counts_up_to_its_day(due: int, planned: bool) -> None:
    (one,) = assess(case(item("a", plan_accepted=True), answers={"a": answer("no", plan=plan(due))})).items
    assert one.planned is planned


def test_a_plan_of_a_day_that_has_not_come_does_not_count() -> None:
    said = answer("no", on=day(1), plan=plan(5))
    (one,) = assess(case(item("a", plan_accepted=True), answers={"a": said})).items
    assert (one.state, one.planned) == ("not-met", False)


@pytest.mark.parametrize(
    "keys",
    [{"plan_accepted": True}, {"when": {"tier": 1}}, {"enforce_from": day(-1)}, {"occasions": ["launch"]},
     {"evidence": "required"}, {"checks": [check()]}],
    ids=str,
)  # fmt: skip
def test_a_fresh_yes_counts_the_same_whatever_else_an_item_asks(keys: dict[str, Any]) -> None:
    said = answer(evidence=[{"path": "drill.md"}])
    (one,) = assess(
        case(item("a", **keys), answers={"a": said}), evidence(a=[found()] if "checks" in keys else [])
    ).items
    assert (one.state, one.causes, one.applies) == ("met", (), True)
