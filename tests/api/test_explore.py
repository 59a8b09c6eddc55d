"""`notebooks/explore.ipynb` in a kernel of its own: what it shows, with plots and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import papermill
import pytest
from support import ROOT
from support.fleet_sample import TODAY, answer, make_workspace

from orr.system.resources import shipped

pytestmark = pytest.mark.kernel

PLOTS = ["open-plot", "items-plot", "lapses-plot"]


def executed(folder: Path, workspace: Path, **parameters: str) -> dict[str, list[dict[str, Any]]]:
    """By the name of each cell that shows something, its outputs."""
    asked = {"workspace": str(workspace), "today": TODAY.isoformat(), **parameters}
    notebook = papermill.execute_notebook(
        str(shipped("notebooks") / "explore.ipynb"), str(folder / "out.ipynb"), asked, cwd=folder, progress_bar=False
    )
    return {cell["id"]: cell["outputs"] for cell in notebook.cells if cell.get("outputs")}


def kinds(outputs: list[dict[str, Any]]) -> set[str]:
    return {kind for output in outputs for kind in output.get("data", {})}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=":")


def test_a_fleet_and_one_workload_are_shown_as_cards_frames_and_plots(tmp_path: Path) -> None:
    shown = executed(tmp_path, ROOT, workload="checkout", language="zh-CN")
    assert [name for name, outputs in shown.items() if "image/png" in kinds(outputs)] == PLOTS
    assert shown["card"][0]["data"]["text/plain"] == "结算与支付，上线评审：有条件上线：6 项已知缺失、1 项情况不明"
    assert "截至" in shown["card"][0]["data"]["text/html"]
    frames = {"fleet-frame", "teams-frame", "blockers-frame", "items-frame", "path-frame", "runs-frame"}
    assert {name for name, outputs in shown.items() if "dataframe" in str(outputs)} == frames


def test_without_matplotlib_it_says_so_and_shows_all_but_the_plots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_workspace(tmp_path / "workspace", "ready", "late")
    answer(root, "late", owner="no")
    missing = tmp_path / "missing" / "matplotlib"
    missing.mkdir(parents=True)
    (missing / "__init__.py").write_text("raise ModuleNotFoundError('No module named matplotlib')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(missing.parent), prepend=":")
    shown = executed(tmp_path, root)
    assert not any("image/png" in kinds(outputs) for outputs in shown.values())
    (said,) = shown["import"]
    assert said["text"].splitlines()[0] == "No plots without matplotlib: pip install 'orr[explore]'"
    assert (
        shown["card"][0]["data"]["text/plain"] == "The late, launch review: no-go: 1 known to be missing"
    )  # the worst of the fleet
