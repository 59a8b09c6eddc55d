"""Workloads as OSCAL, held against the models of compliance-trestle."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.builders import assess, case, item
from support.outcomes import BROKEN, TODAY, conditional, fleet, open_in_every_way, ready

from orr.formats.oscal import oscal, poam
from orr.formats.unread import Outcome
from orr.messages import LANGUAGES

HOSTILE = "<b> [x](javascript:y)\n\n# \x1b @wei"


def results(*outcomes: Outcome, language: str = "en") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(oscal(outcomes, TODAY, language))["assessment-results"]["results"]
    return found


def plan(*outcomes: Outcome) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(poam(outcomes, TODAY, "en"))["plan-of-action-and-milestones"]
    return whole


CASES = [
    pytest.param(fleet(), id="fleet"),
    pytest.param([open_in_every_way(HOSTILE)], id="hostile"),
    pytest.param([ready()], id="ready"),
    pytest.param([BROKEN], id="broken"),
    pytest.param([], id="nothing"),
    pytest.param([assess(case(item("a", when={"tier": 4})))], id="nothing applies"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcomes", CASES)
def test_both_are_valid_by_compliance_trestle(outcomes: list[Outcome], language: str) -> None:
    from trestle.oscal.assessment_results import Model as Results
    from trestle.oscal.poam import Model as Poam

    Results.model_validate_json(oscal(outcomes, TODAY, language))
    Poam.model_validate_json(poam(outcomes, TODAY, language))


def test_each_item_that_applies_is_a_finding_and_only_what_is_met_is_satisfied() -> None:
    (result,) = results(open_in_every_way())
    found = {
        one["target"]["target-id"]: (one["target"]["status"]["state"], one["target"]["status"]["reason"])
        for one in result["findings"]
    }
    assert found == {
        "c.met": ("satisfied", "pass"),
        "c.open": ("not-satisfied", "fail"),
        "c.waived": ("not-satisfied", "fail"),
        "c.unknown": ("not-satisfied", "other"),
        "c.partly": ("not-satisfied", "fail"),
        "c.low": ("not-satisfied", "other"),
    }


def test_what_checks_found_and_people_said_are_observations_of_the_finding() -> None:
    (result,) = results(open_in_every_way())
    observed = {one["uuid"]: one["methods"] for one in result["observations"]}
    methods = {
        one["target"]["target-id"]: [observed[had["observation-uuid"]] for had in one.get("related-observations", [])]
        for one in result["findings"]
    }
    assert (methods["c.unknown"], methods["c.open"], methods["c.low"]) == ([["TEST"]], [["INTERVIEW"]], [])


def test_a_workload_that_could_not_be_read_is_not_satisfied() -> None:
    (result,) = results(BROKEN)
    (finding,) = result["findings"]
    assert finding["target"]["status"] == {"state": "not-satisfied", "reason": "other"}
    assert "workload.yaml:2:7" in finding["description"]
    (entry,) = plan(BROKEN)["poam-items"]
    assert "workload.yaml:2:7" in entry["description"]


def test_a_plan_has_a_risk_with_deadline_and_milestone_for_each_open_item() -> None:
    risks = {one["props"][1]["value"]: one for one in plan(conditional())["risks"]}
    assert {name: one["status"] for name, one in risks.items()} == {
        "c/waived": "deviation-approved",
        "c/planned": "remediating",
    }
    planned = risks["c/planned"]
    assert planned["deadline"] == "2026-11-26T00:00:00+00:00"
    (task,) = planned["remediations"][0]["tasks"]
    assert (task["title"], task["type"]) == ("do it", "milestone")
    (factor,) = risks["c/waived"]["mitigating-factors"]
    assert factor["description"] == "waived by W-1 until 2026-12-01: later"


def test_the_same_assessment_has_the_same_ids_and_no_id_stands_twice() -> None:
    text = oscal(fleet(), TODAY, "en")
    assert text == oscal(fleet(), TODAY, "en")
    ids: list[str] = []

    def walk(data: Any) -> None:
        if isinstance(data, dict):
            ids.extend([data["uuid"]] if "uuid" in data else [])
            for one in data.values():
                walk(one)
        elif isinstance(data, list):
            for one in data:
                walk(one)

    walk(json.loads(text))
    walk(json.loads(poam(fleet(), TODAY, "en")))
    assert len(ids) == len(set(ids))
