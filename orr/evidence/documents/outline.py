"""Common outline of a document: headings, prose, links, tables by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from orr.evidence.documents.frontmatter import FrontMatter
from orr.evidence.documents.stubs import is_stub
from orr.messages import Message, say

BOLD = 7
"""The level of a line in bold that serves as a heading: below all true headings."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` is 1 to 6, or `BOLD`."""

    text: str
    level: int
    line: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of prose: what a reader sees, without code, markup and comments.

    `form` is `quote` in a block quote, and `links` or `picture` where it is that alone; `continued` whether it
    goes on with an item of a list from the line before.
    """

    text: str
    line: int
    form: str = ""
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture by its target, with the text that a reader sees."""

    target: str
    line: int
    text: str = ""


@dataclass
class Document:
    """A document that was read; lines are counted from 1.

    Attributes
    ----------
    path
        Relative to the repository.
    front
        Its front matter.
    headings, prose, links
        In order.
    rows
        Rows of tables: line, cells, and the cells of the table's head.
    content
        The lines that hold something other than a heading, be it a stub.
    code
        Blocks of code and code within a line, each with the line at which it begins.
    items
        The lines at which entries of lists begin.
    anchors
        Explicit targets of links within the document.
    cells
        Of a notebook: after which line each cell starts, and its number.
    lines
        Its text, line by line.
    """

    path: str
    front: FrontMatter
    headings: list[Heading] = field(default_factory=list)
    prose: list[Line] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    rows: list[tuple[int, list[str], list[str]]] = field(default_factory=list)
    content: list[int] = field(default_factory=list)
    code: list[tuple[int, str]] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    cells: tuple[tuple[int, int], ...] = ()
    lines: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON data of all but path and text; `from_data` reverses it."""
        return {
            "front": [self.front.values, self.front.lines],
            "headings": [(one.text, one.level, one.line) for one in self.headings],
            "prose": [(one.text, one.line, one.form, one.continued) for one in self.prose],
            "links": [(one.target, one.line, one.text) for one in self.links],
            "rows": self.rows,
            "content": self.content,
            "code": self.code,
            "items": self.items,
            "anchors": sorted(self.anchors),
        }

    @classmethod
    def from_data(cls, path: str, data: Mapping[str, Any]) -> Document:
        """Rebuild a document from `as_data`."""
        values, lines = data["front"]
        return cls(
            path,
            FrontMatter(values, lines),
            [Heading(*one) for one in data["headings"]],
            [Line(*one) for one in data["prose"]],
            [Link(*one) for one in data["links"]],
            [(line, cells, head) for line, cells, head in data["rows"]],
            data["content"],
            [(line, text) for line, text in data["code"]],
            data["items"],
            set(data["anchors"]),
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing under its headings, or no heading either."""
        return not self.content

    @cached_property
    def substance(self) -> list[int]:
        """The lines of its content that are more than stubs."""
        filled = {line.line: False for line in self.prose}
        for line in self.prose:
            filled[line.line] |= line.form == "picture" or not is_stub(line.text, line.form == "quote")
        return [line for line in self.content if filled.get(line, True)]

    def where(self, line: int) -> int | Message:
        """A line as a reader finds it: in a notebook by its cell."""
        if not self.cells:
            return line
        before, cell = next(((start, number) for start, number in reversed(self.cells) if start < line), (0, 1))
        return say("notebookdocument.line", line=line - before, cell=cell)

    def sections(self) -> Iterator[Heading]:
        """The headings that can name a section.

        The title is left out: a first heading that is the only one of level 1, where
        others follow.
        """
        titles = [heading for heading in self.headings if heading.level == 1]
        has_title = len(titles) == 1 and len(self.headings) > 1 and self.headings[0] is titles[0]
        return iter(self.headings[1:] if has_title else self.headings)

    def below(self, heading: Heading) -> Iterator[Line]:
        """The prose under a heading."""
        end = self.end(heading)
        return (line for line in self.prose if heading.line < line.line < end)

    def text(self, after: int, before: int, but: int | None = None) -> str:
        """Its lines between two others, without one of them."""
        numbered = enumerate(self.lines[after : before - 1], after + 1)
        return "\n".join(line for number, line in numbered if number != but).strip("\n")

    def end(self, heading: Heading) -> int:
        """The line at which what stands under a heading ends."""
        following = (one.line for one in self.headings if one.line > heading.line and one.level <= heading.level)
        return next(following, sys.maxsize)


def lines_of(text: str) -> list[str]:
    """The lines of a text, counted as the readers of documents count them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
