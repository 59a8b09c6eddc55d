"""Compare and show paths as text; no disk access."""

from __future__ import annotations

import os
import pathlib


def relative_to(path: str, folder: str) -> str | None:
    """Part of a path below a folder; empty for the folder, None for elsewhere.

    Both have to be written in one form, as real paths are: no link is followed here.
    """
    if path == folder:
        return ""
    base = folder.rstrip(os.sep) + os.sep
    return path[len(base) :] if path.startswith(base) else None


def refusal(error: OSError) -> str:
    """Error of the system with its file: `No space left on device: reports/shop/report.html`."""
    said = error.strerror or type(error).__name__
    return f"{said}: {shown_as(pathlib.Path(error.filename))}" if isinstance(error.filename, str) else said


def shown_as(path: pathlib.Path) -> str:
    """Path as the user would write it: relative to the current folder if below."""
    rest = relative_to(str(path), os.getcwd())  # noqa: PTH109 - no object is needed, and it is asked of every file
    return str(path) if rest is None else rest or "."
