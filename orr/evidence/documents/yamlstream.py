"""Parse YAML streams of other tools, bounded, with line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from orr.evidence.context import Context
from orr.evidence.documents.formats import naming_others
from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.source.faults import FaultyInput, Path, Place
from orr.source.yaml import parse_with_places
from orr.source.yaml.go import read_as_go

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
    places, disputed, blocks
        As `orr.source.yaml.go.Read` has them; the latter two are empty for what no Go program reads.
    """

    path: str
    data: Any
    first: int
    places: Mapping[Path, Place] = field(repr=False, default_factory=dict)
    disputed: tuple[Path, ...] = ()
    blocks: frozenset[Path] = field(repr=False, default=frozenset())

    def line(self, at: Path) -> int:
        """The line of what a path of keys leads to, or of the nearest around it."""
        for length in range(len(at), 0, -1):
            place = self.places.get(at[:length])
            if place is not None:
                return self.first + place.line
        return self.first + 1

    def agreed(self) -> None:
        """Refuse what depends on the version of Go's YAML library.

        Raises
        ------
        Undetermined
            If a key stands before a `<<` that gives it another value.
        """
        if self.disputed:
            key = self.disputed[0]
            raise Undetermined(say("yamlstream.disputed", path=self.path, line=self.line(key), key=str(key[-1])[:60]))


def read_stream(text: str, path: str, as_go: bool = False) -> list[YamlDocument]:
    """Read a file of any number of YAML documents; empty ones are left out.

    Parameters
    ----------
    text, path
        The file's content and name.
    as_go
        Whether it is read as programs in Go do: plain words stay as they are written.

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
            if as_go:
                read = read_as_go(body, path)
                documents.append(YamlDocument(path, read.data, first, read.places, read.disputed, read.blocks))
            else:
                data, places = parse_with_places(body, path)
                documents.append(YamlDocument(path, data, first, places))
        except FaultyInput as faulty:
            fault = faulty.faults[0]
            line = body.split("\n")[fault.place.line - 1 : fault.place.line]
            is_template = _TEMPLATE.search(body) or "{{" in "".join(line)
            key = "yamlstream.template" if is_template else "yamlstream.unreadable"
            raise Undetermined(
                say(key, path=path, line=first + fault.place.line, why=fault.wrong, remedy=fault.remedy)
            ) from None
    return documents


def with_embedded(documents: Iterable[YamlDocument], begins: re.Pattern[str]) -> Iterator[YamlDocument]:
    """Documents, and those inside their texts, as in a ConfigMap.

    Parameters
    ----------
    documents
        As they were read for Go.
    begins
        What a text holds that is such a document.

    Raises
    ------
    Undetermined
        If such a text cannot be read.
    """
    for document in documents:
        yield document
        for at, text in _texts(document.data, ()):
            if ("\n" in text or text.startswith("{")) and begins.search(text):
                line = document.line(at)
                try:
                    inner = read_stream(text, document.path, as_go=True)
                except Undetermined:
                    raise Undetermined(say("yamlstream.embedded", path=document.path, line=line)) from None
                for one in inner:
                    if at in document.blocks:
                        yield replace(one, first=line + one.first)
                    else:  # its lines are not those of the file
                        yield replace(one, first=line - 1, places={})


def _texts(data: Any, at: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(data, str):
        yield at, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*at, number))


def streams(
    context: Context, paths: tuple[str, ...], as_go: bool = False
) -> Iterator[tuple[str, list[YamlDocument] | Undetermined]]:
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
            with naming_others(context, path, ("YAML", "JSON"), by_keys=False):
                text = context.text(path)
            total += len(text)
            if total > MAX_TOTAL:
                raise Undetermined(say("yamlstream.too-much", path=path, limit=MAX_TOTAL))
            with naming_others(context, path, ("YAML", "JSON"), by_keys=False):
                read = context.cached(("yaml", path, as_go), partial(read_stream, text, path, as_go))
            yield path, read
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
