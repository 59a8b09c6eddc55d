"""What `orr.yaml` says of tiers: assigned to workloads that there are, and by a table that is no trap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from support.workspace_sample import other, put

from orr.model.impact import DEFAULT_TABLE
from orr.model.settings import Settings
from orr.source.file import InputFile
from orr.workspace.tiers import tier_faults
from orr.workspace.workspace import Workspace

TODAY = date(2026, 11, 22)
SHOP = "workloads/shop/"
ASSIGNED = "tiers: {shop: 3}\n"
TABLE = "impact_tiers:\n- {tier: 1, users: 1000, rto: 1h}\n- {tier: 3, users: 10, rto: 1d}\n"
IMPACT = "impact: {users: 100, rto: 7d}\n"
LAX = """\
tier: 4
tier_exception:
  {tier: 4, instead_of: 3, reason: it moves, requested_by: wei, approved_by: ana, on: 2026-11-20, expires: 2026-12-31}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(root: Path, changes: Mapping[str, str | bytes | None]) -> list[str]:
    return [fault.in_words("en") for fault in Workspace.open(put(root, changes), TODAY, despite_faults=True).faults()]


@pytest.mark.parametrize(
    ("settings", "workload", "tier"),
    [
        pytest.param("", "", 1, id="nothing gives one"),
        pytest.param("", "tier: 4\n", 1, id="a claim alone"),
        pytest.param(ASSIGNED, "", 3, id="assigned"),
        pytest.param(ASSIGNED, "impact: {}\n", 3, id="assigned in place of an impact"),
        pytest.param(ASSIGNED, "tier: 2\n", 2, id="assigned, and the workload claims a stricter one"),
        pytest.param(ASSIGNED, "tier: 4\n", 3, id="assigned, and the workload claims a laxer one"),
        pytest.param(ASSIGNED, LAX, 4, id="assigned, with an exception"),
        pytest.param(TABLE, IMPACT, 3, id="derived by a table of the workspace"),
        pytest.param(TABLE, LAX + IMPACT, 4, id="derived, with an exception"),
        pytest.param(TABLE, "", 1, id="a table and no impact"),
        pytest.param(
            "impact_tiers: [{tier: 2, users: 5}]\n", "", 2, id="no impact, and a table that knows tier 2 at most"
        ),
    ],
)
def test_the_tier_of_a_workload_is_derived_assigned_or_excepted(
    root: Path, settings: str, workload: str, tier: int
) -> None:
    files = other(SHOP + "workload.yaml", "tier: 1\n", workload) | {"orr.yaml": f"language: en\n{settings}"}
    workspace = Workspace.open(put(root, files), TODAY)
    case = workspace.case("shop")
    assert case.tier == tier
    assert workspace.rate(case.workload) == case.rating
    assert case.rated_workload.tier == tier


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ("tiers: {shop: 1, cafe: 2}\n", "orr.yaml:1:18: there is no workload cafe, and so no tier to assign to it"),
        ("tiers: {../shop: 1}\n", "orr.yaml:1:9"),
        ("tiers: {shop: 5}\n", "orr.yaml:1:9: shop is 5, more than 4"),
        ("tiers: {shop: '1'}\n", "orr.yaml:1:9"),
        ("impact_tiers: []\n", "orr.yaml:1:1"),
        ("impact_tiers:\n- {users: 5}\n", "orr.yaml:2:3: the key tier is missing"),
        ("impact_tiers:\n- {tier: 0}\n", "orr.yaml:2:4"),
        (
            "impact_tiers:\n- {tier: 1, users: 5}\n- {tier: 1, teams: 5}\n",
            "orr.yaml:2:4: there are two rows for tier 1",
        ),
        ("impact_tiers:\n- {tier: 1, users: 5}\n- {tier: 2, users: 9}\n", "orr.yaml:3:13: users asks for tier 2 only"),
        ("impact_tiers:\n- {tier: 3, users: 9}\n- {tier: 1, users: 5}\n", "orr.yaml:2:13: users asks for tier 3 only"),
        ("impact_tiers:\n- {tier: 1, rto: 1h}\n- {tier: 2, rto: 30m}\n", "orr.yaml:3:13: rto asks for tier 2 only"),
        ("impact_tiers:\n- {tier: 1, data: internal}\n- {tier: 2, data: restricted}\n", "orr.yaml:3:13: data asks"),
        (
            "impact_tiers:\n- {tier: 1, outage_cost: [9 EUR, 9 USD]}\n- {tier: 2, outage_cost: [5 EUR, 10 USD]}\n",
            "orr.yaml:3:13: outage_cost asks for tier 2 only",
        ),
        (
            "impact_tiers:\n- {tier: 1, outage_cost: 9 EUR}\n- {tier: 3, outage_cost: [5 EUR, 1 USD]}\n",
            "orr.yaml:2:13: the bounds of outage_cost for tier 1 are not one for each of EUR, USD",
        ),
        (
            "impact_tiers:\n- {tier: 1, outage_cost: [9 EUR, 5 EUR]}\n",
            "orr.yaml:2:13: the bounds of outage_cost for tier 1 are not one for each of EUR",
        ),
    ],
)
def test_what_is_wrong_with_it_is_a_fault_at_its_place(root: Path, settings: str, fault: str) -> None:
    assert next(one for one in told(root, {"orr.yaml": settings}) if one.startswith("orr.yaml")).startswith(fault)


def test_the_default_table_has_no_fault() -> None:
    file = InputFile(Path("orr.yaml"), "orr.yaml", b"language: en\n")
    assert list(tier_faults(file, Settings(impact_tiers=DEFAULT_TABLE), bool)) == []


def test_an_exception_approved_in_the_future_is_a_fault(root: Path) -> None:
    changed = LAX.replace("on: 2026-11-20", "on: 2026-12-22")
    (only,) = told(root, other(SHOP + "workload.yaml", "tier: 1\n", changed))
    assert only.startswith("workloads/shop/workload.yaml:5:83: on is ")


def test_faults_of_an_impact_hide_no_others(root: Path) -> None:
    bad = "impact: {rto: soon, outage_cost: 5, costs: 1}\nlive_since: 2027-01-01\n"
    found = told(root, other(SHOP + "workload.yaml", "tier: 1\n", bad))
    assert [one.split(": ")[0] for one in found] == [
        f"workloads/shop/workload.yaml:{at}" for at in ("3:10", "3:21", "3:37", "4:1")
    ]
