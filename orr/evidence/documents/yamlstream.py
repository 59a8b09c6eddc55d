"""Parse YAML streams of other tools, bounded, with line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.source.faults import FaultyInput, Path, Place
from orr.source.yaml import parse_with_places

MAX_DOCUMENTS = 500
MAX_FILES = 1_000
MAX_TOTAL = 8_000_000

# At the start of a line these always divide documents, in a block of text as well.
_DIVIDER = re.compile(r"^(?:---|\.\.\.)(?=[ \t\n]|\Z)", re.MULTILINE)
_TEMPLATE = re.compile(r"^[ \t]*(?:- )?(?:\{\{|\{%)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One document of a stream.

    Attributes
    ----------
    path
        The file that it stands in.
    data
        What it holds.
    first
        The line before its first.
    """

    path: str
    data: Any
    first: int
    places: Mapping[Path, Place] = field(repr=False, default_factory=dict)

    def line(self, at: Path) -> int:
        """The line of what a path of keys leads to, or of the nearest around it."""
        for length in range(len(at), 0, -1):
            place = self.places.get(at[:length])
            if place is not None:
                return self.first + place.line
        return self.first + 1


def read_stream(text: str, path: str) -> list[YamlDocument]:
    """Read a file of any number of YAML documents; empty ones are left out.

    Raises
    ------
    Undetermined
        If one of them cannot be read, with its line, or if there are too many.
    """
    documents: list[YamlDocument] = []
    for number, (first, body) in enumerate(_divide(text)):
        if number >= MAX_DOCUMENTS:
            raise Undetermined(say("yamlstream.too-many-documents", path=path, limit=MAX_DOCUMENTS))
        if not _holds_something(body):
            continue
        try:
            data, places = parse_with_places(body, path)
        except FaultyInput as faulty:
            fault = faulty.faults[0]
            key = "yamlstream.template" if _TEMPLATE.search(body) else "yamlstream.unreadable"
            raise Undetermined(
                say(key, path=path, line=first + fault.place.line, why=fault.wrong, remedy=fault.remedy)
            ) from None
        documents.append(YamlDocument(path, data, first, places))
    return documents


def streams(context: Context, paths: tuple[str, ...]) -> Iterator[tuple[str, list[YamlDocument] | Undetermined]]:
    """Read several files; of each its documents, or why it cannot be read.

    Raises
    ------
    Undetermined
        If they are too many, or too large together.
    """
    if len(paths) > MAX_FILES:
        raise Undetermined(say("yamlstream.too-many-files", count=len(paths), limit=MAX_FILES))
    total = 0
    for path in paths:
        try:
            text = context.text(path)
            total += len(text)
            if total > MAX_TOTAL:
                raise Undetermined(say("yamlstream.too-much", path=path, limit=MAX_TOTAL))
            yield path, context.cached(("yaml", path), partial(read_stream, text, path))
        except Undetermined as cannot:
            if total > MAX_TOTAL:
                raise
            yield path, cannot


def _divide(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a text between dividers, each with the number of lines before it."""
    begin = line = 0
    for match in _DIVIDER.finditer(text):
        yield line, text[begin : match.start()]
        line += text.count("\n", begin, match.start())
        begin = match.end()
    yield line, text[begin:]


def _holds_something(body: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") and line[0] != "%" for line in body.split("\n"))
