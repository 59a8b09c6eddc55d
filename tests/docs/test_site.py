"""The documentation site: every page has its place, every link leads somewhere, and nothing is asked of other hosts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from support import ROOT

from tools.links import faults_of
from tools.site import LANGUAGES, SITE, build, configuration, listed, navigation, page, sources

GUIDES = {"form", "checks", "schedules", "gate", "attestations", "prove", "fleet", "scale", "exchange"}
CHINESE = {f"{name}.md" for name in {"index", "tutorial", "verdict", "commands", "no-server", *GUIDES}}
"""Pages that have to be there in Chinese; others may."""


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# The sources


def test_every_page_stands_in_the_navigation_once(language: str) -> None:
    assert sorted(listed(navigation(language))) == sorted(sources(language)), "add it to docs/site/nav.yaml"


def test_every_entry_of_the_navigation_has_a_title_in_each_language() -> None:
    def entries(level: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for entry in level:
            yield entry
            yield from entries(entry.get("pages", []))

    read = yaml.safe_load((SITE / "nav.yaml").read_text(encoding="utf-8"))
    assert all(entry[one] for entry in entries(read) for one in LANGUAGES)


def test_every_link_of_a_page_leads_to_a_place_of_the_site(language: str) -> None:
    parsed = {name: MarkdownIt("commonmark").parse(page(language, name)) for name in sources(language)}
    places = {name: set(_places(tokens)) for name, tokens in parsed.items()}
    dead = []
    for name, tokens in parsed.items():
        for target in _targets(tokens):
            if re.match(r"https?:|mailto:", target):
                continue
            path, _, place = target.partition("#")
            led = os.path.normpath(Path(name).parent / path) if path else name
            if place not in ("", *places[led]) if led in places else not (ROOT / "docs" / led).is_file():
                dead.append(f"{name}: {target}")
    assert dead == []


def _targets(tokens: Any) -> Iterator[str]:
    for token in tokens:
        for one in token.children or ():
            yield from (str(one.attrs[name]) for name in ("href", "src") if name in one.attrs)


def _places(tokens: Any) -> Iterator[str]:
    """What GitHub, and the site, name the headings of a page."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            text, _, named = "".join(one.content for one in inline.children).partition(" {#")
            yield named.removesuffix("}") or re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def test_pages_that_matter_most_are_there_in_chinese() -> None:
    assert {name for name, path in sources("zh-CN").items() if path.name.endswith(".zh-CN.md")} >= CHINESE


def test_a_page_without_a_chinese_one_is_shown_in_english_and_says_so() -> None:
    assert page("zh-CN", "architecture.md").split("\n")[:4] == [
        "# Architecture",
        "",
        '!!! note ""',
        "    本页还没有中文版，以下是英文原文。",
    ]
    assert "本页还没有中文版" not in page("zh-CN", "tutorial.md")


def test_the_front_page_is_the_readme_with_its_links_as_they_are_on_the_site() -> None:
    front = page("en", "index.md")
    assert "README.zh-CN.md" not in front
    assert "](commands.md)" in front
    assert "](changelog.md)" in front


def test_prose_is_written_as_github_reads_it() -> None:
    assert "[--format text|json|markdown|junit]" in page("en", "commands.md")
    assert re.search(r"[\u4e00-\u9fff]\n[\u4e00-\u9fff]", page("zh-CN", "tutorial.md")) is None


def test_the_theme_fetches_no_font_and_speaks_the_language_of_its_pages(language: str) -> None:
    theme = configuration(language)["theme"]
    assert theme["font"] is False
    assert theme["language"] == language.partition("-")[0]


# The site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("zensical") is None:
        assert os.environ.get("CI") != "true", "CI builds the site: make docs"
        pytest.skip("`make docs` installs what builds the site")
    out = tmp_path_factory.mktemp("site") / "site"
    build(out)
    return out.resolve()


@pytest.mark.slow
def test_every_link_of_the_site_leads_somewhere_and_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    assert len(list(site.rglob("*.html"))) == sum(len(sources(language)) for language in LANGUAGES)
    assert faults_of(site) == []


@pytest.mark.slow
def test_the_reference_has_every_public_name_with_its_words(site: Path) -> None:
    import orr
    import orr.evidence

    text = (site / "api.html").read_text(encoding="utf-8")
    names = [f"orr.{name}" for name in orr.__all__]
    names += [f"orr.evidence.{name}" for name in orr.evidence.__all__]
    assert [name for name in (*names, "orr.report.open", "orr.testing.run_check") if f'id="{name}"' not in text] == []
    assert "Open the form of a workload" in text


@pytest.mark.slow
def test_the_site_works_from_a_disk_without_a_network_in_both_languages(site: Path, browser: Any) -> None:
    context = browser.new_context(offline=True)
    try:
        tab = context.new_page()
        wrong: list[str] = []
        tab.on("request", lambda request: wrong.append(request.url) if not request.url.startswith("file:") else None)
        tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        for name in sorted(site.rglob("*.html")):
            tab.goto(name.as_uri(), wait_until="load")
        assert wrong == []
        for start, word, title in (
            ("index.html", "rehearsed", "Was the rollback"),
            ("zh-CN/index.html", "渗透测试", "6. 申请豁免"),
        ):
            tab.goto((site / start).as_uri())
            tab.locator(".md-search__button").click()
            tab.keyboard.type(word)
            tab.get_by_text(title).first.wait_for()
        tab.goto((site / "verdict.html").as_uri())
        tab.locator(".md-select").hover()
        tab.locator(".md-select__link", has_text="简体中文").click()
        tab.wait_for_url("**/zh-CN/verdict.html")
        assert wrong == []
    finally:
        context.close()
