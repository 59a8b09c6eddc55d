"""Verify the files attached to answers: present, and unchanged by SHA-256."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from orr.evidence.repository.places import EvidencePlaces
from orr.messages import Message, say
from orr.model.review import Answer, EvidenceEntry
from orr.system.inside import open_inside
from orr.system.open_files import is_held
from orr.system.paths import relative_to

MAX_BYTES = 512_000_000
MAX_TOTAL = 1_000_000_000
"""How much is read in all for the answers of one workload, each file once."""


class Verifier:
    """Looks at evidence entries within the folders that may be read.

    Parameters
    ----------
    places
        Where entries are looked for, and what may be read at all.
    """

    def __init__(self, places: EvidencePlaces) -> None:
        self.places = places
        self.roots = [os.path.realpath(root) for root in places.roots]
        self._sums: dict[str, str] = {}
        self._read = 0

    def missing(self, answer: Answer, answer_from: str) -> tuple[Message, ...]:
        """Why entries of an answer do not hold, in their order."""
        beside = self.places.beside.get(answer_from.partition(":")[0])
        return tuple(self._each(answer, beside))

    def _each(self, answer: Answer, beside: Path | None) -> Iterator[Message]:
        for entry in answer.evidence:
            if entry.path is not None:
                why = self._why_not(entry, entry.path, beside)
                if why is not None:
                    yield why

    def _why_not(self, entry: EvidenceEntry, path: str, beside: Path | None) -> Message | None:
        if Path(path).is_absolute() or path.startswith("~") or "\0" in path:
            return say("evidence.entry.absolute", path=path.replace("\0", ""))
        for folder in (self.places.repository, beside):
            if folder is None:
                continue
            real = os.path.realpath(folder / path)
            root = next((root for root in self.roots if relative_to(real, root) is not None), None)
            if root is None:
                # Said before it is looked for: nobody learns what lies outside.
                return say("evidence.entry.outside", path=path)
            try:
                descriptor = None if is_held(real) else open_inside(root, os.path.relpath(real, root))
            except FileNotFoundError:
                continue
            except OSError as error:
                return say("evidence.entry.no-access", path=path, why=error.strerror or "")
            if descriptor is None:
                return None if entry.sha256 is None else say("evidence.entry.held", path=path)
            try:
                return self._differs(entry, path, real, descriptor)
            finally:
                os.close(descriptor)
        return say("evidence.entry.gone", path=path)

    def _differs(self, entry: EvidenceEntry, path: str, real: str, descriptor: int) -> Message | None:
        status = os.fstat(descriptor)
        is_file = stat.S_ISREG(status.st_mode)
        if not is_file and (entry.sha256 is not None or not stat.S_ISDIR(status.st_mode) or self._is_all(real)):
            return say("evidence.entry.no-file", path=path)
        if entry.sha256 is None:
            return None
        if status.st_size > MAX_BYTES:
            return say("evidence.entry.too-large", path=path, limit=MAX_BYTES)
        if real not in self._sums and self._read + status.st_size > MAX_TOTAL:
            return say("evidence.entry.too-much", path=path, limit=MAX_TOTAL)
        try:
            if real not in self._sums:
                self._read += status.st_size
                with os.fdopen(descriptor, "rb", closefd=False) as file:
                    self._sums[real] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return say("evidence.entry.no-access", path=path, why=error.strerror or "")
        if self._sums[real] != entry.sha256.lower().removeprefix("sha256:"):
            return say("evidence.entry.altered", path=path)
        return None

    def _is_all(self, real: str) -> bool:
        """Whether a folder is the repository or the review's, or holds it: that is no evidence of anything."""
        places = (self.places.repository, *self.places.beside.values())
        return any(relative_to(os.path.realpath(place), real) is not None for place in places if place is not None)
