"""A page in Chromium: from a host and from a file, over its whole life."""

from __future__ import annotations

import functools
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.site_stage import python_for_browsers, workspace_in

from orr.assessing import assess
from orr.cli import main
from orr.workspace.workspace import Workspace

SECONDS = 180_000
"""How long a browser may take to begin where many tests run side by side."""

LISTEN = """localStorage.setItem("orr:who", "ana"); window.heard = []; const Plain = Worker;
window.Worker = class extends Plain { constructor(...all) { super(...all);
  this.addEventListener("message", ({ data }) => window.heard.push(data)); } };"""
PICK = """window.showDirectoryPicker = async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("checkout", { create: true });
  for (const [path, text] of Object.entries(FILES)) {
    let at = folder; const names = path.split("/");
    for (const name of names.slice(0, -1)) at = await at.getDirectoryHandle(name, { create: true });
    const stream = await (await at.getFileHandle(names.at(-1), { create: true })).createWritable();
    await stream.write(text); await stream.close();
  }
  return window.checkout = folder;
};
window.written = async (path) => { let at = window.checkout; const names = path.split("/");
  for (const name of names.slice(0, -1)) at = await at.getDirectoryHandle(name);
  return (await (await at.getFileHandle(names.at(-1))).getFile()).text(); };"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_in(tmp_path_factory.mktemp("site") / "shop")


@pytest.fixture(scope="module")
def built(root: Path) -> Callable[..., Path]:
    """Builds a site with the command."""

    def build(*words: str) -> Path:
        out = root.parent / words[0]
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(root)
            assert main(["site", str(out), "shop", "--pyodide", str(python_for_browsers()), *words[1:]]) == 0
        return out

    return build


@pytest.fixture(scope="module")
def address(built: Callable[..., Path]) -> Iterator[str]:
    """The site on a host."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    handler = functools.partial(Quiet, directory=str(built("public")))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def until(page: Any, holds: str, argument: Any = None) -> Any:
    """Wait until JavaScript holds; `wait_for_function` evaluates text, which the page's policy forbids."""
    end = time.monotonic() + SECONDS / 1000
    while not (found := page.evaluate(holds, argument)):
        assert time.monotonic() < end, page.locator("body").inner_text()[:2000]
        page.wait_for_timeout(100)
    return found


def shown(context: Any, address: str) -> Any:
    """A page that shows the form, after its checks have run."""
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.goto(address)
    page.locator(".orr-form .verdict-word").wait_for(timeout=SECONDS)
    until(page, "() => window.heard.some((one) => JSON.parse(one).top?.digest)")
    return page


def digest(page: Any) -> str:
    tops = [json.loads(one).get("top", {}) for one in page.evaluate("() => window.heard")]
    return str([top["digest"] for top in tops if top.get("digest")][-1])


def answer(page: Any, ask: str, reply: str) -> None:
    group = page.get_by_role("group", name=ask, exact=True)
    group.get_by_role("radio", name=reply, exact=True).check()
    page.locator(".orr-form .saved").get_by_text("Taken over at").wait_for(timeout=SECONDS)


def is_answered(page: Any, ask: str, reply: str) -> bool:
    return bool(
        page.get_by_role("group", name=ask, exact=True).get_by_role("radio", name=reply, exact=True).is_checked()
    )


def downloaded(page: Any) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the review").click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_on_a_host_a_review_goes_on_is_kept_and_asks_nobody_else(browser: Any, address: str, root: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = shown(context, address)
    assert digest(page) == assess(Workspace(root), "shop").digest
    status = page.locator("#site .kept")
    assert status.inner_text() == "Nothing was changed here."
    answer(page, "Is there cake?", "Yes")
    assert status.inner_text().startswith("Kept in this browser at ")
    page.close()
    again, other = shown(context, address), shown(context, address)
    assert is_answered(again, "Is there cake?", "Yes")
    answer(again, "Is there cake?", "No")
    until(
        other,
        "() => [...document.querySelectorAll('input[type=radio]')].some((one) => one.checked && one.value === 'no')",
    )
    answer(other, "Does one person decide?", "Partial")
    text = downloaded(other)
    assert "answer: no" in text
    assert "answer: partial" in text
    assert "Downloaded at " in other.locator("#site .kept").inner_text()
    assert {url for url in asked if not url.startswith((address, "blob:"))} == set()
    context.close()


def test_from_a_file_it_is_the_same_page_and_may_connect_to_nobody(
    browser: Any, built: Callable[..., Path], root: Path
) -> None:
    file = built("review.html", "--single")
    context = browser.new_context(viewport={"width": 375, "height": 700})
    page = shown(context, file.as_uri())
    assert digest(page) == assess(Workspace(root), "shop").digest
    answer(page, "Is there cake?", "Yes")
    assert page.locator("#site .kept").inner_text().startswith("Kept in this browser at ")
    assert "ready/cake" in downloaded(page)
    refused = "() => fetch('http://127.0.0.1:9/').then(() => '', (error) => String(error))"
    assert "TypeError" in page.evaluate(refused)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    import axe_core_python.sync_playwright as axe

    page.locator("#site summary").click()
    assert axe.Axe().run(page, options={"resultTypes": ["violations"]})["violations"] == []
    context.close()


def test_in_a_checkout_it_merges_what_others_wrote_and_names_changed_files(
    browser: Any, address: str, root: Path
) -> None:
    files = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*.*")
        if path.is_file() and ".git" not in path.parts
    }
    review = "workloads/shop/review.yaml"
    files[review] += "benefits: The sale.\n"
    files["workloads/shop/docs/plan.md"] += "\nMore.\n"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(PICK.replace("FILES", json.dumps(files)))
    page = shown(context, address)
    answer(page, "Is there cake?", "Yes")
    page.get_by_role("button", name="Write into a folder …").click()
    until(page, "() => document.querySelector('#site .kept').textContent.startsWith('Written to the folder checkout')")
    text = page.evaluate("(path) => window.written(path)", review)
    assert "ready/cake" in text
    assert "benefits: The sale." in text
    assert "workloads/shop/docs/plan.md" in page.locator("#site .alarm").inner_text()
    answer(page, "Is there cake?", "No")
    until(page, "(path) => window.written(path).then((text) => text.includes('answer: no'))", review)
    context.close()
