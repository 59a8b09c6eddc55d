"""The form looks the same wherever it stands: no rule of JupyterLab, Notebook or Voilà reaches into it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.form_stage import Stage, show, workspace
from support.lab_stage import CHECKED, lab, notebook_in, voila
from support.lanes import package

from orr.form.session import Session

pytestmark = pytest.mark.kernel

REVIEW = """\
review: shop
answers:
  rollback/owner: {answer: no, note: Nobody., by: wei, on: 2026-11-20, plan: {action: Ask, owner: ana, due: 2027-01-10}}
  rollback/rehearsed: {answer: yes, by: wei, on: 2026-11-20, evidence: [{title: Drill, path: docs/rollback.md}]}
waivers:
  - {waiver: W-1, items: [team/rota], reason: No time., compensating: None., requested_by: wei, expires: 2026-12-20}
pre_mortem: [{scenario: It is cold., likelihood: high}]
"""
SIZE = ".orr-form { width: 1000px !important; height: 700px !important; margin: 0 !important }"
FORM_OF_NOTEBOOK = """() => { const w = window.jupyterapp?.shell?.currentWidget; return w?.context?.isReady &&
w.sessionContext?.session?.kernel?.status === 'idle'; }"""
RUN = """() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
return window.jupyterapp.commands.execute('notebook:run-cell'); }"""
# Every property of every element, by its place in the form; colours and sizes too, for the form has the same size.
# JupyterLab's hundreds of variables are left out: they count where a property takes its value from one.
STYLES = """() => {
  const found = {};
  const names = [...getComputedStyle(document.body)].filter((name) => !name.startsWith('--'));
  const walk = (element, path) => {
    const style = getComputedStyle(element);
    found[path] = names.map((name) => style.getPropertyValue(name));
    const named = (child, place) => `${path} > ${child.localName}.${child.className}:${place}`;
    [...element.children].forEach((child, place) => walk(child, named(child, place)));
  };
  walk(document.querySelector('.orr-form'), '');
  return JSON.stringify([names, found]);
}"""
# What lies outside moves these, and none of them is a rule: where the form stands on the page, and pointers over it.
MOVED = {"perspective-origin", "transform-origin", "view-transition-name"}

Styles = dict[str, dict[str, str]]


@contextlib.contextmanager
def jupyter(root: Path, home: Path, page: Any, application: str) -> Iterator[None]:
    """The notebook of a workspace in a page of JupyterLab or of Notebook, with its cell run."""
    home.mkdir()
    with lab(home, root, application) as server:
        place = "lab/tree" if application == "jupyterlab" else "notebooks"
        page.goto(f"{server.address}/{place}/notebooks/review.ipynb?token={server.token}")
        page.wait_for_function(FORM_OF_NOTEBOOK, timeout=60_000)
        page.evaluate(RUN)
        yield


@contextlib.contextmanager
def place(name: str, root: Path, home: Path, page: Any) -> Iterator[None]:
    """The form in a page of one of the places where it stands."""
    if name == "bare":
        stage = Stage(Session(root, "shop", "en"), "ana")
        show(page, stage)
        stage.form.conversation.begin()
        try:
            yield
        finally:
            stage.end()
    elif name == "voila":
        with voila(root) as address:
            page.goto(address, timeout=90_000)
            yield
    else:
        with jupyter(root, home, page, name):
            yield


def opened(item: Any) -> None:
    """Open an item's details, again where it was drawn anew between press and release."""
    details = item.locator(".details:visible")
    while not details.count():
        item.get_by_role("button", name="Details").click()
        with contextlib.suppress(Exception):
            details.wait_for(timeout=1_000)


def styles(browser: Any, folder: Path, name: str) -> Styles:
    """How all of the form looks there, with an item, the filter and a waiver opened, and each tab seen once."""
    root = workspace(folder / name, REVIEW)
    notebook_in(root)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script("try { localStorage.setItem('orr:who', 'ana') } catch {}")
    with place(name, root, folder / f"home-{name}", page):
        page.locator(".orr-form .verdict-word").wait_for(timeout=60_000)
        page.wait_for_function(CHECKED, timeout=60_000)
        page.add_style_tag(content=SIZE)
        form = page.locator(".orr-form")
        form.get_by_role("button", name="Filter and group").click()
        for question in ("Was the rollback rehearsed?", "Is the plan written down?", "Does one person decide?"):
            whole = form.get_by_role("group", name=question, exact=True).locator("xpath=..")
            opened(whole)
        whole.get_by_role("button", name="Ask for a waiver").click()
        form.get_by_role("tab", name="Waivers and votes").click()
        form.locator(".votes code[title^=sha256]").wait_for()
        for tab in ("Pre-mortem and benefits", "Items"):
            form.get_by_role("tab", name=tab).click()
        form.get_by_role("button", name="Keyboard shortcuts").click()
        page.mouse.move(0, 0)
        page.wait_for_timeout(600)  # what fades is done
        names, found = json.loads(page.evaluate(STYLES))  # Playwright takes minutes for as many values
    page.context.close()
    return {path: dict(zip(names, values, strict=True)) for path, values in found.items()}


@pytest.fixture(scope="module")
def bare(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Styles:
    return styles(browser, tmp_path_factory.mktemp("bare"), "bare")


def near(one: str, other: str) -> bool:
    """Whether two values are one, but for a fraction of a pixel."""
    with contextlib.suppress(ValueError):
        return abs(float(one.removesuffix("px")) - float(other.removesuffix("px"))) < 1
    return one == other


@pytest.mark.parametrize("name", ["jupyterlab", "notebook", "voila"])
def test_every_element_looks_as_on_a_bare_page(browser: Any, bare: Styles, tmp_path: Path, name: str) -> None:
    package(name)
    there = styles(browser, tmp_path, name)
    assert set(there) == set(bare)
    assert len(there) > 500
    other = [
        f"{path} {{ {key}: {value}; there: {there[path].get(key)} }}"
        for path, values in bare.items()
        for key, value in values.items()
        if key not in MOVED and not near(value, there[path].get(key, ""))
    ]
    assert other == []
