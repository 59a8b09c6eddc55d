"""Files offered as evidence: picked from the repository or dropped on the form."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from pathlib import Path

from orr.evaluate import Case
from orr.evidence.attachments import Verified, Verifier
from orr.evidence.repository.places import EvidencePlaces
from orr.messages import say
from orr.messages.errors import OrrError
from orr.model.review import Answer
from orr.system.atomic import write_atomically
from orr.system.paths import exists

LARGEST = 8 * 1024 * 1024
SHOWN = 50
WALKED = 20_000
_SKIPPED = frozenset({".git", "node_modules", ".venv", "__pycache__", ".ipynb_checkpoints"})


class NotTaken(OrrError):
    """A file that was refused; `why` holds the cause."""


class Files:
    """Where a workload's evidence lies.

    Parameters
    ----------
    case
        Whose evidence it is.
    places
        Where evidence may be read from.
    folder
        The workload's folder, in which dropped files are kept.
    """

    def __init__(self, case: Case, places: EvidencePlaces, folder: Path) -> None:
        self.case, self.places, self.folder = case, places, folder

    def verify(self, answer: Answer | None) -> Verified:
        """What becomes of the entries of an answer of the workload itself."""
        verifier = Verifier(self.places, self.case.launch_day, self.case.timezone)
        return Verified() if answer is None else verifier.verify(answer, "workload")

    def named(self, text: str) -> list[str]:
        """Files of the repository whose path holds every word of a text, the shortest first."""
        words = text.lower().split()
        found: list[str] = []
        seen = 0
        root = self.places.repository
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in _SKIPPED)
            for name in sorted(names):
                seen += 1
                path = (Path(folder) / name).relative_to(root).as_posix()
                if all(word in path.lower() for word in words):
                    found.append(path)
            if seen > WALKED:
                break
        return sorted(found, key=lambda path: (len(path), path))[:SHOWN]

    def keep(self, name: str, content: bytes, today: date) -> dict[str, str]:
        """Write a dropped file beside the review.

        Returns
        -------
        dict
            The evidence entry that names it, with its digest.

        Raises
        ------
        NotTaken
            If it is too large, or empty.
        """
        if len(content) > LARGEST:
            raise NotTaken(say("form.drop.large", name=name, limit=LARGEST // 1024 // 1024))
        if not content:
            raise NotTaken(say("form.drop.empty", name=name))
        digest = hashlib.sha256(content).hexdigest()
        plain = re.sub(r"[^\w.\-]+", "-", Path(name.replace("\\", "/")).name).strip("-.")[-100:] or "file"
        folder = self.folder / "evidence"
        if folder.resolve() != self.folder.resolve() / "evidence":
            raise NotTaken(say("form.drop.link"))
        target = folder / f"{today.isoformat()}-{plain}"
        if exists(target) and target.read_bytes() != content:
            target = target.with_name(f"{target.stem}-{digest[:8]}{target.suffix}")
        if not exists(target):
            write_atomically(target, content)
        where = f"evidence/{target.name}"
        return {"title": name, "where": where, "sha256": digest, "collected": today.isoformat()}
