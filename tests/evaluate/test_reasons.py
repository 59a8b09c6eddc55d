"""Why a verdict is what it is: which reason stands first, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from support.builders import answer, assess, case, check, choices, day, evidence, found, item, plan, waiver

from orr.evaluate.reasons import reason_for
from orr.messages import render

ROW = {"no_go": ["high"], "conditional": ["medium", "low"]}
NO = answer("no")


def told(made: Any, at_most: int | None = None) -> list[str]:
    """The items that are told as reasons, in their order."""
    reasons = assess(made).first_reasons(at_most)
    return [str(reason.values["item"]).removeprefix("c/") for reason in reasons if reason.key == "rule.reason.item"]


def test_what_stops_stands_before_what_only_conditions_and_before_what_is_covered() -> None:
    made = case(
        item("low", risk="low"),
        item("medium", risk="medium"),
        item("covered-high"),
        item("covered-blocking", risk="low", blocking=True),
        item("high"),
        item("blocking-low", risk="low", blocking=True),
        answers=dict.fromkeys(
            ["low", "medium", "covered-high", "covered-blocking", "high", "blocking-low"], NO
        ),
        waivers=[waiver("c/covered-high", "c/covered-blocking")],
        policy=ROW,
    )  # fmt: skip
    order = ["blocking-low", "high", "covered-blocking", "covered-high", "medium", "low"]
    assert told(made) == order
    for most in range(1, len(order) + 1):
        assert told(made, most) == order[:most]


def test_of_the_same_weight_the_worse_state_stands_first() -> None:
    names = ["partial", "unanswered", "stale", "not-met"]
    said = {"partial": answer("partial"), "stale": answer(on=day(-400)), "not-met": NO}
    assert told(case(*map(item, names), answers=said, policy=ROW)) == ["not-met", "stale", "unanswered", "partial"]


def test_of_the_same_risk_what_is_covered_stands_after_what_is_not() -> None:
    made = case(
        item("covered", risk="medium"),
        item("open", risk="medium"),
        answers={"covered": NO, "open": answer("partial")},
        waivers=[waiver("c/covered")],
        policy=ROW,
    )
    assert told(made) == ["open", "covered"]


def test_a_go_is_a_reason_only_where_the_verdict_is_go() -> None:
    conditional = assess(case(item("a", risk="medium"), policy=ROW))
    assert [reason.key for reason in conditional.reasons] == ["rule.reason.item"]


def test_where_nothing_applies_that_is_the_first_reason_and_the_policy_the_last() -> None:
    assessed = assess(case(item("a", when={"tier": 4})))
    assert [render(reason, "en") for reason in assessed.reasons] == [
        "No item applies to this workload, so nothing was assessed.",
        "orr.yaml has no policy for tier 1, so the default policy was used.",
    ]


def test_an_item_that_stops_is_the_reason_though_it_was_answered_not_applicable() -> None:
    made = case(item("a", checks=[check()]), answers={"a": answer("not-applicable", reason="none")}, policy=ROW)
    reasons = assess(made, evidence(a=[found("not-met")])).reasons
    assert [reason.key for reason in reasons] == ["rule.reason.item"]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "Every item that applies is met."),
        (1, "One item is open, of a risk that does not count against this tier."),
        (2, "2 items are open, all of a risk that does not count against this tier."),
    ],
)
def test_a_go_says_whether_anything_is_open(count: int, words: str) -> None:
    low = [item(f"low-{number}", risk="low") for number in range(count)]
    assessed = assess(case(item("a"), *low, answers={"a": answer()}, policy={"no_go": ["high"], "conditional": []}))
    assert [render(reason, "en") for reason in assessed.reasons] == [words]


def test_a_section_is_a_reason_by_its_title() -> None:
    section = choices("a", rules=[("a", "none"), ("default", "medium")], title="Boats", blocking=True)
    (one,) = assess(case(sections=[section], answers={"a": NO})).items
    reason = reason_for(one)
    assert reason.values["ask"] == "Boats"
    assert render(reason, "en") == (
        "c/s is not met (blocking, medium risk): the rule “default” holds; not selected: Is a chosen?"
    )


def test_a_waiver_is_named_before_a_plan_where_both_cover() -> None:
    made = case(
        item("a", plan_accepted=True), answers={"a": answer("no", plan=plan())}, waivers=[waiver("c/a")], policy=ROW
    )
    (reason,) = assess(made).reasons
    assert "(high risk, waived by W-1)" in render(reason, "en")
    assert reason.values["ask"] == "Is a done?"
