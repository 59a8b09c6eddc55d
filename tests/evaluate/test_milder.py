"""Whatever is required less strictly is listed by name; what is provably stricter is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.builders import TODAY, answer, case, check, checklist, choices, day, item
from support.strategies import POLICIES, cases

from orr.evaluate import Case, Verdict, evaluate
from orr.evaluate.milder import Earlier, milder, milder_than, uncompared
from orr.evaluate.requirements import requirements
from orr.evaluate.tier import TierRules
from orr.messages import LANGUAGES, render, say
from orr.model.checklist import Checklist
from orr.model.finding import Evidence
from orr.model.release import Release
from orr.model.settings import PolicyRow
from orr.model.validation import read
from orr.model.workload import Workload


def listed(before: Case, after: Case, language: str = "en") -> list[str]:
    changes = milder(requirements(before, TODAY), requirements(after, TODAY))
    return [render(change, language) for change in changes]


def of_item(before: dict[str, Any], after: dict[str, Any] | None) -> list[str]:
    rest = item("z")
    return listed(case(item("a", **before), rest), case(*([] if after is None else [item("a", **after)]), rest))


REQUIRED = {"evidence": "required"}
FILES, OTHER = [check(paths="a")], [check(paths="*")]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({}, None, "c/a is no longer asked"),
        ({}, {"when": {"tags": "public"}}, "c/a is no longer asked"),
        ({}, {"occasions": "recurring"}, "c/a is no longer asked"),
        ({}, {"risk": "medium"}, "risk of c/a: high → medium"),
        ({"blocking": True}, {}, "c/a is no longer blocking"),
        ({"waivable": False}, {}, "c/a, waivable: false → true"),
        ({}, {"plan_accepted": True}, "c/a, plan_accepted: false → true"),
        (REQUIRED, {}, "c/a, evidence: required → optional"),
        ({"valid_for": "30d"}, {"valid_for": "90d"}, "c/a, valid_for: 30 → 90"),
        ({"valid_for": "30d"}, {}, "c/a, valid_for: 30 → 365"),
        ({"subject": "artifact"}, {}, "c/a, subject: artifact → none"),
        ({"subject": "artifact"}, {"subject": "environment"}, "c/a, subject: artifact → environment"),
        ({}, {"scope": "team"}, "c/a, scope: workload → team"),
        ({"checks": FILES, "answered_by": "both"}, {"checks": FILES}, "c/a, decided_by: both → checks"),
        ({"checks": FILES}, {"checks": OTHER}, "c/a: of its checks files is gone, or has other parameters"),
        ({"checks": FILES + OTHER}, {"checks": OTHER}, "c/a: of its checks files is gone, or has other parameters"),
        (
            {"checks": FILES, **REQUIRED},
            {"checks": FILES + OTHER, **REQUIRED},
            "c/a: a further check may stand in for the evidence that it requires",
        ),
        ({}, {"ask": "Is nearly all of a done?"}, "the question of c/a is worded otherwise"),
    ],
)
def test_an_item_that_is_asked_less_strictly_is_listed(
    before: dict[str, Any], after: dict[str, Any] | None, says: str
) -> None:
    assert of_item(before, after) == [says]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"risk": "low"}, {"risk": "high"}),
        ({}, {"blocking": True}),
        ({}, {"waivable": False}),
        ({}, {"subject": "artifact"}),
        ({"subject": "artifact"}, {"subject": ["environment", "artifact"]}),
        ({"plan_accepted": True}, {}),
        ({}, REQUIRED),
        ({"valid_for": "90d"}, {"valid_for": "30d"}),
        ({"scope": "team"}, {}),
        ({"checks": FILES}, {"checks": FILES, "answered_by": "both"}),
        ({"checks": FILES}, {"checks": FILES + OTHER}),
        ({"when": {"tags": "public"}}, {}),
        ({}, {"ask": {"en": "Is a done?", "zh-CN": "a 做完了吗？"}}),
        ({}, {"why": "It broke.", "fix": "Do it.", "origin": "INC-1"}),
    ],
)
def test_an_item_that_is_asked_more_strictly_is_not_listed(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert of_item(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({"tier": 1}, {"tier": 3}, "tier: 1 → 3"),
        ({"tags": ["a", "b"]}, {"tags": ["b", "c"]}, "the tag a is gone"),
        ({"launch": day(3)}, {}, f"launch: {day(3)} → none"),
        ({"launch": day(3)}, {"launch": day(30)}, f"launch: {day(3)} → {day(30)}"),
        ({}, {"live_since": day(-3)}, f"live_since: none → {day(-3)}"),
        ({"repository": "../one"}, {"repository": "../two"}, "repository: ../one → ../two"),
        ({"owner": {"team": "a"}}, {"owner": {"team": "b"}}, "owner team: a → b"),
        (
            {"operating_model": {"governance": "centralized"}},
            {"operating_model": {"governance": "decentralized"}},
            "operating_model.governance: centralized → decentralized",
        ),
        ({"operating_model": {"provider": "x"}}, {}, "operating_model.provider: x → none"),
        (
            {"aws": {"regions": ["eu-west-1", "eu-west-2"]}},
            {"aws": {"regions": ["eu-west-1"]}},
            "aws.regions: eu-west-1, eu-west-2 → eu-west-1",
        ),
    ],
)
def test_what_a_workload_says_of_itself_otherwise_is_listed(
    before: dict[str, Any], after: dict[str, Any], says: str
) -> None:
    row = {"distinct": True}
    assert listed(*(case(item("a"), workload=one, policy=row) for one in (before, after))) == [says]


def test_a_laxer_tier_that_is_only_claimed_is_listed_as_one_that_does_not_count() -> None:
    rules = TierRules(assigned={"shop": 1})
    strict, lax = (case(item("a"), workload={"tier": tier}, rules=rules) for tier in (1, 4))
    assert listed(strict, lax) == ["workload.yaml claims tier 4 now; tier 1 counts"]
    assert listed(lax, strict) == []


def test_the_contact_and_the_title_and_a_higher_tier_and_a_new_tag_are_not_listed() -> None:
    before = case(item("a"), workload={"tier": 2})
    more = {"title": "The shop", "tier": 1, "tags": ["public"], "owner": {"team": "payments", "contact": "a@b.c"}}
    assert listed(before, case(item("a"), workload=more)) == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({"waiver_max_days": 30}, {}, "policy, waiver_max_days: 30 → 90"),
        ({"plan_max_days": 30}, {}, "policy, plan_max_days: 30 → 90"),
        ({"recheck": "7d"}, {}, "policy, recheck: 7 → 30"),
        ({"no_go": ["high", "medium"]}, {"no_go": ["high"]}, "policy, no_go: high, medium → high"),
        ({}, {"conditional": []}, "policy, conditional: medium → none"),
        (
            {"sign_offs": ["lead", "security"]},
            {"sign_offs": ["lead"]},
            "policy, sign_offs: lead, security → lead",
        ),
        ({"distinct": True}, {"distinct": False}, "policy, distinct: true → false"),
    ],
)
def test_a_laxer_policy_is_listed_and_a_stricter_one_is_not(
    before: dict[str, Any], after: dict[str, Any], says: str
) -> None:
    assert listed(*(case(item("a"), policy=one) for one in (before, after))) == [says]
    assert listed(*(case(item("a"), policy=one) for one in (after, before))) == []


def test_a_risk_that_comes_to_stop_the_launch_need_not_be_a_condition_too() -> None:
    before, after = {"no_go": ["high"], "conditional": ["medium"]}, {"no_go": ["high", "medium"], "conditional": []}
    assert listed(case(item("a"), policy=before), case(item("a"), policy=after)) == []


def test_a_higher_risk_that_the_policy_takes_less_seriously_is_listed() -> None:
    odd = {"no_go": ["low"], "conditional": []}
    before, after = (case(item("a", risk=risk), policy=odd) for risk in ("low", "high"))
    assert listed(before, after) == ["risk of c/a: low → high"]


def test_another_occasion_than_the_launch_is_listed() -> None:
    live = {"live_since": day(-9)}
    before, after = (case(item("a"), workload=live, occasion=occasion) for occasion in ("launch", "recurring"))
    assert listed(before, after) == ["occasion: launch → recurring"]
    assert listed(after, before) == []


def test_a_checklist_that_is_left_out_is_listed_once_with_how_many_items_go() -> None:
    both = [checklist(item("a"), name="one"), checklist(item("a"), item("b"), name="two")]
    assert listed(case(checklists=both), case(checklists=both[:1])) == [
        "the checklist two is no longer asked, with 2 items"
    ]


def test_answers_of_another_source_that_come_to_be_inherited_are_listed() -> None:
    before, after = case(item("a", scope="team")), case(item("a", scope="team"), team={"a": answer()})
    assert listed(before, after) == ["answers of team payments are inherited now"]


@pytest.mark.parametrize(
    "keys",
    [
        {"rules": [("x || y", "none"), ("default", "high")]},
        {"rules": [("x", "none"), ("default", "medium")]},
    ],
    ids=["a rule that is easier to fulfil", "a lower risk"],
)
def test_a_section_that_is_judged_by_other_rules_is_listed(keys: dict[str, Any]) -> None:
    before = choices("x", "y", rules=[("x", "none"), ("default", "high")])
    assert listed(case(sections=[before]), case(sections=[choices("x", "y", **keys)])) == [
        "c/s is judged by other rules"
    ]


def test_what_cannot_be_compared_is_told_and_so_is_that_there_is_nothing_to_compare_with() -> None:
    assert "no run of this name" in render(uncompared([])[0], "en")
    broken = Earlier("commit", "abc", None, say("rule.milder.no-record"))
    assert [render(one, "en") for one in uncompared([broken])] == [
        "Not compared with the commit abc: it does not hold what was required"
    ]
    assert uncompared([Earlier("run", "2026-11-20", requirements(case(item("a")), TODAY))]) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_listed_once_with_all_that_it_is_a_change_from(language: str) -> None:
    was, now = (requirements(case(item("a"), workload={"tier": tier}), TODAY) for tier in (1, 2))
    earlier = [Earlier("run", "2026-11-20", was), Earlier("decision", "2026-11-10", was), Earlier("commit", "abc", now)]
    (one,) = milder_than(earlier, now)
    assert [was.kind for was in one.since] == ["run", "decision"]
    assert "2026-11-10" in render(one.says, language)


# Laws


def _with(made: Case, **changes: Any) -> Case:
    return replace(made, **changes)


def _with_item(made: Case, change: dict[str, Any]) -> Case:
    """The same with keys of its first item changed; None takes a key out."""
    data = made.checklists[0].as_data(defaults=True)
    first = data["sections"][0]["items"][0]
    first.update(change)
    data["sections"][0]["items"][0] = {key: value for key, value in first.items() if value is not None}
    return _with(made, checklists=(read(Checklist, data),))


def _changed(before: Case, of_item: dict[str, Any], of_workload: dict[str, Any], policy: dict[str, Any] | None) -> Case:
    after = _with_item(before, of_item) if of_item else before
    after = _with(after, workload=read(Workload, {**before.workload.as_data(), **of_workload}))
    row = before.policy if policy is None else read(PolicyRow, policy)
    return _with(after, rules=TierRules((row,), assigned={"shop": after.workload.tier or before.tier}))


ITEM_CHANGES: dict[str, list[Any]] = {
    "risk": ["high", "medium", "low"],
    "blocking": [True, False],
    "waivable": [True, False],
    "plan_accepted": [True, False],
    "evidence": ["required", "optional"],
    "valid_for": ["3d", "10d", "400d"],
    "occasions": [["launch"], ["change"]],
    "when": [None, {"tier": [1]}, {"tier": [2]}, {"tags": ["public"]}],
    "enforce_from": [None, day(-5), day(5)],
}
WORKLOAD_CHANGES: dict[str, list[Any]] = {
    "tier": [1, 2, 3],
    "tags": [[], ["public"]],
    "live_since": [None, day(-20)],
    "launch": [None, day(-10), day(10)],
}


def some(changes: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in changes.items()})


@given(cases())
def test_nothing_is_milder_than_itself(drawn: tuple[Case, Evidence]) -> None:
    assert listed(drawn[0], drawn[0]) == []


@given(cases(), some(ITEM_CHANGES), some(WORKLOAD_CHANGES), st.one_of(st.none(), st.sampled_from(POLICIES)))
def test_no_change_of_what_is_required_gives_a_better_verdict_without_being_listed(
    drawn: tuple[Case, Evidence], of_item: dict[str, Any], of_workload: dict[str, Any], policy: dict[str, Any] | None
) -> None:
    before, found = drawn
    was = evaluate(before, found, TODAY)
    assume(any(one.applies for one in was.items))  # where nothing applied, one item more may be met
    for changes in (
        (of_item, of_workload, policy),
        *(({key: value}, {}, None) for key, values in ITEM_CHANGES.items() for value in values),
        *(({}, {key: value}, None) for key, values in WORKLOAD_CHANGES.items() for value in values),
        *(({}, {}, row) for row in POLICIES),
    ):
        after = _changed(before, *changes)
        if [*Verdict].index(evaluate(after, found, TODAY).verdict) > [*Verdict].index(was.verdict):
            assert listed(before, after), changes


def test_a_release_that_names_less_is_listed_and_one_that_names_others_is_not() -> None:
    before = case(item("a"), release={"commit": "42cd0e1", "environment": "production"})
    assert listed(before, case(item("a"), release={"commit": "41ab0e1"})) == [
        "the release no longer names environment, with which evidence was compared"
    ]
    assert listed(before, case(item("a"), release={"commit": "41ab0e1", "environment": "staging"})) == []
    assert listed(case(item("a")), before) == []


def test_what_one_run_names_beyond_the_review_is_asked_of_no_other() -> None:
    plain = case(item("a"), release={"commit": "42cd0e1"})
    named = plain.on(None, Release(environment="production"))
    assert listed(named, plain) == []
    assert listed(named, case(item("a"))) == ["the release no longer names commit, with which evidence was compared"]


def test_to_ask_core_questions_alone_is_milder_and_to_ask_all_again_is_not() -> None:
    items = item("a", core=True), item("b")
    whole, core = case(*items, policy={}), case(*items, policy={"items": "core"})
    assert listed(whole, core) == ["policy, items: none → core", "c/b is no longer asked"]
    assert listed(core, whole) == []


def test_items_that_became_one_are_compared_with_it_and_not_gone() -> None:
    before = case(item("x", risk="medium"), item("y", valid_for="30d"))
    after = case(item("both", replaces=["c/x", "c/y"]))
    assert listed(before, after) == [
        "the question of c/both is worded otherwise",
        "c/both, valid_for: 30 → 365",
    ]
    assert listed(before, case(item("both", replaces=["c/x"])))[0] == "c/y is no longer asked"
