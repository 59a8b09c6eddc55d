"""What lapses when, until when a verdict holds, and why it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.builders import (
    TODAY,
    answer,
    assess,
    case,
    check,
    checklist,
    choices,
    day,
    evidence,
    found,
    held_to,
    item,
    plan,
    waiver,
)

from orr.evaluate import Case, Evaluation
from orr.evaluate.forecast import HORIZON_DAYS
from orr.evaluate.tier import TierRules
from orr.messages import render
from orr.model.finding import Evidence
from orr.model.settings import PolicyRow

ROW = {"no_go": ["high"], "conditional": ["medium"]}
LIVE = {"live_since": day(-9), "launch": day(-9)}
YES = {"a": answer()}


def changes(assessed: Evaluation) -> list[tuple[int, str]]:
    return [((change.on - TODAY).days, str(change.verdict)) for change in assessed.forecast]


@pytest.mark.parametrize(
    ("made", "found_there", "expected"),
    [
        pytest.param(case(item("a"), answers=YES, policy=ROW), None, [(366, "no-go")], id="an answer grows old"),
        pytest.param(
            case(item("a", risk="medium"), answers=YES, policy=ROW),
            None,
            [(366, "conditional-go")],
            id="of medium risk",
        ),
        pytest.param(case(item("a", risk="low"), answers=YES, policy=ROW), None, [], id="of low risk"),
        pytest.param(
            case(item("a", valid_for="730d"), answers=YES, policy=ROW), None, [], id="a day beyond the horizon"
        ),
        pytest.param(
            case(item("a", valid_for="729d"), answers=YES, policy=ROW), None, [(730, "no-go")], id="on the horizon"
        ),
        pytest.param(
            case(item("a"), answers={"a": answer(evidence=[{"title": "t", "expires": day(9)}])}, policy=ROW),
            None,
            [(10, "no-go")],
            id="evidence expires",
        ),
        pytest.param(
            case(item("a", checks=[check()]), policy=ROW),
            evidence(a=[found("met", holds=7)]),
            [(8, "no-go")],
            id="a finding runs out",
        ),
        pytest.param(
            case(item("a"), answers={"a": answer("no")}, waivers=[waiver("c/a", expires=40)], policy=ROW),
            None,
            [(41, "no-go")],
            id="a waiver ends",
        ),
        pytest.param(
            case(item("a", plan_accepted=True), answers={"a": answer("no", plan=plan(3))}, policy=ROW),
            None,
            [(4, "no-go")],
            id="a plan comes due",
        ),
        pytest.param(
            case(item("a"), item("b", enforce_from=day(20)), answers=YES, workload=LIVE, policy=ROW),
            None,
            [(20, "no-go")],
            id="an item is enforced",
        ),
        pytest.param(
            case(
                item("a"),
                item("b", risk="medium"),
                policy=ROW,
                answers={"a": answer(on=day(-65)), "b": answer(on=day(-165))},
            ),
            None,
            [(201, "conditional-go"), (301, "no-go")],
            id="first this, then that",
        ),
        pytest.param(
            case(
                item("a"),
                answers={"a": answer("no")},
                policy=ROW,
                waivers=[waiver("c/a", expires=10), waiver("c/a", name="W-2", expires=20)],
            ),
            None,
            [(21, "no-go")],
            id="one waiver takes over from another",
        ),
        pytest.param(
            case(
                item("a", plan_accepted=True),
                answers={"a": answer("no", plan=plan(9))},
                waivers=[waiver("c/a", expires=5)],
                policy=ROW,
            ),
            None,
            [(10, "no-go")],
            id="a plan takes over from a waiver",
        ),
        pytest.param(
            case(item("a", enforce_from=day(9)), answers=YES, workload=LIVE, policy=ROW),
            None,
            [(9, "go"), (366, "no-go")],
            id="the first item is enforced",
        ),
        pytest.param(
            case(
                sections=[choices("x", rules=[("x", "none"), ("default", "medium")])],
                answers={"x": answer()},
                policy=ROW,
            ),
            None,
            [(366, "conditional-go")],
            id="a choice grows old",
        ),
    ],
)
def test_the_forecast_tells_every_change_of_the_verdict(
    made: Case, found_there: Evidence | None, expected: list[tuple[int, str]]
) -> None:
    assessed = assess(made, found_there)
    assert changes(assessed) == expected
    verdict = str(assessed.verdict)
    for offset in range(1, HORIZON_DAYS + 1):
        verdict = dict(expected).get(offset, verdict)
        assert str(assess(made, found_there, offset).verdict) == verdict


def test_a_verdict_holds_until_the_day_before_it_changes() -> None:
    assert str(assess(case(item("a"), answers=YES, policy=ROW)).valid_until) == day(365)


@pytest.mark.parametrize(
    "made",
    [
        case(item("a"), policy=ROW),
        case(item("a", risk="low"), answers=YES, policy=ROW),
        case(item("a", enforce_from=day(9)), answers=YES, workload=LIVE, policy=ROW),
    ],
    ids=["no-go", "nothing lapses", "no-go until something applies"],
)
def test_a_no_go_and_what_never_lapses_have_no_last_day(made: Case) -> None:
    assert assess(made).valid_until is None


@pytest.mark.parametrize(
    ("made", "english", "chinese"),
    [
        (
            case(item("a"), answers={"a": answer("no")}, waivers=[waiver("c/a")], policy=ROW),
            "the waiver W-1 for c/a ends (not met)",
            "c/a 的豁免 W-1 到期（未满足）",
        ),
        (
            case(item("a", plan_accepted=True), answers={"a": answer("no", plan=plan())}, policy=ROW),
            "the plan for c/a is past its due date (not met)",
            "c/a 的计划已过截止日期（未满足）",
        ),
        (
            case(
                item("a", plan_accepted=True),
                answers={"a": answer("no", plan=plan(40))},
                workload={"launch": day(9)},
                policy=ROW,
            ),
            "the plan for c/a covers until the launch and no longer (not met)",
            "c/a 的计划只在上线之前有效（未满足）",
        ),
        (
            case(item("a"), answers=YES, policy=ROW),
            "c/a becomes stale: the answer of 2026-11-22 held until 2027-11-22",
            "c/a 变为已过期：2026-11-22 的回答于 2027-11-22 到期",
        ),
    ],
)
def test_a_change_says_what_lapses(made: Case, english: str, chinese: str) -> None:
    (change,) = assess(made).forecast
    assert english in render(change.because, "en")
    assert chinese in render(change.because, "zh-CN")


def test_what_lapses_without_changing_the_verdict_is_a_lapse_all_the_same() -> None:
    assessed = assess(
        case(item("a"), item("b", risk="low"), answers={"a": answer("no"), "b": answer(on=day(-65))}, policy=ROW)
    )
    assert [((lapse.on - TODAY).days, lapse.name, str(lapse.state), lapse.decides) for lapse in assessed.lapses] == [
        (301, "c/b", "stale", False)
    ]


@pytest.mark.parametrize(
    ("made", "day_of_it", "because"),
    [
        (
            case(item("a"), item("b", risk="low"), answers={"a": answer(), "b": answer()}, policy=ROW),
            366,
            ["c/a becomes stale: the answer of 2026-11-22 held until 2027-11-22"],
        ),
        (
            case(
                item("a", risk="medium"),
                item("b"),
                answers={"a": answer(), "b": answer("no")},
                waivers=[waiver("c/b", expires=3)],
                policy=ROW,
            ),
            4,
            ["the waiver W-1 for c/b ends (not met)"],
        ),
        (
            case(
                item("a", enforce_from=day(9)),
                workload=LIVE,
                policy={"no_go": [], "conditional": []},
            ),
            9,
            ["No item applies to this workload, so nothing was assessed."],
        ),
    ],
    ids=["only what decides", "a waiver", "nothing that decides"],
)
def test_a_change_of_the_verdict_names_the_lapses_that_decide(made: Case, day_of_it: int, because: list[str]) -> None:
    (change,) = assess(made).forecast
    assert (change.on - TODAY).days == day_of_it
    assert [render(cause, "en") for cause in change.because] == because


def test_items_of_a_day_lapse_in_the_order_of_their_checklist() -> None:
    names = ["z", "a", "m"]
    assessed = assess(case(*map(item, names), answers={name: answer() for name in names}, policy=ROW))
    assert [lapse.name for lapse in assessed.lapses] == ["c/z", "c/a", "c/m"]
    assert {str(lapse.on) for lapse in assessed.lapses} == {day(366)}


@pytest.mark.parametrize(
    ("since", "expected"), [(5, [(5, "not-met")]), (730, [(730, "not-met")]), (731, []), (0, [])], ids=str
)
def test_a_plan_no_longer_covers_from_the_day_on_which_a_workload_is_live(
    since: int, expected: list[tuple[int, str]]
) -> None:
    made = case(
        item("a", plan_accepted=True, valid_for="9999d"),
        answers={"a": answer("no", plan=plan(9000))},
        workload={"live_since": day(since)},
        policy={**ROW, "plan_max_days": 9000},
    )
    assert [((lapse.on - TODAY).days, str(lapse.state)) for lapse in assess(made).lapses] == expected


def test_an_item_that_is_enforced_within_the_horizon_lapses_and_one_beyond_does_not() -> None:
    items = [item("near", enforce_from=day(HORIZON_DAYS)), item("far", enforce_from=day(HORIZON_DAYS + 1))]
    assessed = assess(case(*items, workload=LIVE, policy=ROW))
    assert [(lapse.name, str(lapse.state), lapse.decides) for lapse in assessed.lapses] == [
        ("c/near", "unanswered", True)
    ]


def test_a_finding_that_holds_until_today_lapses_tomorrow() -> None:
    made = case(item("a", checks=[check()]), policy=ROW)
    (lapse,) = assess(made, evidence(a=[found("met", holds=0)])).lapses
    assert (lapse.on.isoformat(), str(lapse.state)) == (day(1), "stale")


def test_an_answer_lapses_by_the_days_of_the_workspace() -> None:
    late = answer(on="2026-11-20T23:30+00:00")
    made = case(item("a", valid_for="9d"), answers={"a": late}, timezone=ZoneInfo("Asia/Shanghai"), policy=ROW)
    (lapse,) = assess(made).lapses
    assert lapse.on.isoformat() == "2026-12-01"  # 21 November in Shanghai, and nine days


def test_what_lapses_on_the_day_on_which_a_waiver_ends_lapses_beside_it() -> None:
    made = case(
        item("old", valid_for="9d"),
        item("waived"),
        answers={"old": answer(), "waived": answer("no")},
        waivers=[waiver("c/waived", expires=9)],
        policy=ROW,
    )
    assert [(lapse.name, lapse.on.isoformat()) for lapse in assess(made).lapses] == [
        ("c/old", day(10)),
        ("c/waived", day(10)),
    ]


def test_of_many_waivers_the_one_that_ends_last_decides() -> None:
    many = [waiver("c/a", name=f"W-{number}", expires=number % 80) for number in range(2_000)]
    (lapse,) = assess(case(item("a"), answers={"a": answer("no")}, waivers=many, policy=ROW)).lapses
    assert lapse.on.isoformat() == day(80)


def test_a_waiver_that_ends_today_lapses_tomorrow() -> None:
    made = case(item("a"), answers={"a": answer("no")}, waivers=[waiver("c/a", expires=0)], policy=ROW)
    (lapse,) = assess(made).lapses
    assert (lapse.on.isoformat(), str(lapse.state)) == (day(1), "not-met")


def test_a_cover_that_another_takes_over_is_no_lapse() -> None:
    made = case(
        item("a", plan_accepted=True), answers={"a": answer("no", plan=plan(9))}, waivers=[waiver("c/a", expires=5)]
    )
    assert [((lapse.on - TODAY).days, lapse.name) for lapse in assess(made).lapses] == [(10, "c/a")]


def test_the_forecast_stops_where_the_calendar_does() -> None:
    made: Any = case(item("a", checks=[check()]), answers=YES, policy=ROW)
    end = (TODAY.max - TODAY).days
    assert assess(made, evidence(a=[found("met", holds=end)]), end).valid_until is None


@pytest.mark.parametrize("reply", [None, "no", "yes"])
def test_the_end_of_an_exception_brings_the_checklists_of_the_derived_tier(reply: str | None) -> None:
    rows = (PolicyRow(tiers=(1, 2), checklists=("c", "d")), PolicyRow(tiers=(3, 4), checklists=("c",)))
    exception = {"tier": 3, "instead_of": 1, "reason": "r", "requested_by": "wei", "approved_by": "ana"}
    workload = {"tier_exception": {**exception, "on": day(-1), "expires": day(9)}}
    answers = {"a": answer(), **({"d/a": answer(reply)} if reply else {})}
    made = case(item("a"), answers=answers, workload=workload, rules=TierRules(rows))
    made = held_to(replace(made, day=TODAY), checklist(item("a")), checklist(item("a"), name="d"))
    today, then = assess(made), assess(made, offset=10)
    assert [item.name for item in today.items] == ["c/a"]
    assert [item.name for item in then.items] == ["c/a", "d/a"]
    assert changes(today)[:1] == ([(10, "no-go")] if reply != "yes" else [(366, "no-go")])
    assert str(then.verdict) == ("go" if reply == "yes" else "no-go")
    if reply != "yes":
        assert "d/a becomes" in render(today.forecast[0].because[1], "en")
        assert today.valid_until == TODAY + timedelta(days=9)
