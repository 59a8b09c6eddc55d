"""What is proved of risk rules over every combination of their choices."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evaluate.riskproofs import MOST_CHOICES, prove, weaknesses
from orr.evaluate.riskrules import read_rule
from orr.model.checklist import RiskRule


def rules(*pairs: tuple[str, str]) -> list[RiskRule]:
    return [RiskRule(if_=condition, risk=risk) for condition, risk in pairs]


def found(choices: str, *pairs: tuple[str, str]) -> set[tuple[str, str]]:
    """What is questionable, each with the choice that it is about."""
    messages = weaknesses("q", choices.split(), rules(*pairs))
    return {(one.key.removeprefix("rule.proof."), str(one.values.get("choice", ""))) for one in messages}


GOOD = (("a && b", "none"), ("a || b", "medium"), ("default", "high"))


@pytest.mark.parametrize(
    ("choices", "pairs", "expected"),
    [
        pytest.param("a b q_no", GOOD, set(), id="rules as they should be"),
        pytest.param("a b", (("a && b", "none"), ("default", "medium")), {("no-high", "")}, id="high is out of reach"),
        pytest.param(
            "a b q_no",
            (("a && b", "none"), ("q_no", "medium"), ("a", "medium"), ("default", "high")),
            {("none-milder", "q_no")},
            id="none of these is not the worst",
        ),
        pytest.param("a b c", GOOD, {("never-matters", "c")}, id="a choice in no rule"),
        pytest.param(
            "a b",
            (("a && b || a && !b", "none"), ("default", "high")),
            {("never-matters", "b")},
            id="a choice that cancels out",
        ),
        pytest.param(
            "a b",
            (("a && !b", "none"), ("a && b", "high"), ("default", "high")),
            {("worse", "b")},
            id="a choice that harms",
        ),
        pytest.param(
            "a b",
            (("a && b", "none"), ("a || b", "high")),
            {("undecided", "")},
            id="nothing decides the empty selection",
        ),
        pytest.param(
            "a q_no", (("a", "none"), ("!a && !q_no", "high")), {("undecided", "")}, id="none of these is undecided"
        ),
        pytest.param(
            "a",
            (("a", "none"), ("default", "unknown")),
            {("undecided", ""), ("no-high", "")},
            id="a default that says so",
        ),
    ],
)
def test_what_is_questionable_is_said(choices: str, pairs: tuple[tuple[str, str], ...], expected: set[object]) -> None:
    assert found(choices, *pairs) == expected


def test_more_choices_than_can_be_looked_at_are_said_to_be_too_many() -> None:
    assert found(" ".join(f"c{n}" for n in range(MOST_CHOICES + 1)), ("default", "high")) == {("too-many", "")}


def test_fifteen_choices_are_looked_at_in_every_combination() -> None:
    names = [f"c{n}" for n in range(14)] + ["q_no"]
    proof = prove(names, rules((" && ".join(names[:14]), "none"), ("c0", "medium"), ("default", "high")))
    assert {risk: table.bit_count() for risk, table in proof.tables.items()} == {
        "none": 1,
        "medium": 2**13 - 1,
        "high": 2**13,
        "unknown": 0,
    }


CONDITIONS = st.recursive(
    st.sampled_from("abc"),
    lambda inner: st.one_of(
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda parts: f"({' '.join(parts)})"),
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(CONDITIONS, st.sampled_from(["none", "medium", "high"])), min_size=1, max_size=4))
def test_the_tables_say_what_an_evaluation_of_each_combination_says(pairs: list[tuple[str, str]]) -> None:
    proof = prove("abc", rules(*pairs))
    for number, bits in enumerate(itertools.product([False, True], repeat=3)):
        selected = dict(zip("cba", bits, strict=True))
        risk = next((risk for rule, risk in pairs if read_rule(rule).holds(selected)), "unknown")
        assert [name for name, table in proof.tables.items() if table >> number & 1] == [risk]
