"""From the items to go, conditional go or no-go; with its reasons and the path to go."""

from __future__ import annotations

from typing import Any

import pytest
from support.builders import answer, assess, case, check, checklist, choices, day, evidence, found, item, plan, waiver

from orr.evaluate import Evaluation
from orr.messages import LANGUAGES, render

ROW = {"no_go": ["high"], "conditional": ["medium"]}


def verdict(*items: dict[str, Any], **how: Any) -> str:
    return str(assess(case(*items, policy=how.pop("policy", ROW), **how)).verdict)


# The rule


@pytest.mark.parametrize(
    ("risk", "blocking", "policy", "expected"),
    [
        ("high", False, ROW, "no-go"),
        ("medium", False, ROW, "conditional-go"),
        ("low", False, ROW, "go"),
        ("low", True, ROW, "no-go"),
        ("high", False, {"no_go": [], "conditional": ["high"]}, "conditional-go"),
        ("high", True, {"no_go": [], "conditional": []}, "no-go"),
        ("high", False, {"no_go": [], "conditional": []}, "go"),
        ("low", False, {"no_go": ["high", "medium", "low"], "conditional": []}, "no-go"),
    ],
)
def test_an_open_item_counts_by_its_risk_and_whether_it_blocks(
    risk: str, blocking: bool, policy: dict[str, Any], expected: str
) -> None:
    met = item("met")
    open_item = item("open", risk=risk, blocking=blocking)
    assert verdict(met, open_item, answers={"met": answer()}, policy=policy) == expected


@pytest.mark.parametrize("reply", ["no", "partial", None])
def test_every_open_state_counts_the_same(reply: str | None) -> None:
    said = {"a": answer(reply)} if reply else {}
    assert verdict(item("a"), answers=said) == "no-go"


def test_all_met_is_go() -> None:
    assert verdict(item("a"), item("b", blocking=True), answers={"a": answer(), "b": answer()}) == "go"


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([item("a", when={"tier": 4})], {}),
        ([item("a", occasions=["change"])], {"a": answer()}),
        ([item("a")], {"a": answer("not-applicable")}),
        ([item("a", risk="low"), item("b", when={"tier": 4})], {"a": answer("not-applicable")}),
    ],
    ids=["left out by tier", "left out by occasion", "answered so", "both"],
)
def test_where_nothing_applies_nothing_was_assessed(items: list[dict[str, Any]], said: dict[str, Any]) -> None:
    assessed = assess(case(*items, answers=said, policy=ROW))
    assert assessed.verdict == "no-go"
    assert assessed.verdict_at_best == "no-go"
    assert "nothing was assessed" in render(assessed.reasons[0], "en")


def test_a_workload_without_a_checklist_is_no_go() -> None:
    assert str(assess(case(checklists=[], policy=ROW)).verdict) == "no-go"


# What covers an open item


@pytest.mark.parametrize(
    ("risk", "waived", "expected"),
    [
        ("high", True, "conditional-go"),
        ("high", False, "no-go"),
        ("medium", True, "conditional-go"),
        ("low", True, "go"),
    ],
)
def test_a_waived_item_is_conditional_at_best(risk: str, waived: bool, expected: str) -> None:
    waivers = [waiver("c/a")] if waived else []
    assert verdict(item("a", risk=risk), answers={"a": answer("no")}, waivers=waivers) == expected


def test_a_waived_item_keeps_its_own_state() -> None:
    (only,) = assess(case(item("a"), answers={"a": answer("no")}, waivers=[waiver("c/a")])).items
    assert (only.state, only.open, only.covered_by) == ("not-met", True, "waiver:W-1")


@pytest.mark.parametrize(
    ("keys", "said", "live_since", "covered"),
    [
        pytest.param({"plan_accepted": True}, answer("no", plan=plan(0)), None, "plan", id="a plan due today"),
        pytest.param({"plan_accepted": True}, answer("no", plan=plan(-1)), None, None, id="a plan past its day"),
        pytest.param({"plan_accepted": True}, answer(None, plan=plan()), None, "plan", id="a plan without an answer"),
        pytest.param({"plan_accepted": True}, answer("partial", plan=plan()), None, "plan", id="a partial with a plan"),
        pytest.param({"plan_accepted": True}, answer("no"), None, None, id="no plan"),
        pytest.param({}, answer("no", plan=plan()), None, None, id="no plan is accepted"),
        pytest.param({"plan_accepted": True}, answer("no", plan=plan()), 0, None, id="live since today"),
        pytest.param({"plan_accepted": True}, answer("no", plan=plan()), 1, "plan", id="live from tomorrow"),
        pytest.param({"plan_accepted": True}, answer("yes", plan=plan()), None, None, id="nothing open to cover"),
    ],
)
def test_a_plan_stands_in_before_a_first_launch(
    keys: dict[str, Any], said: dict[str, Any], live_since: int | None, covered: str | None
) -> None:
    workload = {} if live_since is None else {"live_since": day(live_since)}
    (only,) = assess(case(item("a", **keys), answers={"a": said}, workload=workload)).items
    assert only.covered_by == covered


def test_without_waivers_accepted_plans_still_cover() -> None:
    made = case(
        item("a", plan_accepted=True),
        item("b"),
        answers={"a": answer("no", plan=plan()), "b": answer("no")},
        waivers=[waiver("c/b")],
        policy=ROW,
    )
    assessed = assess(made)
    assert (assessed.verdict, assessed.verdict_without_waivers) == ("conditional-go", "no-go")


@pytest.mark.parametrize(
    ("reply", "finding", "best"),
    [
        (None, found("met"), "go"),
        ("no", found("met"), "no-go"),
        ("partial", found("met"), "no-go"),
        (None, found("unknown"), "go"),
        (None, found("met", holds=-1), "go"),
        (None, found("not-met"), "no-go"),
    ],
)
def test_at_best_only_what_is_not_known_proves_good(reply: str | None, finding: Any, best: str) -> None:
    made = case(item("a", checks=[check()]), item("b"), answers={"a": answer(reply)} if reply else {}, policy=ROW)
    assert str(assess(made, evidence(a=[finding])).verdict_at_best) == best


def test_a_section_counts_at_the_risk_of_the_rule_that_held() -> None:
    section = choices("a", "b", rules=[("a && b", "none"), ("a", "medium"), ("default", "high")])
    assert verdict(answers={"a": answer()}, sections=[section]) == "conditional-go"
    assert verdict(answers={"b": answer()}, sections=[section]) == "no-go"
    assert verdict(answers={"a": answer()}, sections=[section | {"blocking": True}]) == "no-go"


def test_a_section_is_waived_as_one_item() -> None:
    section = choices("a", rules=[("a", "none"), ("default", "high")])
    assert verdict(answers={"a": answer("no")}, sections=[section], waivers=[waiver("c/s")]) == "conditional-go"
    assert verdict(answers={"a": answer("no")}, sections=[section], waivers=[waiver("c/a")]) == "no-go"


def test_the_counts_hold_every_state() -> None:
    assessed = assess(case(item("a"), item("b"), item("d", when={"tier": 4}), answers={"a": answer()}))
    assert {str(state): count for state, count in assessed.counts.items()} == {
        "not-met": 0, "unknown": 0, "stale": 0, "unanswered": 1, "partial": 0, "met": 1, "not-applicable": 1,
    }  # fmt: skip


# The path to go


def path(assessed: Evaluation) -> list[str]:
    return [step.item.name.split("/")[1] for step in assessed.path_to_go]


def test_the_path_goes_uncovered_first_then_blocking_then_risk_then_soonest_due_then_name() -> None:
    no = "no"
    made = case(
        item("z-uncovered-high"),
        item("a-uncovered-medium", risk="medium"),
        item("b-uncovered-medium", risk="medium"),
        item("c-blocking-low", risk="low", blocking=True),
        item("uncovered-due-later"),
        item("uncovered-due-sooner", risk="medium"),
        item("waived"),
        item("waived-with-plan"),
        item("low-risk", risk="low"),
        item("met"),
        answers={
            "met": answer(),
            "uncovered-due-later": answer(no, plan=plan(9)),
            "uncovered-due-sooner": answer(no, plan=plan(2)),
            "waived-with-plan": answer(no, plan=plan(9)),
        },
        waivers=[waiver("c/waived", "c/waived-with-plan")],
        policy=ROW,
    )
    assert path(assess(made)) == [
        "c-blocking-low",
        "uncovered-due-later",
        "z-uncovered-high",
        "uncovered-due-sooner",
        "a-uncovered-medium",
        "b-uncovered-medium",
        "waived-with-plan",
        "waived",
    ]


@pytest.mark.parametrize(
    ("launch", "zone_day", "late"),
    [(day(5), 5, False), (day(4), 5, True), (f"{day(5)}T00:30+08:00", 5, True), (None, 5, False)],
    ids=["on the day of the launch", "a day later", "the launch is the day before in UTC", "no launch"],
)
def test_a_step_says_whether_it_is_due_after_the_launch(launch: str | None, zone_day: int, late: bool) -> None:
    made = case(item("a"), answers={"a": answer("no", plan=plan(zone_day))}, workload={"launch": launch})
    (step,) = assess(made).path_to_go
    assert (step.after_launch, step.owner, step.action) == (late, "payments", "do it")


@pytest.mark.parametrize(("scope", "owner"), [("workload", "payments"), ("team", "payments"), ("organization", "acme")])
def test_without_a_plan_the_step_is_of_whom_the_item_is(scope: str, owner: str) -> None:
    (step,) = assess(case(item("a", scope=scope, fix="write it"))).path_to_go
    assert (step.owner, step.due, step.action) == (owner, None, "write it")


def test_a_section_is_due_when_the_soonest_plan_of_its_choices_is() -> None:
    section = choices("a", "b", rules=[("a && b", "none"), ("default", "high")])
    said = {"a": answer("no", plan=plan(9, owner="later")), "b": answer("no", plan=plan(3, owner="sooner"))}
    (step,) = assess(case(answers=said, sections=[section])).path_to_go
    assert (str(step.due), step.owner) == (day(3), "sooner")


# Reasons


def test_reasons_name_the_item_its_state_its_weight_and_its_cause() -> None:
    made = case(
        item("open", blocking=True),
        item("waived"),
        item("planned", plan_accepted=True, risk="medium"),
        answers={"waived": answer("no"), "planned": answer("partial", plan=plan())},
        waivers=[waiver("c/waived")],
        policy=ROW,
    )
    assessed = assess(made)
    assert [render(reason, "en") for reason in assessed.reasons] == [
        "c/open is unanswered (blocking, high risk): nobody has answered",
        "c/waived is not met (high risk, waived by W-1): wei answered no on 2026-11-22",
        "c/planned is partial (medium risk, a plan accepted instead): wei answered partial on 2026-11-22",
    ]
    assert [render(reason, "zh-CN") for reason in assessed.reasons] == [
        "c/open 未回答（阻断项，高风险）：还没有人回答",
        "c/waived 未满足（高风险，由豁免 W-1 覆盖）：wei 于 2026-11-22 回答“否”",
        "c/planned 部分满足（中风险，以计划代替）：wei 于 2026-11-22 回答“部分满足”",
    ]


@pytest.mark.parametrize(
    ("low", "english"),
    [
        (0, "Every item that applies is met."),
        (1, "One item is open, of a risk"),
        (2, "2 items are open, all of a risk"),
    ],
)
def test_a_go_has_a_reason_too(low: int, english: str) -> None:
    items = [item(f"low-{number}", risk="low") for number in range(low)]
    assessed = assess(case(item("a"), *items, answers={"a": answer()}, policy=ROW))
    assert assessed.verdict == "go"
    assert render(assessed.reasons[0], "en").startswith(english)


@pytest.mark.parametrize("found_row", [True, False])
def test_the_default_policy_is_told(found_row: bool) -> None:
    assessed = assess(case(item("a"), answers={"a": answer()}, policy=ROW if found_row else None))
    told = [reason for reason in assessed.reasons if "no policy for tier 1" in render(reason, "en")]
    assert bool(told) is not found_row


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_s_words_with_braces_stay_as_they_are(language: str) -> None:
    made = case(item("a"), answers={"a": answer("no", by="{item} {0} {", note="{}")}, policy=ROW)
    assert "{item} {0} {" in render(assess(made).reasons[0], language)


def test_items_of_several_checklists_count_together() -> None:
    made = case(checklists=[checklist(item("a"), name="one"), checklist(item("a", risk="medium"), name="two")],
                answers={"one/a": answer()}, policy=ROW)  # fmt: skip
    assessed = assess(made)
    assert (assessed.verdict, [one.name for one in assessed.items]) == ("conditional-go", ["one/a", "two/a"])
