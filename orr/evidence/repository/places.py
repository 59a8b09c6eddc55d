"""Folders in which the evidence of a workload may lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from orr.system.paths import relative_to

MAX_TEAMS = 5_000


@dataclass(frozen=True, slots=True)
class EvidencePlaces:
    """The folders that evidence is looked for in.

    Attributes
    ----------
    repository
        Where relative paths of checks start; a check reads nothing outside it.
    roots
        The folders that may be read at all: the workspace and the `repositories` of `orr.yaml`.
    beside
        `workload`, `team` and `organization`: the folder of the file that names an
        evidence entry, where it is looked for when the repository does not have it.
    own
        The files of the reviews themselves, as patterns of whole paths below `root`: no
        evidence of anything.
    root
        The workspace.
    shared
        By `team` and `organization`, the repository that its file names: there the checks of items of that scope start.
    """

    repository: Path
    roots: tuple[Path, ...]
    beside: Mapping[str, Path]
    own: tuple[str, ...] = ()
    root: Path | None = None
    shared: Mapping[str, Path] = field(default_factory=dict)

    def of_scope(self, scope: str) -> EvidencePlaces:
        """The same for the checks of items of a scope."""
        return replace(self, repository=self.shared.get(scope, self.repository))

    @property
    def teams(self) -> frozenset[str]:
        """The names of the teams that have a file in the workspace, in lower case."""
        folder = self.beside.get("team")
        if folder is None or not any(folder.resolve().is_relative_to(root.resolve()) for root in self.roots):
            return frozenset()
        try:
            files = [file for file in islice(folder.iterdir(), MAX_TEAMS) if file.suffix == ".yaml"]
        except OSError:
            return frozenset()
        return frozenset(file.stem.casefold() for file in files)

    def is_own(self, real: str) -> bool:
        """Whether a file is one of the reviews themselves."""
        below = relative_to(real, os.path.realpath(self.root)) if self.root is not None else None
        # Where there are as many slashes in both, no star stands for one.
        return below is not None and any(
            pattern.count("/") == below.count("/") and fnmatchcase(below, pattern) for pattern in self.own
        )
