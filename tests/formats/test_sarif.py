"""Workloads as SARIF, read back by a model of the specification and by orr's own reader of scan results."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest
from sarif_pydantic import Sarif
from support.builders import assess, case, item
from support.outcomes import BROKEN, TODAY, fleet, open_in_every_way

from orr.evidence.checks.results.model import Status
from orr.evidence.checks.results.sarif import read_sarif
from orr.formats.sarif import sarif
from orr.formats.unread import Outcome
from orr.messages import LANGUAGES


def written(*outcomes: Outcome, language: str = "en") -> dict[str, Any]:
    data: dict[str, Any] = json.loads(sarif(outcomes, TODAY, language))
    return data


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_read_by_others_as_what_was_written(language: str) -> None:
    data = written(*fleet(), language=language)
    read = Sarif.model_validate(data)
    assert json.loads(read.model_dump_json(by_alias=True, exclude_none=True))["runs"][0]["results"]
    assert [run.tool.driver.name for run in read.runs] == ["orr"] * 4


def test_an_item_is_of_the_level_that_its_weight_gives_and_what_is_covered_is_suppressed() -> None:
    (run,) = written(open_in_every_way())["runs"]
    told = {one["ruleId"]: (one["level"], "suppressions" in one) for one in run["results"]}
    assert told == {
        "c/open": ("error", False),
        "c/waived": ("warning", True),
        "c/unknown": ("error", False),
        "c/partly": ("warning", True),
        "c/low": ("note", False),
    }


def test_each_result_names_its_rule_by_index_and_a_place() -> None:
    for run in written(*fleet())["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            (location,) = result["locations"]
            assert location["physicalLocation"]["region"]["startLine"] >= 1
            assert not location["physicalLocation"]["artifactLocation"]["uri"].startswith("/")


def test_runs_are_told_apart_and_keep_their_fingerprints() -> None:
    runs = written(*fleet())["runs"]
    assert len({run["automationDetails"]["id"] for run in runs}) == len(runs)
    again = written(*fleet(), language="zh-CN")["runs"]
    for one, other in zip(runs[:1], again[:1], strict=True):
        assert [had["partialFingerprints"] for had in one["results"]] == [
            had["partialFingerprints"] for had in other["results"]
        ]


def test_a_workload_that_could_not_be_read_is_a_run_that_failed_with_an_error_at_each_fault() -> None:
    (run,) = written(BROKEN)["runs"]
    assert run["invocations"] == [{"executionSuccessful": False}]
    (result,) = run["results"]
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "workloads/legacy/workload.yaml"},
        "region": {"startLine": 2, "startColumn": 7},
    }


def test_a_no_go_because_nothing_was_assessed_is_an_error_too() -> None:
    (run,) = written(assess(case(item("a", when={"tier": 4}))))["runs"]
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [("orr/verdict", "error")]


def test_orr_reads_its_own_log_as_a_scan_with_what_is_open() -> None:
    report = read_sarif(written(open_in_every_way()), UTC)
    assert sum(one.status is Status.FAILED for one in report.results) >= 2
