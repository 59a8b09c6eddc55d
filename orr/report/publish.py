"""Publish a report's files into their folder, all or none."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from orr.system.atomic import refuse_link

LOCK = ".report.lock"
HTML, NOTEBOOK, ASSESSMENT, CALENDAR = "report.html", "report.ipynb", "assessment.json", "calendar.ics"
PDF, FAILED = "report.pdf", "failed.html"


def publish(out: Path, content: Mapping[str, str], *, remove: tuple[str, ...] = ()) -> None:
    """Write files as one set.

    All are written beside their names first and reach the disk; only then does each take
    its name, in one step each and under a lock, so that two runs never mix. Should the
    machine stop between two names, the digests in the files tell that they do not belong
    together.

    Parameters
    ----------
    out
        The folder; it is made where it is not there.
    content
        Text by file name.
    remove
        Files that are gone afterwards.
    """
    out.mkdir(parents=True, exist_ok=True)
    waiting: dict[str, Path] = {}
    try:
        for name, text in content.items():
            path = out / f".{name}.{os.urandom(8).hex()}.part"
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                waiting[name] = path
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
        with FileLock(out / LOCK):
            for name in content:
                refuse_link(out / name)
            for name in content:
                waiting.pop(name).replace(out / name)
            for name in remove:
                (out / name).unlink(missing_ok=True)
    finally:
        for left in waiting.values():
            left.unlink(missing_ok=True)


def written(notebook: Any) -> str:
    """Write a notebook, a line for each cell.

    nbformat would copy it first and indent it, which takes ten times as long as all else.
    """
    import nbformat

    nbformat.validate(notebook)
    return in_lines(notebook, sort_keys=True)


def in_lines(data: Mapping[str, Any], *, sort_keys: bool = False) -> str:
    """Write data as JSON with a line per value and per list entry.

    It is as good to compare as if it were indented, and takes a quarter of the time.
    """

    def encoded(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys)

    pieces = ["{\n"]  # joined once: a notebook is half a megabyte
    for key, value in data.items():
        pieces += (encoded(key), ": ")
        if isinstance(value, list) and value:
            pieces.append("[\n")
            for entry in value:
                pieces += (encoded(entry), ",\n")
            pieces[-1] = "\n]"
        else:
            pieces.append(encoded(value))
        pieces.append(",\n")
    pieces[-1] = "\n}\n" if data else "{}\n"
    return "".join(pieces)
