"""What a workspace that was written for laxer rules says no more."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from support.workspace_sample import FILES, TODAY, put

from orr.assessing import with_terms
from orr.workspace.stricter import stricter
from orr.workspace.workspace import Workspace

WORKLOAD, REVIEW = "workloads/shop/workload.yaml", "workloads/shop/review.yaml"
LIST = (
    "checklist: c\nversion: 1\ntitle: C\nsections:\n  - section: s\n    items:\n"
    "      - {item: own, ask: Own?, risk: high}\n      - {item: low, ask: Low?, risk: low}\n"
)
SPARED = "answers:\n  c/own: {answer: not-applicable, reason: r, by: wei, on: 2026-11-01MORE}\n"
WAIVED = (
    "waivers:\n  - {waiver: W-1, items: [c/own], reason: r, requested_by: wei, approved_by: ana, "
    "approved_on: 2026-11-20, expires: 2026-12-01MORE}\n"
)


@pytest.mark.parametrize(
    ("assigned", "review", "found"),
    [
        pytest.param("", "", ["tier 1 counts"], id="no tier"),
        pytest.param("tiers: {shop: 2}\n", "", [], id="an assigned tier"),
        pytest.param("tiers: {shop: 2}\n", SPARED, ["nobody else agreed that c/own"], id="not agreed"),
        pytest.param(
            "tiers: {shop: 2}\n",
            SPARED.replace("MORE", ", approved_by: ana"),
            ["ana agreed that c/own does not apply, but nothing tells to which answer"],
            id="agreed to nobody knows what",
        ),
        pytest.param("tiers: {shop: 2}\n", SPARED.replace("MORE", ", approved_by: ana, agreed_to: x"), [], id="agreed"),
        pytest.param("tiers: {shop: 2}\n", SPARED.replace("own", "low"), [], id="nobody has to agree"),
        pytest.param("tiers: {shop: 2}\n", WAIVED, ["W-1 holds no state of c/own"], id="no state"),
        pytest.param("tiers: {shop: 2}\n", WAIVED.replace("MORE", ", states: {c/own: not-met}"), [], id="a state"),
        pytest.param("tiers: {shop: 2}\n", WAIVED.replace("2026-12-01", "2026-11-21"), [], id="a waiver that ended"),
    ],
)
def test_what_became_stricter_is_listed_with_its_place(
    tmp_path: Path, assigned: str, review: str, found: list[str]
) -> None:
    files = {
        "orr.yaml": f"timezone: UTC\n{assigned}",
        "checklists/c.yaml": LIST,
        "teams/payments.yaml": "team: payments\n",
        "organization.yaml": "organization: acme\n",
        WORKLOAD: FILES[WORKLOAD].replace("tier: 1\n", ""),
        REVIEW: f"review: shop\n{review.replace('MORE', '')}",
    }
    workspace = Workspace(put(tmp_path, files), date.fromisoformat(TODAY))
    told = [fault.in_words("en") for fault in stricter(workspace, partial(with_terms, workspace))]
    assert len(told) == len(found)
    for line, words in zip(told, found, strict=True):
        assert words in line
        assert line.startswith(str(tmp_path / "workloads/shop"))
