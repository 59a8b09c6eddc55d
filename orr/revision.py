"""The checklists as they were at a revision of git, read without touching the working tree."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from orr import crosscheck
from orr.faults import InputFile
from orr.messages import Message, say
from orr.model import Checklist, Settings
from orr.workspace import SETTINGS, Workspace
from orr.yamlfile import MAX_BYTES, Fault, FaultyInput

SECONDS = 60
_REVISION = re.compile(r"[\w@][\w./@{}^~+#=,%-]*")  # what begins with a dash would be an option


class NoRevision(Exception):  # noqa: N818 - a fact, not a mistake
    """The revision cannot be read; `why` says it in words."""

    def __init__(self, why: Message) -> None:
        self.why = why
        super().__init__(str(why))


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
        Names of present checklists whose old file is faulty: nothing can be said of them.
    faults
        What is wrong with old files.
    notes
        What else was not compared.
    """

    rev: str
    commit: str
    checklists: dict[str, Checklist]
    faulty: frozenset[str]
    faults: tuple[Fault, ...]
    notes: tuple[Message, ...]


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
    if not _REVISION.fullmatch(rev):
        raise NoRevision(say("fleet.impact.bad-rev", rev=rev))
    git = _Git(workspace.root, rev)
    commit = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}").decode().strip()
    if not commit:
        raise NoRevision(say("fleet.impact.bad-rev", rev=rev))
    old: dict[str, Checklist] = {}
    faults: list[Fault] = []
    notes: list[Message] = []
    faulty: set[str] = set()
    now = {read.file.path.resolve(): read for read in workspace.checklist_files if read.file is not None}
    settings = _settings_at(git, commit, workspace.settings, faults)
    for place in _places(settings, git, commit):
        if place is None:  # the checklists that come with orr: the same then as now
            old |= {name: checklist for name, checklist in workspace.checklists.items() if name not in old}
            continue
        try:
            blobs = list(git.blobs(commit, place))
        except _Outside:
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
                checklist = _read(git, path, blob)
                old.setdefault(checklist.checklist, checklist)
            except FaultyInput as faulty_input:
                faults += faulty_input.faults
                present = now.get((workspace.root / path).resolve())
                if present is not None and present.model is not None:
                    faulty.add(present.model.checklist)
    return OldChecklists(rev, commit, old, frozenset(faulty), tuple(faults), tuple(notes))


def _read(git: _Git, path: str, blob: str) -> Checklist:
    file = InputFile(Path(path), f"{git.rev}:{path}", git.content(blob))
    checklist = file.read_as(Checklist)
    faults = [*crosscheck.checklist_faults(file, checklist), *crosscheck.check_faults(file, checklist)]
    if faults:
        raise FaultyInput(faults)
    return checklist


def _settings_at(git: _Git, commit: str, present: Settings, faults: list[Fault]) -> Settings:
    """Which checklists were asked then; if `orr.yaml` was not there or is faulty, which are now."""
    for path, blob in git.blobs(commit, PurePosixPath(SETTINGS)):
        try:
            return InputFile(Path(path), f"{git.rev}:{path}", git.content(blob)).read_as(Settings)
        except FaultyInput as faulty:
            faults += faulty.faults
    return present


def _places(settings: Settings, git: _Git, commit: str) -> Iterator[PurePosixPath | None]:
    """Where checklists were, as `Workspace` looks for them; None for those that come with orr."""
    if settings.checklists is not None:
        yield from (PurePosixPath(os.path.normpath(name)) for name in settings.checklists)
    elif any(git.blobs(commit, PurePosixPath("checklists"))):
        yield PurePosixPath("checklists")
    else:
        yield None


class _Outside(Exception):  # noqa: N818 - handled at once
    """A place that git does not keep."""


class _Git:
    """git, run without a shell in the workspace; it only reads objects."""

    def __init__(self, root: Path, rev: str) -> None:
        self.root, self.rev = root, rev
        if not self.run("rev-parse", "--git-dir"):
            raise NoRevision(say("fleet.impact.git", rev=rev, problem=f"{root}: no repository"))
        top = self.run("rev-parse", "--show-toplevel").decode(errors="surrogateescape").rstrip("\n")
        self.top = Path(top).resolve()

    def run(self, *arguments: str) -> bytes:
        """What git prints; nothing where it says no by its status alone."""
        environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
        try:
            done = subprocess.run(  # noqa: S603 - no shell; the revision was looked at and follows --end-of-options
                ["git", "--no-pager", "--literal-pathspecs", *arguments],  # noqa: S607 - the user's own git
                cwd=self.root, env=environment, capture_output=True, timeout=SECONDS, check=False,
            )  # fmt: skip
        except FileNotFoundError:
            raise NoRevision(say("fleet.impact.no-git")) from None
        except subprocess.TimeoutExpired:
            raise NoRevision(say("fleet.impact.git", rev=self.rev, problem=f"> {SECONDS} s")) from None
        if done.returncode != 0 and done.stderr.strip():
            problem = " ".join(done.stderr.decode(errors="replace").split())
            raise NoRevision(say("fleet.impact.git", rev=self.rev, problem=problem))
        return done.stdout if done.returncode == 0 else b""

    def blobs(self, commit: str, place: PurePosixPath) -> Iterator[tuple[str, str]]:
        """The YAML files of a folder, or the file: their paths from the workspace, and their objects."""
        real = Path(os.path.normpath(self.root / place))
        if place.is_absolute() or not real.is_relative_to(self.top):
            raise _Outside
        path = str(place)
        tree = self._tree(commit, path)
        if not tree or tree[0][0] != "tree":
            found = tree
        else:
            found = [entry for entry in self._tree(commit, f"{path}/") if entry[2].endswith(".yaml")]
        for kind, blob, name in sorted(found, key=lambda entry: entry[2]):
            if kind == "blob":
                yield name, blob

    def _tree(self, commit: str, path: str) -> list[tuple[str, str, str]]:
        entries = []
        # A folder itself is listed by its name without a slash; its content by that with one.
        for line in self.run("ls-tree", "-z", commit, "--", path).split(b"\0"):
            head, tab, name = line.decode(errors="surrogateescape").partition("\t")
            if tab:
                _mode, kind, blob = head.split()
                entries.append((kind, blob, name))
        return entries

    def content(self, blob: str) -> bytes:
        """The content of an object; of one that is too large, only so much that it is told so."""
        size = int(self.run("cat-file", "-s", blob) or b"0")
        return self.run("cat-file", "blob", blob) if size <= MAX_BYTES else b"#" * (MAX_BYTES + 1)


__all__ = ["NoRevision", "OldChecklists", "checklists_at"]
