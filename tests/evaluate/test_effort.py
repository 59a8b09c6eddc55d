"""How long it takes people to answer what is left."""

from __future__ import annotations

from typing import Any

import pytest
from support.builders import answer, assess, case, check, choices, day, evidence, found, item

from orr.evaluate import Case
from orr.evaluate.effort import effort_left
from orr.messages import render


def told(made: Case, language: str = "en", **findings: Any) -> str | None:
    said = effort_left(assess(made, evidence(**findings)).items)
    return None if said is None else render(said, language)


BOTH = [item("a", effort="10m", role=["security", "data"]), item("b", effort="7m", role="operations")]


def test_what_nobody_answered_takes_its_minutes_of_the_role_that_is_asked_first() -> None:
    assert told(case(*BOTH)) == "about 17 min to answer what is left: 10 for security, 7 for operations"
    assert told(case(*BOTH), "zh-CN") == "答完其余问题约需 17 分钟：安全 10 分钟、运维 7 分钟"


@pytest.mark.parametrize("reply", ["yes", "partial", "no", "not-applicable"])
def test_what_is_answered_takes_no_time(reply: str) -> None:
    answers = {"a": answer(reply)}
    assert told(case(*BOTH, answers=answers)) == "about 7 min to answer what is left: 7 for operations"


def test_a_stale_answer_is_given_again() -> None:
    answers = {"a": answer(on=day(-400)), "b": answer()}
    assert told(case(*BOTH, answers=answers)) == "about 10 min to answer what is left: 10 for security"


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"scope": "team"}, id="the team's"),
        pytest.param({"when": {"tier": 4}}, id="of another tier"),
        pytest.param({"checks": [check()]}, id="decided by checks"),
        pytest.param({"effort": None}, id="without minutes"),
    ],
)
def test_what_no_person_of_the_workload_answers_is_not_counted(keys: dict[str, Any]) -> None:
    assert told(case(item("a", **{"effort": "10m", **keys})), a=[found("not-met")]) is None


def test_the_choices_of_a_section_are_counted_one_by_one() -> None:
    section = choices("x", "y", rules=[("x && y", "none"), ("default", "high")])
    for choice, minutes in zip(section["items"], ("5m", "3m"), strict=True):
        choice |= {"effort": minutes, "role": "data"}
    assert told(case(sections=[section], answers={"x": answer()})) == "about 3 min to answer what is left: 3 for data"
