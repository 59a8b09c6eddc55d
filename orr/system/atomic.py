"""Replace a file in one step."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from orr.system.paths import exists, is_link


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that readers and crashes see the old or the new.

    Raises
    ------
    OSError
        If it cannot be written, or is a symbolic link: that would lead anywhere, or be replaced.
    """
    refuse_link(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if exists(path):
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def refuse_link(path: Path) -> None:
    """Raise OSError if a symbolic link stands where a file is to be written."""
    if is_link(path):
        raise OSError(errno.ELOOP, "A symbolic link is neither written through nor replaced", str(path))


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system can sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
