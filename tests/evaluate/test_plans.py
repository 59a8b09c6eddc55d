"""Which plans stand in for an item that accepts one, and why others do not."""

from __future__ import annotations

from typing import Any

import pytest
from support.builders import answer, assess, case, day, item, plan

from orr.evaluate import Evaluation
from orr.messages import render

ROW = {"no_go": ["high"], "conditional": ["medium"], "plan_max_days": 30}


def assessed(due: int = 5, on: int = 0, offset: int = 0, **workload: Any) -> Evaluation:
    said = {"a": answer("no", on=day(on), plan=plan(due))}
    return assess(case(item("a", plan_accepted=True), answers=said, workload=workload, policy=ROW), offset=offset)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param({}, None, id="due soon"),
        pytest.param({"due": 0}, None, id="due today"),
        pytest.param({"due": -1, "on": -9}, "it was due on 2026-11-21", id="past"),
        pytest.param({"due": 30}, None, id="as long as the policy allows"),
        pytest.param(
            {"due": 31},
            "it is due on 2026-12-23, 31 days after it was made on 2026-11-22, and the policy allows 30",
            id="longer than the policy allows",
        ),
        pytest.param({"due": 21, "on": -9}, None, id="made earlier, as long as allowed"),
        pytest.param({"due": 22, "on": -9}, "31 days after it was made on 2026-11-13", id="made earlier, and longer"),
        pytest.param({"due": 31, "on": 9}, "made on 2026-11-22", id="said to be made tomorrow"),
        pytest.param({"launch": day(3)}, None, id="due after the launch"),
        pytest.param({"launch": day(0)}, None, id="on the day of the launch"),
        pytest.param({"launch": day(-1)}, "the launch of 2026-11-21 is past", id="after the launch"),
        pytest.param(
            {"launch": day(-1), "live_since": day(1)}, "the launch of 2026-11-21 is past", id="live only tomorrow"
        ),
        pytest.param({"live_since": day(0)}, "the workload has been live since 2026-11-22", id="live"),
    ],
)
def test_a_plan_covers_or_says_why_not(given: dict[str, Any], why: str | None) -> None:
    found = assessed(**given)
    assert found.items[0].covered_by == ("plan" if why is None else None)
    assert str(found.verdict) == ("conditional-go" if why is None else "no-go")
    flags = [render(flag.says, "en") for flag in found.flags if flag.flag == "ineffective-plan"]
    assert len(flags) == (why is not None)
    assert all((why or "") in flag for flag in flags)


def test_a_plan_due_after_the_launch_goes_on_covering_and_is_marked() -> None:
    (step,) = assessed(due=9, launch=day(3)).path_to_go
    assert (step.item.covered_by, step.after_launch) == ("plan", True)


def test_a_launch_that_goes_by_ends_the_cover_and_the_forecast_knows() -> None:
    today = assessed(due=9, launch=day(3))
    assert [(str(change.on), str(change.verdict)) for change in today.forecast] == [(day(4), "no-go")]
    assert str(assessed(due=9, launch=day(3), offset=3).verdict) == "conditional-go"
    assert str(assessed(due=9, launch=day(3), offset=4).verdict) == "no-go"


def test_a_plan_of_an_item_that_is_met_or_accepts_none_is_not_flagged() -> None:
    items = [item("a", plan_accepted=True), item("b")]
    said = {"a": answer(plan=plan(-1)), "b": answer("no", plan=plan(-1))}
    assert [flag.flag for flag in assess(case(*items, answers=said, policy=ROW)).flags] == []


def test_a_plan_of_an_answer_that_does_not_count_is_not_told_as_one_without_effect() -> None:
    said = {"a": answer(None, plan=plan(), release={"commit": "41ab0e1"})}
    found = assess(case(item("a", plan_accepted=True), answers=said, release={"commit": "42cd0e1"}))
    assert found.items[0].covered_by is None
    assert [flag.flag for flag in found.flags] == []
