"""Publish a report's files into their folder, all or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

LOCK = ".report.lock"
FAILED = "failed.html"


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
                waiting.pop(name).replace(out / name)
            for name in remove:
                (out / name).unlink(missing_ok=True)
    finally:
        for left in waiting.values():
            left.unlink(missing_ok=True)
