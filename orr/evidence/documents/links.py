"""Verify the relative links and anchors of a document."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from orr.evidence.documents.outline import Document, Link
from orr.evidence.documents.site import NO_SITE, Site

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{|%7[Bb]%7[Bb]|%7[Bb]%25|%3[Cc]%25|\$%7[Bb]")
_SOURCES = (
    "", ".md", ".markdown", ".md.erb", ".html.md", ".html.md.erb", "/index.md", "/_index.md", "/README.md", ".rst",
    "/index.rst", ".ipynb",
)  # fmt: skip


def broken_links(
    document: Document, exists: Callable[[str], bool], site: Callable[[], Site] = lambda: NO_SITE
) -> Iterator[Link]:
    """The links that resolve to nothing within the repository.

    Addresses of the web are not asked for, and what a template engine fills in is not
    judged. A page of a built site (`steps.html`, `steps/`, `steps`) is found by its source.

    Parameters
    ----------
    document
        Where the links stand.
    exists
        Whether the repository has a file or folder of a path.
    site
        What the repository's site answers beside its files; asked for where no file answers.
    """
    targets: dict[str, bool] = {}
    for link in document.links:
        if link.target not in targets:
            targets[link.target] = _resolves(link.target, document, exists, site)
        if not targets[link.target]:
            yield link


def leads_elsewhere(target: str) -> bool:
    """Whether a link's target is no place within the repository."""
    return _ELSEWHERE.match(target.strip()) is not None


def _resolves(target: str, document: Document, exists: Callable[[str], bool], site: Callable[[], Site]) -> bool:
    target = target.strip()
    if leads_elsewhere(target) or _TEMPLATE.search(target):
        return True
    path, _, anchor = target.partition("#")
    path = unquote(path.partition("?")[0])
    if not path:
        return has_anchor(document, unquote(anchor)) or unquote(anchor) in site().labels
    if path in document.anchors:
        return True  # as MyST names a target: `[text](name)`
    if "\0" in path:
        return False
    folder = posixpath.dirname(document.path)
    starts = [folder]
    if path.startswith("/"):
        # The root of a site may be the repository or any folder that the document is in.
        path = path.lstrip("/")
        parents = folder.split("/") if folder else []
        starts = ["/".join(parents[:length]) for length in range(len(parents) + 1)]
    places = [posixpath.normpath(posixpath.join(start, path or ".")) for start in starts]
    if any(_is_there(place, exists) for place in places):
        return True
    return target in site().labels or any(site().answers(place) for place in places)


def _is_there(path: str, exists: Callable[[str], bool]) -> bool:
    if path == "." or not path:
        return True
    if path == ".." or path.startswith("../"):
        return False
    if any(exists(path + ending) for ending in _SOURCES):
        return True
    stem, extension = posixpath.splitext(path)
    return extension == ".html" and any(exists(stem + ending) for ending in _SOURCES[1:])


def has_anchor(document: Document, anchor: str) -> bool:
    """Whether a document has a link target: explicit, or made from a heading."""
    if anchor in ("", "top") or anchor in document.anchors:
        return True
    wanted = _slug(anchor)
    seen: dict[str, int] = {}
    for heading in document.headings:
        slug = _slug(heading.text)
        again = seen.get(slug, 0)
        seen[slug] = again + 1
        if wanted == slug or (again and wanted == f"{slug}{again}"):
            return True
    return any(_slug(known) == wanted for known in document.anchors)


def _slug(text: str) -> str:
    # Sites divide and shorten headings each in their own way; letters and digits they all keep.
    return "".join(char for char in text.casefold() if char.isalnum())
