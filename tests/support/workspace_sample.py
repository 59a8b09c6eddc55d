"""A small workspace without a fault, to put faults into."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

TODAY = "2026-11-22"

FILES = {
    "orr.yaml": "timezone: Asia/Shanghai\nrepositories: [../services]\n",
    "checklists/c.yaml": """\
checklist: c
version: 1
title: C
sections:
  - section: plain
    items:
      - item: own
        ask: Own?
        risk: high
      - item: ours
        ask: Ours?
        risk: low
        scope: team
      - item: all
        ask: All?
        risk: low
        scope: organization
  - section: ruled
    risk_rules:
      - {if: x && y, risk: none}
      - {if: default, risk: high}
    items:
      - {item: x, ask: X?}
      - {item: y, ask: Y?}
""",
    "workloads/shop/workload.yaml": "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\nchecklists: [c]\n",
    "workloads/shop/review.yaml": "review: shop\nanswers:\n  c/own: {answer: yes, by: wei, on: 2026-11-20}\n",
    "teams/payments.yaml": "team: payments\nanswers:\n  c/ours: {answer: yes, by: ana, on: 2026-11-20}\n",
    "organization.yaml": "organization: acme\nanswers:\n  c/all: {answer: yes, by: bo, on: 2026-11-20}\n",
}


def put(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the workspace, with some files otherwise or (None) not at all."""
    for name, content in {**FILES, **(changes or {})}.items():
        if content is None:
            continue
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def other(name: str, old: str, new: str) -> dict[str, str | bytes | None]:
    """A change of one file: one of its texts for another."""
    assert FILES[name].count(old) == 1, (name, old)
    return {name: FILES[name].replace(old, new)}
