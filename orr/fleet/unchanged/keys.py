"""Skip workloads whose inputs have not changed since their last run.

The key of a workload holds what its assessment depends on: its own files and its repository, the
checklists that it is held to, `orr.yaml`, its team's and the organization's answers, earlier
versions of these in git, and evidence that lies elsewhere; the versions of orr, of what executes
and of plug-ins; the template; the reports as they were written; and the last day on which the
assessment stays the same by itself. A
workload with a check that acts, or that could not find out what it was asked, has no key; nor has
one with a check of a plug-in that does not declare how it depends on the day. Whatever cannot be
known surely is executed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from orr.evaluate.case import Case
from orr.fleet.unchanged.commits import Commits
from orr.fleet.unchanged.fingerprints import Fingerprint, Unkeyable, of_file, of_git, of_tree
from orr.fleet.unchanged.validity import asks_git, last_day
from orr.history import History, HistoryUnavailable, UnchangedRun
from orr.report.publish import ASSESSMENT, CALENDAR, HTML, NOTEBOOK
from orr.source.faults import FaultyInput
from orr.system.paths import is_file, is_folder
from orr.system.resources import shipped
from orr.workspace.trust import SETTINGS
from orr.workspace.workspace import Workspace

__all__ = ["Keys"]

_PACKAGES = ("orr", "papermill", "nbconvert", "ipykernel", "pydantic", "PyYAML", "tzdata")
_REPORTS = (HTML, NOTEBOOK, ASSESSMENT, CALENDAR)
_ON_DISK = {"file": of_file, "tree": of_tree, "git": of_git}


@dataclass(frozen=True)
class Key:
    """All that an assessment depended on.

    Attributes
    ----------
    facts
        What it was, by kind and name: `tree:/path`, `checklist:base`.
    since, until
        The days from and to which the assessment is the same.
    number, digest
        The run, and the assessment's digest.
    """

    facts: dict[str, Fingerprint]
    since: date
    until: date
    number: int
    digest: str


_KEY = TypeAdapter(Key)


class Keys:
    """The keys of the workloads of a workspace, for one folder of reports and one language.

    Ask with `held` before anything is executed, then `keep` each workload that was executed
    and recorded, and `save` in the end.

    Parameters
    ----------
    workspace
        Read for the day of the re-check.
    history
        Where the keys are kept between re-checks.
    out
        The folder of the reports.
    language
        That of the reports.
    sent_to
        Where the reports are sent as well.
    """

    def __init__(
        self, workspace: Workspace, history: History, out: Path, language: str, sent_to: str | None = None
    ) -> None:
        self._workspace, self._history, self._out = workspace, history, out
        self._place = _hash([str(workspace.root), str(out), language, sent_to])
        self._seen: dict[str, dict[str, Fingerprint]] = {}
        self._kept: dict[str, Key] = {}
        self._looked: dict[str, Fingerprint] = {}
        self._commits = Commits(workspace.root)

    def held(self, names: Iterable[str], *, believe: bool = True) -> dict[str, UnchangedRun]:
        """Look at workloads: those whose last assessment still holds, with its run.

        The others are looked at as well, so that what `keep` remembers of them is from before
        they were executed.

        Parameters
        ----------
        believe
            False to look only.
        """
        known = self._history.keys(self._place) if believe else {}
        found = {}
        for name in names:
            key = _read(known[name]) if name in known else None
            try:
                if key is not None and self._holds(name, key):
                    found[name] = UnchangedRun(key.number, key.digest)
                else:
                    self._seen[name] = self._look(name)
            except (Unkeyable, FaultyInput):
                continue
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
        facts, reports, folder = self._seen.pop(name), self._reports(name), self._workspace.folder(name)
        try:
            until = last_day(self._workspace.case(name), assessment, self._workspace.settings)
            is_as_it_was = of_tree(folder, facts[f"tree:{folder}"]).content == facts[f"tree:{folder}"].content
        except (Unkeyable, FaultyInput):
            return
        if until is not None and reports and is_as_it_was:
            facts = {**facts, f"reports:{name}": Fingerprint("", reports)}
            since = date.fromisoformat(assessment["today"])
            self._kept[name] = Key(facts, since, until, number, assessment["digest"])

    def save(self) -> None:
        """Keep what was remembered for the next re-check; where that fails, workloads are executed next time."""
        bodies = {name: _KEY.dump_json(key).decode() for name, key in self._kept.items()}
        self._kept = {}
        try:
            self._history.keep_keys(self._place, bodies, self._workspace.today)
        except HistoryUnavailable:
            return

    def _holds(self, name: str, key: Key) -> bool:
        if not key.since <= self._workspace.today <= key.until:
            return False
        facts = {}
        for fact, known in key.facts.items():
            facts[fact] = self._fact(fact, known)
            if not known.content or facts[fact].content != known.content:
                return False
        if facts != key.facts:  # the same content with other times: not read again next time
            self._kept[name] = Key(facts, key.since, key.until, key.number, key.digest)
        return True

    def _look(self, name: str) -> dict[str, Fingerprint]:
        own = f"tree:{self._workspace.folder(name)}"
        facts = {"shared:": self._fact("shared:"), own: self._fact(own)}
        # Read after its fingerprint was taken: what changes from here on differs from that.
        case = self._workspace.case(name)
        return facts | {fact: self._fact(fact) for fact in self._depends_on(name, case)}

    def _depends_on(self, name: str, case: Case) -> Iterator[str]:
        """What else an assessment depends on."""
        yield from (f"checklist:{one.checklist}" for one in case.checklists)
        yield "checklists:"
        yield f"read:{self._workspace.root / 'teams' / case.workload.owner.team}.yaml"
        yield f"commits:{name}/{case.workload.owner.team}"
        places = self._workspace.places(case)
        answers = [*case.review.answers.values(), *case.team_answers.values(), *case.organization_answers.values()]
        paths = {entry.path for answer in answers for entry in answer.evidence if entry.path is not None}
        for folder in {places.repository, *places.beside.values()}:
            yield from (f"file:{folder / path}" for path in paths if "\0" not in path)
        if places.repository != self._workspace.folder(name).resolve():
            yield f"tree:{places.repository}"
        yield from (f"tree:{repository}" for repository in places.shared.values())
        if asks_git(case):
            yield from (f"git:{repository}" for repository in {places.repository, *places.shared.values()})

    def _fact(self, fact: str, known: Fingerprint | None = None) -> Fingerprint:
        """Present state of a fact, looked up once for all workloads that share it."""
        if fact not in self._looked:
            kind, _, about = fact.partition(":")
            if kind == "commits":
                name, _, team = about.partition("/")
                own = [f"workloads/{name}/{file}.yaml" for file in ("workload", "review")]
                self._looked[fact] = self._commits.of([*own, f"teams/{team}.yaml", "organization.yaml"], known)
            elif kind in _ON_DISK:
                self._looked[fact] = _ON_DISK[kind](Path(about), known)
            else:
                self._looked[fact] = Fingerprint("", self._in_workspace(kind, about))
        return self._looked[fact]

    def _in_workspace(self, kind: str, about: str) -> str:
        match kind:
            case "shared":
                return self._shared
            case "checklist":
                return self._checklists.get(about, "none")
            case "checklists":
                return _hash(sorted((name, one.required) for name, one in self._workspace.checklists.items()))
            case "read":
                return self._as_read(Path(about))
            case "reports":
                return self._reports(about)
        return ""  # no fact of ours, so it is not so

    @cached_property
    def _shared(self) -> str:
        """What all workloads depend on."""
        workspace = self._workspace
        if any(read.faults or read.file is None for read in workspace.checklist_files):
            raise Unkeyable("a checklist is faulty")
        items = {name: item.scope.value for name, item in workspace.catalogue.items.items()}
        ruled = {name: [item.item for item in section.items] for name, section in workspace.catalogue.ruled.items()}
        teams = workspace.root / "teams"
        team_names = sorted(path.name for path in teams.iterdir()) if is_folder(teams) else []
        read = [self._as_read(workspace.root / name) for name in (SETTINGS, "organization.yaml")]
        return _hash([_versions(), read, team_names, items, ruled, workspace.judge.trace])

    @cached_property
    def _checklists(self) -> dict[str, str]:
        return {
            read.model.checklist: hashlib.sha256(read.file.raw).hexdigest()
            for read in self._workspace.checklist_files
            if read.model is not None and read.file is not None
        }

    def _as_read(self, path: Path) -> str:
        raw = self._workspace.as_read(path)
        if raw is None and os.path.lexists(path):
            raise Unkeyable(str(path))
        return hashlib.sha256(raw).hexdigest() if raw is not None else "none"

    def _reports(self, name: str) -> str:
        """The status of its reports; empty where one is missing."""
        try:
            found = [(self._out / name / file).stat() for file in _REPORTS]
        except OSError:
            return ""
        return " ".join(f"{one.st_size}:{one.st_mtime_ns}:{one.st_ino}" for one in found)


def _read(body: str) -> Key | None:
    try:
        return _KEY.validate_json(body)
    except ValidationError:
        return None


def _hash(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _versions() -> list[Any]:
    """What executes: orr with all its files, the packages below it, every plug-in, and the template."""
    package = Path(__file__).parent.parent.parent
    files = sorted(path for path in package.rglob("*") if is_file(path) and path.suffix != ".pyc")
    own = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    points = metadata.entry_points(group="orr.checks")
    plugins = sorted((point.name, point.value, point.dist.version if point.dist else "") for point in points)
    template = hashlib.sha256((shipped("notebooks") / "report.ipynb").read_bytes()).hexdigest()
    return [platform.python_version(), [metadata.version(name) for name in _PACKAGES], plugins, own, template]
