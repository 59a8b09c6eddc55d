"""Files of a workspace's workloads, teams and organization, each with all of its faults."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator, Mapping
from datetime import date, tzinfo
from functools import cached_property
from pathlib import Path

from orr.evaluate.applies import is_too_early
from orr.evidence.recorded import from_root
from orr.model.checklist import Occasion, Scope
from orr.model.review import Answer, OrganizationAnswers, Review, TeamAnswers
from orr.model.workload import Workload
from orr.source.faults import Fault, first
from orr.source.file import InputFile
from orr.system.paths import is_folder
from orr.workspace import crosscheck
from orr.workspace.checklists import ChecklistFiles
from orr.workspace.crosscheck import Catalogue
from orr.workspace.reading import Read, file_fault, read_file, sound_part


class WorkspaceFiles:
    """The files of a workspace beside `orr.yaml` and its checklists.

    Parameters
    ----------
    root
        The folder of the workspace.
    repositories
        The folders outside it in which repositories may lie; None where that cannot be read.
    checklists
        Those of the workspace.
    today, timezone
        The day for which all is read, and where it ends.
    """

    def __init__(
        self,
        root: Path,
        repositories: Collection[str] | None,
        checklists: ChecklistFiles,
        today: date,
        timezone: tzinfo,
    ) -> None:
        self._root, self._repositories, self._checklists = root, repositories, checklists
        self._day = today, timezone
        self._others: dict[Path, Read[TeamAnswers] | Read[OrganizationAnswers]] = {}

    def folder(self, name: str) -> Path:
        """The folder of a workload."""
        return self._root / "workloads" / name

    @property
    def _catalogue(self) -> Catalogue:
        return self._checklists.catalogue

    @cached_property
    def allowed_roots(self) -> tuple[Path, ...]:
        """The folders outside the workspace in which repositories may lie."""
        return tuple((self._root / path).resolve() for path in self._repositories or ())

    def workload(self, name: str) -> Read[Workload]:
        """A workload's `workload.yaml`, with all of its faults."""
        path = self.folder(name) / "workload.yaml"
        read = read_file(path, Workload, self._root)
        if read.model is None or read.file is None:
            missing = (file_fault(path, "workspace.no-workload-file", name=name),)
            part = sound_part(read, Workload, {"workload": name, "title": "-", "owner": {"team": "-"}})
            more = self._workload_faults(*part, name) if part is not None else ()
            return Read(read.file, None, (*read.faults, *more) or missing)
        return Read(read.file, read.model, tuple(self._workload_faults(read.file, read.model, name)))

    def _workload_faults(self, file: InputFile, workload: Workload, name: str) -> Iterator[Fault]:
        yield from crosscheck.workload_faults(file, workload, name, self._catalogue, *self._day)
        yield from self._repository_faults(file, self.folder(name), workload.repository)

    def _repository_faults(self, file: InputFile, folder: Path, repository: str | None) -> Iterator[Fault]:
        """That a repository that a file names lies elsewhere than it may, or is no folder."""
        if repository is not None and self._repositories is not None:
            real = self.at(folder, repository)
            if not is_there(real):
                yield file.fault_at(("repository",), "workspace.no-repository", path=repository)
            elif not any(real.is_relative_to(root) for root in (self._root, *self.allowed_roots)):
                yield file.fault_at(("repository",), "workspace.repository", path=repository)

    def review(self, name: str, inherited: Mapping[str, Answer]) -> Read[Review]:
        """A workload's `review.yaml`, with all of its faults but that it comes too early."""
        read = read_file(self.folder(name) / "review.yaml", Review, self._root)
        part = sound_part(read, Review, {"review": name})
        if part is None:
            return read
        file, review = part
        faults = [
            *read.faults,
            *first(crosscheck.review_faults(file, review, self._checklists.catalogue, inherited, *self._day)),
        ]
        if review.review != name:
            faults.append(file.fault_at(("review",), "workspace.name", key="review", value=review.review, name=name))
        return Read(read.file, read.model, tuple(faults))

    def too_early(self, workload: Workload, review: Read[Review], occasion: Occasion | None) -> Iterator[Fault]:
        """That an occasion comes too early: the one given, else that of the review."""
        if occasion is None and review.file is not None and review.model is not None:
            yield from crosscheck.occasion_faults(review.file, review.model.occasion, workload, *self._day)
        elif occasion is not None and is_too_early(occasion, workload, *self._day):
            path = self.folder(workload.workload) / "workload.yaml"
            yield file_fault(path, "cross.too-early-given", occasion=occasion)

    def inherited(self, path: Path) -> Read[TeamAnswers] | Read[OrganizationAnswers]:
        """Answers of a team or of the organization, read once, with all faults of the file."""
        if path not in self._others:
            self._others[path] = self._read_inherited(path)
        return self._others[path]

    def _read_inherited(self, path: Path) -> Read[TeamAnswers] | Read[OrganizationAnswers]:
        is_team = path.parent == self._root / "teams"
        kind: type[TeamAnswers] | type[OrganizationAnswers] = TeamAnswers if is_team else OrganizationAnswers
        read = read_file(path, kind, self._root)
        part = sound_part(read, kind, {"team": path.stem} if is_team else {"organization": "-"})
        if part is None:
            return read  # type: ignore[return-value]
        file, model = part
        scope = Scope.TEAM if is_team else Scope.ORGANIZATION
        faults = [
            *read.faults,
            *self._repository_faults(file, path.parent, model.repository),
            *first(crosscheck.inherited_faults(file, model.answers, scope, self._catalogue, *self._day)),
        ]
        if isinstance(model, TeamAnswers) and model.team != path.stem:
            faults.append(file.fault_at(("team",), "workspace.name", key="team", value=model.team, name=path.stem))
        return Read(read.file, read.model, tuple(faults))  # type: ignore[return-value]

    def repository(self, workload: Workload) -> Path:
        """The folder that a workload's evidence lies in, links resolved."""
        return self.at(self.folder(workload.workload), workload.repository or ".")

    def linked(self, named: Mapping[str, tuple[Path, str]]) -> dict[str, str]:
        """Where links lead from repositories, each named in a folder, as seen from the workspace."""
        places = {scope: (self.at(*one), os.path.normpath(Path(*one))) for scope, one in named.items()}
        return {scope: from_root(real, self._root) for scope, (real, plain) in places.items() if str(real) != plain}

    def at(self, folder: Path, repository: str) -> Path:
        """Folder of a repository that a file in a folder names, links resolved."""
        path = folder / repository
        try:
            return path.resolve()
        except (OSError, RuntimeError, ValueError):  # a circle of links, or no path at all
            return path


def is_there(path: Path) -> bool:
    """Whether a folder is there; one that may not be looked at is."""
    try:
        return is_folder(path)
    except OSError as error:  # it is not left out: reading it says why
        return error.errno != errno.ENAMETOOLONG
