"""The form in a real JupyterLab: what only a server, a kernel and a browser together can show."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from nbconvert import HTMLExporter
from support.form_stage import saved, workspace
from support.lab_stage import Lab, Notebook, lab, notebook_in

pytestmark = pytest.mark.kernel

SECONDS = 20_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Lab]:
    (folder / "home").mkdir()
    (folder / "served").mkdir()
    with lab(folder / "home", folder / "served") as server:
        yield server


@pytest.fixture
def root(server: Lab, request: pytest.FixtureRequest) -> Path:
    """A workspace of its own below what the server serves, with the notebook in it."""
    name = re.sub(r"\W+", "-", request.node.name)
    root = workspace(server.folder / name)
    notebook_in(root)
    return root


Visit = Callable[..., Notebook]


@pytest.fixture(scope="module")
def kept() -> list[Notebook]:
    """The JupyterLab of ana, while nobody is at it."""
    return []


@pytest.fixture
def visit(
    browser: Any, server: Lab, root: Path, kept: list[Notebook], request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """Open the notebook as a person in a browser of their own; that of ana stays open, unless she comes `anew`."""
    hers: list[Notebook] = []
    others: list[Notebook] = []
    failed = request.session.testsfailed

    def open_as(who: str | None = "ana", name: str = "review.ipynb", anew: bool = False) -> Notebook:
        path = (root / "notebooks" / name).relative_to(server.folder).as_posix()
        stays = who == "ana" and not anew and not hers
        if stays and kept:
            hers.append(kept.pop())
            hers[0].turn_to(path)
            return hers[0]
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(SECONDS)
        if who is not None:
            context.add_init_script(f"try {{ localStorage.setItem('orr:who', {json.dumps(who)}) }} catch {{}}")
        notebook = Notebook(context.new_page(), server, path)
        (hers if stays else others).append(notebook)
        return notebook

    yield open_as
    for notebook in hers:
        if request.session.testsfailed == failed and notebook.put_away():
            kept.append(notebook)
        else:
            others.append(notebook)
    for notebook in others:
        notebook.page.context.close()
    for session in server.ask("/api/sessions"):
        server.ask(f"/api/sessions/{session['id']}", "DELETE")


def item(form: Any, question: str) -> Any:
    return form.get_by_role("group", name=question, exact=True)


def note_of(form: Any, question: str) -> Any:
    whole = item(form, question).locator("xpath=..")
    note = whole.get_by_label("Note", exact=True)

    def shown() -> bool:
        # The page may be told all anew while it is still beginning, and then draws the item once more.
        if not note.is_visible():
            whole.get_by_role("button", name="Details").click()
        return bool(note.is_visible())

    eventually(shown)
    return note


def form_after_death(notebook: Notebook) -> Any:
    """Run the cell again; a person would do so once more where JupyterLab still sent it to the dead kernel."""
    from playwright.sync_api import TimeoutError as Late

    for _ in range(3):
        with contextlib.suppress(Late):
            return notebook.form()
        notebook.ready()
    return notebook.form()


def on_disk(root: Path, name: str) -> dict[str, Any]:
    return dict(saved(root).get("answers", {}).get(name, {}))


def eventually(holds: Callable[[], Any], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def test_three_lines_show_the_form_and_an_answer_is_in_the_file(visit: Visit, root: Path) -> None:
    form = visit(anew=True).form()
    item(form, "Does one person decide?").get_by_role("radio", name="Yes").check()
    eventually(lambda: on_disk(root, "rollback/owner").get("answer") == "yes", 2)
    form.locator(".saved").get_by_text("Saved at").wait_for()


def test_the_address_of_the_notebook_leads_to_an_item(visit: Visit, root: Path, server: Lab) -> None:
    notebook = visit(anew=True)
    notebook.page.goto("about:blank")
    notebook.page.goto(f"{server.address}/lab/tree/{notebook.path}?reset#team/cake")
    notebook.ready()
    form = notebook.form()
    form.locator("[aria-current=true]").get_by_text("Is there cake?").wait_for()
    form.get_by_role("link", name="rollback/owner").click()
    eventually(lambda: notebook.page.evaluate("location.hash") == "#rollback/owner")
    assert notebook.page.evaluate("window.jupyterapp.shell.currentWidget.context.path").endswith("review.ipynb")


def filters(form: Any) -> Any:
    """All of the filters, opened."""
    toggle = form.locator(".filter-toggle")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    return form.get_by_role("search")


KEYS = [*"abcdefghijklmnopqrstuvwxyz0123456789", *"XYZCVM", "?", "/", ".", "-", "Space", "Enter", "Shift+Enter",
        "Control+Enter", "Alt+Enter", "Escape", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End",
        "PageUp", "PageDown", "Backspace", "Delete"]  # fmt: skip
CONTROLS = {
    "radio": lambda form: item(form, "Does one person decide?").get_by_role("radio", name="Partial"),
    "textarea": lambda form: note_of(form, "Does one person decide?"),
    "search": lambda form: form.get_by_role("searchbox"),
    "select": lambda form: form.locator(".tools select"),
    "checkbox": lambda form: filters(form).get_by_role("checkbox", name="only what decides"),
    "button": lambda form: form.get_by_role("button", name="Next open item"),
    "date": lambda form: form.locator("[data-item='rollback/owner'] input[type=date]").last,
    "tab": lambda form: form.get_by_role("tab", name="Items"),
    "summary": lambda form: form.locator(".why > summary"),
}


FOCUS = "(element) => { element.focus(); return document.activeElement === element; }"
READY = """(element) => { for (const one of document.querySelectorAll('.orr-form dialog[open]')) one.close();
element.focus(); return [document.querySelectorAll('.orr-form').length, document.activeElement === element]; }"""


def test_no_plain_key_in_the_form_reaches_the_notebook(visit: Visit, root: Path) -> None:
    notebook = visit()
    page = notebook.page
    page.evaluate(
        """() => { window.reached = []; for (const kind of ['keydown', 'keyup', 'keypress'])
        document.addEventListener(kind, (event) => window.reached.push(event.key), true); }"""
    )
    for name, control in CONTROLS.items():
        # Each control has a form that nobody used before, and a review that nobody answered.
        (root / "workloads/shop/review.yaml").unlink(missing_ok=True)
        form = notebook.form_anew()
        note_of(form, "Does one person decide?").wait_for()
        page.evaluate("window.reached.length = 0")
        number = page.locator(".jp-InputPrompt").first.inner_text()
        element = control(form).element_handle()
        for place, key in enumerate([*KEYS, "Escape"]):
            forms, focused = element.evaluate(READY)
            assert forms == 1, (name, KEYS[place - 1])
            if not focused:  # it was drawn anew
                eventually(partial(control(form).evaluate, FOCUS))
                element = control(form).element_handle()
            page.keyboard.press(key)
            page.keyboard.press("Escape")
        assert set(page.evaluate("window.reached")) <= {"Control", "Alt", "Shift"}, name
        assert notebook.cells() == 1, name
        assert page.locator(".jp-InputPrompt").first.inner_text() == number, name
        assert page.locator(".jp-Dialog").count() == 0, name


def test_saving_the_notebook_by_keyboard_still_works_from_within_the_form(visit: Visit) -> None:
    notebook = visit()
    form = notebook.form()
    item(form, "Does one person decide?").get_by_role("radio", name="Yes").focus()
    dirty = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
    notebook.page.evaluate("() => { window.jupyterapp.shell.currentWidget.context.model.dirty = true; }")
    notebook.page.keyboard.press("Control+s")
    notebook.page.wait_for_function(f"() => !({dirty})()")


def test_a_reload_in_the_middle_of_typing_loses_nothing(visit: Visit, root: Path) -> None:
    notebook = visit()
    form = notebook.form()
    item(form, "Does one person decide?").get_by_role("radio", name="Partial").check()
    note_of(form, "Does one person decide?").press_sequentially("half a senten")
    notebook.page.reload()
    notebook.ready()
    form = notebook.form()
    eventually(lambda: on_disk(root, "rollback/owner").get("note") == "half a senten")
    assert item(form, "Does one person decide?").get_by_role("radio", name="Partial").is_checked()
    assert note_of(form, "Does one person decide?").input_value() == "half a senten"


def test_what_was_under_way_when_the_page_was_reloaded_is_not_taken_for_the_change_of_another(
    visit: Visit, root: Path, server: Lab
) -> None:
    notebook = visit()
    form = notebook.form()
    partial_answer = item(form, "Does one person decide?").get_by_role("radio", name="Partial")
    partial_answer.wait_for()
    note = note_of(form, "Does one person decide?")
    notebook.ready()  # nothing is on its way to the page any more that would draw the item once more
    kernel = server.kernel_process()
    os.kill(kernel, signal.SIGSTOP)  # it receives the answer only after the page is gone
    try:
        partial_answer.check()
        note.press_sequentially("half a senten")
        notebook.page.reload()
    finally:
        os.kill(kernel, signal.SIGCONT)
    notebook.ready()
    form = notebook.form()
    eventually(lambda: on_disk(root, "rollback/owner").get("note") == "half a senten")
    assert note_of(form, "Does one person decide?").input_value() == "half a senten"


def test_a_restart_of_the_kernel_in_the_middle_of_typing_loses_nothing(visit: Visit, root: Path) -> None:
    notebook = visit()
    form = notebook.form()
    item(form, "Does one person decide?").get_by_role("radio", name="No", exact=True).check()
    eventually(lambda: on_disk(root, "rollback/owner").get("answer") == "no")
    note_of(form, "Does one person decide?").press_sequentially("before")
    notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    note_of(form, "Does one person decide?").press_sequentially(" and after")
    form.get_by_role("alert").get_by_text("No answer from the kernel or server").wait_for()
    assert note_of(form, "Does one person decide?").input_value() == "before and after"
    assert on_disk(root, "rollback/owner").get("note") != "before and after"
    notebook.ready()
    notebook.form()
    eventually(lambda: on_disk(root, "rollback/owner").get("note") == "before and after")


def test_a_killed_kernel_is_told_and_what_was_said_meanwhile_is_sent_on_return(
    visit: Visit, root: Path, server: Lab
) -> None:
    notebook = visit(anew=True)
    form = notebook.form()
    # JupyterLab tells of the death in a dialog over everything, at a moment of its own; a person would accept it.
    told = notebook.page.locator(".jp-Dialog button.jp-mod-accept")
    notebook.page.add_locator_handler(told, lambda: told.first.click())
    os.kill(server.kernel_process(), signal.SIGKILL)
    item(form, "Is there cake?").get_by_role("radio", name="No", exact=True).check()
    note_of(form, "Is there cake?").fill("The cake ended in May.")
    form.get_by_role("alert").get_by_text("not saved").wait_for()
    assert on_disk(root, "team/cake") == {}
    notebook.ready()
    form_after_death(notebook)
    eventually(lambda: on_disk(root, "team/cake").get("note") == "The cake ended in May.")
    assert on_disk(root, "team/cake")["by"] == "ana"


def test_two_browsers_on_one_review_see_each_other_and_merge_different_items(visit: Visit, root: Path) -> None:
    notebook_in(root, name="second.ipynb")
    ana, wei = visit("ana"), visit("wei", "second.ipynb")
    first, second = ana.form(), wei.form()
    item(first, "Does one person decide?").get_by_role("radio", name="Yes").check()
    item(second, "Is there cake?").get_by_role("radio", name="No", exact=True).check()
    eventually(lambda: set(saved(root).get("answers", {})) == {"rollback/owner", "team/cake"})
    item(second, "Does one person decide?").locator("input[value=yes]:checked").wait_for()
    item(first, "Is there cake?").locator("input[value=no]:checked").wait_for()
    assert on_disk(root, "team/cake")["by"] == "wei"


def test_the_same_item_changed_in_two_places_shows_both_sides_and_asks(visit: Visit, root: Path) -> None:
    notebook = visit()
    form = notebook.form()
    item(form, "Does one person decide?").get_by_role("radio", name="Yes").check()
    eventually(lambda: on_disk(root, "rollback/owner"))
    form.locator(".saved").get_by_text("Saved at").wait_for()
    path = root / "workloads/shop/review.yaml"
    # Both within the time that the page takes to hear of either.
    notebook.page.evaluate("() => { window.send = WebSocket.prototype.send; WebSocket.prototype.send = () => {}; }")
    note_of(form, "Does one person decide?").fill("mine")
    notebook.page.keyboard.press("Tab")
    path.write_text(path.read_text().replace("answer: yes", "answer: yes\n    note: theirs"), encoding="utf-8")
    notebook.page.evaluate("() => { WebSocket.prototype.send = window.send; }")
    both = form.get_by_role("group", name="Both changed")
    both.wait_for()
    assert "mine" in both.inner_text()
    assert "theirs" in both.inner_text()
    assert on_disk(root, "rollback/owner")["note"] == "theirs"
    both.get_by_role("button", name="Keep mine").click()
    eventually(lambda: on_disk(root, "rollback/owner")["note"] == "mine")


def test_an_editor_that_changes_the_file_moves_the_form(visit: Visit, root: Path) -> None:
    form = visit().form()
    text = "review: shop\nanswers:\n  team/cake: {answer: no, by: vim, on: 2026-11-20}\n"
    (root / "workloads/shop/review.yaml").write_text(text, encoding="utf-8")
    item(form, "Is there cake?").locator("input[value=no]:checked").wait_for()


def test_a_notebook_without_a_kernel_shows_the_assessment(visit: Visit, root: Path, server: Lab) -> None:
    notebook = visit()
    form = notebook.form()
    item(form, "Is there cake?").get_by_role("radio", name="No", exact=True).check()
    path = root / "notebooks/review.ipynb"
    notebook.save_once_it_shows("Is there cake?")
    assert not notebook.page.locator(".orr-still").is_visible()
    for session in server.ask("/api/sessions"):
        server.ask(f"/api/sessions/{session['id']}", "DELETE")
    stranger = visit(None, "copied.ipynb") if path.with_name("copied.ipynb").write_bytes(path.read_bytes()) else None
    assert stranger is not None
    still = stranger.page.get_by_text("The assessment as of")
    still.wait_for()
    assert stranger.page.get_by_text("Was the rollback rehearsed?").first.is_visible()
    assert not stranger.page.get_by_text(re.compile("Loading widget|Error displaying")).is_visible()


def test_nbconvert_shows_the_assessment_and_no_empty_box(visit: Visit, root: Path) -> None:
    notebook = visit()
    notebook.form()
    path = root / "notebooks/review.ipynb"
    notebook.save_once_it_shows("The assessment as of")
    page, _ = HTMLExporter().from_filename(str(path))
    assert "Was the rollback rehearsed?" in page
    assert "Loading widget" not in page


def test_a_review_goes_from_empty_to_signed_by_keyboard_alone(visit: Visit, root: Path) -> None:
    # In the first tiers whoever answered could not vote it through alone.
    for name, tier in (("orr.yaml", "shop: 1"), ("workloads/shop/workload.yaml", "tier: 1")):
        text = (root / name).read_text(encoding="utf-8")
        assert tier in text
        (root / name).write_text(text.replace(tier, tier.replace("1", "3")), encoding="utf-8")
    notebook = visit()
    form = notebook.form()
    keys = notebook.page.keyboard
    item(form, "Was the rollback rehearsed?").get_by_role("radio", name="Yes").focus()
    keys.press("n")
    keys.press("o")
    keys.press("y")
    eventually(lambda: on_disk(root, "rollback/owner").get("answer") == "yes")
    assert on_disk(root, "rollback/rehearsed")["answer"] == "no"
    keys.press("k")
    keys.press("y")
    keys.press("e")
    keys.press("i")
    keys.type("Drilled on Monday.")
    keys.press("Escape")
    form.locator("[data-item='rollback/rehearsed']").get_by_role("button", name="Add link or path").focus()
    keys.press("Enter")
    keys.type("docs/rollback.md")
    keys.press("Escape")
    eventually(lambda: on_disk(root, "rollback/rehearsed").get("evidence"))
    assert on_disk(root, "rollback/rehearsed")["note"] == "Drilled on Monday."
    for _ in range(5):
        keys.press("o")
        keys.press("y")
    form.locator(".top[data-verdict=go]").wait_for()
    form.get_by_role("tab", name="Items").focus()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    form.locator(".votes code[title^=sha256]").wait_for()
    for role in ("service-owner", "operations"):
        form.get_by_role("group", name=role).get_by_role("button", name="Vote go", exact=True).focus()
        keys.press("Enter")
        form.get_by_role("group", name=role).get_by_text("by ana on").wait_for()
    form.get_by_text("Decision by votes: go").wait_for()
    assert [vote["role"] for vote in saved(root)["sign_offs"]] == ["service-owner", "operations"]
    assert notebook.cells() == 1
