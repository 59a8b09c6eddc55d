"""Facts about a document, derived once."""

from __future__ import annotations

import re
import sys
from functools import cached_property, reduce

from orr.evidence.context import Context
from orr.evidence.documents.claims import Claim, Review, owner_of, review_of
from orr.evidence.documents.headings import words
from orr.evidence.documents.links import broken_links
from orr.evidence.documents.outline import Heading, Link
from orr.evidence.documents.placeholders import is_placeholder, placeholder_in
from orr.evidence.documents.reading import document_at
from orr.evidence.documents.site import site_of
from orr.evidence.documents.substance import Part

_YES_OR_NO = re.compile(r"\W*(?:yes|no|none|n/?a|not applicable|是|否|无|不会|没有)\b", re.IGNORECASE)
MIN_PASTED = 4
"""The words from which on a line that stands in several places was pasted there; "none" may be said twice."""


class Facts:
    """A document with derived facts, each computed once."""

    def __init__(self, context: Context, path: str) -> None:
        self.document = document_at(context, path)
        self._has = context.has
        self._site = lambda: site_of(context)
        self._parts: dict[int, Part] = {}

    @cached_property
    def sections(self) -> list[Heading]:
        """Its headings that can name a section."""
        return list(self.document.sections())

    @cached_property
    def substance(self) -> list[int]:
        """Lines with more than stubs and pictures that are not there."""
        dead = {link.line for link in self.dead_links}
        broken = {line.line for line in self.document.prose if line.form == "picture" and line.line in dead}
        return [line for line in self.document.substance if line not in broken and line not in self.pasted]

    @cached_property
    def pasted(self) -> frozenset[int]:
        """Lines of prose whose words stand under several headings of different names.

        A yes or no may answer several questions in the same words.
        """
        headings = {one.line: one.text for one in self.document.headings}
        over = ""
        places: dict[tuple[str, ...], dict[int, tuple[str, ...]]] = {}
        for line in self.document.prose:
            over = headings.get(line.line, over)
            text = words(line.text)
            answers = over.rstrip().endswith(("?", "？")) and _YES_OR_NO.match(line.text)
            if line.line not in headings and not answers and len(text) + line.text.count("`") >= MIN_PASTED:
                places.setdefault(text, {})[line.line] = words(over)
        return frozenset(line for one in places.values() if len(set(one.values())) > 1 for line in one)

    def part(self, heading: Heading | None = None) -> Part:
        """What stands under a heading, or in the whole document."""
        after, before = (heading.line, self.document.end(heading)) if heading else (0, sys.maxsize)
        if after not in self._parts:
            self._parts[after] = Part(self.document, after, before, self.substance, self.dead_links)
        return self._parts[after]

    @cached_property
    def own_text(self) -> list[int]:
        """Lines of its substance that are more than links."""
        form = {line.line: True for line in self.document.prose if line.form == "links"}
        form |= {line.line: False for line in self.document.prose if line.form != "links" and line.text.strip()}
        return [line for line in self.substance if not form.get(line, False)]

    @cached_property
    def owner(self) -> Claim | None:
        """Who owns it."""
        return owner_of(self.document)

    @cached_property
    def review(self) -> Review | None:
        """When it was last reviewed."""
        return review_of(self.document)

    @cached_property
    def placeholders(self) -> list[tuple[str, int]]:
        """What is left to be filled in, with the line."""
        # What is still to be done and has a ticket is not left to be filled in.
        linked: dict[int, list[str]] = {}
        for link in self.document.links:
            if link.target.startswith("http") and not is_placeholder(link.text):
                linked.setdefault(link.line, []).append(link.text)
        texts = ((line, reduce(_without, linked.get(line.line, ()), line.text)) for line in self.document.prose)
        return [(mark, line.line) for line, text in texts if (mark := placeholder_in(text))]

    @cached_property
    def dead_links(self) -> list[Link]:
        """Its local links that lead nowhere."""
        return list(broken_links(self.document, self._has, self._site))


def facts_of(context: Context, path: str) -> Facts:
    """Facts about the document at a path.

    Raises
    ------
    Undetermined
        If it must not or cannot be read.
    """
    return context.cached(("document", path), lambda: Facts(context, path))


def _without(text: str, part: str) -> str:
    return text.replace(part, " ", 1)
