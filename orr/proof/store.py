"""Content-addressed store of the files behind assessments that were voted on."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orr.system.atomic import write_atomically
from orr.system.paths import is_file

LIMIT = 1_000_000_000
"""The bytes of all contents; beyond it the oldest assessments fall out."""
LARGEST = 50_000_000
"""The bytes of one file; of a larger one only its digest is kept."""

_SQLITE = "sqlite:///"


def place_of(history: str, root: Path) -> Path:
    """The folder of the store: beside the history's file, else among the reports."""
    path = history.removeprefix(_SQLITE)
    if history.startswith(_SQLITE) and path and "?" not in path and not path.startswith((":memory:", "file:")):
        return Path(root, f"{path}.kept")
    return root / "reports" / "history.kept"


@dataclass(frozen=True)
class Held:
    """One file as it was.

    Attributes
    ----------
    sha256, size
        Of its content.
    left_out
        `secret` or `large`, where the content is not kept; else empty.
    """

    sha256: str
    size: int
    left_out: str = ""

    def as_data(self) -> dict[str, Any]:
        """In JSON types."""
        return {"sha256": self.sha256, "size": self.size, **({"left_out": self.left_out} if self.left_out else {})}


def held(path: str, content: bytes) -> Held:
    """How a file is kept; secrets and large files by their digest alone."""
    from orr.evidence.checks.contents.secrets import secret_in

    digest = hashlib.sha256(content).hexdigest()
    why = "secret" if secret_in(path, content) is not None else "large" if len(content) > LARGEST else ""
    return Held(digest, len(content), why)


class Store:
    """The store of a workspace.

    Parameters
    ----------
    folder
        See `place_of`.
    limit
        The bytes of all contents.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder, self._limit = folder, limit

    def keep(self, workload: str, digest: str, files: Mapping[str, bytes]) -> list[str]:
        """Keep an assessment's files, each in place of the earlier one at its path.

        Returns
        -------
        list
            What fell out to make room, as `workload digest`.
        """
        told = dict(self.files(workload, digest) or {})
        for path, content in sorted(files.items()):
            told[path] = one = held(path, content)
            place = self._content(one.sha256)
            if not one.left_out and self.content(one.sha256) is None:
                write_atomically(place, zlib.compress(content))
        data = {"workload": workload, "digest": digest, "files": {path: one.as_data() for path, one in told.items()}}
        entry = self._entry(workload, digest)
        write_atomically(entry, json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode())
        return self._made_room(entry)

    def files(self, workload: str, digest: str) -> dict[str, Held] | None:
        """What is known of the files of an assessment; None where it is not kept."""
        entry = self._entry(workload, digest)
        if not is_file(entry):
            return None
        try:
            told = json.loads(entry.read_bytes())["files"]
            return {path: Held(**one) for path, one in told.items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def content(self, sha256: str) -> bytes | None:
        """Content by its digest; None where it is missing or altered."""
        place = self._content(sha256)
        if not is_file(place):
            return None
        try:
            stream = zlib.decompressobj()
            found = stream.decompress(place.read_bytes(), LARGEST + 1)
        except zlib.error:
            return None
        return found if hashlib.sha256(found).hexdigest() == sha256 else None

    def _entry(self, workload: str, digest: str) -> Path:
        name = re.sub("[^0-9a-f]", "", digest.removeprefix("sha256:"))
        return self._folder / "assessments" / workload / f"{name}.json"

    def _content(self, sha256: str) -> Path:
        return self._folder / "contents" / sha256[:2] / sha256

    def _made_room(self, newest: Path) -> list[str]:
        """Remove the oldest assessments and orphaned contents until the limit is met."""
        sizes = {path.name: path.stat().st_size for path in (self._folder / "contents").glob("*/*") if is_file(path)}
        if sum(sizes.values()) <= self._limit:
            return []
        entries = list((self._folder / "assessments").glob("*/*.json"))
        entries.sort(key=lambda path: (path == newest, path.stat().st_mtime_ns))
        fallen = []
        while len(entries) > 1 and sum(sizes.values()) > self._limit:
            oldest = entries.pop(0)
            fallen.append(f"{oldest.parent.name} {oldest.stem[:12]}")
            oldest.unlink()
            still = {one for path in entries for one in self._used(path)}
            for name in set(sizes) - still:
                self._content(name).unlink(missing_ok=True)
                del sizes[name]
        return fallen

    @staticmethod
    def _used(entry: Path) -> Iterator[str]:
        try:
            yield from [one["sha256"] for one in json.loads(entry.read_bytes())["files"].values()]
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # nobody knows any more what belonged to it
