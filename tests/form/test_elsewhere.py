"""The same notebook under Notebook 7 and under Voilà, where they are installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.form_stage import saved, workspace
from support.lab_stage import Lab, lab, notebook_in, voila
from support.lanes import package

pytestmark = pytest.mark.kernel


def answer_in(page: Any, root: Path) -> None:
    """Give an answer, and wait until it is acknowledged and in the file."""
    page.evaluate("() => localStorage.setItem('orr:who', 'ana')")
    form = page.locator(".orr-form")
    form.locator(".verdict-word").wait_for(timeout=60_000)
    if form.get_by_role("dialog").count():
        form.get_by_label("Your name or account").fill("ana")
        page.keyboard.press("Enter")
    group = form.get_by_role("group", name="Does one person decide?", exact=True)
    group.get_by_role("radio", name="Yes").check()
    form.locator(".saved").get_by_text("Saved at").wait_for()
    assert saved(root)["answers"]["rollback/owner"] == {
        **saved(root)["answers"]["rollback/owner"], "answer": "yes", "by": "ana",
    }  # fmt: skip
    assert not page.locator(".orr-still").first.is_visible()


def in_a_tab(page: Any, server: Lab, root: Path) -> None:
    """See the panel beside the files, and double-click on the review."""
    page.goto(f"{server.address}/tree/workloads/shop?token={server.token}")
    page.locator(".lm-TabBar-tab", has_text="Readiness reviews").click()
    page.locator(".orr-panel:visible").get_by_text("not assessed").wait_for()
    page.locator(".lm-TabBar-tab", has_text="Files").click()
    with page.context.expect_page() as opened:
        page.locator(".jp-DirListing-item[data-file-type=orr-review]").dblclick()
    tab = opened.value
    tab.get_by_role("group", name="Is there cake?", exact=True).get_by_role("radio", name="Yes").check()
    tab.locator(".orr-form .saved").get_by_text("Saved at").wait_for()
    tab.keyboard.press("Control+s")
    assert set(saved(root)["answers"]) == {"rollback/owner", "team/cake"}
    assert tab.locator(".jp-Dialog").count() == 0
    tab.close()


def test_notebook_7_shows_the_form_in_a_notebook_and_in_a_tab_and_leaves_it_its_keys(
    browser: Any, tmp_path: Path
) -> None:
    package("notebook")
    (tmp_path / "home").mkdir()
    root = workspace(tmp_path / "served")
    notebook_in(root)
    with lab(tmp_path / "home", root, "notebook") as server:
        page = browser.new_page()
        page.goto(f"{server.address}/notebooks/notebooks/review.ipynb?token={server.token}")
        page.wait_for_function(
            """() => { const w = window.jupyterapp?.shell?.currentWidget; return w?.context?.isReady &&
            w.sessionContext?.session?.kernel?.status === 'idle'; }""",
            timeout=60_000,
        )
        page.evaluate(
            """() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
            return window.jupyterapp.commands.execute('notebook:run-cell'); }"""
        )
        answer_in(page, root)
        page.keyboard.press("d")
        page.keyboard.press("d")
        page.keyboard.press("n")
        assert page.locator(".jp-Cell").count() == 1
        in_a_tab(page, server, root)
        page.close()


def test_voila_shows_the_form(browser: Any, tmp_path: Path) -> None:
    package("voila")
    root = workspace(tmp_path)
    notebook_in(root)
    with voila(root) as address:
        page = browser.new_page()
        page.goto(f"{address}#team/cake", timeout=90_000)
        page.locator(".orr-form [aria-current=true]").get_by_text("Is there cake?").wait_for(timeout=60_000)
        answer_in(page, root)
        page.close()
