"""A page and its Chinese twin say the same: one cannot change without the other."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from support import ROOT

from tools.site import headings, original, sources

TWINS = sorted(path for path in sources("zh-CN").values() if path.name.endswith(".zh-CN.md"))
_WORDS = re.compile(r"#.*$|\"\"\".*?\"\"\"|\"[^\"]*\"|'[^']*'", re.MULTILINE | re.DOTALL)
"""What is for people in lines of code: remarks and texts in quotes."""
_LANGUAGE = re.compile(r",? ?(?:--lang|language=)[ \"]?zh-CN\"?")
_RUN = {"sh", "shell", "python", "toml"}


def outline(path: Path) -> list[tuple[str, list[str], list[str]]]:
    """Each section of a page: its level, its blocks in their order, and the code and the links in its text."""
    sections: list[tuple[str, list[str], list[str]]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8")):
        if token.type == "heading_open":
            sections.append((token.tag, [], []))
        elif token.type == "fence":
            sections[-1][1].append(f"{token.info} {_code(token)}".strip())
        elif token.type in ("paragraph_open", "list_item_open", "tr_open", "th_open", "td_open"):
            sections[-1][1].append(token.type.removesuffix("_open"))
        for child in token.children or ():
            if child.type == "code_inline" and child.content.isascii():
                sections[-1][2].append(_LANGUAGE.sub("", child.content))
            elif child.type == "link_open":
                sections[-1][2].append(_led(path, unquote(str(child.attrs["href"]))))
    return [(level, blocks, sorted(set(names))) for level, blocks, names in sections]


def _code(fence: Any) -> str:
    return " ".join(_WORDS.sub("", fence.content).split()) if fence.info in _RUN else ""


def _led(path: Path, href: str) -> str:
    """The English page and heading that a link leads to."""
    target, _, place = href.partition("#")
    if "://" in target:
        return href
    led = Path(os.path.normpath(path.parent / target)) if target else path
    if led.suffix == ".md" and place:
        place = headings(original(led))[headings(led).index(place)] if place in headings(led) else f"{place} is dead"
    return f"{original(led).relative_to(ROOT).as_posix()}#{place}"


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_and_its_chinese_twin_have_the_same_parts(path: Path) -> None:
    ours, theirs = outline(path), outline(original(path))
    assert [level for level, _, _ in ours] == [level for level, _, _ in theirs]
    for place, section, twin in zip(headings(path), ours, theirs, strict=True):
        assert section == twin, place


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_chinese_page_leads_to_chinese_pages_where_there_are(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+\.md)", path.read_text(encoding="utf-8"))
    led = {Path(os.path.normpath(path.parent / link)) for link in links}
    switch = {original(path)} if path.name.startswith("README") else set()
    assert sorted(one.name for one in led - switch if one.with_suffix(".zh-CN.md") in TWINS) == []


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_meant_to_be_bold_is(path: Path) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    texts = [child.content for token in tokens for child in token.children or () if child.type == "text"]
    assert [text for text in texts if "**" in text] == [], "write **是**。否 in place of **是。**否"
