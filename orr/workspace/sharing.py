"""Workloads whose evidence lies in one repository: what one proves, the other shows too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orr.model.workload import Owner, Workload
from orr.source.faults import Fault
from orr.workspace.reading import read_file
from orr.workspace.workspace import Workspace

MANY = 200
"""Up to how many workloads each one is held against all others whenever it is assessed."""

_NONE = Workload(workload="-", title="-", owner=Owner(team="-"))


def sharing(workspace: Workspace, workload: Workload) -> tuple[str, ...]:
    """Other workloads with the same repository; above `MANY` only `orr lint` looks."""
    if len(workspace.workloads) > MANY:
        return ()
    known = _without_repository if workload.repository is None else None
    paths = (workspace.folder(name) / "workload.yaml" for name in workspace.workloads if name != workload.workload)
    others = (read_file(path, Workload, workspace.root, known).model for path in paths)
    return tuple(one.workload for one in others if one is not None and _share(workspace, workload, one))


def _without_repository(raw: bytes) -> Workload | None:
    """A stand-in for a text without the word `repository`, or an escape that may spell it."""
    return None if b"repository" in raw or b"\\" in raw else _NONE


def shared_repositories(workspace: Workspace) -> Iterator[Fault]:
    """Workloads that share a repository, each with another one that does."""
    reads = map(workspace.files.workload, workspace.workloads)
    known = [(read.file, read.model) for read in reads if read.model is not None and read.file is not None]
    by_path: dict[Path, list[Workload]] = {}
    for _, workload in known:
        by_path.setdefault(workspace.repository(workload), []).append(workload)
    for file, workload in known:
        own = workspace.repository(workload)
        beside = by_path[own][: by_path[own].index(workload)]
        above = (one for path in own.parents for one in by_path.get(path, ()))
        other = next((one.workload for one in (*beside, *above) if _share(workspace, workload, one)), None)
        if other is not None:
            yield file.fault_at(("repository",), "workspace.shared-repository", other=other)


def _share(workspace: Workspace, one: Workload, other: Workload) -> bool:
    """Whether one repository is, or contains, the other outside its workload's folder."""
    own_folders = one.repository is None and other.repository is None
    if own_folders or one.lies_apart_from(other):
        return False
    inner, outer = workspace.repository(one), workspace.repository(other)
    if inner == outer:
        return True
    if outer.is_relative_to(inner):
        one, inner, outer = other, outer, inner
    return inner.is_relative_to(outer) and not inner.is_relative_to(workspace.folder(one.workload).resolve())
