"""Find where a repository keeps the files of each topic."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from orr.evidence.kinds.kind import UnknownKind
from orr.evidence.kinds.registry import kind_named
from orr.evidence.repository.conventions import Convention, conventions
from orr.evidence.repository.globs import read_pattern
from orr.evidence.repository.repository import Repository
from orr.model.checklist import Checklist
from orr.source.faults import Fault
from orr.workspace.recognize import SORTS, holds
from orr.workspace.workspace import Workspace

MAX_LOOKED_AT = 3_000
MAX_PATTERNS = 6

_WILD = re.compile(r"[*?\[]")
_ANYWHERE = frozenset({"doc", "docs", "source", "config", "content", "reports", "build", "target", "eng", "*"})
"""Folders that say nothing of what lies in them."""
_NAMELESS = frozenset({"readme", "index", "home", "makefile", "package", "setup"})
"""Names that say nothing of what the file is about."""
_SAMPLES = frozenset(
    {"test", "tests", "spec", "e2e", "sample", "samples", "example", "template", "templates", "skeleton", "skeletons",
     "locales", "i18n"}
)  # fmt: skip


class Where(Enum):
    """How files were found: usual place, well-known place, name, or content."""

    USUAL = "usual"
    KNOWN = "known"
    NAME = "name"
    CONTENT = "content"


class Topic(NamedTuple):
    """Where the files of a convention lie.

    Attributes
    ----------
    files
        They, sorted.
    patterns
        What matches them: for `paths` of a workload where they do not lie in the usual place.
    """

    convention: Convention
    where: Where
    files: tuple[str, ...]
    patterns: tuple[str, ...]


def topics_in(repository: Repository, wanted: Iterable[str]) -> list[Topic]:
    """Find the files of conventions; of each in the first place that holds any.

    Parameters
    ----------
    repository
        Where to look.
    wanted
        The conventions' names.

    Raises
    ------
    Undetermined
        If the repository cannot be walked.
    """
    names = set(wanted)
    found = (_topic(repository, one) for name, one in conventions().items() if name in names)
    return [one for one in found if one is not None]


def movable_topics(checklists: Iterable[Checklist]) -> frozenset[str]:
    """The topics for which checks of checklists go by a workload's `paths`."""
    found: set[str] = set()
    for spec in (spec for one in checklists for spec in one.specs):
        try:
            kind = kind_named(spec.check)
        except UnknownKind:
            continue
        if spec.check == "ownership":  # which has places of its own where a checklist names none
            found |= set(kind.traits.movable) - set(spec.parameters)
        found.update(kind.topics(spec))
    return frozenset(found)


def unread_topics(workspace: Workspace) -> Iterator[Fault]:
    """Topics in `paths` of workloads that no check of the workspace's checklists reads."""
    read: frozenset[str] | None = None
    for name in workspace.workloads:
        found = workspace.files.workload(name)
        if found.file is None or found.model is None or not found.model.paths:
            continue
        read = movable_topics(workspace.checklists.values()) if read is None else read
        for topic in found.model.paths:
            if topic in conventions() and topic not in read:
                yield found.file.fault_at(("paths", topic), "cross.topic-unread", name=topic)


def _topic(repository: Repository, convention: Convention) -> Topic | None:
    usual = _held(repository, convention, repository.find(convention.read).files, in_place=True)
    if usual:
        return Topic(convention, Where.USUAL, usual, ())
    return (
        _known(repository, convention, in_place=False)
        or _elsewhere(repository, convention, Where.CONTENT, _by_content(repository, convention))
        or _elsewhere(repository, convention, Where.NAME, _by_name(repository, convention))
        or _known(repository, convention, in_place=True)
    )


def _known(repository: Repository, convention: Convention, *, in_place: bool) -> Topic | None:
    for pattern in convention.offered:
        matching = repository.find([pattern]).files
        files = [one for one in matching if not _is_sample(one)]
        held = _held(repository, convention, files, in_place=in_place)
        if held:
            patterns = (pattern,) if held == matching else _patterns(repository, held)
            return Topic(convention, Where.KNOWN, held, patterns)
    return None


def _elsewhere(repository: Repository, convention: Convention, where: Where, files: Sequence[str]) -> Topic | None:
    found = tuple(sorted(files))
    return Topic(convention, where, found, _patterns(repository, found)) if found else None


def _held(
    repository: Repository, convention: Convention, files: Sequence[str], *, in_place: bool = False
) -> tuple[str, ...]:
    return tuple(one for one in files[:MAX_LOOKED_AT] if holds(repository, convention.name, one, in_place))


def _by_name(repository: Repository, convention: Convention) -> tuple[str, ...]:
    """Files elsewhere with a convention's names, or in folders so named.

    Of several folders the one that lies least deep counts.
    """
    sort = SORTS.get(convention.name)
    if sort is not None and sort.endings and not sort.by_place:
        return ()  # only what it holds says so
    for pattern in convention.read if sort is not None else convention.read + convention.offered:
        tail = _tail(pattern)
        if tail is None:
            continue
        match = read_pattern(tail)
        found = [one for one in _candidates(repository) if match.matches(_plain(one))]
        held = _held(repository, convention, sorted(found, key=_depth), in_place=True)
        if held:
            first = posixpath.dirname(held[0])
            return tuple(one for one in held if posixpath.dirname(one) == first or one.startswith(first + "/"))
    return ()


def _by_content(repository: Repository, convention: Convention) -> tuple[str, ...]:
    sort = SORTS.get(convention.name)
    if sort is None:
        return ()
    files = [one for one in _candidates(repository) if one.casefold().endswith(sort.endings)]
    return _held(repository, convention, files)


def _candidates(repository: Repository) -> Sequence[str]:
    """Every file that is neither aside nor a sample."""

    def make() -> list[str]:
        files = repository.find(["**/*"]).files
        return [one for one in files if not _is_sample(one)]

    return repository.cached("candidates", make)


def _is_sample(path: str) -> bool:
    return not _SAMPLES.isdisjoint(path.casefold().split("/")[:-1])


def _tail(pattern: str) -> str | None:
    """What of a pattern says what the file is, for any folder; None where nothing does."""
    *folders, name = pattern.split("/")
    if pattern.startswith(".") or "[" in name:
        return None  # a tool looks there and nowhere else, or the case of letters counts
    if not _WILD.search(name):
        stem = posixpath.splitext(name)[0].casefold()
        return None if stem in _NAMELESS else f"**/{_plain(name)}"
    telling = [one for one in folders if not _WILD.search(one)]
    if not telling or telling[-1] in _ANYWHERE:
        return None
    return f"**/{telling[-1]}/{'**/' if '**' in folders else ''}{_plain(name)}"


def _plain(path: str) -> str:
    """A path in the spelling in which names are compared."""
    return re.sub(r"[_ ]", "-", path.casefold())


def _depth(path: str) -> tuple[int, str]:
    return path.count("/"), path


def _patterns(repository: Repository, files: Sequence[str]) -> tuple[str, ...]:
    """Few patterns for these files: by folder and ending, else one by one."""
    made = list(dict.fromkeys(_around(repository, set(files), files)))
    if len(made) > MAX_PATTERNS:
        above = posixpath.commonpath(list(map(posixpath.dirname, files)))
        endings = dict.fromkeys(posixpath.splitext(one)[1] for one in files)
        made = [f"{above}/**/*{ending}" if above else f"**/*{ending}" for ending in endings]
    return tuple(made)


def _around(repository: Repository, chosen: set[str], files: Sequence[str]) -> Iterator[str]:
    for one in files:
        folder, ending = posixpath.dirname(one), posixpath.splitext(one)[1]
        alike = f"{_literal(folder)}/*{ending}"
        many = folder and ending and set(repository.find([alike]).files) <= chosen
        yield alike if many else _literal(one)


def _literal(path: str) -> str:
    """Pattern that matches one path only, its special characters made any one."""
    return re.sub(r"[*?\[]", "?", path)
