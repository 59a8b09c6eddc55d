"""A page in Chromium and in Firefox: from a host and from a file, over its whole life."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, every_kind, firefox
from support.lanes import needed
from support.site_stage import python_for_browsers

from orr.assessing import assess
from orr.cli import main
from orr.evaluate import Evaluation
from orr.form.view import moving
from orr.messages import LANGUAGES
from orr.site import build, bytecode, packages, pyodide
from orr.site.facts import facts_of
from orr.workspace.workspace import Workspace

pytestmark = pytest.mark.kernel  # the check `notebook` begins one

SECONDS = 180
"""How long a browser may take to begin where many tests run side by side."""

REVIEW = "workloads/shop/review.yaml"
CAKE, OWNER = "Is there cake?", "Does one person decide?"
LISTEN = """localStorage.setItem("orr:who", "ana"); window.heard = []; const Plain = Worker;
window.Worker = class extends Plain { constructor(...all) { super(...all); window.python = this;
  this.addEventListener("message", ({ data }) => window.heard.push(JSON.parse(data))); } };
window.refused = []; addEventListener("securitypolicyviolation", ({ blockedURI }) => refused.push(blockedURI));"""
SPEAK = """(language) => { heard.length = 0;
  const text = JSON.stringify({ kind: "language", language, client: "c", who: "ana" });
  python.postMessage({ do: "receive", text, buffers: [] }); }"""
CHOOSE = """(name) => { heard.length = 0; const chosen = document.getElementById("workload");
  chosen.value = name; chosen.dispatchEvent(new Event("change")); }"""
CHECKED_AS = """([ask, reply]) => [...document.querySelectorAll("fieldset")].some((one) =>
  one.textContent.includes(ask) && one.querySelector(`input[value=${reply}]`)?.checked)"""
OLDER = f"""for (const [key, text] of Object.entries(localStorage)) if (key.startsWith("orr-site|")) {{
  const files = JSON.parse(text); files[{json.dumps(REVIEW)}].base = btoa("review: shop\\n");
  localStorage.setItem(key, JSON.stringify(files)); }}"""
LATER = """const Clocked = Worker; window.Worker = class extends Clocked { constructor(address) {
  const program = `const Now = Date.now; Date.now = () => Now() + DAYS * 86400000; importScripts("${address}");`;
  super(URL.createObjectURL(new Blob([program], { type: "text/javascript" }))); } };"""
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
  const text = async () => (await (await at.getFileHandle(names.at(-1))).getFile()).text();
  return text().catch(text); };"""  # what is exchanged while it is read cannot be read


@dataclass(frozen=True)
class Sites:
    """Two sites, and how things stand in their workspaces for `orr check`.

    Attributes
    ----------
    host
        Where both lie: `/kinds/` and `/examples/`.
    files
        Each as one file.
    root
        The workspace of `kinds`.
    expected
        By site and workload.
    """

    host: str
    files: Mapping[str, str]
    root: Path
    expected: Mapping[str, Mapping[str, Evaluation]]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder, public = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("public")
    brought = python_for_browsers()
    with every_kind.staged(folder) as root:
        made = bytecode.compiled(pyodide.parts_of(brought), {**packages.packages(), **pyodide.core_of(brought)})
        files, expected = {}, {}
        for name, place in {"kinds": root, "examples": ROOT}.items():
            workspace = Workspace(place)
            facts = facts_of(workspace, list(workspace.workloads), datetime.now(UTC).replace(microsecond=0))
            parts = build.parts_of(facts, *made, name, "en")
            for path, raw in build.folder_of(parts).items():
                (public / name / path).parent.mkdir(parents=True, exist_ok=True)
                (public / name / path).write_bytes(raw)
            (folder / f"{name}.html").write_bytes(build.single_of(parts))
            files[name] = (folder / f"{name}.html").as_uri()
            expected[name] = {one: assess(workspace, one) for one in workspace.workloads}
        handler = functools.partial(Quiet, directory=str(public))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            host = f"http://127.0.0.1:{server.server_port}/"
            yield Sites(host, files, root, expected)
            server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture(scope="module")
def mozilla() -> Iterator[firefox.Firefox]:
    """Firefox, for all tests of this file."""
    with firefox.running(needed(*firefox.PROGRAMS)) as window:
        window.before_pages(LISTEN)
        yield window


def until(page: Any, holds: str, argument: Any = None) -> Any:
    """Wait until JavaScript holds; `wait_for_function` evaluates text, which the page's policy forbids."""
    end = time.monotonic() + SECONDS
    while not (found := page.evaluate(holds, argument)):
        assert time.monotonic() < end, page.evaluate("() => document.body.innerText.slice(0, 2000)")
        time.sleep(0.05)
    return found


CHECKED = "() => heard.some(({ ended }) => ended) && heard.some(({ top }) => top?.digest)"


def shown(page: Any, address: str) -> Any:
    """Have a page show the form, after its checks have run."""
    page.goto(address)
    until(page, "() => document.querySelector('.orr-form .verdict-word') !== null")
    until(page, CHECKED)
    return page


def opened(context: Any, address: str, *programs: str) -> Any:
    """A new tab of Chromium that shows the form, with programs that run before it."""
    page = context.new_page()
    for program in (*programs, LISTEN):
        page.add_init_script(program)
    return shown(page, address)


def as_expected(page: Any, workloads: Mapping[str, Evaluation]) -> None:
    """Assert that digest, verdict and each item with all findings in words are as expected; of many in one language."""
    for name, expected in workloads.items():
        if len(workloads) > 1:
            page.evaluate(CHOOSE, name)
            until(page, CHECKED)
        for language in LANGUAGES if len(workloads) == 1 else LANGUAGES[-1:]:
            page.evaluate(SPEAK, language)
            until(page, "() => heard.some(({ top }) => top?.digest)")
            top = page.evaluate("() => Object.assign({}, ...heard.map(({ top }) => top ?? {}))")
            assert (top["digest"], top["verdict"]) == (expected.digest, expected.verdict), name
            items = json.loads(page.evaluate("() => JSON.stringify(heard.find(({ kind }) => kind === 'all').items)"))
            for item in expected.items:
                if item.checklist.checklist not in expected.case.not_asked:
                    here = undated(moving(item, expected, language))
                    assert json.dumps({key: undated(items[item.name])[key] for key in here}) == json.dumps(here)
    page.evaluate(SPEAK, "en")


def undated(item: dict[str, Any]) -> dict[str, Any]:
    """An item without the moments at which its checks ran."""
    return item | {"findings": [one | {"collected": None} for one in item.get("findings") or ()]}


def answer(page: Any, ask: str, reply: str) -> None:
    group = page.get_by_role("group", name=ask, exact=True)
    group.get_by_role("radio", name=reply, exact=True).check()
    page.locator(".orr-form .saved").get_by_text("Taken over at").wait_for(timeout=SECONDS * 1000)


def is_answered(page: Any, ask: str, reply: str) -> bool:
    return bool(
        page.get_by_role("group", name=ask, exact=True).get_by_role("radio", name=reply, exact=True).is_checked()
    )


def downloaded(page: Any) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the review").click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def kept(page: Any) -> str:
    return str(page.locator("#site .kept").inner_text())


def alarm(page: Any) -> str:
    return str(page.locator("#site .alarm").inner_text())


def test_on_a_host_a_review_goes_on_in_two_tabs_and_comes_back(
    browser: Any, sites: Sites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"{sites.host}kinds/"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = opened(context, address)
    as_expected(page, sites.expected["kinds"])
    assert kept(page) == "Nothing was changed here."
    answer(page, CAKE, "Yes")
    answer(page, OWNER, "No")
    assert kept(page).startswith("Kept in this browser at ")

    other = opened(context, address, OLDER)  # the site is newer than what was entered: both say who decides
    assert is_answered(other, CAKE, "Yes")
    conflict = other.get_by_role("group", name="Both changed")
    assert "Yes" in conflict.inner_text()
    conflict.get_by_role("button", name="Keep mine").click()
    conflict.wait_for(state="detached")
    until(page, CHECKED_AS, [OWNER, "no"])
    answer(other, CAKE, "No")
    until(page, CHECKED_AS, [CAKE, "no"])
    text = downloaded(page)
    assert "Downloaded at " in kept(page)
    other.get_by_role("tab", name="Path and forecast").click()
    until(other, "() => document.querySelector('[data-part=path]').shadowRoot?.textContent.includes('roster')")
    other.get_by_role("button", name="Report of now").click()
    other.get_by_role("link", name="Open the report").wait_for(timeout=SECONDS * 1000)
    assert alarm(other) == ""
    assert {url for url in asked if not url.startswith((address, "blob:"))} == set()
    assert page.evaluate("() => refused") == []
    context.close()

    root = shutil.copytree(sites.root, tmp_path / "shop")
    (tmp_path / "review.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    brought = ["import", str(tmp_path / "review.yaml")]
    capsys.readouterr()
    assert main(brought) == 2  # an answer that is there already is replaced by `--force` alone
    listed = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert ["+", "kinds/cake:"] in listed
    assert ["~", "kinds/owner:"] in listed
    assert main([*brought, "--force"]) == 0
    assert (root / REVIEW).read_text(encoding="utf-8") == text


def test_from_a_file_it_is_the_same_page_and_may_connect_to_nobody(browser: Any, sites: Sites) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 700})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    file = sites.files["kinds"]
    page = opened(context, file)
    as_expected(page, sites.expected["kinds"])
    assert "TypeError" in page.evaluate("() => fetch('http://127.0.0.1:9/').then(() => '', String)")
    assert page.evaluate("() => refused") == ["http://127.0.0.1:9/"]
    assert {url for url in asked if not url.startswith((file, "blob:"))} == set()

    import axe_core_python.sync_playwright as axe

    page.locator("#site summary").click()
    for language in ("简体中文", "English"):
        page.get_by_label("语言").or_(page.get_by_label("Language")).select_option(label=language)
        page.get_by_role("tab", name={"English": "Items"}.get(language, "检查项")).wait_for()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert axe.Axe().run(page, options={"resultTypes": ["violations"]})["violations"] == []

    page.emulate_media(media="print")
    hidden = "() => [...document.querySelectorAll('#site button')].every((one) => one.checkVisibility() === false)"
    assert page.evaluate(hidden)
    assert page.evaluate(
        "() => document.querySelector('.scroll').scrollHeight <= document.querySelector('.scroll').clientHeight"
    )
    page.emulate_media(media="screen")

    download = page.get_by_role("button", name="Download the review")
    assert download.is_disabled()  # nothing was changed
    page.get_by_role("group", name=CAKE).get_by_role("radio").first.focus()
    page.keyboard.press("y")
    until(page, "() => document.querySelector('#site .kept').textContent.startsWith('Kept in this browser at ')")
    download.focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    answer(page, CAKE, "No")
    until(page, "() => document.querySelector('#site .kept').textContent.startsWith('What you entered is only on')")
    warned: list[str] = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    beside = context.new_page()
    page.close(run_before_unload=True)
    while not page.is_closed():
        beside.wait_for_timeout(20)
    assert warned == ["beforeunload"]
    context.close()


def test_a_year_later_in_a_checkout_what_expired_counts_no_more_and_changed_files_are_named(
    browser: Any, sites: Sites
) -> None:
    root = sites.root
    files = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_file() and not {".git", "reports"} & {*path.relative_to(root).parts[:1]}
    }
    files[REVIEW] += "benefits: The sale.\n"
    files["workloads/shop/docs/rollback.md"] += "\nMore.\n"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    picked = PICK.replace("FILES", json.dumps(files))
    page = opened(context, f"{sites.host}kinds/", LATER.replace("DAYS", "400"), picked)
    now = sites.expected["kinds"]["shop"]
    top = page.evaluate("() => Object.assign({}, ...heard.map(({ top }) => top ?? {}))")
    assert (now.verdict, top["verdict"]) == ("conditional-go", "no-go")
    states = page.evaluate("() => Object.assign({}, ...heard.map(({ items }) => items ?? {}))")
    met = {item.name for item in now.items if item.state == "met"}
    lapsed = {
        "kinds/document",
        "kinds/owner",
        "kinds/command",
    }  # by its date, its answer, its record
    assert {name for name in met if states[name]["state"] == "stale"} >= lapsed

    answer(page, CAKE, "Yes")
    page.get_by_role("button", name="Write into a folder …").click()
    until(page, "() => document.querySelector('#site .kept').textContent.startsWith('Written to the folder checkout')")
    text = page.evaluate("(path) => window.written(path)", REVIEW)
    assert "kinds/cake" in text
    assert "benefits: The sale." in text
    assert "A file in the folder is not the one that was packed: workloads/shop/docs/rollback.md." in alarm(page)
    answer(page, CAKE, "No")
    until(page, "(path) => window.written(path).then((text) => text.includes('answer: no'))", REVIEW)
    context.close()


@pytest.mark.parametrize("form", ["host", "file"])
@pytest.mark.parametrize("site", ["kinds", "examples"])
def test_firefox_shows_what_orr_check_does(mozilla: firefox.Firefox, sites: Sites, site: str, form: str) -> None:
    address = sites.files[site] if form == "file" else f"{sites.host}{site}/"
    mozilla.requests.clear()
    shown(mozilla, address)
    as_expected(mozilla, sites.expected[site])
    assert [url for url in mozilla.requests if not url.startswith((address, "blob:", "data:"))] == []


@pytest.mark.parametrize("form", ["host", "file"])
def test_the_examples_are_as_orr_check_has_them(browser: Any, sites: Sites, form: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = opened(context, sites.files["examples"] if form == "file" else f"{sites.host}examples/")
    as_expected(page, sites.expected["examples"])
    context.close()
