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
from orr.system.open_files import is_held
from orr.system.paths import relative_to

MAX_BYTES = 512_000_000


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
            if not any(relative_to(real, root) is not None for root in self.roots):
                # Said before it is looked for: nobody learns what lies outside.
                return say("evidence.entry.outside", path=path)
            try:
                status = Path(real).stat()
            except FileNotFoundError:
                continue
            except OSError as error:
                return say("evidence.entry.no-access", path=path, why=error.strerror or "")
            return self._differs(entry, path, real, status)
        return say("evidence.entry.gone", path=path)

    def _differs(self, entry: EvidenceEntry, path: str, real: str, status: os.stat_result) -> Message | None:
        if entry.sha256 is None:
            if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
                return None
            return say("evidence.entry.no-file", path=path)
        if not stat.S_ISREG(status.st_mode):
            return say("evidence.entry.no-file", path=path)
        if status.st_size > MAX_BYTES:
            return say("evidence.entry.too-large", path=path, limit=MAX_BYTES)
        if is_held(real):
            return say("evidence.entry.held", path=path)
        try:
            if real not in self._sums:
                with Path(real).open("rb") as file:
                    self._sums[real] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return say("evidence.entry.no-access", path=path, why=error.strerror or "")
        if self._sums[real] != entry.sha256.lower().removeprefix("sha256:"):
            return say("evidence.entry.altered", path=path)
        return None
