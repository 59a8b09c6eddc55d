"""Why a verdict is what it is: which reason stands first, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from support.builders import answer, assess, case, check, choices, day, evidence, found, item, plan, waiver

from orr.evaluate.reasons import reason_for
from orr.messages import Message, render

ROW = {"no_go": ["high"], "conditional": ["medium", "low"]}
NO = answer("no")


def names(reasons: Iterable[Message]) -> list[str]:
    return [str(reason.values["item"]).removeprefix("c/") for reason in reasons if reason.key == "rule.reason.item"]


def told(made: Any) -> list[str]:
    """The items that are told as reasons, in their order."""
    return names(assess(made).reasons)


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
        missing, besides = assess(made).reasons_apart(most)
        assert (names(missing.reasons), missing.total) == (order[:2][:most], 2)
        assert (names(besides.reasons), besides.total) == (order[2:][:most], 4)


SAID = {
    "no": NO,
    "partial": answer("partial"),
    "stale": answer(on=day(-400)),
    "unknown": answer(),
    "medium": NO,
    "waived": NO,
}
MIXED = case(
    item("no"),
    item("partial"),
    item("stale"),
    item("unknown", evidence="required"),
    item("nobody", blocking=True, risk="low"),
    item("medium", risk="medium"),
    item("waived"),
    answers=SAID,
    waivers=[waiver("c/waived")],
    policy=ROW,
)


def test_what_is_known_to_be_missing_is_told_apart_from_what_is_not_known() -> None:
    groups = [(str(group.title), names(group.reasons)) for group in assess(MIXED).reasons_apart(9)]
    assert groups == [
        ("Known to be missing (2)", ["no", "partial"]),
        ("Not known (3)", ["nobody", "unknown", "stale"]),
        ("Open besides, covered or a condition only (2)", ["waived", "medium"]),
    ]


@pytest.mark.parametrize(
    ("made", "english", "chinese"),
    [
        (MIXED, "no-go: 2 known to be missing, 3 not known", "不可上线：2 项已知缺失、3 项情况不明"),
        (case(item("a"), answers={"a": NO}), "no-go: 1 known to be missing", "不可上线：1 项已知缺失"),
        (case(item("a")), "no-go: 1 not known", "不可上线：1 项情况不明"),
        (case(item("a", when={"tier": 4})), "no-go: nothing was assessed", "不可上线：什么都没有评估"),
        (
            case(item("a", risk="medium"), item("b"), answers={"b": NO}, waivers=[waiver("c/b")]),
            "conditional go: 1 known to be missing, 1 not known",
            "有条件上线：1 项已知缺失、1 项情况不明",
        ),
        (case(item("a"), answers={"a": answer()}), "go", "可以上线"),
    ],
    ids=["both", "only missing", "only not known", "nothing applies", "conditional", "go"],
)
def test_the_headline_counts_what_is_missing_and_what_is_not_known(made: Any, english: str, chinese: str) -> None:
    said = assess(made).headline
    assert (render(said, "en"), render(said, "zh-CN")) == (english, chinese)


def test_where_one_item_stops_what_is_covered_is_not_in_the_headline() -> None:
    found = assess(MIXED).against
    assert [item.name for item in found.besides] == ["c/medium", "c/waived"]
    assert len(found.missing) + len(found.not_known) + len(found.besides) == len(assess(MIXED).path_to_go)


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
