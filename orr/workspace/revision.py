"""Checklists of a workspace at a git revision."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from orr.messages import Message, say
from orr.model.checklist import Checklist
from orr.model.settings import Settings
from orr.source.faults import Fault, FaultyInput
from orr.source.file import InputFile
from orr.workspace import crosscheck
from orr.workspace.changes import blob_id
from orr.workspace.git import NoRevision, Outside, Revision
from orr.workspace.reading import Read
from orr.workspace.trust import SETTINGS
from orr.workspace.workspace import Workspace


@dataclass(frozen=True)
class OldChecklists:
    """What the checklists were.

    Attributes
    ----------
    rev, commit
        As the user named the revision, and what it is.
    checklists
        By name; those that cannot be compared stand here as they are now.
    faulty
        Names of checklists whose old or present file is faulty: nothing can be said of them.
    faults
        What is wrong with old files.
    notes
        What else was not compared.
    settings
        `orr.yaml` as it was; as it is now where it was not there or is faulty.
    """

    rev: str
    commit: str
    checklists: dict[str, Checklist]
    faulty: frozenset[str]
    faults: tuple[Fault, ...]
    notes: tuple[Message, ...]
    settings: Settings


def checklists_at(workspace: Workspace, rev: str) -> OldChecklists:
    """Read the checklists of a workspace at a revision.

    Parameters
    ----------
    workspace
        As it is now.
    rev
        A branch, a tag, a commit, `HEAD~1`.

    Raises
    ------
    NoRevision
        If git is missing, this is no repository, or the revision does not exist.
    """
    with closing(Revision(workspace.root, rev)) as at:
        return read_checklists(workspace, at)


def read_checklists(workspace: Workspace, at: Revision) -> OldChecklists:
    """Read the checklists of a workspace at an opened revision; see `checklists_at`."""
    old: dict[str, Checklist] = {}
    faults: list[Fault] = []
    notes: list[Message] = []
    faulty: set[str] = set()
    now = {read.file.path.resolve(): read for read in workspace.checklist_files if read.file is not None}
    settings = _settings_at(at, workspace.settings, faults)
    for place in _places(settings, at):
        if place is None:  # the checklists that come with orr: the same then as now
            old |= {name: checklist for name, checklist in workspace.checklists.items() if name not in old}
            continue
        try:
            blobs = list(at.blobs(place))
        except Outside:
            notes.append(say("fleet.impact.outside", path=str(place)))
            folder = (workspace.root / place).resolve()
            old |= {
                read.model.checklist: read.model
                for path_now, read in now.items()
                if read.model is not None and path_now.is_relative_to(folder)
            }
            continue
        for path, blob in blobs:
            try:
                checklist = _read(at, path, blob, now.get((workspace.root / path).resolve()))
                old.setdefault(checklist.checklist, checklist)
            except FaultyInput as faulty_input:
                faults += faulty_input.faults
                present = now.get((workspace.root / path).resolve())
                if present is not None and present.model is not None:
                    faulty.add(present.model.checklist)
    if any(
        read.model is None for read in workspace.checklist_files
    ):  # what seems to be gone may stand in a faulty file
        faulty |= old.keys() - workspace.checklists.keys()
        old = {name: checklist for name, checklist in old.items() if name not in faulty}
    return OldChecklists(at.name, at.commit, old, frozenset(faulty), tuple(faults), tuple(notes), settings)


def _read(at: Revision, path: str, blob: str, now: Read[Checklist] | None) -> Checklist:
    if now is not None and now.model is not None and now.file is not None and blob_id(now.file.raw, blob) == blob:
        return now.model
    file = InputFile(Path(path), f"{at.name}:{path}", at.content(blob))
    checklist = file.read_as(Checklist)
    faults = [*crosscheck.checklist_faults(file, checklist), *crosscheck.check_faults(file, checklist)]
    if faults:
        raise FaultyInput(faults)
    return checklist


def _settings_at(at: Revision, present: Settings, faults: list[Fault]) -> Settings:
    """Which checklists were asked then; if `orr.yaml` was not there or is faulty, which are now."""
    for path, blob in at.blobs(PurePosixPath(SETTINGS)):
        try:
            return InputFile(Path(path), f"{at.name}:{path}", at.content(blob)).read_as(Settings)
        except FaultyInput as faulty:
            faults += faulty.faults
    return present


def _places(settings: Settings, at: Revision) -> Iterator[PurePosixPath | None]:
    """Where checklists were, as `Workspace` looks for them; None for those that come with orr."""
    if settings.checklists is not None:
        yield from (PurePosixPath(os.path.normpath(name)) for name in settings.checklists)
    elif any(at.blobs(PurePosixPath("checklists"))):
        yield PurePosixPath("checklists")
    else:
        yield None


__all__ = ["NoRevision", "OldChecklists", "checklists_at"]
