"""Words and links of Markdown blocks, with front matter, footnotes and tables in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from orr.source.cells import Cell, Rows
from orr.source.faults import Place

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_FRONT_MATTER = re.compile(r"\A\ufeff?(?P<mark>---|\+\+\+)[ \t]*\n.*?\n(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_CALLED = re.compile(r"^(?:title|name)[ \t]*[:=][ \t]*[\"']?(?P<title>[^\"'\n]+)", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FOOTNOTE = re.compile(r"^\[\^(?P<name>[^\]\s]+)\]:[ \t]*(?P<text>.*(?:\n(?:[ ]{2,}|\t).+)*)", re.MULTILINE)
_REFERENCE = re.compile(r"\[\^(?P<name>[^\]\s]+)\]")
_ADDRESS = re.compile(r"https?://[^\s<>|\"']*[^\s<>|\"'.,;:!?)\]]")


@dataclass(slots=True)
class Source:
    """A document's Markdown, each line where it was, and what was taken out of it.

    Attributes
    ----------
    text
        Without front matter, comments and footnotes.
    called
        Title or name in the front matter.
    footnotes
        By their names.
    """

    text: str
    called: str = ""
    footnotes: dict[str, str] = field(default_factory=dict)

    def without_references(self, words: str) -> tuple[str, str]:
        """Words without references to footnotes, and the footnotes that they name."""
        notes = [self.footnotes[one] for one in _REFERENCE.findall(words) if one in self.footnotes]
        return _REFERENCE.sub(lambda found: "" if found["name"] in self.footnotes else found[0], words), "\n".join(
            notes
        )


def source_of(text: str) -> Source:
    """Take out of a document what is no Markdown."""
    matter = _FRONT_MATTER.match(text)
    called = _CALLED.search(matter[0]) if matter is not None else None
    # What is taken out leaves its lines, so that places stay right.
    for pattern in (_FRONT_MATTER, _COMMENT):
        text = pattern.sub(lambda match: "\n" * match.group().count("\n"), text)
    notes = {found["name"]: " ".join(found["text"].split()) for found in _FOOTNOTE.finditer(text)}
    text = _FOOTNOTE.sub(lambda match: "\n" * match.group().count("\n"), text)
    return Source(text, called["title"].strip() if called is not None else "", notes)


def words_below(node: SyntaxTreeNode) -> str:
    """The words of a block, each inner block on a line of its own."""
    if node.type == "inline":
        return inline_words(node.children)
    if node.type in ("fence", "code_block"):
        return node.content.strip()
    inner = [words_below(one) for one in node.children if one.type != "html_block"]
    return (" | " if node.type == "tr" else "\n").join(text for text in inner if text)


def inline_words(nodes: Sequence[SyntaxTreeNode]) -> str:
    """The words of inline nodes on one line."""
    found = []
    for node in nodes:
        if node.type in ("text", "code_inline"):
            words = node.content.replace("\u200b", "")  # which `escaped` puts there
            found.append(f"`{words}`" if node.type == "code_inline" else words)
        elif node.type in ("softbreak", "hardbreak"):
            found.append(" ")
        elif node.type == "image":
            found.append(node.content)
        elif node.type != "html_inline":
            found.append(inline_words(node.children))
    return "".join(found).strip() if nodes and nodes[0].parent and nodes[0].parent.type == "inline" else "".join(found)


def links_below(node: SyntaxTreeNode) -> tuple[str, ...]:
    """The links of a block, each as `title <address>`, and the addresses that stand there bare."""
    return tuple(_links(node))


def _links(node: SyntaxTreeNode) -> Iterator[str]:
    if node.type == "link" and (where := str(node.attrs.get("href", ""))):
        yield f"{inline_words(node.children)} <{where}>".lstrip()
    elif node.type == "text":
        yield from (f"<{address}>" for address in _ADDRESS.findall(node.content))
    elif not node.is_root or node.children:
        for child in node.children:
            yield from _links(child)


def html_table(node: SyntaxTreeNode) -> Rows:
    """The rows of a table that is written in HTML; none where the block is none."""
    reader = _Table((node.map or (0, 0))[0])
    reader.feed(node.content)
    return [row for row in reader.rows if row]


class _Table(HTMLParser):
    def __init__(self, above: int) -> None:
        super().__init__()
        self.above, self.rows, self.words = above, list[list[Cell]](), list[str]()
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.words, self.is_inside = [], bool(self.rows)
        elif tag == "br":
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.is_inside:
            place = Place(self.above + self.getpos()[0], len(self.rows[-1]) + 1)
            self.rows[-1].append(Cell("".join(self.words).strip(), place))
            self.is_inside = False

    def handle_data(self, data: str) -> None:
        self.words.append(data)
