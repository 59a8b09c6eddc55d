"""The workspace: the nearest folder upwards with `orr.yaml`, and the files below it.

A faulty file stops the workloads that need it and no other; every fault has its place.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orr import crosscheck
from orr.crosscheck import Catalogue
from orr.evaluate.case import Case
from orr.evidence.places import EvidencePlaces
from orr.faults import Fault, FaultyInput, Place, once
from orr.inputfile import InputFile
from orr.messages import say
from orr.model import Answer, Checklist, OrganizationAnswers, PolicyRow, Review, Scope, Settings, TeamAnswers, Workload
from orr.part import Part
from orr.shipped import shipped
from orr.yamlfile import MAX_BYTES

SETTINGS = "orr.yaml"
M = TypeVar("M", bound=Part, covariant=True)
Known = Callable[[bytes], M | None]


@dataclass(frozen=True)
class Read(Generic[M]):
    """A file that was looked for: what it says, or why it cannot be used.

    Attributes
    ----------
    file
        The file, where it could be read.
    model
        Its content; None where it is faulty or not there.
    faults
        What is wrong with it by itself.
    """

    file: InputFile | None
    model: M | None
    faults: tuple[Fault, ...]


def find_root(start: Path) -> Path:
    """Find the nearest folder upwards that has `orr.yaml`.

    Raises
    ------
    FaultyInput
        If there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
    remedy = say("file.workspace.none.do")
    raise FaultyInput([Fault(str(start), Place(1, 1), say("file.workspace.none"), remedy)])


class Workspace:
    """Everything in a workspace, read when it is asked for and once only.

    Parameters
    ----------
    root
        The folder that holds `orr.yaml`.
    today
        The day for which all is read; None is the present day in the workspace's
        time zone.

    Raises
    ------
    FaultyInput
        If `orr.yaml` is faulty.
    """

    def __init__(self, root: Path, today: date | None = None) -> None:
        self.root = root.resolve()
        read = self._read(self.root / SETTINGS, Settings, trusted=True)
        if read.model is None:
            raise FaultyInput(list(read.faults))
        assert read.file is not None
        self.settings = read.model
        self._settings_file = read.file
        faults = list(self._settings_faults())
        if faults:
            raise FaultyInput(faults)
        self.timezone: tzinfo = ZoneInfo(self.settings.timezone)
        self.today = today or datetime.now(self.timezone).date()
        self._others: dict[Path, Read[TeamAnswers] | Read[OrganizationAnswers]] = {}
        self._checked_checklists: dict[str, Read[Checklist]] = {}

    @classmethod
    def open(cls, start: Path | str = ".", today: date | None = None) -> Workspace:
        """Open the workspace that a folder lies in.

        Raises
        ------
        FaultyInput
            If there is none, or its `orr.yaml` is faulty.
        """
        return cls(find_root(Path(start)), today)

    # What there is

    @cached_property
    def workloads(self) -> tuple[str, ...]:
        """The workloads' names, sorted: every folder of `workloads/`."""
        folder = self.root / "workloads"
        if not folder.is_dir():
            return ()
        return tuple(sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._"))

    def folder(self, name: str) -> Path:
        """The folder of a workload."""
        return self.root / "workloads" / name

    def review_path(self, name: str) -> Path:
        """The review file of a workload, whether it exists or not."""
        return self.folder(name) / "review.yaml"

    @cached_property
    def checklist_files(self) -> tuple[Read[Checklist], ...]:
        """Every file of the workspace's checklists, the faulty ones too, by path."""
        return tuple(self._checked(read) for read in self._read_checklists)

    @cached_property
    def checklists(self) -> Mapping[str, Checklist]:
        """The checklists that can be used, by name."""
        return {read.model.checklist: read.model for read in self.checklist_files if read.model is not None}

    @cached_property
    def catalogue(self) -> Catalogue:
        """All items of the checklists that can be read."""
        models = [read.model for read in self._read_checklists]
        return Catalogue([model for model in models if model is not None], None not in models)

    @cached_property
    def _read_checklists(self) -> tuple[Read[Checklist], ...]:
        """Every checklist; what its checks take is looked at where it is needed."""
        where: dict[str, str] = {}
        unique: list[Read[Checklist]] = []
        for path in self._checklist_paths():
            read = self._read_checklist(path)
            if read.model is not None and read.file is not None:
                name = read.model.checklist
                if name in where:
                    fault = read.file.said(("checklist",), "cross.checklist-twice", name=name, other=where[name])
                    read = Read(read.file, None, (*read.faults, fault))
                where.setdefault(name, read.file.shown_as if read.file else name)
            unique.append(read)
        return tuple(unique)

    def _checked(self, read: Read[Checklist]) -> Read[Checklist]:
        """The same with the faults of its checks."""
        if read.model is None or read.file is None or _has_sound_checks(read.file.raw):
            return read
        name = read.model.checklist
        if name not in self._checked_checklists:
            faults = tuple(crosscheck.check_faults(read.file, read.model))
            self._checked_checklists[name] = Read(read.file, None if faults else read.model, faults)
        return self._checked_checklists[name]

    # One workload

    def case(self, name: str) -> Case:
        """Everything that is written down about one workload.

        Raises
        ------
        FaultyInput
            With every fault of every file that this workload needs.
        """
        if name not in self.workloads:
            known = list(self.workloads) or ["-"]
            fault = self._fault(self.folder(name), "workspace.no-workload", name=name, known=known)
            raise FaultyInput([fault])
        workload = self._read_workload(name)
        faults = list(workload.faults)
        organization = self._inherited(self.root / "organization.yaml")
        faults += organization.faults
        team: Read[TeamAnswers] | Read[OrganizationAnswers] = Read(None, None, ())
        checklists: tuple[Checklist, ...] = ()
        if workload.model is not None:
            team = self._inherited(self.root / "teams" / f"{workload.model.owner.team}.yaml")
            faults += team.faults
            checklists = self._checklists_for(workload.model, faults)
        team_answers = team.model.answers if team.model else {}
        organization_answers = organization.model.answers if organization.model else {}
        review = self._read_review(name, {**organization_answers, **team_answers})
        faults += review.faults
        if faults or workload.model is None:
            raise FaultyInput(faults)
        policy, found = self._policy(workload.model.tier)
        return Case(
            workload=workload.model,
            review=review.model or Review(review=name),
            checklists=checklists,
            team_answers=team_answers,
            organization_answers=organization_answers,
            organization=(
                organization.model.organization if isinstance(organization.model, OrganizationAnswers) else None
            ),
            policy=policy,
            policy_found=found,
            timezone=self.timezone,
        )

    def workload(self, name: str) -> Workload | None:
        """What `workload.yaml` says by itself; None where it cannot be used."""
        return self._read_workload(name).model

    def policy_of(self, workload: Workload) -> PolicyRow:
        """What the tier of a workload demands."""
        return self._policy(workload.tier)[0]

    def places(self, case: Case) -> EvidencePlaces:
        """Where the evidence of a workload may lie."""
        folder = self.folder(case.workload.workload)
        repository = self._repository(case.workload)
        beside = {"workload": folder, "team": self.root / "teams", "organization": self.root}
        return EvidencePlaces(repository, (self.root, *self.allowed_roots), beside)

    @cached_property
    def allowed_roots(self) -> tuple[Path, ...]:
        """The folders outside the workspace in which repositories may lie."""
        return tuple((self.root / path).resolve() for path in self.settings.repositories)

    def faults(self) -> list[Fault]:
        """Every fault of every file of the workspace, by place."""
        found: list[Fault] = [fault for read in self.checklist_files for fault in read.faults]
        teams = self.root / "teams"
        for path in [self.root / "organization.yaml", *(sorted(teams.glob("*.yaml")) if teams.is_dir() else ())]:
            found += self._inherited(path).faults
        for name in self.workloads:
            try:
                self.case(name)
            except FaultyInput as faulty:
                found += faulty.faults
        return once(found)

    # Reading

    def as_read(self, path: Path) -> bytes | None:
        """The content of `orr.yaml`, `organization.yaml` or a team's file as the workloads were given it.

        None where there is no such file, or it could not be read.
        """
        if path == self.root / SETTINGS:
            return self._settings_file.raw
        file = self._inherited(path).file
        return file.raw if file is not None else None

    def shown_as(self, path: Path) -> str:
        """How the user would name a file: relative to where they are, if it is below."""
        try:
            return str(path.relative_to(Path.cwd()))
        except ValueError:
            return str(path)

    def _fault(self, path: Path, key: str, /, **values: object) -> Fault:
        do = say(f"file.{key}.do", **values)
        return Fault(self.shown_as(path), Place(1, 1), say(f"file.{key}", **values), do)

    def _read(self, path: Path, kind: type[M], *, trusted: bool = False, known: Known[M] | None = None) -> Read[M]:
        """Read a file; one that is not there has no model and no fault.

        What is not trusted as code is may not be a link out of the workspace.

        Parameters
        ----------
        known
            Gives the model of a content that was found without fault before.
        """
        try:
            real = path.resolve(strict=True)
        except FileNotFoundError:
            if path.is_symlink():
                return Read(None, None, (self._fault(path, "workspace.unreadable", problem="dangling link"),))
            return Read(None, None, ())
        except (OSError, RuntimeError) as error:  # before Python 3.13, a circle of links is a RuntimeError
            return Read(None, None, (self._fault(path, "workspace.unreadable", problem=_problem(error)),))
        if not trusted and not real.is_relative_to(self.root):
            return Read(None, None, (self._fault(path, "workspace.outside"),))
        file: InputFile | None = None
        try:
            if not real.is_file():  # nor wait for a pipe that nobody writes to
                raise IsADirectoryError(errno.EISDIR, "") if real.is_dir() else OSError(errno.EINVAL, "")
            with real.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
            file = InputFile(path, self.shown_as(path), raw)
            model = known(raw) if known is not None else None
            return Read(file, model if model is not None else file.read_as(kind), ())
        except OSError as error:
            return Read(None, None, (self._fault(path, "workspace.unreadable", problem=_problem(error)),))
        except FaultyInput as faulty:
            return Read(file, None, tuple(faulty.faults))

    def _read_checklist(self, path: Path) -> Read[Checklist]:
        read = self._read(path, Checklist, trusted=True, known=_sound)
        if read.model is None or read.file is None or _sound(read.file.raw) is not None:
            return read
        faults = tuple(crosscheck.checklist_faults(read.file, read.model))
        return Read(read.file, None if faults else read.model, faults)

    def _read_workload(self, name: str) -> Read[Workload]:
        path = self.folder(name) / "workload.yaml"
        read = self._read(path, Workload)
        if read.model is None or read.file is None:
            missing = (self._fault(path, "workspace.no-workload-file", name=name),)
            return Read(read.file, None, read.faults or missing)
        return Read(read.file, read.model, tuple(self._workload_faults(read.file, read.model, name)))

    def _workload_faults(self, file: InputFile, workload: Workload, name: str) -> Iterator[Fault]:
        if workload.workload != name:
            yield file.said(("workload",), "workspace.name", key="workload", value=workload.workload, name=name)
        if workload.live_since is not None and workload.live_since > self.today:
            yield file.said(("live_since",), "cross.future", key="live_since", day=workload.live_since)
        seen: set[str] = set()
        for c, checklist in enumerate(workload.checklists or ()):
            if checklist in seen:
                yield file.said(("checklists", c), "cross.listed-twice", name=checklist)
            seen.add(checklist)
            if checklist not in self.catalogue.checklists and self.catalogue.complete:
                known = sorted(self.catalogue.checklists)
                yield file.said(("checklists", c), "cross.unknown-checklist", name=checklist, known=known)
        if workload.repository is not None:
            real = self._repository(workload)
            if not any(real.is_relative_to(root) for root in (self.root, *self.allowed_roots)):
                yield file.said(("repository",), "workspace.repository", path=workload.repository)
            elif not _is_folder(real):
                yield file.said(("repository",), "workspace.no-repository", path=workload.repository)

    def _read_review(self, name: str, inherited: Mapping[str, Answer]) -> Read[Review]:
        read = self._read(self.review_path(name), Review)
        if read.model is None or read.file is None:
            return read
        faults = list(crosscheck.review_faults(
            read.file, read.model, self.catalogue, inherited, self.today, self.timezone
        ))  # fmt: skip
        if read.model.review != name:
            faults.append(
                read.file.said(("review",), "workspace.name", key="review", value=read.model.review, name=name)
            )
        return Read(read.file, read.model, tuple(faults))

    def _inherited(self, path: Path) -> Read[TeamAnswers] | Read[OrganizationAnswers]:
        if path not in self._others:
            self._others[path] = self._read_inherited(path)
        return self._others[path]

    def _read_inherited(self, path: Path) -> Read[TeamAnswers] | Read[OrganizationAnswers]:
        is_team = path.parent == self.root / "teams"
        kind: type[TeamAnswers] | type[OrganizationAnswers] = TeamAnswers if is_team else OrganizationAnswers
        read = self._read(path, kind)
        if read.model is None or read.file is None:
            return read  # type: ignore[return-value]
        scope = Scope.TEAM if is_team else Scope.ORGANIZATION
        faults = list(crosscheck.inherited_faults(
            read.file, read.model.answers, scope, self.catalogue, self.today, self.timezone
        ))  # fmt: skip
        if isinstance(read.model, TeamAnswers) and read.model.team != path.stem:
            faults.append(
                read.file.said(("team",), "workspace.name", key="team", value=read.model.team, name=path.stem)
            )
        return Read(read.file, read.model, tuple(faults))  # type: ignore[return-value]

    def _checklist_paths(self) -> Iterator[Path]:
        """The checklist files: those that `orr.yaml` names, else `checklists/`, else our own."""
        if self.settings.checklists is None:
            own = self.root / "checklists"
            yield from sorted((own if own.is_dir() else shipped("checklists")).glob("*.yaml"))
            return
        for name in self.settings.checklists:
            path = self.root / name
            yield from sorted(path.glob("*.yaml")) if path.is_dir() else (path,)

    def _checklists_for(self, workload: Workload, faults: list[Fault]) -> tuple[Checklist, ...]:
        reads = {read.model.checklist: read for read in self._read_checklists if read.model is not None}
        wanted = workload.checklists
        if wanted is not None and all(name in reads for name in wanted):
            needed: Iterable[Read[Checklist]] = [reads[name] for name in wanted]
        else:  # any of those that cannot be read may be one that it names
            needed = self._read_checklists
        checked = [self._checked(read) for read in needed]
        faults += [fault for read in checked for fault in read.faults]
        return tuple(read.model for read in checked if read.model is not None)

    def _repository(self, workload: Workload) -> Path:
        folder = self.folder(workload.workload)
        path = folder / (workload.repository or ".")
        try:
            return path.resolve()
        except (OSError, RuntimeError, ValueError):  # a circle of links, or no path at all
            return path

    def _policy(self, tier: int) -> tuple[PolicyRow, bool]:
        for row in self.settings.policy:
            if tier in row.tiers:
                return row, True
        return PolicyRow(), False

    def _settings_faults(self) -> Iterator[Fault]:
        try:
            ZoneInfo(self.settings.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield self._settings_file.said(("timezone",), "workspace.timezone", zone=self.settings.timezone)
        for c, name in enumerate(self.settings.checklists or ()):
            if not (self.root / name).exists():
                yield self._settings_file.said(("checklists", c), "workspace.no-checklists", path=name)


# All workloads have the same checklists, and a model does not change: a content is checked once in a process.


@lru_cache(maxsize=64)
def _sound(content: bytes) -> Checklist | None:
    """The model of a checklist without a fault, those of its checks aside; else None."""
    file = InputFile(Path(), "", content)
    try:
        model = file.read_as(Checklist)
    except FaultyInput:
        return None
    return None if any(crosscheck.checklist_faults(file, model)) else model


@lru_cache(maxsize=64)
def _has_sound_checks(content: bytes) -> bool:
    """Whether a checklist is without any fault."""
    model = _sound(content)
    return model is not None and not any(crosscheck.check_faults(InputFile(Path(), "", content), model))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that is too long, or no name at all
        return False


def _problem(error: OSError | RuntimeError) -> str:
    if isinstance(error, RuntimeError):
        return os.strerror(errno.ELOOP)
    return os.strerror(error.errno) if error.errno else type(error).__name__
