"""A workspace with a decided run, to stand before the gate with."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from orr.assessing import assess, named_release
from orr.cli import main
from orr.formats.record import to_json, without_texts
from orr.history import History, Run
from orr.model.checklist import Occasion
from orr.workspace.workspace import Workspace

TODAY = datetime.now(UTC).date().isoformat()
IMAGE = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64

FILES = {
    "orr.yaml": "policy:\n- tiers: [1, 2, 3, 4]\n  sign_offs: [service-owner, operations]\n  distinct: true\n",
    "checklists/c.yaml": """\
checklist: c
version: 1
title: C
sections:
  - section: plain
    items:
      - {item: own, ask: Own?, risk: high}
      - {item: proof, ask: Proof?, risk: high, evidence: required}
      - item: doc
        ask: Doc?
        risk: high
        checks:
          - {check: document, path: docs/rollback.md, sections: [Steps]}
      - item: drills
        ask: Drills?
        risk: high
        checks:
          - {check: files, paths: ["drills/*.md"]}
  - section: ruled
    risk_rules:
      - {if: x && y, risk: none}
      - {if: default, risk: high}
    items:
      - item: x
        ask: X?
        checks:
          - {check: files, paths: [x.txt]}
      - {item: y, ask: Y?}
""",
    "workloads/shop/workload.yaml": "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\n",
    "workloads/shop/review.yaml": f"""\
review: shop
occasion: launch
answers:
  c/own: {{answer: yes, by: wei, on: {TODAY}}}
  c/proof: {{answer: yes, by: wei, on: {TODAY}, evidence: [{{path: proof.txt}}]}}
  c/y: {{answer: yes, by: wei, on: {TODAY}}}
""",
    "workloads/shop/proof.txt": "It was done.\n",
    "workloads/shop/x.txt": "x marks it\n",
    "workloads/shop/docs/rollback.md": "# Rollback\n\n## Steps\n\nTurn the flag off, and watch the errors fall.\n",
    "workloads/shop/drills/one.md": "# Drill\n\nWe practised it on a Monday, and it took ten minutes.\n",
}


def stage(root: Path, *, voted: bool = True, **changes: str) -> Path:
    """A workspace whose only workload is voted go, with some files otherwise."""
    for name, content in {**FILES, **changes}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    if voted:
        vote(root)
    return root


@cache
def _decided() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="orr-stage-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    record(stage(folder / "decided"))
    return folder / "decided"


def decided(root: Path) -> Path:
    """A workspace whose workload is voted go, with a run: a copy of one that is made once."""
    shutil.copytree(_decided(), root, dirs_exist_ok=True)
    return root


@contextmanager
def inside(root: Path) -> Iterator[None]:
    """Stand in a folder."""
    before = Path.cwd()
    os.chdir(root)
    try:
        yield
    finally:
        os.chdir(before)


def orr(root: Path, *words: str) -> int:
    """Run a command in a workspace."""
    with inside(root):
        return main(words)


def vote(root: Path, artifact: str = IMAGE, votes: Sequence[tuple[str, str]] = ()) -> None:
    """Have every role vote go, or some as they are said to."""
    for role, by in (("service-owner", "ana"), ("operations", "bo")):
        said = dict(votes).get(role, "go")
        assert orr(root, "sign", "shop", role, said, "--by", by, "--artifact", artifact) == 0


def record(root: Path, artifact: str = IMAGE, environment: str | None = None, **more: Any) -> dict[str, Any]:
    """Record a run, as a re-check does."""
    workspace = Workspace.open(root)
    release = named_release(None, artifact or None, environment)
    found = assess(workspace, "shop", release=release, occasion=more.pop("occasion", Occasion.LAUNCH), compared=False)
    told = {**without_texts(to_json(found, "en")), "simulated": False}
    at = more.pop("at", datetime.now(UTC))
    with closing(History(workspace.settings.history, workspace.root)) as history:
        history.prepare()
        history.record(Run("shop", more.pop("day", workspace.today), at, told, **more))
    return told


def gate(root: Path, capsys: Any, *more: str, artifact: str = IMAGE) -> tuple[int, str, dict[str, Any]]:
    """The status of the gate, its line and its JSON."""
    capsys.readouterr()
    status = orr(root, "gate", "shop", "--artifact", artifact, *more)
    printed = capsys.readouterr()
    return status, printed.err.strip(), json.loads(printed.out) if printed.out else {}
