"""A challenged answer does not count until the challenge is lifted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import answer, assess, case, check, choices, day, evidence, found, item, plan, state_of, waiver

from orr.evaluate import Case, reassess
from orr.evaluate.milder import Earlier
from orr.evaluate.states import severity_of
from orr.evaluate.withdrawn import stands_in
from orr.messages import render
from orr.model.review import Review, State
from orr.model.validation import read


def challenged(reply: str | None = "yes", lifted: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """An answer that bo challenges."""
    more = {} if lifted is None else {"lifted": lifted}
    return answer(reply, challenged={"by": "bo", "on": day(0), "why": "it was another system", **more}, **keys)


def lift(by: str = "bo", on: int = 0) -> dict[str, Any]:
    """A lift of the challenge."""
    return {"by": by, "on": day(on), "why": "the record is there now"}


def test_a_challenge_or_no_go_vote_that_a_run_alone_holds_is_listed_as_milder() -> None:
    doubted = case(item("a"), answers={"a": challenged()})
    clean = case(item("a"), answers={"a": answer()})
    digest = assess(clean).digest
    held = stands_in(doubted.review, [doubted.review.answers], digest)
    held = held._replace(no_go={("service-owner", "bo", digest): day(0)})

    def told(now: Case) -> str:
        earlier = (Earlier("run", "2026-11-20", None, stood=held),)
        return " ".join(render(one.says, "en") for one in assess(replace(now, earlier=earlier)).milder)

    assert "the challenge of c/a by bo of 2026-11-22 is gone without being lifted" in told(clean)
    assert "the no-go vote of bo (service-owner) of 2026-11-22 is gone" in told(clean)
    assert told(case(item("a"), answers={"a": challenged(lifted=lift())})) == ""


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("yes", "unanswered"),
        ("partial", "unanswered"),
        ("not-applicable", "unanswered"),
        ("no", "not-met"),
        (None, "unanswered"),
    ],
)
def test_a_challenged_answer_is_unanswered_unless_it_is_worse(reply: str | None, state: str) -> None:
    assert state_of(case(item(), answers={"a": challenged(reply)})) == state


@pytest.mark.parametrize(
    ("lifted", "state"),
    [
        pytest.param(lift("bo"), "met", id="by the challenger"),
        pytest.param(lift("ana"), "met", id="by another person"),
        pytest.param(lift("wei"), "unanswered", id="by who answered"),
        pytest.param(lift("Wei "), "unanswered", id="by a name like theirs"),
        pytest.param(lift("bo", 1), "unanswered", id="tomorrow"),
        pytest.param(lift("bo", -1), "unanswered", id="before it was raised"),
    ],
)
def test_a_challenge_ends_when_somebody_lifts_it_who_may(lifted: dict[str, Any], state: str) -> None:
    what = case(item(), answers={"a": challenged(lifted=lifted)})
    assessed = assess(what)
    assert assessed.items[0].state == state
    assert [part.name for part in assessed.challenged] == ([] if state == "met" else ["c/a"])
    assert [flag.flag for flag in assessed.flags] == ([] if state == "met" else ["ineffective-lift"])


def test_a_challenge_for_a_day_to_come_counts_at_once() -> None:
    doubt = {"by": "bo", "on": day(9), "why": "not so"}
    assert state_of(case(item(), answers={"a": answer(challenged=doubt)})) == "unanswered"


def test_what_is_worse_than_unanswered_stays() -> None:
    old = case(item(valid_for="1d"), answers={"a": challenged(on=day(-9))})
    unproved = case(item(evidence="required"), answers={"a": challenged()})
    failed = case(item(checks=[check(paths=["a"])]), answers={"a": challenged()})
    assert state_of(old) == "stale"
    assert state_of(unproved) == "unknown"
    assert state_of(failed, evidence(a=[found("not-met")])) == "not-met"


def test_a_challenged_yes_beside_checks_that_are_met_is_unanswered() -> None:
    what = case(item(checks=[check(paths=["a"])]), answers={"a": challenged()})
    assert state_of(what, evidence(a=[found("met")])) == "unanswered"


def test_the_plan_of_a_challenged_answer_covers_nothing() -> None:
    asked = item(plan_accepted=True)
    plain = assess(case(asked, answers={"a": answer("partial", plan=plan())}))
    doubted = assess(case(asked, answers={"a": challenged("partial", plan=plan())}))
    assert (plain.items[0].covered_by, doubted.items[0].covered_by) == ("plan", None)


def test_a_waiver_given_on_a_partial_does_not_cover_it_challenged() -> None:
    given_on = waiver("c/a", states={"c/a": "partial"})
    assert assess(case(item(), answers={"a": answer("partial")}, waivers=[given_on])).items[0].covered_by
    assert not assess(case(item(), answers={"a": challenged("partial")}, waivers=[given_on])).items[0].covered_by


def test_an_inherited_answer_can_be_challenged() -> None:
    what = case(item(scope="team"), team={"a": challenged()})
    (only,) = assess(what).items
    assert (only.state, only.answer_from, only.challenge is not None) == (State.UNANSWERED, "team:payments", True)


def test_a_challenged_not_applicable_applies() -> None:
    (only,) = assess(case(item(), answers={"a": challenged("not-applicable")})).items
    assert only.applies
    assert only.open


RULES = [("x && !y", "none"), ("default", "medium")]


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        pytest.param({"x": challenged(), "y": answer("no")}, "unanswered", id="which would do"),
        pytest.param({"x": challenged(), "y": answer("yes")}, "not-met", id="which does not help anyway"),
        pytest.param({"x": answer(), "y": challenged("yes")}, "not-met", id="which does harm"),
        pytest.param({"x": answer(), "y": challenged("not-applicable")}, "unanswered", id="not applicable"),
    ],
)
def test_a_challenged_choice_never_makes_its_section_better(answers: dict[str, Any], state: str) -> None:
    (section,) = assess(case(sections=[choices("x", "y", rules=RULES)], answers=answers)).items
    assert section.state == state


def test_a_challenge_is_voted_on_and_an_assignment_is_not() -> None:
    plain, doubted = (assess(case(item(), answers={"a": one})) for one in (answer(), challenged()))
    assert plain.digest != doubted.digest
    review = read(Review, {**plain.case.review.as_data(), "assigned": {"c/a": {"to": "li", "by": "bo"}}})
    assigned = reassess(plain, replace(plain.case, review=review), plain.evidence)
    assert assigned.digest == plain.digest
    assert assigned.items[0].assigned is not None


REPLIES = st.sampled_from(["yes", "partial", "no", "not-applicable"])


@given(
    st.lists(REPLIES, min_size=2, max_size=2),
    st.sampled_from([None, "met", "partial", "not-met", "unknown"]),
    st.integers(-12, 1),
    st.booleans(),
    st.booleans(),
)
def test_no_challenge_makes_anything_better(
    replies: list[str], outcome: str | None, on: int, required: bool, as_choices: bool
) -> None:
    keys: dict[str, Any] = {"checks": [check(paths=["a"])]} if outcome else {}
    keys |= {"evidence": "required"} if required else {}
    what = {"sections": [choices("a", "b", rules=[("a && !b", "none"), ("default", "high")])]} if as_choices else {}
    asked = [] if as_choices else [item("a", valid_for="10d", **keys), item("b")]
    collected = evidence(a=[found(outcome)]) if outcome and not as_choices else None

    def assessed(first: dict[str, Any]) -> Any:
        return assess(case(*asked, answers={"a": first, "b": answer(replies[1])}, **what), collected)

    plain, doubted = (make(replies[0], on=day(on)) for make in (answer, challenged))
    before, after = assessed(plain), assessed(doubted)
    assert all(
        severity_of(new.state) >= severity_of(old.state) for old, new in zip(before.items, after.items, strict=True)
    )
    order = ["go", "conditional-go", "no-go"]
    assert order.index(after.verdict.value) >= order.index(before.verdict.value)
