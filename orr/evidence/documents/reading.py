"""Read a document by its format, once per run."""

from __future__ import annotations

from typing import Any

from orr.evidence.context import Context
from orr.evidence.documents.formats import naming_others
from orr.evidence.documents.outline import Document, lines_of
from orr.evidence.repository.repository import MAX_BYTES
from orr.source.yaml import READER
from orr.system.cache import remembered

MAX_NOTEBOOK = 16_000_000
READS = ("Markdown", "reStructuredText", "Jupyter notebook")
_MAKERS = (
    "orr.evidence.documents.markdown",
    "orr.evidence.documents.outline",
    "orr.evidence.documents.frontmatter",
    "markdown_it",
    *READER,
)


def document_at(context: Context, path: str) -> Document:
    """Read a document: reStructuredText and notebooks by their endings, all else as Markdown.

    Raises
    ------
    Undetermined
        If it must not or cannot be read.
    """
    with naming_others(context, path, READS, by_keys=False):
        return context.cached(("read", path), lambda: read_text(context.text(path, limit_of(path)), path))


def markdown(text: str, path: str) -> Document:
    """Read a Markdown document, unless its text was read before.

    Raises
    ------
    Undetermined
        If it must not be read.
    """
    fresh: list[Document] = []

    def read() -> dict[str, Any] | None:
        from orr.evidence.documents.markdown import read_document  # most commands find all that they read in the cache

        fresh.append(read_document(text, path))
        return fresh[0].as_data() if fresh[0].front.fault is None else None

    data = remembered(_MAKERS, text, read)
    document = fresh[0] if fresh else Document.from_data(path, data)
    document.lines = lines_of(text)
    return document


def read_text(text: str, path: str) -> Document:
    """Parse a document: reStructuredText and notebooks by ending, all else as Markdown.

    Raises
    ------
    Undetermined
        If it must not be read.
    """
    ending = path.rpartition(".")[2].casefold()
    if ending in ("rst", "rest"):
        from orr.evidence.documents.restructured import read_restructured

        document = read_restructured(text, path)
        document.lines = lines_of(text)
        return document
    if ending == "ipynb":
        from orr.evidence.documents.notebook import read_notebook

        return read_notebook(text, path)
    return markdown(text, path)


def is_document(path: str) -> bool:
    """Whether a file is a document by its ending, rather than data."""
    return path.casefold().endswith((".md", ".markdown", ".mdx", ".rst", ".rest", ".ipynb", ".txt", ".adoc"))


def limit_of(path: str) -> int:
    """Maximum bytes read of a document; more for notebooks, whose cells have outputs."""
    return MAX_NOTEBOOK if path.casefold().endswith(".ipynb") else MAX_BYTES
