"""Parse reStructuredText with docutils; file inclusion is off."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from orr.evidence.documents.frontmatter import FrontMatter, read_front_matter
from orr.evidence.documents.markdown import BESIDE_LINKS, MAX_LINE
from orr.evidence.documents.outline import BOLD, Document, Heading, Line, Link
from orr.evidence.errors import Undetermined
from orr.messages import say

if TYPE_CHECKING:
    from docutils import nodes

MAX_CHARACTERS = 200_000
MAX_LINES = 12_000
MAX_LEVEL = 6
# docutils' time grows with the square of marks in a paragraph, of columns and of words, and with the sum of the others:
# it stays below some seconds.
MAX_MARKS = 1_000
MAX_ALL_MARKS = 20_000
MAX_COLUMNS = 150
MAX_CELLS = 10_000
MAX_WORK = 8_000_000

_MARK = re.compile(r"(?<!\w)[*`|\[]|(?<=\w)_(?!\w)|://")

_SETTINGS: dict[str, Any] = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "warning_stream": "",
    "syntax_highlight": "none",
    "line_length_limit": MAX_LINE,
}

# docutils keeps the roles that a document defines in one place for all documents.
_ONE_AT_A_TIME = threading.Lock()


def read_restructured(text: str, path: str) -> Document:
    """Read a reStructuredText document.

    Raises
    ------
    Undetermined
        If docutils is not installed, or cannot read it within bounds.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES or len(text) > MAX_CHARACTERS:
        raise Undetermined(say("restructured.too-long", path=path, lines=MAX_LINES, characters=MAX_CHARACTERS))
    longest = max(range(len(lines)), key=lambda number: len(lines[number]))
    if len(lines[longest]) > MAX_LINE:
        raise Undetermined(say("evidence.document.too-long-line", path=path, line=longest + 1, limit=MAX_LINE))
    _bound(lines, path)
    front = read_front_matter(text, path)
    # Blank lines instead of front matter, so that lines keep their numbers.
    tree = _parse("\n".join(["" for _ in range(front.lines)] + lines[front.lines :]), path)
    document = Document(path, front)
    _Reader(document, lines).read(tree)
    return document


def _bound(lines: list[str], path: str) -> None:
    marks = every = letters = cells = work = 0
    in_table = in_csv = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            marks = letters = 0
        in_table = bool(line.strip()) and (in_table or line.lstrip().startswith("+-"))
        bare = line.replace("|", " ") if in_table else line
        more = len(_MARK.findall(bare))
        # As if each mark were looked for to the end of the block that it stands in.
        work += more * letters + marks * len(line)
        # As if an address of mail were looked for from each letter to the end of the word.
        work += sum(len(word) ** 2 for word in line.split()) // 10
        marks, every, letters = marks + more, every + more, letters + len(line)
        columns = line.count("+") if line.lstrip().startswith(("+-", "+=")) else line.count("= ")
        in_csv = "csv-table::" in line or (in_csv and line[:1] in ("", " "))
        cells += line.count(",") + 1 if in_csv else columns
        if marks > MAX_MARKS or every > MAX_ALL_MARKS or columns > MAX_COLUMNS or cells > MAX_CELLS or work > MAX_WORK:
            raise Undetermined(say("evidence.document.too-intricate", path=path, line=number))


def _parse(text: str, path: str) -> nodes.document:
    from docutils.frontend import get_default_settings
    from docutils.parsers.rst import Parser
    from docutils.utils import new_document

    settings = get_default_settings(Parser)
    for name, value in _SETTINGS.items():
        setattr(settings, name, value)
    tree = new_document(path, settings)
    try:
        with _ONE_AT_A_TIME:
            Parser().parse(text, tree)
    except RecursionError:
        raise Undetermined(say("restructured.too-deep", path=path)) from None
    except Exception as error:  # a parser of a language with many corners
        raise Undetermined(
            say("restructured.unreadable", path=path, error=type(error).__name__, why=str(error)[:200])
        ) from None
    return tree


class _Reader:
    def __init__(self, document: Document, lines: list[str]) -> None:
        self.document, self.lines = document, lines
        self.line = 1
        self.in_title = False

    def read(self, tree: nodes.document) -> None:
        top = [one for one in tree.children if one.tagname not in ("comment", "target", "system_message")]
        fields = next((one for one in self._first(top) if one.tagname == "field_list"), None)
        if fields is not None:
            values = {name.astext(): body.astext() for field in fields.children for name, body in [field.children[:2]]}
            self.document.front = FrontMatter(
                {**values, **self.document.front.values}, self.document.front.lines, self.document.front.fault
            )
        # A stack of our own: the tree may be deeper than Python calls go.
        waiting: list[tuple[Any, int]] = [(tree, 0)]
        while waiting:
            node, level = waiting.pop()
            self.line = node.line or self.line
            deeper = self._node(node, level)
            if deeper is not None:
                waiting += [(child, deeper) for child in reversed(node.children)]
        self.document.headings.sort(key=lambda heading: heading.line)

    @staticmethod
    def _first(top: list[Any]) -> Iterator[Any]:
        """What may be the document's fields: its first element, or the first after its title."""
        if top:
            yield top[0]
            if top[0].tagname == "section":
                yield from [one for one in top[0].children[1:] if one.tagname not in ("comment", "target")][:1]

    def _node(self, node: Any, level: int) -> int | None:
        """Take in one node; its children are looked at if a level is returned."""
        kind = node.tagname
        for name in (*node.get("names", ()), *node.get("ids", ())) if hasattr(node, "get") else ():
            self.document.anchors.add(name)
        if kind == "section":
            self._heading(node, level + 1)
            return level + 1
        if kind in ("title", "subtitle"):
            if node.parent.tagname == "section":
                self._marks(node)
                return None
            self._prose(node)
        elif kind == "rubric":
            self.document.headings.append(Heading(node.astext(), BOLD, self.line))
        elif kind in ("paragraph", "term", "line", "attribution", "caption"):
            self._prose(node)
        elif kind == "field":
            name, body = node.children[:2]
            self.document.prose.append(Line(f"{name.astext()}: {_text(body)}".replace("\n", " "), self.line))
            self.document.content.append(self.line)
            self._marks(body)
        elif kind == "row":
            self._row(node)
        elif kind in ("literal_block", "doctest_block", "math_block", "parsed_literal"):
            if node.astext().strip():
                self.document.content.append(self.line)
                self.document.code.append((self.line, node.astext()))
        elif kind == "list_item":
            first = next((one.line for one in node.findall() if one.line), None)
            self.document.items.append(first or self.line)
            return level
        elif kind == "system_message":
            # A directive of Sphinx: something stands there, but what it becomes is not known.
            if any(child.tagname == "literal_block" for child in node.children):
                self.document.content.append(self.line)
        elif kind == "image":
            self._marks(node)
            self.document.prose.append(Line(str(node.get("alt", "")), self.line, "picture"))
            self.document.content.append(self.line)
        elif kind == "target":
            if node.get("refuri"):
                self.document.links.append(Link(str(node["refuri"]), self._line_with(node["refuri"], self.line)))
        elif kind not in ("comment", "raw", "substitution_definition"):
            return level
        return None

    def _heading(self, section: Any, level: int) -> None:
        title = next((child for child in section.children if child.tagname == "title"), None)
        if title is None:
            return
        text = " ".join(title.astext().split())
        self.line = self._line_with(title.rawsource.strip() or text, title.line or section.line or self.line)
        self.document.headings.append(Heading(text, min(level, MAX_LEVEL), self.line))
        self.document.prose.append(Line(_text(title), self.line))

    def _line_with(self, words: str, given: int) -> int:
        """The line of some words: docutils gives that of a title's underline, or one beside."""
        near = (given, given - 1, given - 2, given + 1)
        return next((line for line in near if 0 < line <= len(self.lines) and words in self.lines[line - 1]), given)

    def _prose(self, node: Any) -> None:
        self._marks(node)
        form = "quote" if node.parent.tagname == "block_quote" else _form(node)
        for number, text in enumerate(_text(node).split("\n")):
            if text.strip():
                self.document.content.append(self.line + number)
                self.document.prose.append(Line(text, self.line + number, form))
        children = [one for one in node.children if one.tagname != "#text" or one.astext().strip(" :：")]
        if (
            node.tagname == "paragraph"
            and node.parent.tagname in ("section", "document")
            and len(children) == 1
            and children[0].tagname == "strong"
            and len(node.astext()) <= 80
        ):
            self.document.headings.append(Heading(node.astext().strip().rstrip(":："), BOLD, self.line))

    def _row(self, row: Any) -> None:
        cells = [" ".join(_text(entry, code=True).split()) for entry in row.children]
        first = next((one.line for one in row.findall() if one.line), None)
        self.line = first or self.line
        for entry in row.children:
            self._marks(entry)
        body = row.parent.tagname == "tbody"
        head = next((one for one in row.parent.parent.children if one.tagname == "thead"), None) if body else None
        titles = [" ".join(_text(entry).split()) for entry in head.children[-1].children] if head is not None else []
        self.document.rows.append((self.line, cells, titles))
        if body and any(cells):
            self.document.content.append(self.line)
        self.document.prose.extend(Line(cell, self.line) for cell in cells if cell)

    def _marks(self, node: Any) -> None:
        """Take in links, pictures and code within lines."""
        for one in node.findall():
            if one.tagname == "literal":
                self.document.code.append((one.line or self.line, one.astext()))
            if one.tagname in ("reference", "image"):
                target = one.get("refuri") or one.get("uri")
                if target:
                    self.document.links.append(Link(str(target), one.line or self.line, one.astext()))


def _form(node: Any) -> str:
    """`links` for references alone, with at most signs or a word such as "see" beside them."""
    beside = "".join(child.astext() for child in node.children if child.tagname != "reference")
    links = any(child.tagname == "reference" for child in node.children)
    return "links" if links and BESIDE_LINKS.fullmatch(beside) else ""


def _text(node: Any, code: bool = False) -> str:
    parts = []
    for one in node.findall():
        if one.tagname == "#text":
            in_code = one.parent is not None and one.parent.tagname in ("literal", "literal_block", "math")
            parts.append(one.astext() if code or not in_code else "`")
        elif one.tagname in ("paragraph", "line") and parts:
            parts.append("\n")
    return "".join(parts)
