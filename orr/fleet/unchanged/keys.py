"""Only what changed: which workloads need no execution, since all that their assessment depends on is the same.

The key of a workload holds the content of its own files and of its repository, of the checklists
that it is held to, of `orr.yaml`, of its team's and the organization's answers and of evidence
that lies elsewhere; the versions of orr, of what executes and of plug-ins; the template; the
language; the reports as they were written; and the last day on which the assessment stays the
same by itself. A workload with a check that acts, that a plug-in brings, or that could not find
out what it was asked has no key. Whatever cannot be known surely is executed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from orr.evaluate.case import Case
from orr.fleet.unchanged.fingerprints import Fingerprint, Unkeyable, file_print, git_print, same, same_file, tree_print
from orr.fleet.unchanged.lasting import Validity, asks_git
from orr.fleet.unchanged.store import Store
from orr.history.store import UnchangedRun
from orr.source.faults import FaultyInput
from orr.system.paths import is_file, is_folder
from orr.system.resources import shipped
from orr.workspace.workspace import SETTINGS, Workspace

__all__ = ["Keys"]

_PACKAGES = ("orr", "papermill", "nbconvert", "ipykernel", "pydantic", "PyYAML", "tzdata")
_REPORTS = ("report.html", "report.ipynb", "assessment.json")


class Keys:
    """The keys of the workloads of a workspace, for one folder of reports and one language.

    Ask with `held` before anything is executed, then `keep` each workload that was executed
    and recorded, and `save` in the end.

    Parameters
    ----------
    workspace
        Read for the day of the re-check.
    out
        The folder of the reports.
    language
        That of the reports.
    sent_to
        Where the reports are sent as well.
    """

    def __init__(self, workspace: Workspace, out: Path, language: str, sent_to: str | None = None) -> None:
        self._workspace, self._out, self._language, self._sent_to = workspace, out, language, sent_to
        self._store = Store(out)
        self._seen: dict[str, tuple[Validity, dict[str, Any]]] = {}
        self._kept: dict[str, Mapping[str, Any]] = {}
        self._trees: dict[str, Fingerprint] = {}
        self._gits: dict[str, list[Any] | None] = {}

    def held(self, names: Iterable[str], *, believe: bool = True) -> dict[str, UnchangedRun]:
        """Look at workloads: those whose last assessment still holds, with its run.

        The others are looked at as well, so that what `keep` remembers of them is from before
        they were executed.

        Parameters
        ----------
        believe
            False to look only.
        """
        names = list(names)
        known = self._store.read(names)
        found = {}
        for name in names:
            try:
                held = self._look(name, known.get(name), believe)
            except (Unkeyable, FaultyInput, KeyError, TypeError, ValueError, AttributeError, IndexError):
                continue
            if held is not None:
                found[name] = held
        return found

    def keep(self, name: str, assessment: Mapping[str, Any], number: int) -> None:
        """Remember what a workload's assessment depended on.

        Parameters
        ----------
        assessment
            What was recorded of it.
        number
            Its number among the workload's runs.
        """
        if name not in self._seen:
            return
        lasting, seen = self._seen.pop(name)
        until = lasting.last_day(assessment)
        if until is None:
            return
        try:
            reports = self._reports(name)
        except Unkeyable:
            return
        self._kept[name] = {
            **seen,
            "since": assessment["today"],
            "until": until.isoformat(),
            "number": number,
            "digest": assessment["digest"],
            "reports": reports,
        }

    def save(self) -> None:
        """Keep what was remembered for the next re-check."""
        self._store.write(self._kept)
        self._kept = {}

    # What a key is held against

    def _look(self, name: str, key: Mapping[str, Any] | None, believe: bool) -> UnchangedRun | None:
        own = tree_print(self._workspace.folder(name), _own(key))
        if believe and key is not None and self._holds(name, key, own):
            return UnchangedRun(key["number"], key["digest"])
        # Read after its print was taken: what changes from here on differs from the print.
        case = self._workspace.case(name)
        seen = {
            **self._shared,
            "own": own,
            "checklists": self._checklists_of(case),
            "team": [case.workload.owner.team, self._team(case.workload.owner.team)],
            "repository": self._repository(case),
            "evidence": self._evidence(case),
            "git": self._git_of(case),
        }
        self._seen[name] = Validity.of(case), seen
        return None

    def _holds(self, name: str, key: Mapping[str, Any], own: Fingerprint) -> bool:
        today = self._workspace.today
        refreshed = {**key, "own": own}
        if not date.fromisoformat(key["since"]) <= today <= date.fromisoformat(key["until"]):
            return False
        if any(key[part] != value for part, value in self._shared.items()):
            return False
        if not same(own, key["own"]) or self._reports(name) != key["reports"]:
            return False
        if any(self._checklists.get(one) != digest for one, digest in key["checklists"]["content"].items()):
            return False
        if key["checklists"]["all"] and set(key["checklists"]["content"]) != set(self._checklists):
            return False
        team, answers = key["team"]
        if self._team(team) != answers:
            return False
        if key["repository"] is not None:
            root, known = key["repository"]
            found = self._tree(root, known)
            if not same(found, known):
                return False
            refreshed["repository"] = [root, found]
        for path, known in key["evidence"].items():
            found_file = _evidence_print(path, known[1])
            if found_file[0] != known[0] or not same_file(found_file[1], known[1]):
                return False
            refreshed["evidence"] = {**refreshed["evidence"], path: found_file}
        if key["git"] is not None:
            folder, known = key["git"]
            found_git = self._git(folder, known)
            if (found_git and found_git[2:]) != (known and known[2:]):
                return False
            refreshed["git"] = [folder, found_git]
        if refreshed != key:
            self._kept[name] = refreshed  # the same content with other times: not read again next time
        return True

    # What all workloads share

    @cached_property
    def _shared(self) -> dict[str, Any]:
        workspace = self._workspace
        if any(read.faults or read.file is None for read in workspace.checklist_files):
            raise Unkeyable("a checklist is faulty")
        items = {name: item.scope.value for name, item in workspace.catalogue.items.items()}
        ruled = {name: [item.item for item in section.items] for name, section in workspace.catalogue.ruled.items()}
        teams = workspace.root / "teams"
        return {
            "versions": _versions(),
            "language": self._language,
            "sent_to": self._sent_to,
            "root": str(workspace.root),
            "settings": self._content(workspace.root / SETTINGS),
            "catalogue": _digest([items, ruled]),
            "organization": self._content(workspace.root / "organization.yaml"),
            "teams": sorted(path.name for path in teams.iterdir()) if is_folder(teams) else [],
        }

    @cached_property
    def _checklists(self) -> dict[str, str]:
        return {
            read.model.checklist: hashlib.sha256(read.file.raw).hexdigest()
            for read in self._workspace.checklist_files
            if read.model is not None and read.file is not None
        }

    def _checklists_of(self, case: Case) -> dict[str, Any]:
        names = [one.checklist for one in case.checklists]
        return {"all": case.workload.checklists is None, "content": {name: self._checklists[name] for name in names}}

    def _team(self, team: str) -> str | None:
        return self._content(self._workspace.root / "teams" / f"{team}.yaml")

    def _content(self, path: Path) -> str | None:
        raw = self._workspace.as_read(path)
        if raw is None and os.path.lexists(path):
            raise Unkeyable(str(path))
        return hashlib.sha256(raw).hexdigest() if raw is not None else None

    # What is a workload's own

    def _reports(self, name: str) -> list[Any]:
        found = []
        for file in _REPORTS:
            try:
                status = (self._out / name / file).stat()
            except OSError:
                raise Unkeyable(file) from None
            found.append([status.st_size, status.st_mtime_ns, status.st_ino])
        return found

    def _repository(self, case: Case) -> list[Any] | None:
        root = self._workspace.places(case).repository
        if root == self._workspace.folder(case.workload.workload).resolve():
            return None
        return [str(root), self._tree(str(root), None)]

    def _tree(self, root: str, known: Fingerprint | None) -> Fingerprint:
        if root not in self._trees:
            self._trees[root] = tree_print(Path(root), known)
        return self._trees[root]

    def _evidence(self, case: Case) -> dict[str, list[Any]]:
        """The prints of the files that answers offer, wherever they are looked for."""
        places = self._workspace.places(case)
        folders = {places.repository, *places.beside.values()}
        answers = [*case.review.answers.values(), *case.team_answers.values(), *case.organization_answers.values()]
        paths = {entry.path for answer in answers for entry in answer.evidence if entry.path is not None}
        at = {str(folder / path) for folder in folders for path in paths if "\0" not in path}
        return {path: _evidence_print(path, None) for path in sorted(at)}

    def _git_of(self, case: Case) -> list[Any] | None:
        if not asks_git(case):
            return None
        folder = str(self._workspace.places(case).repository)
        return [folder, self._git(folder, None)]

    def _git(self, folder: str, known: list[Any] | None) -> list[Any] | None:
        if folder not in self._gits:
            self._gits[folder] = git_print(Path(folder), known)
        return self._gits[folder]


def _own(key: Mapping[str, Any] | None) -> Fingerprint | None:
    own = key.get("own") if isinstance(key, Mapping) else None
    return own if isinstance(own, Mapping) else None


def _evidence_print(path: str, known: list[object] | None) -> list[Any]:
    return [os.path.realpath(path), file_print(Path(path), known)]


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _versions() -> str:
    """What executes: orr with all its files, the packages below it, every plug-in, and the template."""
    package = Path(__file__).parent.parent.parent
    own = sorted(
        (str(path.relative_to(package)), path.stat().st_size, path.stat().st_mtime_ns)
        for path in package.rglob("*")
        if is_file(path) and path.suffix != ".pyc"
    )
    packages = {
        name: metadata.version(name) for name in ("orr", "papermill", "nbconvert", "pydantic", "PyYAML", "tzdata")
    }
    plugins = sorted(
        (point.name, point.value, point.dist.version if point.dist else "")
        for point in metadata.entry_points(group="orr.checks")
    )
    template = hashlib.sha256((shipped("notebooks") / "report.ipynb").read_bytes()).hexdigest()
    return _digest([platform.python_version(), packages, plugins, own, template])
