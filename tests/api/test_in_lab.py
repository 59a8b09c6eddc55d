"""What `orr.assess` and `orr.review` show in a real JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from support.form_stage import saved, workspace
from support.lab_stage import Lab, Notebook, lab

import orr

pytestmark = pytest.mark.kernel

CARD = 'import orr\n\norr.assess("shop", today="2026-11-22"%s)'
BOXED = """\
import ipywidgets
import orr

form = orr.review("shop", by="ana", today="2026-11-22")
verdict = ipywidgets.Label("at first " + form.verdict)
form.observe(lambda change: setattr(verdict, "value", "moved to " + change["new"]), "verdict")
parts = [ipywidgets.VBox([verdict, form]), ipywidgets.VBox([orr.review("shpo")])]
ipywidgets.Accordion(parts, titles=["Ours", "Theirs"])
"""
REVIEW = """\
review: shop
answers:
  rollback/rehearsed: {answer: yes, by: ana, on: 2026-11-20, evidence: [{path: docs/rollback.md}]}
  rollback/owner: {answer: yes, by: ana, on: 2026-11-20}
  team/one-team: {answer: yes, by: ana, on: 2026-11-20}
  team/on-call: {answer: yes, by: ana, on: 2026-11-20}
"""
WORDS = {"en": ["Shop", "Go", "as of 2026-11-22"], "zh-CN": ["商店", "可以上线", "截至 2026-11-22"]}
GREEN, WHITE = "rgb(20, 97, 58)", "rgb(255, 255, 255)"
INK = {"JupyterLab Light": "rgb(22, 33, 44)", "JupyterLab Dark": "rgb(232, 237, 242)"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "home").mkdir()
    (folder / "served").mkdir()
    with lab(folder / "home", folder / "served") as server:
        yield server


@pytest.fixture
def root(server: Lab, request: pytest.FixtureRequest) -> Path:
    """A workspace of its own below what the server serves."""
    return workspace(server.folder / re.sub(r"\W+", "-", request.node.name), REVIEW)


Open = Callable[..., Notebook]


@pytest.fixture
def opened(browser: Any, server: Lab, root: Path) -> Iterator[Open]:
    """Open a notebook of one cell in the workspace; nothing but the server may be asked for anything."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def open_with(source: str, outputs: Any = ()) -> Notebook:
        cell = nbformat.v4.new_code_cell(source, outputs=list(outputs))
        kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), root / "one.ipynb")
        return Notebook(page, server, f"{root.name}/one.ipynb")

    yield open_with
    page.context.close()
    for session in server.ask("/api/sessions"):
        server.ask(f"/api/sessions/{session['id']}", "DELETE")
    assert asked
    assert [url for url in asked if not url.startswith((server.address, "data:", "blob:", "about:"))] == []


def outputs(notebook: Notebook) -> list[dict[str, Any]]:
    """What the only cell shows, once it shows anything."""
    get = "() => window.jupyterapp.shell.currentWidget.content.widgets[0].model.outputs.toJSON()"
    notebook.page.wait_for_function(f"() => ({get})().length > 0", timeout=60_000)
    return list(notebook.page.evaluate(get))


def style(notebook: Notebook, selector: str, name: str) -> str:
    found = notebook.page.locator(f".jp-OutputArea .orr {selector}").first
    return str(found.evaluate("(element, name) => getComputedStyle(element)[name]", name))


@pytest.mark.parametrize("language", WORDS)
def test_an_assessment_at_the_end_of_a_cell_is_a_card_in_light_and_dark(opened: Open, language: str) -> None:
    notebook = opened(CARD % f', language="{language}"')
    notebook.run()
    (output,) = outputs(notebook)
    assert set(output["data"]) == {"text/html", "text/plain"}
    card = notebook.page.locator(".jp-OutputArea .orr")
    card.wait_for()
    text = card.inner_text()
    assert [word for word in WORDS[language] if word not in text] == []
    for theme, ink in INK.items():
        notebook.page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        notebook.page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")
        assert style(notebook, ".verdict", "backgroundColor") == GREEN
        assert style(notebook, ".verdict strong", "color") == WHITE
        assert style(notebook, "h1", "color") == ink
    width = card.evaluate("(element) => [element.scrollWidth, element.clientWidth]")
    assert width[0] <= width[1]


def test_in_a_notebook_that_is_not_trusted_the_card_is_still_read_from_top_to_bottom(opened: Open, root: Path) -> None:
    card = orr.assess("shop", root, today="2026-11-22")._repr_html_()
    notebook = opened(CARD % "", [nbformat.v4.new_output("display_data", {"text/html": card})])
    shown = notebook.page.locator(".jp-OutputArea .orr")
    shown.wait_for()
    assert not notebook.page.locator(".jp-OutputArea style").count()
    lines = [line.strip() for line in shown.inner_text().splitlines() if line.strip()]
    assert lines[0] == "Shop"
    assert lines[1].split("\N{NO-BREAK SPACE}· ") == [
        "Launch review",
        "Tier 1",
        "Team sales",
        "no release named",
        "as of 2026-11-22",
    ]
    assert lines[2] == "Verdict Go No open item counts against it. 2 of 2 checklists"


def test_a_form_stands_in_an_accordion_and_its_verdict_is_observed(opened: Open, root: Path) -> None:
    notebook = opened(BOXED)
    notebook.run()
    page = notebook.page
    page.get_by_text("Ours", exact=True).click(timeout=60_000)
    page.get_by_text("moved to go", exact=True).wait_for(timeout=30_000)  # the checks have run
    form = page.locator(".orr-form")
    item = form.get_by_role("group", name="Does one person decide?", exact=True)
    item.get_by_role("radio", name="No", exact=True).check()
    page.get_by_text("moved to conditional-go", exact=True).wait_for(timeout=30_000)
    form.locator(".top[data-verdict=conditional-go]").wait_for()
    form.locator(".saved").get_by_text("Saved at").wait_for()
    assert saved(root)["answers"]["rollback/owner"]["answer"] == "no"
    page.get_by_text("Theirs", exact=True).click()
    alert = page.get_by_role("alert").filter(has_text="there is no workload shpo")
    alert.wait_for()
    assert "the workloads are: shop" in alert.inner_text()


def test_at_the_end_of_a_cell_faulty_files_are_told_and_no_traceback(opened: Open) -> None:
    notebook = opened('import orr\n\norr.review("shpo")')
    notebook.run()
    (output,) = outputs(notebook)
    assert output["output_type"] == "display_data"
    notebook.page.get_by_role("alert").filter(has_text="the workloads are: shop").wait_for()
