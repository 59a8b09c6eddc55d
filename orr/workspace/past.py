"""What was required of a workload at a git revision."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from orr.evaluate.asked import with_checklists
from orr.evaluate.case import Case
from orr.evaluate.milder import Earlier
from orr.evaluate.requirements import requirements
from orr.evaluate.tier import TierRules
from orr.messages import Message, Said, say
from orr.model.base import Record
from orr.model.review import OrganizationAnswers, Review, TeamAnswers, named_repositories
from orr.model.workload import Workload
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.system import clock
from orr.system.git import GitRefused, work_tree
from orr.workspace.git import NoRevision, Revision
from orr.workspace.revision import read_checklists
from orr.workspace.workspace import Workspace

M = TypeVar("M", bound=Record)
As = Callable[[Case], Case]
"""What is done with a case before it is compared, such as putting it on another occasion."""

ORGANIZATION = "organization.yaml"
SHORT = 10
"""How many digits of a commit are shown."""


class Past:
    """A workspace at a revision, as far as it decides what is required.

    Attributes
    ----------
    at
        The revision.
    old
        Its checklists and settings.

    Raises
    ------
    NoRevision
        If git is missing, this is no repository, or the revision does not exist.
    """

    def __init__(self, workspace: Workspace, rev: str) -> None:
        self._workspace, self.at = workspace, Revision(workspace.root, rev)
        try:
            self.old = read_checklists(workspace, self.at)
        except NoRevision:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the repository."""
        self.at.close()

    @property
    def name(self) -> str:
        """The commit, as it is shown."""
        return self.at.commit[:SHORT]

    @property
    def workloads(self) -> list[str]:
        """The names of the workloads that there were."""
        return [name for name in self.at.folders("workloads") if name[0] not in "._"]

    def required(self, now: Case, by: As) -> Earlier | None:
        """What was required of a workload; None where it was not there."""
        try:
            case = self.case(now)
            if self.old.faults:
                raise FaultyInput(self.old.faults)
        except FaultyInput as faulty:
            fault = faulty.faults[0]
            return self._unknown(say("rule.milder.faulty", path=fault.path, wrong=fault.wrong))
        except NoRevision as none:
            return self._unknown(none.why)
        if case is None:
            return None
        why = self.old.notes[0] if self.old.notes else None
        return Earlier("commit", self.name, requirements(by(case), self._workspace.today), why)

    def _unknown(self, why: Said) -> Earlier:
        return Earlier("commit", self.name, None, why)

    def case(self, now: Case) -> Case | None:
        """A workload's case as far as it decides what is required; None where it was not there.

        Raises
        ------
        FaultyInput
            If a file of it is faulty.
        """
        name = now.workload.workload
        own, review = (f"workloads/{name}/{file}.yaml" for file in ("workload", "review"))
        there = self.at.files(own, review)
        if own not in there:
            return None
        workload = self._read(own, there[own], Workload)
        team = f"teams/{workload.owner.team}.yaml"
        shared = self.at.files(team, ORGANIZATION)
        settings = self.old.settings
        old = self._read(review, there[review], Review) if review in there else Review(review=name)
        of_team = self._read(team, shared[team], TeamAnswers) if team in shared else None
        of_all = self._read(ORGANIZATION, shared[ORGANIZATION], OrganizationAnswers) if ORGANIZATION in shared else None
        case = replace(
            now,
            workload=workload,
            review=replace(now.review, occasion=old.occasion, release=old.release),
            team_answers=of_team.answers if of_team else {},
            organization_answers=of_all.answers if of_all else {},
            shared_repositories=named_repositories(of_team, of_all),
            rules=TierRules.of(settings),
            timezone=clock.zone(settings.timezone) or now.timezone,
            earlier=(),
        )
        return with_checklists(case, self.old.checklists)

    def _read(self, path: str, blob: str, kind: type[M]) -> M:
        return InputFile(Path(path), f"{self.at.name}:{path}", self.at.content(blob)).read_as(kind)


def required_by_commit(workspace: Workspace, case: Case, by: As) -> Earlier | None:
    """What the previous commit required of a workload; None where there is none that holds it.

    It is the first parent of what is checked out. Where that has none, as in a shallow clone, it is what is
    checked out, if the working tree requires anything else.
    """
    with suppress(GitRefused):
        if work_tree(workspace.root) is None:
            return None
    for rev in ("HEAD~1", "HEAD"):
        try:
            with closing(Past(workspace, rev)) as past:
                earlier = past.required(case, by)
        except NoRevision as none:
            if not isinstance(none.why, Message) or none.why.key != "fleet.impact.bad-rev":
                return Earlier("commit", rev, None, none.why)
        else:
            same = earlier is not None and earlier.required == requirements(by(case), workspace.today)
            return None if rev == "HEAD" and same else earlier
    return None
