"""The form in a tab of a real JupyterLab: what only a server and a browser together can show."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from support.form_stage import saved, workspace
from support.lab_stage import Lab, lab
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

pytestmark = pytest.mark.kernel

SECONDS = 30_000
REVIEW = "workloads/shop/review.yaml"
TEXT = """() => { const { model } = window.jupyterapp.shell.currentWidget.context;
return { text: model.toString(), collaborative: model.collaborative }; }"""
TYPED = """(text) => { const { sharedModel } = window.jupyterapp.shell.currentWidget.context.model;
sharedModel.updateSource(sharedModel.getSource().length, sharedModel.getSource().length, text); }"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "home").mkdir()
    (folder / "served").mkdir()
    with lab(folder / "home", folder / "served", prefix="/user/ana") as server:
        yield server


@pytest.fixture
def root(server: Lab, request: pytest.FixtureRequest) -> Path:
    """A workspace of its own below what the server serves, with a review."""
    return workspace(server.folder / re.sub(r"\W+", "-", request.node.name), review="review: shop\n")


@pytest.fixture(scope="module")
def page(browser: Any, server: Lab) -> Iterator[Any]:
    """The JupyterLab of ana."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(SECONDS)
    context.add_init_script("try { localStorage.setItem('orr:who', 'ana') } catch {}")
    page = context.new_page()
    page.goto(f"{server.address}/lab?token={server.token}&reset")
    page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")
    yield page
    context.close()


def path_of(server: Lab, root: Path, name: str = REVIEW) -> str:
    return (root / name).relative_to(server.folder).as_posix()


def execute(page: Any, command: str, **arguments: Any) -> None:
    page.evaluate(
        "([command, args]) => { void window.jupyterapp.commands.execute(command, args); }", [command, arguments]
    )


def form_of(page: Any) -> Any:
    form = page.locator(".orr-form:visible")
    form.locator(".verdict-word").wait_for(state="attached")  # a scrolled head hides it
    return form


def reply(form: Any, question: str, name: str) -> Any:
    return form.get_by_role("group", name=question, exact=True).get_by_role("radio", name=name, exact=True)


def eventually(holds: Callable[[], Any], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def answered(root: Path) -> dict[str, Any]:
    return {name: one["answer"] for name, one in saved(root).get("answers", {}).items()}


def test_a_double_click_opens_the_form_and_saving_puts_nothing_over_its_answers(
    page: Any, server: Lab, root: Path
) -> None:
    execute(page, "filebrowser:open-path", path=path_of(server, root, "workloads/shop"))
    page.locator(".jp-DirListing-item[data-file-type=orr-review]").dblclick()
    form = form_of(page)
    sizes = page.evaluate(
        """() => ['.orr-form', '.orr-pane'].map((one) => document.querySelector(one).getBoundingClientRect().height)"""
    )
    assert sizes[0] == sizes[1] > 600  # it fills what is there
    for key in "uuy":
        page.keyboard.press(key)
    eventually(lambda: answered(root) == {"rollback/owner": "yes"})
    page.keyboard.press("Control+s")
    execute(page, "docmanager:save-all")
    reply(form, "Is there cake?", "No").check()
    eventually(lambda: answered(root) == {"rollback/owner": "yes", "team/cake": "no"})
    page.keyboard.press("Control+s")
    page.locator("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current", has_text="shop").wait_for()
    assert page.locator(".jp-Dialog").count() == 0
    assert sorted(one.name for one in (root / "workloads/shop").glob("*.yaml")) == ["review.yaml", "workload.yaml"]
    assert answered(root) == {"rollback/owner": "yes", "team/cake": "no"}
    assert server.ask("/api/kernels") == []


def test_a_page_that_is_loaded_again_has_the_form_and_what_was_not_sent(page: Any, server: Lab, root: Path) -> None:
    page.goto(f"{server.address}/lab/tree/{path_of(server, root)}?reset#team/cake")
    form = form_of(page)
    form.locator("[aria-current=true]").get_by_text("Is there cake?").wait_for()
    assert page.url.split("?")[0].split("#")[0].endswith(path_of(server, root))
    page.evaluate("() => { WebSocket.prototype.send = () => {}; }")
    reply(form, "Does one person decide?", "Partial").check()
    page.set_viewport_size({"width": 375, "height": 800})
    page.reload()
    form = form_of(page)
    eventually(lambda: form.bounding_box()["width"] > 280)  # Lab's left panel gives way on a phone
    page.set_viewport_size({"width": 1280, "height": 800})
    eventually(lambda: answered(root) == {"rollback/owner": "partial"})
    assert reply(form, "Does one person decide?", "Partial").is_checked()


def test_a_server_that_stops_and_returns_loses_no_answer(page: Any, server: Lab, root: Path) -> None:
    page.goto(f"{server.address}/lab/tree/{path_of(server, root)}?reset")
    form = form_of(page)
    form.get_by_text("Rollback").first.wait_for()
    server.stop()
    reply(form, "Does one person decide?", "Yes").check()
    form.get_by_role("alert").get_by_text("No answer from the kernel or server").wait_for()
    assert answered(root) == {}
    server.start()
    eventually(lambda: answered(root) == {"rollback/owner": "yes"})
    form.locator(".saved").get_by_text("Saved at").wait_for()


def test_two_people_whom_the_server_knows_see_each_other_under_their_own_names(
    browser: Any, server: Lab, root: Path
) -> None:
    forms = {}
    contexts = {person: browser.new_context(viewport={"width": 1280, "height": 800}) for person in ("ana.ruiz", "wei")}
    for person, context in contexts.items():
        context.set_default_timeout(SECONDS)
        page = context.new_page()
        page.add_init_script("localStorage.setItem('orr:who', 'mallory')")
        page.goto(f"{server.address}/lab/tree/{path_of(server, root)}?token={server.token_of(person)}&reset")
        forms[person] = form_of(page)
        forms[person].get_by_text(f"You are {person}").wait_for()
    reply(forms["ana.ruiz"], "Does one person decide?", "Yes").check()
    reply(forms["wei"], "Is there cake?", "No").check()
    forms["wei"].locator("[data-item='rollback/owner'] input[value=yes]:checked").wait_for()
    forms["ana.ruiz"].locator("[data-item='team/cake'] input[value=no]:checked").wait_for()
    eventually(lambda: len(answered(root)) == 2)  # a page is shown an answer before it is in the file
    assert {name: one["by"] for name, one in saved(root)["answers"].items()} == {
        "rollback/owner": "ana.ruiz",
        "team/cake": "wei",
    }
    for context in contexts.values():
        context.close()


def test_with_collaboration_two_browsers_and_an_editor_of_the_text_lose_nothing_of_one_review(
    browser: Any, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    root = workspace(tmp_path / "served", review="review: shop\n")
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(lab(tmp_path / "home", root, together=True))
        pages = {}
        for person in ("ana", "wei"):
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            context.set_default_timeout(SECONDS)
            stack.callback(context.close)
            pages[person] = context.new_page()
            pages[person].goto(f"{server.address}/lab/tree/{REVIEW}?token={server.token_of(person)}&reset")
        ana, wei = (form_of(page) for page in pages.values())
        reply(ana, "Does one person decide?", "Yes").check()
        reply(wei, "Is there cake?", "No").check()
        ana.locator("[data-item='team/cake'] input[value=no]:checked").wait_for()
        wei.locator("[data-item='rollback/owner'] input[value=yes]:checked").wait_for()
        eventually(lambda: answered(root) == {"rollback/owner": "yes", "team/cake": "no"})
        execute(pages["wei"], "docmanager:open", path=REVIEW, factory="Editor")
        pages["wei"].locator(".jp-FileEditor:visible").get_by_text("team/cake").wait_for()
        assert pages["wei"].evaluate(TEXT)["collaborative"]
        reply(ana, "One team owns it", "Yes").check()
        eventually(lambda: "one-team" in pages["wei"].evaluate(TEXT)["text"])
        pages["wei"].evaluate(TYPED, "benefits: Cake for all.\n")
        eventually(lambda: saved(root).get("benefits") == "Cake for all.")
        reply(ana, "The team is on call", "No").check()
        eventually(lambda: len(answered(root)) == 4)
        for page in pages.values():
            page.keyboard.press("Control+s")
            execute(page, "docmanager:save-all")
        # Lab's editor asks of any file that something else wrote; the worst that one can reply costs nothing.
        pages["wei"].get_by_role("button", name="Overwrite").click()
        eventually(lambda: "on-call" in pages["wei"].evaluate(TEXT)["text"])
        pages["wei"].locator(".jp-Dialog").wait_for(state="detached")
        assert pages["ana"].locator(".jp-Dialog").count() == 0
        assert saved(root)["benefits"] == "Cake for all."
        assert {name: (one["answer"], one["by"]) for name, one in saved(root)["answers"].items()} == {
            "rollback/owner": ("yes", "ana"),
            "team/cake": ("no", "wei"),
            "team/one-team": ("yes", "ana"),
            "team/on-call": ("no", "ana"),
        }


def test_card_palette_and_panel_lead_to_a_review_that_no_file_holds_yet(page: Any, server: Lab, root: Path) -> None:
    (root / REVIEW).unlink()
    page.goto(f"{server.address}/lab?reset")
    page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")
    execute(page, "filebrowser:open-path", path=path_of(server, root, "workloads/shop"))
    page.locator(".jp-DirListing-item:visible", has_text="workload.yaml").wait_for()
    execute(page, "launcher:create")
    page.locator(".jp-LauncherCard:visible", has_text="Readiness review").click()
    form = form_of(page)
    reply(form, "Does one person decide?", "Yes").check()
    eventually(lambda: answered(root) == {"rollback/owner": "yes"})
    page.evaluate("() => window.jupyterapp.shell.activateById('orr-panel')")
    panel = page.locator(".orr-panel:visible")
    panel.get_by_text("not assessed").wait_for()
    panel.get_by_role("button", name="Shop").click()
    page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text="shop").nth(1).wait_for()  # the file's own
    execute(page, "orr:new")
    page.locator(".jp-Dialog input").fill("pricing")
    page.keyboard.press("Enter")
    form_of(page).get_by_text("pricing", exact=True).first.wait_for()
    assert (root / "workloads/pricing/workload.yaml").is_file()
    assert server.ask("/api/kernels") == []


def test_a_review_yaml_of_another_project_is_offered_as_text(page: Any, server: Lab, root: Path) -> None:
    other = server.folder / "other" / "review.yaml"
    other.parent.mkdir()
    other.write_text("stars: 5\n", encoding="utf-8")
    page.goto(f"{server.address}/lab/tree/{path_of(server, other.parent, 'review.yaml')}?reset")
    note = page.locator(".orr-note:visible")
    note.get_by_text("orr.yaml").wait_for()
    note.get_by_role("button", name="Open as text").click()
    page.locator(".jp-FileEditor:visible").get_by_text("stars").wait_for()


# The line itself


def connected(server: Lab, path: str, token: str | None = None, **headers: str) -> list[dict[str, Any]]:
    """What the line says first, up to its end or to a word of the review."""

    async def talk() -> list[dict[str, Any]]:
        query = {"path": path} | ({"token": token} if token else {})
        url = f"{server.address.replace('http', 'ws', 1)}/orr/form?{urlencode(query)}"
        line = await websocket_connect(HTTPRequest(url, headers=headers))
        found = []
        while (frame := await line.read_message()) is not None:
            found.append(json.loads(frame))
            if found[-1]["kind"] == "opened":
                break
        line.close()
        return found

    with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs here
        return beside.submit(asyncio.run, talk()).result()


def cookies(server: Lab) -> str:
    """What a browser sends of itself to a server at which somebody logged in."""
    with urllib.request.urlopen(f"{server.address}/api/status?token={server.token}", timeout=10) as answer:
        return "; ".join(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie"))


def test_nobody_is_let_in_without_a_token_nor_from_a_page_of_another_host(server: Lab, root: Path) -> None:
    path, cookie = path_of(server, root), cookies(server)
    (said,) = connected(server, path, Cookie=cookie, Origin=server.address.removesuffix("/user/ana"))
    assert said["kind"] == "opened"
    for headers in ({}, {"Cookie": cookie, "Origin": "http://evil.example"}):
        with pytest.raises(HTTPClientError, match="403"):
            connected(server, path, **headers)


@pytest.mark.parametrize("path", ["../outside/workloads/shop/review.yaml", "workload.yaml", "a\0/review.yaml"])
def test_a_path_outside_or_of_something_else_is_refused_with_words(server: Lab, root: Path, path: str) -> None:
    workspace(server.folder.parent / "outside", review="review: shop\n")
    (said,) = connected(server, path, server.token)
    assert (said["kind"], said["lasting"], len(said["lines"])) == ("closed", True, 1)
    assert [one["kind"] for one in connected(server, path_of(server, root), server.token)] == ["opened"]
