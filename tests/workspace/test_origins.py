"""What decided an item is placed in the repository, else where it is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.builders import TODAY
from support.workspace_sample import FILES, put

from orr.assessing import assess
from orr.model.finding import Where
from orr.workspace.workspace import Workspace

RULES = """\
checklist: c
version: 1
title: C
sections:
  - section: plain
    items:
      - {item: own, ask: Own?, risk: high}
      - {item: none, ask: None?, risk: high}
      - {item: ours, ask: Ours?, risk: low, scope: team}
      - {item: all, ask: All?, risk: low, scope: organization}
      - {item: links, ask: Links?, risk: high, checks: [{check: document, path: guide.md}]}
      - {item: gone, ask: Gone?, risk: high, checks: [{check: document, path: gone.md}]}
"""
REVIEW = "review: shop\nanswers:\n  c/own: {answer: no, by: wei, on: 2026-11-20}\n"


@pytest.mark.parametrize(
    ("item", "where"),
    [
        ("c/own", Where("workloads/shop/review.yaml", 3)),
        ("c/none", Where("workloads/shop/review.yaml", 2)),
        ("c/ours", Where("teams/payments.yaml", 3)),
        ("c/all", Where("organization.yaml", 3)),
        ("c/links", Where("workloads/shop/guide.md", 3)),
        ("c/gone", Where("workloads/shop/review.yaml", 2)),
    ],
)
def test_each_item_has_the_place_of_what_decided_it(tmp_path: Path, item: str, where: Where) -> None:
    files = {name: text.replace("answer: yes", "answer: no") for name, text in FILES.items()}
    guide = "# Guide\n\nSee [the plan](nowhere.md), which says what to do, and whom to call when it fails.\n"
    put(
        tmp_path,
        files | {"checklists/c.yaml": RULES, "workloads/shop/review.yaml": REVIEW, "workloads/shop/guide.md": guide},
    )
    assessment = assess(Workspace.open(tmp_path, TODAY), "shop")
    (found,) = (one for one in assessment.items if one.name == item)
    assert found.open
    assert assessment.where(found) == where


def test_a_file_of_a_repository_outside_the_workspace_is_placed_in_that(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    workload = FILES["workloads/shop/workload.yaml"] + "repository: ../../../services/shop\n"
    put(root, {"checklists/c.yaml": RULES, "workloads/shop/workload.yaml": workload})
    put(tmp_path / "services" / "shop", {**dict.fromkeys(FILES), "guide.md": "# Guide\n\nTODO\n"})
    assessment = assess(Workspace.open(root, TODAY), "shop")
    (found,) = (one for one in assessment.items if one.name == "c/links")
    assert assessment.where(found).path == "guide.md"


def test_without_a_review_the_file_that_would_hold_the_answer_is_named(tmp_path: Path) -> None:
    put(tmp_path, {"checklists/c.yaml": RULES, "workloads/shop/review.yaml": None})
    assessment = assess(Workspace.open(tmp_path, TODAY), "shop")
    assert assessment.where(assessment.items[0]) == Where("workloads/shop/review.yaml")
