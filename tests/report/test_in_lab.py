"""The report's notebook, opened and run by hand in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.form_stage import workspace
from support.lab_stage import ROOT, Lab, Notebook, lab

pytestmark = pytest.mark.kernel


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Lab]:
    for name in ("home", "served"):
        (tmp_path / name).mkdir()
    with lab(tmp_path / "home", tmp_path / "served") as server:
        yield server


@pytest.fixture
def page(browser: Any) -> Any:
    return browser.new_page(viewport={"width": 1280, "height": 800})


def test_all_cells_run_by_hand_show_the_report_and_its_record(server: Lab, page: Any) -> None:
    root = workspace(server.folder / "ours")
    text = (ROOT / "notebooks" / "report.ipynb").read_text(encoding="utf-8")
    (root / "notebooks").mkdir(exist_ok=True)
    target = root / "notebooks" / "report.ipynb"
    target.write_text(text.replace("workload = None", 'workload = \\"shop\\"'), encoding="utf-8")
    notebook = Notebook(page, server, target.relative_to(server.folder).as_posix())
    notebook.execute("notebook:run-all-cells")
    page.wait_for_function(
        """() => { const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
        const last = cells.get(cells.length - 1);
        return last.type === 'code' && last.outputs.length > 0; }""",
        timeout=60_000,
    )
    outputs = page.evaluate(
        """() => { const cells = window.jupyterapp.shell.currentWidget.content.model.cells; const found = [];
        for (let i = 0; i < cells.length; i++) { const cell = cells.get(i);
        if (cell.type !== 'code') continue;
        for (let o = 0; o < cell.outputs.length; o++) found.push(cell.outputs.get(o).toJSON()); }
        return found; }"""
    )
    assert [output for output in outputs if output["output_type"] == "error"] == []
    record = outputs[-1]["data"]["application/vnd.orr.assessment+json"]
    assert (record["format"], record["workload"], record["verdict"]) == ("orr.assessment/1", "shop", "no-go")
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.scrollToItem(3); }")
    page.locator(".orr .verdict").first.wait_for(timeout=20_000)
    assert "No-go" in page.locator(".orr .verdict").first.inner_text()
