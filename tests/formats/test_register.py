"""Open items and the pre-mortem as a risk register."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from support.outcomes import BROKEN, TODAY, fleet, open_in_every_way

from orr.formats.register import register
from orr.formats.unread import Outcome
from orr.model.review import Level, Scenario


def rows(*outcomes: Outcome, language: str = "en") -> list[dict[str, str]]:
    text = register(outcomes, TODAY, language)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_every_open_item_has_a_row_and_how_likely_it_is_stays_open() -> None:
    found = rows(open_in_every_way())
    assert [row["ID"] for row in found] == [f"shop/c/{name}" for name in ("open", "waived", "unknown", "partly", "low")]
    first = found[0]
    assert (first["Impact"], first["Owner"], first["Due"], first["Response"]) == (
        "high",
        "payments",
        "2026-12-01",
        "plain words",
    )
    assert {row["Likelihood"] for row in found} == {""}
    assert found[1]["Covered by"] == "waiver:W-1"


def test_the_pre_mortem_stands_beside_them() -> None:
    made = open_in_every_way()
    scenario = Scenario(scenario="=The queue fills", likelihood=Level.LOW, impact=Level.HIGH, tested_on=TODAY)
    made = replace(made, case=replace(made.case, review=replace(made.case.review, pre_mortem=(scenario,))))
    last = rows(made)[-1]
    assert (last["ID"], last["Kind"], last["Risk"]) == ("shop/pre-mortem-1", "pre-mortem", "'=The queue fills")
    assert (last["Likelihood"], last["Impact"], last["Tested on"]) == ("low", "high", TODAY.isoformat())


def test_a_workload_that_could_not_be_read_is_a_row() -> None:
    (row,) = rows(BROKEN)
    assert (row["Workload"], row["Kind"]) == ("legacy", "error")
    assert "workloads/legacy/workload.yaml:2:7" in row["Risk"]


def test_headings_are_in_the_language_that_is_asked_for() -> None:
    assert list(rows(*fleet(), language="zh-CN")[0])[:4] == ["编号", "工作负载", "类别", "风险"]
