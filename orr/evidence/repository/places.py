"""Folders in which the evidence of a workload may lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


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
    """

    repository: Path
    roots: tuple[Path, ...]
    beside: Mapping[str, Path]
