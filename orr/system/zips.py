"""ZIP archives that are the same for the same contents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the earliest that a ZIP archive can say."""


def zipped(contents: Mapping[str, bytes], folders: Iterable[str] = (), *, mode: int = 0o100644) -> bytes:
    """Write a ZIP archive, uncompressed, since compressors differ.

    Parameters
    ----------
    contents
        Files by path.
    folders
        Paths of folders, each ending in a slash.
    mode
        Type and permissions of files, as Unix has them.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in sorted([*contents.items(), *((folder, b"") for folder in set(folders))]):
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.create_system = 3  # Unix, wherever it is written
            entry.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else mode << 16
            archive.writestr(entry, raw)
    return stream.getvalue()


def unzipped(raw: bytes) -> dict[str, bytes]:
    """Read the files of a ZIP archive by path."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
