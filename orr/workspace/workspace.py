"""The workspace: the outermost folder upwards that holds an `orr.yaml` of the user.

A faulty file stops the workloads that need it and no other; every fault has its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orr.evaluate.approvals import signed_in
from orr.evaluate.asked import judge_not_asked, named, with_checklists
from orr.evaluate.case import Case
from orr.evaluate.proofs import signed_in_workload
from orr.evaluate.tier import Rating, TierRules, rate
from orr.evidence.repository.places import EvidencePlaces
from orr.messages import Said, say
from orr.messages.errors import BadArgument
from orr.model.checklist import Checklist, Occasion
from orr.model.release import Release
from orr.model.review import OrganizationAnswers, Review, State, TeamAnswers, named_repositories
from orr.model.settings import PolicyRow, Settings
from orr.model.workload import Workload
from orr.source.faults import Fault, FaultyInput, with_nearest, without_repeats
from orr.source.file import InputFile
from orr.system import clock
from orr.system.paths import files_in, is_folder, is_link
from orr.workspace.checklists import ChecklistFiles
from orr.workspace.crosscheck import Catalogue
from orr.workspace.files import WorkspaceFiles, is_there
from orr.workspace.proofs import NO_RECORDED, Judge, strangers
from orr.workspace.reading import Read, file_fault, read_file, readable_part, unreadable
from orr.workspace.settings_faults import policy_faults, settings_faults
from orr.workspace.trust import SETTINGS, find_root, foreign, settings_below, untrusted

if TYPE_CHECKING:
    from orr.evidence.recorded import Recorded


_OWN_FILES = (
    "orr.yaml",
    "organization.yaml",
    "teams/*.yaml",
    "workloads/*/workload.yaml",
    "workloads/*/review.yaml",
    "workloads/*/review.not-saved-*.yaml",
    "workloads/*/discussion.jsonl",
    "reports/fleet.html",
    *(f"reports/{folder}{name}" for folder in ("*/", "*/*/") for name in ("assessment.json", "report.*")),
)


class Workspace:
    """A workspace whose files are read on demand, once.

    Parameters
    ----------
    root
        The folder that holds `orr.yaml`.
    today
        The day for which all is read; None is the present day in the workspace's
        time zone.
    despite_faults
        Whether to do with what of a faulty `orr.yaml` can be read, to find the faults of
        all other files too.
    recorded
        What stands in place of git, of the history and of checks that cannot run here.

    Attributes
    ----------
    simulated
        Whether that is another day than the clock's.
    judge
        Of the signatures of votes and approvals.
    files
        Those of workloads, teams and the organization.

    Raises
    ------
    FaultyInput
        If `orr.yaml` is faulty, and that is not allowed.
    """

    def __init__(
        self,
        root: Path,
        today: date | None = None,
        *,
        despite_faults: bool = False,
        recorded: Recorded | None = None,
    ) -> None:
        self.root, self.recorded = root.resolve(), recorded
        self._refuse_foreign()
        read = read_file(self.root / SETTINGS, Settings)
        self._settings_file = read.file
        self.settings, doubtful = readable_part(read, Settings)
        checked = () if read.file is None else settings_faults(read.file, self.settings, self.root, self._is_workload)
        self.settings_faults = (*read.faults, *checked)
        if (read.model is None or self.settings_faults) and not despite_faults:
            raise FaultyInput(list(self.settings_faults))
        self._refuse_foreign([self.root / path for path in self.settings.checklists or ("checklists",)])
        zone = None if "timezone" in doubtful else clock.zone(self.settings.timezone)
        # Where it is not known when a day ends, what may be of today is not dated in the future.
        self.timezone: tzinfo = zone or ZoneInfo("Etc/GMT+12")
        self.today = today or clock.today(zone or ZoneInfo("Etc/GMT-14"))
        self.simulated = not clock.is_today(self.today, self.timezone)
        self.judge = Judge(self.root, self.settings, self.timezone, self.today if self.simulated else None)
        self._checklists = ChecklistFiles(self.root, self.settings.checklists, "checklists" not in doubtful)
        repositories = None if "repositories" in doubtful else self.settings.repositories
        self.files = WorkspaceFiles(self.root, repositories, self._checklists, self.today, self.timezone)

    def __repr__(self) -> str:
        return f"<Workspace {self.root} on {self.today}>"

    @classmethod
    def open(cls, start: Path | str = ".", today: date | None = None, *, despite_faults: bool = False) -> Workspace:
        """Open the workspace that a folder lies in.

        Raises
        ------
        FaultyInput
            If there is none, or its `orr.yaml` is faulty and that is not allowed.
        """
        return cls(find_root(Path(start)), today, despite_faults=despite_faults)

    def _refuse_foreign(self, checklists: Sequence[Path] = ()) -> None:
        fault = foreign(self.root, checklists)
        if fault is not None:
            raise FaultyInput([fault])

    @property
    def untrusted(self) -> Said | None:
        """Why `allow` has no effect yet, with the remedy; None where trusted by now."""
        return untrusted(self.root, self.settings.allow)

    # What there is

    @cached_property
    def workloads(self) -> tuple[str, ...]:
        """The workloads' names, sorted: every folder of `workloads/`."""
        folder = self.root / "workloads"
        if not is_folder(folder):
            return ()
        with os.scandir(folder) as entries:
            found = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False) or is_there(Path(entry))]
        return tuple(sorted(name for name in found if name[0] not in "._"))

    def _is_workload(self, name: str) -> bool:
        """Whether a workload exists, without listing the others of a fleet."""
        return Path(name).name == name and name[:1] not in "._" and is_there(self.folder(name))

    def checked_name(self, name: object) -> str:
        """The name of a workload, refused unless it is text.

        Raises
        ------
        BadArgument
            If it is something else: papermill's `-p workload 007` passes the number 7.
        """
        if isinstance(name, str):
            return name
        raise BadArgument(say("argument.workload", value=repr(name), known=list(self.workloads) or say("words.none")))

    def folder(self, name: str) -> Path:
        """The folder of a workload."""
        return self.root / "workloads" / name

    def review_path(self, name: str) -> Path:
        """Review file of a workload, existing or not, through links within the workspace."""
        path = self.folder(name) / "review.yaml"
        return path.resolve() if is_link(path) else path

    @property
    def checklist_files(self) -> tuple[Read[Checklist], ...]:
        """Every file of the workspace's checklists, the faulty ones too, by path."""
        return self._checklists.checked

    @property
    def checklists(self) -> Mapping[str, Checklist]:
        """The checklists that can be used, by name."""
        return {read.model.checklist: read.model for read in self.checklist_files if read.model is not None}

    @property
    def catalogue(self) -> Catalogue:
        """All items of the checklists that can be read."""
        return self._checklists.catalogue

    # One workload

    def case(self, name: str, occasion: Occasion | None = None, release: Release | None = None) -> Case:
        """Everything that is written down about one workload.

        Parameters
        ----------
        occasion, release
            In place of what the review says.

        Raises
        ------
        FaultyInput
            With every fault of every file that this workload needs.
        BadArgument
            If the name is no text.
        """
        if not self._is_workload(self.checked_name(name)):
            known = with_nearest(name, self.workloads)
            fault = file_fault(self.folder(name), "workspace.no-workload", name=name, known=known)
            raise FaultyInput([fault])
        workload = self.files.workload(name)
        faults = list(workload.faults)
        organization = self.files.inherited(self.root / "organization.yaml")
        faults += organization.faults
        team: Read[TeamAnswers] | Read[OrganizationAnswers] = Read(None, None, ())
        if workload.model is not None:
            team = self.files.inherited(self.root / "teams" / f"{workload.model.owner.team}.yaml")
            faults += team.faults
            policy = self.rate(workload.model).policy
            asked = named(workload.model, policy, self._checklists.known).asked
            faults += self._checklists.faults_for(asked, policy.checklists)
            faults += [fault for row, fault in self._policy_faults if row == policy]
        team_answers = team.model.answers if team.model else {}
        organization_answers = organization.model.answers if organization.model else {}
        review = self.files.review(name, {**organization_answers, **team_answers})
        faults += review.faults
        if workload.model is not None:
            faults += self.files.too_early(workload.model, review, occasion)
        if faults or workload.model is None:
            raise FaultyInput(faults)
        shared = named_repositories(team.model, organization.model)
        case = Case(
            workload=workload.model,
            review=review.model or Review(review=name),
            checklists=(),
            team_answers=team_answers,
            organization_answers=organization_answers,
            shared_repositories=shared,
            linked=self.files.linked(self._named(workload.model, shared)),
            organization=getattr(organization.model, "organization", None),
            rules=self._tier_rules,
            day=self.today,
            timezone=self.timezone,
            sources=self.settings.asked,
        )
        case = case.by_new_ids(self.catalogue.renaming).on(occasion, release)
        return with_checklists(self.proven(case), self._checklists.known)

    def proven(self, case: Case, recorded: Mapping[str, datetime] = NO_RECORDED) -> Case:
        """The same with what its signatures are worth.

        Parameters
        ----------
        recorded
            By the seal of a signature when the history first recorded it; without that, now counts.
        """
        found = replace(case, proofs=self.judge.proofs(signed_in(case), recorded))
        same = found.policy == case.policy or not case.checklists
        return found if same else with_checklists(found, self._checklists.known)

    def workload(self, name: str) -> Workload | None:
        """Content of `workload.yaml`; None where it is faulty."""
        return self.files.workload(name).model

    def rate(self, workload: Workload) -> Rating:
        """The tier that counts for a workload today, and what it demands."""
        proofs = self.judge.proofs(signed_in_workload(workload))
        return rate(workload, self._tier_rules, self.today, proofs=proofs)

    @cached_property
    def _tier_rules(self) -> TierRules:
        return TierRules.of(self.settings)

    @cached_property
    def _policy_faults(self) -> tuple[tuple[PolicyRow, Fault], ...]:
        file = self._settings_file
        return () if file is None else tuple(policy_faults(file, self.settings, self.catalogue))

    def places(self, case: Case) -> EvidencePlaces:
        """Where the evidence of a workload may lie."""
        named = self._named(case.workload, case.shared_repositories)
        shared = {scope: self.files.at(*one) for scope, one in named.items()}
        repository = shared.pop("workload")
        roots = (self.root, *self.files.allowed_roots)
        beside = self._beside(case.workload)
        return EvidencePlaces(repository, roots, beside, self._own_files, self.root, shared)

    def _beside(self, workload: Workload) -> dict[str, Path]:
        """The folders of the files that hold answers, by scope."""
        return {"workload": self.folder(workload.workload), "team": self.root / "teams", "organization": self.root}

    def _named(self, workload: Workload, shared: Mapping[str, str]) -> dict[str, tuple[Path, str]]:
        """The repositories that those files name, each with the folder of its file."""
        paths = {"workload": workload.repository or ".", **shared}
        return {scope: (beside, paths[scope]) for scope, beside in self._beside(workload).items() if scope in paths}

    @cached_property
    def _own_files(self) -> tuple[str, ...]:
        """Patterns of the files that orr itself reads and writes in the workspace."""
        history = self.settings.history.removeprefix("sqlite:///").removeprefix("./")
        places = [str(PurePosixPath(place)) for place in self.settings.checklists or ("checklists",)]
        return (
            *_OWN_FILES,
            str(PurePosixPath(history)),
            *places,
            *(str(PurePosixPath(place, name)) for place in places for name in ("*.yaml", ".shipped.json")),
        )

    def faults(self) -> list[Fault]:
        """Every fault of every file of the workspace, by place."""
        found = [*self.settings_faults, *(fault for _, fault in self._policy_faults)]
        found += (fault for read in self.checklist_files for fault in read.faults)
        found += self.judge.faults()
        teams = self.root / "teams"
        try:
            inherited = files_in(teams, ".yaml") if is_folder(teams) else []
        except OSError as error:
            inherited = []
            found.append(unreadable(teams, error))
        for path in [self.root / "organization.yaml", *inherited]:
            found += self.files.inherited(path).faults
        for name in self.workloads:
            try:
                case = self.case(name)
                found += [*self._not_asked(name, case), *strangers(case, self.judge, self.signed_files(case))]
            except FaultyInput as faulty:
                found += faulty.faults
        return without_repeats([*found, *settings_below(self.root, self._places_of_others())])

    def signed_files(self, case: Case) -> Mapping[str, InputFile | None]:
        """The files in which votes and approvals of a workload stand."""
        name, team = case.workload.workload, case.workload.owner.team
        return {
            "workload.yaml": self.files.workload(name).file,
            "review.yaml": self.files.review(name, {}).file,
            f"team:{team}": self.files.inherited(self.root / "teams" / f"{team}.yaml").file,
            "organization": self.files.inherited(self.root / "organization.yaml").file,
        }

    def _not_asked(self, name: str, case: Case) -> Iterator[Fault]:
        """Required checklists that a workload is not asked and does not leave out with leave."""
        file = self.files.workload(name).file
        for checklist in case.not_asked if file is not None else ():
            state, causes = judge_not_asked(case, checklist, self.today)
            if state is State.NOT_MET and file is not None:
                left = checklist in case.workload.leave_out
                at = ("leave_out", checklist) if left else ("checklists",)
                key = "cross.leave-out" if left else "cross.not-asked"
                yield file.fault_at(at, key, name=checklist, causes=causes)

    def _places_of_others(self) -> list[Path]:
        """The workspace, and the folders of workloads and their repositories that lie outside it."""
        workloads = [read.model for name in self.workloads if (read := self.files.workload(name)).model is not None]
        places = {self.root, *(self.folder(name).resolve() for name in self.workloads)}
        places |= {path for path in map(self.repository, workloads) if is_there(path)}
        return sorted(path for path in places if path == self.root or not path.is_relative_to(self.root))

    # Reading

    def as_read(self, path: Path) -> bytes | None:
        """Content of a shared file as the workloads used it.

        None where there is no such file, or it could not be read.
        """
        if path == self.root / SETTINGS:
            return self._settings_file.raw if self._settings_file else None
        file = self.files.inherited(path).file
        return file.raw if file is not None else None

    def repository(self, workload: Workload) -> Path:
        """The folder that a workload's evidence lies in, links resolved."""
        return self.files.repository(workload)
