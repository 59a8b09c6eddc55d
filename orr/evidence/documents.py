"""A document of a repository, read by the form that it is written in, once in a run."""

from __future__ import annotations

from orr.evidence.context import Context
from orr.evidence.markdown import Document, read_document


def document_at(context: Context, path: str) -> Document:
    """Read a document: reStructuredText and notebooks by their endings, all else as Markdown.

    Raises
    ------
    CannotTell
        If it must not or cannot be read.
    """
    return context.once(("read", path), lambda: _read(context, path))


def _read(context: Context, path: str) -> Document:
    ending = path.rpartition(".")[2].casefold()
    if ending in ("rst", "rest"):
        from orr.evidence.restructured import read_restructured

        return read_restructured(context.text(path), path)
    if ending == "ipynb":
        from orr.evidence.notebookdocument import MAX_BYTES, read_notebook

        return read_notebook(context.text(path, MAX_BYTES), path)
    return read_document(context.text(path), path)
