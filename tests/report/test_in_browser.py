"""The report as a reader meets it: in Chromium, on a desk, on a phone and on paper."""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support import fleet_of_many
from support.fleet_sample import TODAY
from support.report_notebook import notebook_of
from support.report_sample import assessment, workload

from orr.evaluate import Evaluation
from orr.fleet import page as fleet
from orr.messages import say
from orr.model.finding import Table
from orr.model.picture import Heat
from orr.report.exporter import OrrExporter
from orr.report.layout import laid_out
from orr.report.page import failure_page, page_of
from orr.report.report import Report

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 667}
LONG = "Checkout and payment authorisation for business customers in all markets"
Open = Callable[..., Any]


def wide() -> Evaluation:
    """A review whose first findings bring a picture and a table that are wider than a phone."""
    days = tuple(f"{day} November" for day in range(23, 30))
    heat = Heat("Hours on call", days, (("wei.chen", (8,) * 7, False), ("nobody", (0, 0, 16, 0, 0, 0, 24), True)), 24)
    says = ("INC-2041", "2026-11-01 03:20", "1 h 45 min", "payments-oncall", "Raise the limit of the ledger's database")
    table = Table(("Incident", "Began", "Recovered after", "Who answered", "Follow-up"), (says, says))
    state = assessment("no-go")
    number, item = next((place, one) for place, one in enumerate(state.items) if one.findings)
    first, *others = item.findings
    found = item._replace(findings=(replace(first, picture=heat, table=table), *others))
    return replace(state, items=(*state.items[:number], found, *state.items[number + 1 :]))


def pages(company: Path) -> dict[str, str]:
    """Reports of every verdict, in both languages, one whose texts are long, and the fleet's of a company."""
    made: dict[str, str] = {}
    for language in ("en", "zh-CN"):
        for name, state in {
            "no-go": assessment("no-go"),
            "conditional": assessment("conditional-go"),
            "go": assessment("go"),
        }.items():
            made[f"{name}-{language}"] = OrrExporter().from_notebook_node(notebook_of(Report(state, language)))[0]
        long = notebook_of(Report(assessment("no-go", workload=workload(title=LONG)), language))
        made[f"long-{language}"] = laid_out(page_of(long, calendar="calendar.ics"))
        made[f"wide-{language}"] = OrrExporter().from_notebook_node(notebook_of(Report(wide(), language)))[0]
        made[f"fleet-{language}"] = fleet.open(company, TODAY, language).html()
        failed = failure_page(say("report.failed.kernel"), language, "2026-11-01")
        made[f"failed-{language}"] = laid_out(failed)
    return made


PAGES = [f"{name}-{language}" for name in ("no-go", "conditional", "go", "long") for language in ("en", "zh-CN")]
FLEETS = ["fleet-en", "fleet-zh-CN"]
ALL = [*PAGES, *FLEETS, "wide-en", "failed-en", "failed-zh-CN"]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fleet_of_many.make(tmp_path_factory.mktemp("company"), 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, company: Path) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for name, page in pages(company).items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture
def show(browser: Any, folder: Path) -> Iterator[Open]:
    contexts: list[Any] = []

    def show(name: str, viewport: dict[str, int] = DESK, **options: Any) -> Any:
        context = browser.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.on("request", lambda request: page.requested.append(request.url))
        page.troubles = []
        page.on("console", lambda message: page.troubles.append(message.text))
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.goto((folder / f"{name}.html").as_uri())
        return page

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ALL)
def test_a_report_asks_for_nothing_but_itself_and_runs_nothing(show: Open, folder: Path, name: str) -> None:
    page = show(name)
    page.wait_for_load_state("networkidle")
    assert page.requested == [(folder / f"{name}.html").as_uri()]
    assert page.troubles == []
    assert page.evaluate("document.scripts.length") == 0


FIRST = {
    "the workload": "h1",
    "the occasion": ".meta span",
    "the verdict": ".verdict strong",
    "its shape": ".verdict .shape",
    "the decision": ".facts > div:nth-child(1) dd",
    "the launch": ".facts > div:nth-child(2) dd",
    "the days left": ".facts > div:nth-child(2) small",
    "valid until": ".facts > div:nth-child(3) dd",
    "the first reason": ".reasons li:nth-child(1)",
    "the last reason": ".reasons li >> nth=-1",
}


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_the_first_screen_holds_the_verdict_and_its_reasons(show: Open, name: str, viewport: dict[str, int]) -> None:
    page = show(name, viewport)
    for what, selector in FIRST.items():
        box = page.locator(selector).first.bounding_box()
        assert box is not None, what
        assert box["width"] > 0, what
        assert box["height"] > 0, what
        assert box["x"] >= 0, what
        assert box["x"] + box["width"] <= viewport["width"], what
        assert box["y"] + box["height"] <= viewport["height"], what
    assert page.locator(".reasons li").count() >= 1


@pytest.mark.parametrize("name", ALL)
def test_no_width_makes_a_reader_scroll_sideways(show: Open, name: str) -> None:
    page = show(name)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    cut = """width => [...document.querySelectorAll('main *, footer *')]
        .filter(one => !one.closest('svg, .scroll, .wd, .stack thead'))
        .filter(one => one.getBoundingClientRect().right > width + 1)
        .map(one => one.outerHTML.slice(0, 80))"""
    for width in (320, 375, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(cut, width) == []
        for link in page.locator(".bar-top a").all():  # nothing below gives way to it
            box = link.bounding_box()
            assert box["y"] + box["height"] <= page.locator("main").bounding_box()["y"]


def axe() -> str:
    found = importlib.util.find_spec("axe_core_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["no-go-en", "conditional-zh-CN", "wide-en", *FLEETS, "failed-en"])
def test_axe_finds_nothing_to_object_to(show: Open, name: str, scheme: str) -> None:
    # axe is a script, which the page's own policy forbids: it is let in for the test alone.
    page = show(name, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 10
    said = [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found["violations"]]
    assert said == []


@pytest.mark.parametrize(
    ("name", "parts"), [("no-go-en", 10), ("no-go-zh-CN", 10), ("fleet-en", 9), ("fleet-zh-CN", 9)]
)
def test_a_screen_reader_finds_its_way(show: Open, name: str, parts: int) -> None:
    page = show(name)
    for role in ("banner", "main", "navigation", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("heading", level=2).count() >= parts
    for link in page.get_by_role("navigation").get_by_role("link").all():
        target = str(link.get_attribute("href"))
        assert page.locator(f'[id="{target[1:]}"]').count() == 1
    for picture in page.get_by_role("img").all():
        assert picture.evaluate("one => one.querySelector(':scope > title').textContent.length") > 3


def test_a_link_to_a_folded_item_opens_it(show: Open) -> None:
    page = show("no-go-en")
    page.locator(".steps .ask a").first.click()
    target = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    page.locator(f'[id="{target}"]').wait_for(state="visible")


PAPER = {"A4": {"width": 695, "height": 1016}, "Letter": {"width": 717, "height": 950}}


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("name", ["no-go-en", "conditional-zh-CN", "long-en"])
def test_paper_shows_everything_and_the_verdict_first(show: Open, name: str, paper: str) -> None:
    page = show(name, PAPER[paper])
    page.emulate_media(media="print")
    for selector in (".verdict strong", ".facts > div:last-child dd", ".reasons li >> nth=-1"):
        box = page.locator(selector).bounding_box()
        assert box["y"] + box["height"] < PAPER[paper]["height"], selector
        assert box["x"] + box["width"] <= PAPER[paper]["width"], selector
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER[paper]["width"]
    hidden = """[...document.querySelectorAll('#items .items > li')]
        .filter(one => !one.checkVisibility() || one.getBoundingClientRect().height === 0).length"""
    assert page.locator("#items .items > li").count() > 50
    assert page.evaluate(hidden) == 0

    printed = page.pdf(format=paper)
    sheets = printed.count(b"/Type /Page\n") or printed.count(b"/Type /Page")
    assert sheets > 5


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_row_of_the_fleet_is_named_by_its_workload_at_every_width(show: Open, viewport: dict[str, int]) -> None:
    page = show("fleet-en", viewport)
    for part in ("launches", "workloads"):
        table = page.locator(f"#{part} table:not(.month)").first
        assert table.get_by_role("columnheader").count() >= 5
        rows = table.get_by_role("row").count() - 1
        assert rows > 5
        assert table.get_by_role("rowheader").count() == rows


def test_paper_says_how_many_rows_of_the_fleet_it_leaves_out(show: Open) -> None:
    page = show("fleet-en", PAPER["A4"])
    page.emulate_media(media="print")
    assert page.locator("#blockers summary").is_visible()
    assert not page.locator("#blockers details table").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["A4"]["width"]


def test_what_is_wider_than_a_phone_keeps_its_size_and_is_scrolled_by_itself(show: Open) -> None:
    page = show("wide-en", PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    picture, table = page.locator(".wd:has(> svg)").first, page.locator(".wd:has(> table)").first
    for wide in (picture, table):
        assert wide.evaluate("one => one.scrollWidth - one.clientWidth") > 50
        wide.focus()
        assert wide.evaluate("one => one === document.activeElement")
    assert picture.locator("text").first.bounding_box()["height"] >= 10
    words = """one => { const range = document.createRange(); range.selectNodeContents(one); return new Set(
        [...range.getClientRects()].map(box => box.top)).size }"""
    assert [table.locator("td").nth(place).evaluate(words) for place in range(4)] == [1, 1, 1, 1]


def test_code_in_a_sentence_of_a_checklist_is_shown_as_code(show: Open) -> None:
    page = show("no-go-en")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.locator(".do code").count() > 0
    assert "`" not in page.locator("main").inner_text()


def test_the_last_line_needs_no_sheet_of_its_own(show: Open) -> None:
    page = show("no-go-en", PAPER["A4"])
    page.emulate_media(media="print")
    last = page.locator("main > :last-child").bounding_box()
    foot = page.locator(".record").bounding_box()
    assert foot["y"] - last["y"] - last["height"] < 30
