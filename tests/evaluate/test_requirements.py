"""What is required of a workload, as data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from support.builders import TODAY, answer, case, check, checklist, choices, day, item

from orr.evaluate import Case
from orr.evaluate.requirements import requirements, requirements_digest
from orr.model.checklist import Occasion


def required(made: Case) -> dict[str, Any]:
    return requirements(made, TODAY)


def test_an_item_is_kept_with_what_counts_and_every_key_that_is_not_the_default() -> None:
    made = case(item("a"), item("b", risk="low", blocking=True, valid_for="30d", checks=[check(path="x")]))
    items = required(made)["items"]
    assert {key: value for key, value in items["c/a"].items() if key != "ask"} == {
        "risk": "high",
        "decided_by": "person",
    }
    assert {"risk": "low", "blocking": True, "decided_by": "checks", "valid_for": 30}.items() <= items["c/b"].items()
    assert [one.split()[0] for one in items["c/b"]["checks"]] == ["files"]


@pytest.mark.parametrize(
    "keys",
    [{"when": {"tier": 2}}, {"when": {"tags": "public"}}, {"occasions": "change"}, {"when": {"live": True}}],
    ids=["another tier", "a tag that it has not", "another occasion", "only where live"],
)
def test_an_item_that_is_left_out_is_not_required(keys: dict[str, Any]) -> None:
    assert [*required(case(item("a"), item("b", **keys)))["items"]] == ["c/a"]


def test_a_section_with_rules_is_required_as_long_as_one_of_its_choices_applies() -> None:
    section = choices("x", "y", rules=[("x", "none"), ("default", "high")])
    section["items"][0]["when"] = {"tier": 2}
    assert [*required(case(sections=[section]))["items"]] == ["c/s"]
    section["items"][1]["when"] = {"tier": 2}
    assert [*required(case(sections=[section]))["items"]] == []


def test_answers_and_their_dates_are_no_requirement_but_whose_are_inherited_is() -> None:
    made = case(item("a", scope="team"))
    answered = case(item("a", scope="team"), answers={"a": answer("no", on=day(-3))})
    assert requirements_digest(required(made)) == requirements_digest(required(answered))
    assert required(case(item("a", scope="team"), team={"a": answer()}))["inherits"] == ["team:payments"]


def test_white_space_and_capitals_of_a_question_are_no_requirement() -> None:
    one, other = (case(item("a", ask=ask)) for ask in ("Is it there?", "is  it\nthere?"))
    assert required(one) == required(other)


def test_what_is_required_is_json_and_its_digest_moves_with_it() -> None:
    made = case(item("a"), workload={"launch": day(3), "aws": {"account": "123456789012"}}, policy={})
    found = required(made)
    assert json.loads(json.dumps(found)) == found
    assert found["workload"] == {"launch": day(3), "aws.account": "123456789012"}
    other = replace(made, checklists=(checklist(item("a", risk="low")),)).on(Occasion.LAUNCH, None)
    assert requirements_digest(found) != requirements_digest(required(other))
