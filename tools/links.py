"""Dead links, and requests to other hosts, in a folder of HTML pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_CSS_URL = re.compile(r"""(?:url\(\s*['"]?|@import\s+['"])\s*((?:https?:)?//[^'")\s]+)""")
_FETCHED = {("img", "src"), ("script", "src"), ("iframe", "src"), ("source", "src"), ("link", "href")}


class _Page(HTMLParser):
    """What a page links to, what it fetches, and the places in it that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.linked: list[str] = []
        self.fetched: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag leads to."""
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.places.add(value)
            elif (tag, name) in _FETCHED:
                self.fetched.append(value or "")
            elif (tag, name) == ("a", "href"):
                self.linked.append(value or "")
            elif name == "style":
                self.fetched += _CSS_URL.findall(value or "")


def faults_of(site: Path) -> list[str]:
    """Everything that is wrong with the pages below a folder: a line each.

    A link to another host is none: only a person follows it. A script, a style or a picture of another host is one.
    """
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    found = [f"{path.relative_to(site)}: {fault}" for path in pages for fault in _faults(path, pages, site)]
    for style in sorted(site.rglob("*.css")):
        found += [f"{style.relative_to(site)}: fetches {url}" for url in _CSS_URL.findall(style.read_text("utf-8"))]
    return found


def _faults(path: Path, pages: dict[Path, _Page], site: Path) -> Iterator[str]:
    page = pages[path]
    for url in page.fetched:
        if urlsplit(url).netloc:
            yield f"fetches {url}"
    for url in (*page.linked, *page.fetched):
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            continue
        folder = site if parts.path.startswith("/") else path.parent
        target = (folder / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
        if not target.is_file():
            yield f"{url} leads nowhere"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
            yield f"{url} leads to no place of that page"
