"""What an assessment gives beside its verdict, and how it is made again where only a little moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.builders import TODAY, answer, assess, case, check, choices, day, evidence, found, item, plan, waiver

from orr.evaluate import Case, Evaluation, evaluate
from orr.evaluate.evaluation import reassess
from orr.model.finding import Evidence
from orr.model.release import Release
from orr.model.review import Answer
from orr.model.validation import read

ROW = {"no_go": ["high"], "conditional": ["medium"]}


# The path to go


def test_a_section_without_a_plan_is_a_step_of_the_owner() -> None:
    section = choices("a", "b", rules=[("a && b", "none"), ("default", "high")])
    section["items"][0]["fix"] = "do a"
    (step,) = assess(case(sections=[section], answers={"b": answer("no")})).path_to_go
    assert (step.owner, step.plan, step.due, step.action, step.after_launch) == ("payments", None, None, "do a", False)


def test_an_answer_without_a_plan_leaves_the_step_to_the_owner() -> None:
    made = case(item("a", fix="do it"), answers={"a": answer("no")}, workload={"launch": day(-3)})
    (step,) = assess(made).path_to_go
    assert (step.owner, step.plan, step.action, step.after_launch) == ("payments", None, "do it", False)


def test_a_step_that_nobody_promised_anything_for_is_not_after_the_launch() -> None:
    (step,) = assess(case(item("a"), workload={"launch": day(-3)})).path_to_go
    assert step.after_launch is False


def test_an_item_of_the_organization_is_a_step_of_the_team_where_the_organization_has_no_name() -> None:
    made = replace(case(item("a", scope="organization")), organization=None)
    assert assess(made).path_to_go[0].owner == "payments"


def test_only_what_is_open_and_of_weight_is_on_the_path() -> None:
    made = case(item("met"), item("low", risk="low"), item("open"), answers={"met": answer()}, policy=ROW)
    assert [step.item.name for step in assess(made).path_to_go] == ["c/open"]


def test_the_path_has_blockers_first_then_risk_then_what_is_due_then_the_least_effort() -> None:
    items = [
        item("covered", risk="high", blocking=True),
        item("long", risk="medium", effort="20m"),
        item("short", risk="medium", effort="5m"),
        item("due", risk="medium"),
        item("high", risk="high"),
        item("blocks", risk="medium", blocking=True),
    ]
    made = case(*items, answers={"due": answer("no", plan=plan())}, waivers=[waiver("c/covered")], policy=ROW)
    path = [step.item.name for step in assess(made).path_to_go]
    assert path == ["c/blocks", "c/high", "c/due", "c/short", "c/long", "c/covered"]


# Again


def base(**changes: Any) -> tuple[Case, Evidence]:
    """A case with something of each kind that may move."""
    given: dict[str, Any] = {
        "items": [item("a"), item("b", checks=[check()]), item("d")],
        "sections": [choices("x", "y", rules=[("x", "none"), ("default", "high")])],
        "answers": {"a": answer(), "x": answer()},
        "waivers": [waiver("c/d")],
        "policy": ROW,
    } | changes
    return case(*given.pop("items"), **given), FOUND


FOUND = evidence(b=[found()])


def same(one: Evaluation, other: Evaluation) -> bool:
    return (one.items, one.waivers, one.verdict) == (other.items, other.waivers, other.verdict)


def kept(before: Evaluation, after: Evaluation) -> list[str]:
    """The items that were not assessed again."""
    return [new.name for old, new in zip(before.items, after.items, strict=True) if old is new]


def later(made: Case, **answers: Any) -> Case:
    """The same with other answers, as a form has it after a click."""
    said = {f"c/{name}": read(Answer, one) for name, one in answers.items()}
    return replace(made, review=replace(made.review, answers={**made.review.answers, **said}))


def test_only_what_was_answered_anew_is_assessed_again() -> None:
    made, there = base()
    before = evaluate(made, there, TODAY)
    after = reassess(before, later(made, d=answer("no")), there)
    assert kept(before, after) == ["c/a", "c/b", "c/s"]
    assert same(after, evaluate(later(made, d=answer("no")), there, TODAY))
    assert (after.today, after.evidence) == (TODAY, there)


def test_a_section_is_assessed_again_with_its_choice() -> None:
    made, there = base()
    before = evaluate(made, there, TODAY)
    after = reassess(before, later(made, y=answer("no")), there)
    assert kept(before, after) == ["c/a", "c/b", "c/d"]


def test_an_answer_that_was_taken_back_is_assessed_again() -> None:
    made, there = base()
    before = evaluate(made, there, TODAY)
    without = replace(made, review=replace(made.review, answers={}))
    after = reassess(before, without, there)
    assert kept(before, after) == ["c/b", "c/d"]
    assert same(after, evaluate(without, there, TODAY))


def test_evidence_of_an_answer_that_is_gone_is_assessed_again() -> None:
    made, there = base()
    before = evaluate(made, there, TODAY)
    gone = replace(there, missing=evidence(missing={"a": 1}).missing)
    after = reassess(before, made, gone)
    assert kept(before, after) == ["c/b", "c/d", "c/s"]
    assert same(after, evaluate(made, gone, TODAY))


def test_where_nothing_moved_nothing_is_assessed_again() -> None:
    made, there = base()
    before = evaluate(made, there, TODAY)
    assert len(kept(before, reassess(before, made, there))) == 4


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda made: replace(made, team_answers=made.review.answers), id="team"),
        pytest.param(lambda made: replace(made, given=Release(version="2")), id="release"),
        pytest.param(lambda made: base(workload={"tier": 2})[0], id="workload"),
        pytest.param(lambda made: base(policy={"no_go": []})[0], id="policy"),
        pytest.param(lambda made: base(occasion="change")[0], id="occasion"),
        pytest.param(lambda made: base(waivers=[waiver("c/d", expires=9)])[0], id="waivers"),
    ],
)  # fmt: skip
def test_all_is_assessed_again_where_more_than_answers_moved(change: Any) -> None:
    made, there = base()
    before = evaluate(made, there, TODAY)
    after = reassess(before, change(made), there)
    assert kept(before, after) == []
    assert same(after, evaluate(change(made), there, TODAY))


def test_all_is_assessed_again_where_checks_found_something_new() -> None:
    made, there = base()
    before = evaluate(made, there, TODAY)
    other = evidence(b=[found("not-met")])
    after = reassess(before, made, other)
    assert kept(before, after) == []
    assert same(after, evaluate(made, other, TODAY))


def test_an_assessment_of_another_day_stays_on_its_day() -> None:
    made, there = base()
    tomorrow = TODAY + timedelta(days=1)
    before = evaluate(made, there, tomorrow)
    assert reassess(before, later(made, d=answer()), there).today == tomorrow
    assert reassess(before, base(occasion="change")[0], there).today == tomorrow


def test_a_waiver_still_covers_what_is_assessed_again() -> None:
    made, there = base()
    before = evaluate(made, there, TODAY)
    after = reassess(before, later(made, d=answer("no", plan=plan())), there)
    assert {one.name: one.waived_by for one in after.items}["c/d"] == "W-1"
    assert after.waivers == before.waivers
