"""Context of a check: workload, day and bounded access to the repository."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from orr.evidence.kinds.traits import SECONDS
from orr.evidence.repository.conventions import spelled_out, usual
from orr.evidence.repository.git import RecordedHistory
from orr.evidence.repository.places import EvidencePlaces
from orr.evidence.repository.repository import MAX_BYTES, Repository
from orr.evidence.repository.tree import Found
from orr.messages import Said
from orr.model.settings import Settings
from orr.model.workload import Workload

if TYPE_CHECKING:
    from orr.evidence.held import Held

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """The first parameter of every check.

    Attributes
    ----------
    repository
        The workload's repository, links followed. Read it through the methods below:
        they keep within it, are bounded, and say `unknown` where they must.
    workload
        What is reviewed.
    today
        The day of the review.
    timezone
        Where a day ends.
    places, settings
        The folders of the workspace, and `orr.yaml`.
    seconds
        How long the check may take; it should end sooner by itself.
    untrusted
        Why no check that acts is run, whatever `orr.yaml` allows; None where the user trusts it.
    held
        What orr itself holds about the workload; None where a check is run by itself.
    """

    repository: Path
    workload: Workload
    today: date
    timezone: tzinfo
    places: EvidencePlaces
    settings: Settings
    reader: Repository
    seconds: float = field(default=SECONDS)
    untrusted: Said | None = None
    held: Held | None = None

    @classmethod
    def of(
        cls,
        workload: Workload,
        places: EvidencePlaces,
        today: date,
        timezone: tzinfo = UTC,
        settings: Settings | None = None,
        history: RecordedHistory | None = None,
    ) -> Context:
        """A context for one run over one repository; `history` stands where git would be asked."""
        reader = Repository(places.repository, history)
        return cls(reader.root, workload, today, timezone, places, settings or Settings(), reader)

    def find(self, patterns: str | Sequence[str]) -> Found:
        """The files that match a pattern, or any of several (`*`, `?`, `[…]`, `**`).

        Hidden folders are looked into; `.git`, `node_modules` and `.venv` are not.

        Raises
        ------
        Undetermined
            If a pattern leaves the repository, or the repository cannot be walked.
        """
        return self.reader.find([patterns] if isinstance(patterns, str) else patterns)

    def usual(self, name: str) -> list[str]:
        """Where one sort of file lies: as `paths` of the workload says, else by convention."""
        return spelled_out(self.workload.paths.get(name) or usual(name))

    def has(self, path: str) -> bool:
        """Whether there is a file or folder of this path."""
        return path in self.reader.tree

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """The bytes of a file; `Undetermined` if it must not or cannot be read."""
        return self.reader.read(path, limit)

    def text(self, path: str, limit: int = MAX_BYTES) -> str:
        """The text of a file; `Undetermined` also if it is binary or not UTF-8."""
        return self.reader.text(path, limit)

    def tracked(self) -> frozenset[str] | None:
        """The files that git tracks; None if the repository is no git work tree."""
        return self.reader.history.tracked

    def last_commit(self, path: str) -> date | None:
        """Day of the last commit that touched a file; None if unknown to git."""
        real = self.reader.tree.real.get(path, path)
        return self.reader.history.last_commit(real, self.timezone)

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Compute a value once per run, whichever check needs it first."""
        return self.reader.cached(key, make)

    once = cached  # as plug-ins written for earlier versions know it
