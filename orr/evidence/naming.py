"""The file of the repository, and its line, that a finding names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from orr.messages import Message, Said
from orr.model.finding import Where
from orr.system.paths import is_file

_FILES = ("path", "file", "files", "where", "place")
_WITH_LINE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d{1,9}))?(?::\d+)?", re.DOTALL)


def named_file(says: Said, repository: Path) -> Where | None:
    """The first file that a sentence names, with the line that it gives for it.

    Parameters
    ----------
    says
        What a check says; its values name files, as they are called in the messages.
    repository
        Where the check looked.
    """
    found: Where | None = None
    for key, value in _values("", says):
        if key in _FILES and isinstance(value, str):
            match = _WITH_LINE.fullmatch(value)
            if match is None or not _is_there(match["path"], repository):
                continue
            if found is not None:
                break  # the lines that follow are those of another file
            found = Where(match["path"], int(match["line"]) if match["line"] else None)
            if found.line is not None:
                break
        elif key == "line" and found is not None and isinstance(value, int):
            return found._replace(line=value)
    return found


def _values(key: str, what: object) -> Iterator[tuple[str, object]]:
    """The plain values in a message, with their names, in order."""
    if isinstance(what, Message):
        for name, value in what.values.items():
            yield from _values(name, value)
    elif isinstance(what, (list, tuple)):
        for one in what:
            yield from _values(key, one)
    elif not isinstance(what, Mapping):
        yield key, what


def _is_there(path: str, repository: Path) -> bool:
    below = PurePosixPath(path)
    if below.is_absolute() or ".." in below.parts:
        return False
    with suppress(OSError, ValueError):
        return is_file(repository / path)
    return False
