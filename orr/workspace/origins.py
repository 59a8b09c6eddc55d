"""Where what decided an item stands: a file of the repository, else its answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.case import Case
from orr.evaluate.states import severity_of
from orr.model.base import Record
from orr.model.finding import Finding, Outcome, Where
from orr.model.review import OrganizationAnswers, Review, TeamAnswers
from orr.source.file import InputFile
from orr.workspace.reading import read_file
from orr.workspace.workspace import Workspace


class Origins:
    """Files and lines that decided a workload's items; read on first use.

    Parameters
    ----------
    workspace, case
        The workload, as it was assessed.
    """

    def __init__(self, workspace: Workspace, case: Case) -> None:
        self._workspace, self._places = workspace, workspace.places(case)
        self._workload, self._team = case.workload.workload, case.workload.owner.team
        self._files: dict[Path, InputFile | None] = {}

    def __call__(self, item: ItemAssessment) -> Where:
        """File and line, relative to the workspace or to an outside repository."""
        parts = item.choices or (item,)
        found = [(one, part) for part in parts for one in _deciding(part)]
        if found:
            finding, part = max(found, key=lambda pair: severity_of(pair[0].outcome))  # the first of equals
            assert finding.where is not None
            repository = self._places.of_scope(part.scope.value).repository
            path = (repository / finding.where.path).resolve()
            root = self._workspace.root
            return (
                finding.where._replace(path=path.relative_to(root).as_posix())
                if path.is_relative_to(root)
                else finding.where
            )
        return self._answered(next((part for part in parts if part.answer is not None and part.open), parts[0]))

    def _answered(self, item: ItemAssessment) -> Where:
        """Where an item was answered; of one that nobody answered, where its answer belongs."""
        root = self._workspace.root
        whose = (item.answer_from or "workload").partition(":")[0]
        answered: dict[str, tuple[Path, type[Record]]] = {
            "workload": (self._workspace.folder(self._workload) / "review.yaml", Review),
            "team": (root / "teams" / f"{self._team}.yaml", TeamAnswers),
            "organization": (root / "organization.yaml", OrganizationAnswers),
        }
        path, kind = answered[whose]
        if path not in self._files:
            self._files[path] = read_file(path, kind, root).file
        file = self._files[path]
        line = None if file is None else max(file.place(("answers", name)).line for name in _names(item))
        return Where(path.relative_to(root).as_posix(), line)


def _deciding(item: ItemAssessment) -> Iterator[Finding]:
    """The findings that make an item what it is, as far as they name a file."""
    bad = [one for one in item.findings if one.outcome is not Outcome.MET]
    decided = bad or (item.findings if item.answer is None else [])
    return (one for one in decided if one.where is not None)


def _names(item: ItemAssessment) -> list[str]:
    return [item.name, *(item.item.replaces if item.item is not None else ())]
