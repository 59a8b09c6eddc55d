"""Workloads touched by the files that changed since a revision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orr.evaluate import Case
from orr.evidence.repository.places import EvidencePlaces
from orr.messages import Message, say
from orr.model.checklist import Checklist
from orr.source.faults import FaultyInput
from orr.workspace.git import Revision
from orr.workspace.trust import SETTINGS
from orr.workspace.workspace import Workspace

_READ_THEIR_REPOSITORY = frozenset(
    {
        "alerts", "calendar", "document", "files", "incidents", "ownership", "results", "roster", "slo",
        "review", "value",
        "aws", "http", "metric", "service",
    }
)  # fmt: skip
"""Kinds of check that read no file outside the workload's repository; of all others one cannot know."""


@dataclass(frozen=True)
class Touched:
    """What is to be re-checked.

    Attributes
    ----------
    workloads
        The names, in the order of the workspace.
    notes
        What git could not tell.
    """

    workloads: tuple[str, ...]
    notes: tuple[Message, ...]


def touched(workspace: Workspace, rev: str, out: Path) -> Touched:
    """Find the workloads that the changes since a revision touch.

    Parameters
    ----------
    workspace
        As it is now.
    rev
        A branch, a tag, a commit, `HEAD~1`; what is not committed counts as changed.
    out
        The folder of the reports, whose files touch nothing.

    Raises
    ------
    NoRevision
        If git is missing, this is no repository, or the revision does not exist.
    """
    with closing(Revision(workspace.root, rev)) as at:
        changed = at.changed()
    paths = [path for path in changed if not path.is_relative_to(out.resolve())]
    if any(_touches_all(workspace, path) for path in paths):
        return Touched(workspace.workloads, ())
    found: list[str] = []
    notes: list[Message] = []
    for name in workspace.workloads:
        one = _Files(workspace, name)
        outside = [path for path in one.repositories if not path.is_relative_to(at.top)]
        if outside:
            notes += [say("fleet.touched.outside", workload=name, path=str(path)) for path in outside]
            found.append(name)
        elif any(one.includes(path) for path in paths):
            found.append(name)
    return Touched(tuple(found), tuple(notes))


def _touches_all(workspace: Workspace, path: Path) -> bool:
    """Settings, the organization's answers, and a checklist file that is gone or cannot be read."""
    root = workspace.root
    if path in (root / SETTINGS, root / "organization.yaml"):
        return True
    return _is_checklist(workspace, path) and not _checklists_in(workspace, path)


def _is_checklist(workspace: Workspace, path: Path) -> bool:
    places = [(workspace.root / place).resolve() for place in workspace.settings.checklists or ("checklists",)]
    return any(path == place or path.parent == place for place in places) and path.suffix == ".yaml"


def _checklists_in(workspace: Workspace, path: Path) -> list[Checklist]:
    return [
        read.model
        for read in workspace.checklist_files
        if read.model is not None and read.file is not None and read.file.path.resolve() == path.resolve()
    ]


class _Files:
    """The files that one workload depends on."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace, self.folder = workspace, workspace.folder(name).resolve()
        self.case: Case | None = None
        self.places: EvidencePlaces | None = None
        try:
            self.case = workspace.case(name)
            self.places = workspace.places(self.case)
        except FaultyInput:
            pass  # it is told when it is re-checked
        places = [self.places.repository, *self.places.shared.values()] if self.places is not None else []
        self.repositories = {place.resolve() for place in places}

    def includes(self, path: Path) -> bool:
        """Whether a changed file is one of them, or may be."""
        path = path.resolve()
        if self.case is None or not self.repositories:
            return True
        if path.is_relative_to(self.folder):
            return True
        # Below one of them, or a submodule that it lies in.
        if any(path.is_relative_to(one) or one.is_relative_to(path) for one in self.repositories):
            return True
        if _is_checklist(self.workspace, path):
            asked = {checklist.checklist for checklist in self.case.checklists}
            if any(checklist.checklist in asked for checklist in _checklists_in(self.workspace, path)):
                return True
        if path == (self.workspace.root / "teams" / f"{self.case.workload.owner.team}.yaml").resolve():
            return True
        return path in self._named or (self._reads_elsewhere and not self._belongs_to_others(path))

    def _belongs_to_others(self, path: Path) -> bool:
        """Whether a file is orr's own and of no part of this workload."""
        own = [self.workspace.root / "workloads", self.workspace.root / "teams"]
        return _is_checklist(self.workspace, path) or any(path.is_relative_to(folder.resolve()) for folder in own)

    @cached_property
    def _reads_elsewhere(self) -> bool:
        assert self.case is not None
        return any(
            check.check not in _READ_THEIR_REPOSITORY
            for checklist in self.case.checklists
            for section in checklist.sections
            for item in section.items
            for check in item.sources
        )

    @cached_property
    def _named(self) -> frozenset[Path]:
        """Every file that an answer or a scenario names, wherever it may be looked for."""
        assert self.places is not None
        starts = [self.places.repository, *self.places.beside.values()]
        return frozenset((start / name).resolve() for name in self._names() for start in starts)

    def _names(self) -> Iterator[str]:
        assert self.case is not None
        for answers in (self.case.review.answers, self.case.team_answers, self.case.organization_answers):
            for answer in answers.values():
                yield from (entry.path for entry in answer.evidence if entry.path is not None)
        yield from (one.response for one in self.case.review.pre_mortem if one.response is not None)
