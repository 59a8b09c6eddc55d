"""Detect changed source files of an assessment without reading them."""

from __future__ import annotations

from pathlib import Path

from orr.system.paths import is_folder
from orr.workspace.workspace import Workspace

Stamp = tuple[tuple[str, int, int, int], ...] | None


def stamp(paths: list[Path]) -> Stamp:
    """Time, size and identity of files; zeros for a missing one."""
    found = []
    for path in paths:
        try:
            stat = path.stat()
            found.append((str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino))
        except OSError:
            found.append((str(path), 0, 0, 0))
    return tuple(found)


def sources(workspace: Workspace, name: str) -> list[Path]:
    """The files beside the review that the assessment is made from."""
    team = workspace.root / "teams"
    return [
        workspace.root / "orr.yaml",
        workspace.root / "organization.yaml",
        workspace.folder(name) / "workload.yaml",
        *(sorted(team.glob("*.yaml")) if is_folder(team) else ()),
        *(read.file.path for read in workspace.checklist_files if read.file is not None),
    ]
