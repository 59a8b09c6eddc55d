"""What a documentation site answers beside its files: redirects, generated pages, labels.

Each generator is read by what its own settings and front matter declare: MkDocs (`redirects`), Sphinx
(`sphinx_reredirects`, `sphinxext.rediraffe`), Docusaurus, Hugo (`aliases`), Jekyll (`redirect_from`), Middleman and
tech-docs (`redirects`, `old_paths`), GitBook and Netlify; labels are those of MyST and reStructuredText.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from orr.evidence.context import Context
from orr.evidence.documents.frontmatter import read_front_matter
from orr.evidence.errors import Undetermined

MAX_FILES = 5_000
MAX_TOTAL = 50_000_000

_DOCUMENT = re.compile(r".*\.(?:md|mdx|markdown|rst|erb|ipynb)", re.IGNORECASE)
_LABEL = re.compile(r"^(?:\(([^()\s]{1,200})\)=|\.\. _`?([^:`\n]{1,200})`?:)[ \t]*$", re.MULTILINE)
_ENDING = re.compile(r"(?:(?:^|/)(?:_?index|README))?(?:\.(?:html?|md|mdx|rst|markdown|erb|ipynb))*/*$")
_FILLED_IN = re.compile(r"(\*|#\{[^}]*\}|:[A-Za-z]\w*)")
_FRONT = ("aliases", "redirect_from", "old_paths", "permalink", "slug", "url")
"""The keys under which a page names other addresses of its own."""
_SOURCES = ("docs", "doc", "source", "src", "content", "website", "site", "pages")
"""The folders below its settings in which a site's pages usually lie."""


def _block(key: str) -> Callable[[str], Iterator[str]]:
    """Reader of the keys of a YAML mapping, which may hold custom tags."""
    head = re.compile(rf"^([ \t]*)(?:- )?{key}:[ \t]*$((?:\n(?:\1[ \t]+\S.*|[ \t]*(?:#.*)?)$)*)", re.MULTILINE)
    pair = re.compile(r"^[ \t]*[\"']?([^\s\"'#:][^\"':\n]*)[\"']?[ \t]*:", re.MULTILINE)
    return lambda text: (old for found in head.finditer(text) for old in pair.findall(found[2]))


def _quoted(pattern: str, then: str = "") -> Callable[[str], Iterator[str]]:
    """Reader of the quoted texts in a pattern's group.

    With `then`, only those that it follows; without any quotes, the group itself.
    """
    found_in = re.compile(pattern, re.MULTILINE)
    quoted = re.compile(r"[\"'`]([^\"'`\n]{1,300})[\"'`]" + then)
    return lambda text: (
        one for found in found_in.finditer(text) for one in quoted.findall(found[1]) or [found[1].strip()]
    )


_SETTINGS: tuple[tuple[str, tuple[Callable[[str], Iterator[str]], ...], tuple[str, ...]], ...] = (
    (r"mkdocs\.ya?ml", (_block("redirect_maps"),), ("search", "sitemap.xml", "404")),
    (r"tech-docs\.yml", (_block("redirects"),), ("search", "sitemap.xml", "404")),
    (r"\.gitbook\.ya?ml", (_block("redirects"),), ()),
    (r"config\.rb", (_quoted(r"^\s*(?:redirect|proxy)[ (]+([\"'][^\"'\n]+[\"'])"),), ()),
    (
        r"conf\.py",
        (_quoted(r"^\w*redirects\b[^=\n]*=\s*\{([^}]*)\}", r"\s*:"),),
        ("genindex", "modindex", "py-modindex", "search"),
    ),
    (r"docusaurus\.config\.\w+", (_quoted(r"\bfrom:\s*(\[[^\]]*\]|[\"'`][^\"'`\n]+[\"'`])"),), ("search", "tags")),
    (r"_config\.ya?ml", (), ("feed.xml", "sitemap.xml", "robots.txt")),
    (r"hugo\.(?:toml|ya?ml|json)", (), ("tags", "tags/*", "categories", "categories/*", "index.xml", "sitemap.xml")),
    (r"netlify\.toml", (_quoted(r"^\s*from\s*=\s*(\"[^\"\n]+\"|'[^'\n]+')"),), ()),
    (r"_redirects|redirects\.txt", (_quoted(r"^[ \t]*(\"[^\"\n]+\"|[^\s#\"]+)[ \t]+\S"),), ()),
)
"""Settings of generators by their names: how redirects stand in them, and the pages that each generates."""


@dataclass(frozen=True)
class Site:
    """What links may lead to beside files.

    Attributes
    ----------
    labels
        Targets that any page may refer to by name alone.
    addresses
        Paths from the repository's root, without the ending of a page.
    patterns
        Those with a part that is filled in when the site is built.
    """

    labels: frozenset[str]
    addresses: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def answers(self, path: str) -> bool:
        """Whether a path, from the repository's root, is an address of the site."""
        bare = _bare(path)
        return bare in self.addresses or any(pattern.fullmatch(bare) for pattern in self.patterns)


NO_SITE = Site(frozenset(), frozenset(), ())


def site_of(context: Context) -> Site:
    """The site that a repository's documents make, read once per run."""
    return context.cached("site", lambda: _read(context))


def _read(context: Context) -> Site:
    labels: set[str] = set()
    addresses: set[str] = set()
    total = 0
    files = context.reader.tree.files
    settings = [(path, one) for path in files for one in _SETTINGS if re.fullmatch(one[0], posixpath.basename(path))]
    for path, (_, readers, generated) in settings:
        text = _text(context, path)
        roots = _roots(path)
        redirected = (old for read in readers for old in read(text))
        # What catches every address tells of none.
        for old in (*generated, *(one for one in redirected if _FILLED_IN.sub("", one).strip("/"))):
            addresses.update(posixpath.join(root, old.lstrip("/")) for root in roots)
    for path in [path for path in files if _DOCUMENT.fullmatch(path)][:MAX_FILES]:
        text = _text(context, path)
        total += len(text)
        if total > MAX_TOTAL:
            break
        labels.update(first or second for first, second in _LABEL.findall(text))
        addresses.update(_own_addresses(read_front_matter(text, path).values, path))
    bare = {_bare(one) for one in addresses}
    patterned = {one for one in bare if _FILLED_IN.search(one)}
    return Site(frozenset(labels), frozenset(bare - patterned - {""}), tuple(map(_pattern, sorted(patterned))))


def _text(context: Context, path: str) -> str:
    try:
        return context.text(path)
    except Undetermined:
        return ""  # what cannot be read answers nothing


def _roots(path: str) -> list[str]:
    """The folders that a site's addresses may start from, by where its settings lie."""
    folder = posixpath.dirname(path)
    if posixpath.basename(folder) in ("config", "static", "public"):
        folder = posixpath.dirname(folder)
    return [folder, *(posixpath.join(folder, name) for name in _SOURCES)]


def _own_addresses(front: Any, path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    parents = [folder[:end] for end, sign in enumerate(folder) if sign == "/"]
    for key in _FRONT:
        value = front.get(key)
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, str) or not one.strip() or _FILLED_IN.search(one):
                continue
            roots = ("", *parents, folder) if one.startswith("/") or key == "redirect_from" else (folder,)
            yield from (posixpath.join(root, one.strip().lstrip("/")) for root in roots)


def _bare(path: str) -> str:
    return _ENDING.sub("", posixpath.normpath(path.strip()).strip("/"))


def _pattern(address: str) -> re.Pattern[str]:
    parts = enumerate(_FILLED_IN.split(address))
    return re.compile("".join({0: re.escape(one), 1: ".+" if one == "*" else "[^/]+"}[n % 2] for n, one in parts))
