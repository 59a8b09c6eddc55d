"""Decide whether a document's part holds what it must: commands, people, steps. Pure.

The kinds stand in `substance.yaml`, each with samples in both languages.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from orr.evidence.documents.frontmatter import FrontMatter
from orr.evidence.documents.headings import words
from orr.evidence.documents.links import leads_elsewhere
from orr.evidence.documents.outline import Document, Line, Link
from orr.evidence.documents.stubs import is_stub
from orr.messages import Said
from orr.source.dates import dates_in
from orr.source.yaml import parse_shipped

MAX_TEXT = 4_000
"""The characters of a paragraph that are looked through."""

_NUMBERED = re.compile(
    r"\W{0,3}(?:step\s*\d{1,3}\b|第\s?[一二三四五六七八九十\d]{1,3}\s?步|\d{1,3}\s?[、．.)）]|[（(]\d{1,3}[)）]|[①-⑳])",
    re.IGNORECASE,
)
_THEN = re.compile(r"\b(?:and )?(?:then|afterwards|finally|after that)\b|然后|接着|最后|之后", re.IGNORECASE)
_CJK = re.compile(r"[\u3400-\u9fff]")
_UNTICKED = re.compile(r"\W*\[ ?\]\s")
_IN_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）")
_REMARK = re.compile(r"\s*#\s.*")
_ADDRESS = re.compile(r"https?://\S+")
_SENTENCE_END = re.compile(r"(?<=[.!;])\s+|(?<=[。！；])")


@dataclass(frozen=True)
class Substance:
    """A kind of thing that a part of a document may have to hold.

    Attributes
    ----------
    title
        What it is called, by language.
    source
        The sort of text that is looked at: a property of `Part`.
    found, without
        `pattern` and `unless` as the table writes them.
    at_least
        In how many different texts.
    """

    title: Mapping[str, str]
    source: str
    found: str | None
    at_least: int
    without: str | None

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """What must be found in it; None for any text."""
        return _pattern(self.found)

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        """What a sentence does not count with, such as a promise; None where all count."""
        return _pattern(self.without)


@cache
def kinds() -> Mapping[str, Substance]:
    """All kinds by name, in the table's order."""
    table = parse_shipped(Path(__file__).with_name("substance.yaml"))["kinds"]
    return {
        name: Substance(one["title"], one["in"], one.get("pattern"), one.get("at_least", 1), one.get("unless"))
        for name, one in table.items()
    }


def _pattern(written: str | None) -> re.Pattern[str] | None:
    return None if written is None else re.compile(written.replace(" |", "|"), re.IGNORECASE)


class Part:
    """A document, or what stands under one of its headings, as texts of several sorts.

    Parameters
    ----------
    document
        It is a part of this one.
    after, before
        The lines between which it stands.
    substance
        The lines that say something.
    dead
        Links that lead nowhere.
    stubs
        Whether what is left to be written counts as text: to show it, not to judge it.
    """

    def __init__(
        self,
        document: Document,
        after: int,
        before: int,
        substance: Iterable[int],
        dead: Iterable[Link],
        *,
        stubs: bool = False,
    ) -> None:
        self._document, self._dead, self._stubs = document, set(dead), stubs
        self._inside = range(after + 1, before)
        self._lines = [line for line in substance if line in self._inside]
        self._counts = frozenset(self._lines)

    @cached_property
    def text(self) -> list[str]:
        """What a reader sees, line by line, without what is left to be written."""
        return [text for _, text in self._texts]

    @cached_property
    def told(self) -> list[str]:
        """The text without questions, and without choices that nobody ticked."""
        return [text for _, text in self.answers]

    @cached_property
    def answers(self) -> list[tuple[int, str]]:
        """The same, each text with the line at which it begins."""
        asks = ("?", "？")
        return [one for one in self._texts if not one[1].rstrip().endswith(asks) and not _UNTICKED.match(one[1])]

    @cached_property
    def figures(self) -> list[str]:
        """Text without dates and web addresses, so that remaining numbers are figures."""
        return [_without_dates(_ADDRESS.sub(" ", text)) for text in self.text]

    @cached_property
    def dates(self) -> list[str]:
        """The days that stand in the text, as `2026-11-12`."""
        return [day.isoformat() for day in self.days]

    @cached_property
    def days(self) -> list[date]:
        """The days that stand in the text."""
        return [one.day for text in self.text for one in dates_in(text) if one.day is not None]

    @cached_property
    def code(self) -> list[str]:
        """Code, line by line, without remarks."""
        lines = (text for line, block in self._code for text in block.splitlines())
        return [text[:MAX_TEXT] for text in lines if text.strip() and not _REMARK.fullmatch(text)]

    @cached_property
    def links(self) -> list[str]:
        """Links to files that are there."""
        local = (one for one in self._links if not leads_elsewhere(one.target) and not one.target.startswith("#"))
        return [one.target for one in local if one not in self._dead]

    @cached_property
    def web(self) -> list[str]:
        """Links to the web."""
        shown = [found for text in self.text for found in _ADDRESS.findall(text)]
        return [one.target for one in self._links if _ADDRESS.match(one.target)] + shown

    @cached_property
    def entries(self) -> list[str]:
        """Filled table rows, list entries, and headings with content below.

        A row counts with at least two filled cells.
        """
        rows = (" ".join(cells) for cells in self._rows.values() if sum(not is_stub(cell) for cell in cells) > 1)
        items = (text for text in self._items if not _UNTICKED.match(text))
        return [*rows, *filter(_says_something, items), *self._headings]

    @cached_property
    def steps(self) -> list[str]:
        """Entries, commands, and what stands in the text one after the other."""
        command = kinds()["command"].pattern
        assert command is not None
        commands = [line for line in self.code if command.search(line)]
        prose = (text for _, text in self._texts)
        parts = (piece for text in prose for piece in _in_order(text))
        return [*self.entries, *commands, *filter(_says_something, [*self._items, *parts])]

    @cached_property
    def _rows(self) -> dict[int, list[str]]:
        return {line: cells for line, cells, _ in self._document.rows if line in self._counts}

    @cached_property
    def _code(self) -> list[tuple[int, str]]:
        return [(line, text) for line, text in self._document.code if line in self._counts]

    @cached_property
    def _code_by_line(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for line, text in self._code:
            found.setdefault(line, []).append(text)
        return found

    @cached_property
    def _links(self) -> list[Link]:
        return [one for one in self._document.links if one.line in self._counts]

    @cached_property
    def _texts(self) -> list[tuple[int, str]]:
        """Paragraphs, entries, rows and lines of code, each with the line at which it begins."""
        found = [(line, " | ".join(cells)) for line, cells in self._rows.items()]
        begins, last = frozenset(self._document.items), -1
        for line in self._document.prose:
            if line.line not in self._counts or line.line in self._rows or line.form in ("links", "picture"):
                continue
            if not self._stubs and is_stub(line.text, line.form == "quote"):
                continue
            text = self._with_code(line.line, line.text)
            goes_on = line.line == last + 1 and line.line not in begins and not _NUMBERED.match(text)
            if goes_on and len(found[-1][1]) < MAX_TEXT:
                found[-1] = (found[-1][0], f"{found[-1][1]} {text}")
            else:
                found.append((line.line, text))
            last = line.line
        seen = {line.line for line in self._document.prose}
        blocks = ((line, text) for line, text in self._code if line not in seen)
        found += [(line, text) for line, block in blocks for text in block.splitlines() if text.strip()]
        return sorted(((line, text[:MAX_TEXT]) for line, text in found), key=lambda one: one[0])

    def _with_code(self, line: int, text: str) -> str:
        for code in self._code_by_line.get(line, ()):
            text = text.replace("`", f" {code.replace('`', '')} ", 1)
        return text

    @property
    def _items(self) -> Iterator[str]:
        begins = frozenset(self._document.items)
        return (text for line, text in self._texts if line in begins or _NUMBERED.match(text))

    @property
    def _headings(self) -> Iterator[str]:
        if self._inside.start == 1:  # of a whole document they are its outline
            return
        for one in self._document.headings:
            following = self._lines[bisect(self._lines, one.line) :][:1]
            if one.line in self._inside and any(line < self._document.end(one) for line in following):
                yield one.text


def value_part(value: object) -> Part:
    """A value of front matter as a part of a document."""
    texts = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    lines = [Line(text[:1000], number) for number, text in enumerate(texts[:100], 1)]
    document = Document("", FrontMatter(), prose=lines, content=[line.line for line in lines])
    return Part(document, 0, len(lines) + 1, document.substance, ())


def lacking(part: Part, has: Sequence[str]) -> list[str]:
    """Kinds that a part of a document does not hold; either satisfies `A|B`."""
    return [wanted for wanted in has if not any(holds(part, kind) for kind in wanted.split("|"))]


def holds(part: Part, kind: str) -> bool:
    """Whether a part of a document holds a kind of thing."""
    one = kinds()[kind]
    texts: Sequence[str] = getattr(part, one.source)
    if one.unless is not None:
        texts = [_without(one.unless, text) for text in texts]
    found = {words(text) for text in texts if one.pattern is None or one.pattern.search(text)}
    return len(found) >= one.at_least


def titles(wanted: str) -> list[Said]:
    """What the kinds in `A|B` are called, by language."""
    return [dict(kinds()[kind].title) for kind in wanted.split("|")]


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The sentences of a text in which nothing is found."""
    return " ".join(one for one in _SENTENCE_END.split(text) if not pattern.search(one))


def _without_dates(text: str) -> str:
    for one in dates_in(text):
        text = text.replace(one.text, " ", 1)
    return text


def _says_something(text: str) -> bool:
    """Whether an entry or a step is more than a word."""
    if _UNTICKED.match(text):
        text = _IN_BRACKETS.sub("", text)  # "Other (as a last resort)" is a form's choice
    return len(words(text)) >= (4 if _CJK.search(text) else 2)


def _in_order(text: str) -> list[str]:
    parts = [part for part in _THEN.split(text) if part.strip(" ,;，；。.")]
    return parts if len(parts) > 1 else []
