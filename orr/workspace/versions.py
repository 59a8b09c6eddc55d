"""The versions of some files that git holds, under the names that their folder bore."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import NamedTuple

from orr.source.yaml import MAX_BYTES
from orr.system.git import Git
from orr.system.paths import exists, is_file

VERSIONS = 500
"""How many commits are looked at, the newest first."""

FILES = ("workload", "review")
"""The files of a workload by which git tells that its folder was renamed."""

_MAX_NAMES = 5
_ALIKE = 0.5
"""From which likeness on a new folder is one that is gone, as with git."""
_NONE = frozenset("0")
_LOG = ("-c", "core.quotePath=false", "log", "--date-order", "-m", "--raw", "--no-abbrev", "--no-renames", "--relative")
_RENAMES = ("-c", "core.quotePath=false", "diff-tree", "-r", "-m", "-M", "--relative", "--diff-filter=R")
_OWN = re.compile(r"workloads/([^/]+)/(?:workload|review)\.yaml")


class Version(NamedTuple):
    """File as a commit left it, and the day of its next change, or today."""

    path: str
    blob: str
    until: date


@dataclass
class Versions:
    """The versions of a workload's files, newest first.

    Attributes
    ----------
    plainly
        Those that the first parents hold.
    every
        Those that any commit does which led to what is checked out.
    names
        Earlier names of the workload, the last first.
    """

    plainly: list[Version] = field(default_factory=list)
    every: list[Version] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def versions_of(git: Git, name: str, others: Sequence[str], today: date, timezone: tzinfo) -> Versions:
    """Look up the versions of a workload's files, and of others that it depends on.

    Where a commit renamed the folder, the versions before it are those of the old name; they bear the present path.

    Parameters
    ----------
    git, name
        The repository, and the workload.
    others
        The paths of the other files.
    today, timezone
        What ends a version that stands, and where a day ends.
    """
    found = Versions()
    start, old, paths = git.head or "HEAD", name, (*_own(name), *others)
    until: dict[str, date] = {}
    while True:
        plainly, added = _log(git, start, paths, "--first-parent", until, today, timezone)
        every, more = _log(git, start, paths, "--full-history", until, today, timezone)
        found.plainly += _as_of(plainly, old, name)
        found.every += _as_of(every, old, name)
        earlier = _earlier_name(git, old, [*added, *more])
        if earlier is None and old == name and (was := _renamed_since(git, name)) is not None:
            earlier = start, was, datetime.combine(today, time.max, timezone)
        if earlier is None or len(found.names) == _MAX_NAMES:
            return found
        start, old, moment = earlier
        found.names.append(old)
        paths, until = (*_own(old),), dict.fromkeys(_own(old), moment.astimezone(timezone).date())


def _own(name: str) -> list[str]:
    return [f"workloads/{name}/{file}.yaml" for file in FILES]


def _as_of(versions: list[Version], old: str, name: str) -> Iterator[Version]:
    """The same under the present name of the workload."""
    paths = dict(zip(_own(old), _own(name), strict=True))
    for one in versions:
        yield one._replace(path=paths.get(one.path, one.path))


def _log(
    git: Git, start: str, paths: Sequence[str], followed: str, until: dict[str, date], today: date, timezone: tzinfo
) -> tuple[list[Version], list[tuple[str, int]]]:
    """Each version of some files, and the commits that added one, each with its moment.

    A commit is as new as the newest before it, whatever date it bears.
    """
    asked = (*_LOG, followed, "--format=@%ct %H", f"--max-count={VERSIONS}", start, "--", *paths)
    told = git.run(*asked).decode("utf-8", "replace")
    changes: list[tuple[int, str, str]] = []
    added: list[tuple[str, int]] = []
    newest = 0
    for commit in reversed(told[1:].split("\n@") if told else []):
        head, *lines = commit.splitlines()
        at, sha = head.split()
        newest = max(newest, int(at))
        for line in reversed(lines):
            if line.startswith(":"):
                head, _, path = line.partition("\t")
                changes.append((newest, path, head.split()[3]))
                added += [(sha, newest)] if head.endswith("A") and _OWN.fullmatch(path) else []
    changed = dict(until)
    found = []
    for moment, path, blob in reversed(changes):
        if not _NONE.issuperset(blob):
            found.append(Version(path, blob, min(changed.get(path, today), today)))
        changed[path] = datetime.fromtimestamp(moment, UTC).astimezone(timezone).date()
    return found, added


def _earlier_name(git: Git, name: str, added: list[tuple[str, int]]) -> tuple[str, str, datetime] | None:
    """Commit before the folder was renamed, its old name and the moment; or None."""
    for sha, moment in dict.fromkeys(added):
        told = git.run(*_RENAMES, "--no-commit-id", "--name-status", "-z", sha).decode("utf-8", "replace").split("\0")
        for was, now in zip(told[1::3], told[2::3], strict=False):
            before, after = _OWN.fullmatch(was), _OWN.fullmatch(now)
            if before is not None and after is not None and after[1] == name != before[1]:
                return f"{sha}~1", before[1], datetime.fromtimestamp(moment, UTC)
    return None


def deleted(git: Git) -> set[str]:
    """Workloads in the last commits, there still or not."""
    if git.head is None:
        return set()
    gone = ("--first-parent", "--no-renames", "--diff-filter=D", "--format=", f"--max-count={VERSIONS}")
    asked = ("-c", "core.quotePath=false", "log", *gone, "--name-only", "--relative", "-z", git.head, "--", "workloads")
    names = [*git.run(*asked).decode("utf-8", "replace").split("\0"), *_committed(git)]
    return {found[1] for name in names if (found := _OWN.fullmatch(name.strip())) is not None and _is_shown(found[1])}


def _committed(git: Git) -> list[str]:
    """The files of workloads that are checked out, by their paths."""
    assert git.head is not None
    listed = ("ls-tree", "-r", "--name-only", "-z", git.head, "--", "workloads/")
    return git.run(*listed).decode("utf-8", "replace").split("\0")


def _is_shown(name: str) -> bool:
    return name[0] not in "._"


def _renamed_since(git: Git, name: str) -> str | None:
    """Name in the last commit of a workload that is in none under its present name."""
    if git.head is None or any(_text(git, own) for own in _own(name)):  # all are listed only where that says nothing
        return None
    held = _committed(git)
    if any(own in held for own in _own(name)):
        return None
    most, found = 0.0, None
    now = [_read(git.folder / own) for own in _own(name)]
    for was in sorted({one[1] for path in held if (one := _OWN.fullmatch(path)) is not None and _is_shown(one[1])}):
        if not exists(git.folder / "workloads" / was):
            before = [_text(git, own) for own in _own(was)]
            alike = max(_likeness(*both) for both in zip(before, now, strict=True))
            most, found = max((most, found or ""), (alike, was))
    return found if most >= _ALIKE else None


def _likeness(one: str, other: str) -> float:
    """Shared part of two texts, by whole lines: 0 to 1."""
    lines, others = Counter(one.splitlines()), Counter(other.splitlines())
    size = max(map(len, (one, other)))
    return sum((len(line) + 1) * n for line, n in (lines & others).items()) / size if size else 0.0


def _read(path: Path) -> str:
    with suppress(OSError):
        if is_file(path):
            return path.read_bytes()[:MAX_BYTES].decode("utf-8", "replace")
    return ""


def _text(git: Git, path: str) -> str:
    """Text of a file of the workspace, as it is checked out."""
    found = git.object(f"{git.head}:{(git.folder.relative_to(git.top) / path).as_posix()}", MAX_BYTES)
    return (found.content or b"").decode("utf-8", "replace") if found is not None else ""


def contents(git: Git, blobs: set[str]) -> dict[str, str] | None:
    """Texts of objects, without too large ones; None where git lacks one."""
    found: dict[str, str] = {}
    for blob in blobs:
        read = git.object(blob, MAX_BYTES)
        if read is None:
            return None
        if read.content is not None:
            found[blob] = read.content.decode("utf-8", "replace").removeprefix("\ufeff")
    return found
