"""What is kept of an assessment that was voted on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.gate_stage import FILES, IMAGE, gate, orr, stage

from orr.proof.store import Store
from orr.workspace.workspace import Workspace

OWN = {"orr.yaml", "checklists/c.yaml", "workloads/shop/workload.yaml", "workloads/shop/review.yaml"}


def kept(root: Path) -> dict[str, bytes | None]:
    """The contents of the only assessment that is kept."""
    store = Store(root / "reports/history.db.kept")
    (entry,) = (root / "reports/history.db.kept/assessments/shop").glob("*.json")
    files = store.files("shop", entry.stem)
    assert files is not None
    return {path: store.content(one.sha256) for path, one in files.items()}


def test_a_vote_keeps_the_reviews_files_and_the_evidence_with_the_vote_in_it(tmp_path: Path) -> None:
    root = stage(tmp_path)
    found = kept(root)
    evidence = {f"workloads/shop/{name}" for name in ("proof.txt", "x.txt", "docs/rollback.md")}
    assert OWN | evidence <= found.keys()
    assert found["workloads/shop/review.yaml"] == (root / "workloads/shop/review.yaml").read_bytes()
    assert b"operations" in (found["workloads/shop/review.yaml"] or b"")


def test_a_checklist_that_comes_with_orr_is_kept_by_its_name_and_not_its_place(tmp_path: Path) -> None:
    root = stage(tmp_path, voted=False, **{"workloads/shop/review.yaml": "review: shop\n"})
    (root / "checklists/c.yaml").unlink()
    (root / "checklists").rmdir()
    assert orr(root, "sign", "shop", "service-owner", "no-go", "--by", "ana") == 0
    names = [path for path in kept(root) if path.endswith(".yaml") and path not in OWN]
    assert names
    assert all(name.startswith("checklists that come with orr/") for name in names)


def test_a_store_that_cannot_be_written_to_stops_no_vote(tmp_path: Path, capsys: Any) -> None:
    root = stage(tmp_path, voted=False)
    (root / "reports").mkdir()
    (root / "reports/history.db.kept").write_text("in the way")
    assert orr(root, "sign", "shop", "operations", "go", "--by", "bo") == 0
    assert "could not be kept for audits" in capsys.readouterr().err
    assert Workspace.open(root).case("shop").review.sign_offs


@pytest.mark.kernel
def test_a_re_check_of_what_is_decided_keeps_the_report_too_and_the_gate_passes(tmp_path: Path, capsys: Any) -> None:
    root = stage(tmp_path)
    assert orr(root, "recheck", "shop", "--artifact", IMAGE, "--progress", "none") == 0
    found = kept(root)
    assert {*FILES} - {"workloads/shop/drills/one.md"} <= found.keys()
    assert found["reports/shop/report.html"] == (root / "reports/shop/report.html").read_bytes()
    assert json.loads(found["reports/shop/assessment.json"] or b"")["decision"] == "go"
    assert gate(root, capsys)[0] == 0
