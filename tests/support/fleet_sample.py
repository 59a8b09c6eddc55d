"""Small workspaces for the tests of the fleet: two items, whole sentences, no folder of their own."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from orr.evaluate import evaluate
from orr.formats.record import to_json
from orr.model.finding import Evidence
from orr.workspace.workspace import Workspace

TODAY = date(2026, 11, 23)
OWNER = "- {item: owner, ask: Is there an owner?, fix: Name one., risk: high}"
IMPACT = (
    "impact: {outage_cost: 20k EUR, users: 0, teams: 0, data: public, safety: false, legal: false,"
    " availability: 90%, rto: 7d, rpo: 7d}\n"
)
"""Tier 2, by what an hour of outage costs."""
BOARD = "- {item: dashboard, ask: Is there a dashboard?, fix: Draw one., risk: medium}"


def checklist(*items: str, version: int = 1, name: str = "basics") -> str:
    lines = "".join(f"      {item}\n" for item in items)
    return (
        f"checklist: {name}\nversion: {version}\ntitle: {{en: Basics, zh-CN: 基础}}\n"
        f"sections:\n  - section: only\n    items:\n{lines}"
    )


def make_workspace(root: Path, *names: str, settings: str = "") -> Path:
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD))
    sign_offs = "policy: [{tiers: [1, 2, 3, 4], sign_offs: [lead]}]\n"
    write(root / "orr.yaml", sign_offs + settings)
    for name in names:
        make_workload(root, name)
    return root


def make_workload(root: Path, name: str, *, owner: str = "yes", board: str = "yes", more: str = "") -> None:
    folder = root / "workloads" / name
    launch = "" if "launch:" in more else "launch: 2026-12-01\n"
    write(
        folder / "workload.yaml",
        f"workload: {name}\ntitle: The {name}\n{IMPACT}owner: {{team: sales}}\n{launch}{more}",
    )
    answer(root, name, owner=owner, board=board)


def answer(root: Path, name: str, *, owner: str = "yes", board: str = "yes", more: str = "") -> None:
    told = "".join(
        f"  basics/{item}: {{answer: {said}, by: ann, on: 2026-11-20}}\n"
        for item, said in (("owner", owner), ("dashboard", board))
        if said != "nothing"
    )
    write(root / "workloads" / name / "review.yaml", f"review: {name}\nanswers:\n{told}{more}")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def assessed(root: Path, name: str, today: date = TODAY, language: str = "en") -> dict[str, Any]:
    """The assessment as it would be recorded: through the files, the rule and JSON."""
    record = to_json(evaluate(Workspace(root, today).case(name), Evidence(), today), language)
    return dict(json.loads(json.dumps(record)))


def git(root: Path, *words: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit_all(root: Path) -> str:
    if not (root / ".git").exists():
        git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Change")
    return git(root, "rev-parse", "HEAD")
