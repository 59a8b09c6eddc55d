"""Stream untrusted XML with line numbers, within bounds.

A document type is refused as a whole, since entities and files from elsewhere can only
come in by one; elements are bounded in number and depth.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from orr.evidence.errors import Undetermined
from orr.messages import say

MAX_DEPTH = 100
MAX_ELEMENTS = 500_000

Start = Callable[[str, dict[str, str], int], None]
"""An element's name without its namespace, its attributes, and the line where it begins."""


def walk(raw: bytes, path: str, start: Start, end: Callable[[str], None]) -> None:
    """Call `start` and `end` for every element of a document.

    Raises
    ------
    Undetermined
        For what is not well-formed, has a document type, or is over the bounds.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = seen = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, seen
        depth += 1
        seen += 1
        if depth > MAX_DEPTH:
            raise Undetermined(say("results.xml.deep", path=path, line=parser.CurrentLineNumber, limit=MAX_DEPTH))
        if seen > MAX_ELEMENTS:
            raise Undetermined(say("results.xml.parts", path=path, limit=MAX_ELEMENTS))
        start(name.rpartition(":")[2], attributes, parser.CurrentLineNumber)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    def refuse(*_: object) -> None:
        raise Undetermined(say("results.xml.doctype", path=path, line=parser.CurrentLineNumber))

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(raw, True)  # in pieces, expat would begin anew with each for what spans many
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", parser.CurrentLineNumber)
        raise Undetermined(say("results.xml.broken", path=path, line=line, why=str(error).partition(":")[0])) from None
