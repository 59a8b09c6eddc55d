"""Read a Jupyter notebook as a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orr.evidence.documents.json_text import parse_json
from orr.evidence.documents.markdown import read_document
from orr.evidence.documents.outline import Document, lines_of
from orr.evidence.errors import Undetermined
from orr.messages import say

MAX_CELLS = 5_000


def read_notebook(text: str, path: str) -> Document:
    """Read a notebook of format 4; what its code cells put out is left aside.

    Raises
    ------
    Undetermined
        If it is no such notebook, or its text is more than is read.
    """
    data = parse_json(text, path)
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list) or data.get("nbformat") != 4:
        raise Undetermined(say("notebookdocument.other-format", path=path))
    if len(data["cells"]) > MAX_CELLS:
        raise Undetermined(say("notebookdocument.too-many-cells", path=path, limit=MAX_CELLS))
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    lines = 0
    for number, cell in enumerate(data["cells"], 1):
        shown = _shown(cell, first=not parts)
        if shown is None:
            continue
        lead = 1 if _kind(cell) == "code" else 0  # the fence before it
        starts.append((lines + lead, number))
        parts.append(shown)
        lines += shown.count("\n") + 2  # and the blank line after it
    document = read_document("\n\n".join(parts), path)
    document.lines = lines_of("\n\n".join(parts))
    document.cells = tuple(starts)
    return document


def _shown(cell: Any, first: bool) -> str | None:
    source = _source(cell)
    kind = _kind(cell)
    if kind == "markdown":
        return source
    if kind == "raw":
        return source if first and source.startswith(("---\n", "+++\n")) else None
    if kind == "code" and source.strip():
        fence = "```"
        while fence in source:
            fence += "`"
        return f"{fence}\n{source}\n{fence}"
    return None


def _kind(cell: Any) -> Any:
    return cell.get("cell_type") if isinstance(cell, Mapping) else None


def _source(cell: Any) -> str:
    source = cell.get("source") if isinstance(cell, Mapping) else None
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else ""
