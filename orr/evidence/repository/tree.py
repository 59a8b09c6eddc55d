"""List the files of a repository in one bounded walk."""

from __future__ import annotations

import os
import stat
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orr.evidence.errors import Undetermined
from orr.evidence.repository.conventions import aside
from orr.evidence.repository.globs import Pattern
from orr.messages import Message, say
from orr.system.paths import is_file, is_folder, relative_to

SKIPPED = frozenset({".git", "node_modules", ".venv"})
MAX_ENTRIES = 200_000
MAX_DEPTH = 64
MAX_LINKS = 8
MAX_FOLLOWED = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """What patterns match.

    Attributes
    ----------
    files
        Paths relative to the repository, sorted; a file that links lead to twice is
        there once.
    refused
        What matches, or may hide a match, and must not or cannot be read: by path, why.
    aside
        What matches and does not count, because it lies in a folder such as `vendor` that
        no pattern names.
    """

    files: tuple[str, ...]
    refused: Mapping[str, Message]
    aside: tuple[str, ...] = ()


class Tree:
    """All files below a folder, by their paths relative to it.

    Links are followed as long as they lead to somewhere within the folder. What they
    hide otherwise, and what may not be read, is remembered in `refused`.

    Parameters
    ----------
    root
        The folder, with no link in its path.

    Raises
    ------
    Undetermined
        If there is no such folder, or it holds too many entries or links to folders.
    """

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.folders: set[str] = set()
        self.refused: dict[str, Message] = {}
        self.real: dict[str, str] = {}
        self.followed = 0
        files: list[str] = []
        if not is_folder(root):
            raise Undetermined(say("evidence.ground.no-repository"))
        self._walk(files)
        files.sort()
        self.files: list[str] = files
        self._known = frozenset(files)
        self._by_pattern: dict[str, Found] = {}
        self._asked: set[str] = set()

    def __contains__(self, path: str) -> bool:
        self._asked.add(path)
        return path in self._known or path in self.folders

    def listings(self) -> Iterator[tuple[str, Iterable[str]]]:
        """What was looked for so far: each pattern, or path, with what there is of it."""
        for pattern, found in list(self._by_pattern.items()):
            yield pattern, (*found.files, *found.refused)
        for path in sorted(self._asked - self._by_pattern.keys()):
            yield path, (path,) if path in self._known or path in self.folders else ()

    def find(self, pattern: Pattern) -> Found:
        """The files that match a pattern."""
        found = self._by_pattern.get(pattern.path)
        if found is None:
            matching = self._matching(pattern)
            passed = [path for path in matching if self._lies_aside(path, pattern)]
            left = set(passed)
            counted = [path for path in matching if path not in left]
            found = Found(tuple(self._once(counted)), self._hid(pattern), tuple(self._once(passed)))
            self._by_pattern[pattern.path] = found
        return found

    def find_all(self, patterns: Iterable[Pattern]) -> Found:
        """The files that match any of several patterns."""
        files: set[str] = set()
        passed: set[str] = set()
        refused: dict[str, Message] = {}
        for pattern in patterns:
            found = self.find(pattern)
            files.update(found.files)
            passed.update(found.aside)
            refused.update(found.refused)
        return Found(tuple(self._once(sorted(files))), refused, tuple(sorted(passed - files)))

    def _matching(self, pattern: Pattern) -> list[str]:
        if pattern.literal:
            return [pattern.path] if pattern.path in self._known else []
        candidates = self.files
        if pattern.folder:
            begin = bisect_left(self.files, pattern.folder + "/")
            candidates = self.files[begin : bisect_left(self.files, pattern.folder + "0")]  # "0" follows "/"
        return [path for path in candidates if pattern.matches(path)]

    def _lies_aside(self, path: str, pattern: Pattern) -> bool:
        named = {segment.casefold() for segment in pattern.segments}
        return any(
            folder in aside() and folder not in named
            for place in (path, self.real.get(path, path))
            for folder in place.casefold().split("/")[:-1]
        )

    def _once(self, paths: Iterable[str]) -> Iterable[str]:
        if not self.real:
            yield from paths
            return
        chosen: dict[str, str] = {}
        for path in paths:
            real = self.real.get(path, path)
            if real not in chosen or path == real:  # its own name before that of a link
                chosen[real] = path
        yield from sorted(chosen.values())

    def _hid(self, pattern: Pattern) -> dict[str, Message]:
        return {path: why for path, why in self.refused.items() if pattern.matches(path) or pattern.reaches_into(path)}

    def _walk(self, files: list[str]) -> None:
        # What is to be walked: the path shown, the real path, and where links were left by.
        waiting: list[tuple[str, str, tuple[str, ...]]] = [("", self.root, ())]
        seen = 0
        while waiting:
            shown, real, left = waiting.pop()
            try:
                with os.scandir(real) as entries:
                    listed = list(entries)
            except OSError as error:
                self.refused[shown or "."] = say("evidence.ground.no-access", why=error.strerror or "")
                continue
            seen += len(listed)
            if seen > MAX_ENTRIES:
                raise Undetermined(say("evidence.ground.too-many", limit=MAX_ENTRIES))
            for entry in listed:
                if entry.name in SKIPPED:
                    continue
                path = f"{shown}/{entry.name}" if shown else entry.name
                if not _is_text(entry.name):
                    self.refused[path.encode("utf-8", "replace").decode()] = say("evidence.ground.name")
                elif entry.is_symlink():
                    self._follow(entry.path, path, real, left, waiting, files)
                elif entry.is_dir(follow_symlinks=False):
                    if path.count("/") >= MAX_DEPTH:
                        self.refused[path] = say("evidence.ground.too-deep", limit=MAX_DEPTH)
                    else:
                        self.folders.add(path)
                        waiting.append((path, entry.path, left))
                elif entry.is_file(follow_symlinks=False):
                    files.append(path)
                    if left:
                        self.real[path] = os.path.relpath(entry.path, self.root).replace(os.sep, "/")
                else:
                    self.refused[path] = say("evidence.ground.no-file")

    def _follow(
        self,
        link: str,
        path: str,
        real: str,
        left: tuple[str, ...],
        waiting: list[tuple[str, str, tuple[str, ...]]],
        files: list[str],
    ) -> None:
        target = os.path.realpath(link)
        refusal = refuse(target, self.root)
        if refusal is not None:
            self.refused[path] = refusal
        elif is_folder(Path(target)):
            if any(relative_to(place, target) is not None for place in (real, *left)):
                return  # a loop: what it holds is found under its shorter name
            if len(left) >= MAX_LINKS:
                self.refused[path] = say("evidence.ground.too-deep", limit=MAX_LINKS)
                return
            self.followed += 1
            if self.followed > MAX_FOLLOWED:
                raise Undetermined(say("evidence.ground.too-many-links", limit=MAX_FOLLOWED))
            self.folders.add(path)
            waiting.append((path, target, (*left, real)))
        elif is_file(Path(target)):
            files.append(path)
            self.real[path] = os.path.relpath(target, self.root).replace(os.sep, "/")
        else:
            self.refused[path] = say("evidence.ground.no-file")


def refuse(target: str, root: str) -> Message | None:
    """Why a repository must not read a real path; None if it may."""
    within = relative_to(target, root)
    if within is None or f"{os.sep}.git{os.sep}" in f"{os.sep}{within}{os.sep}":
        return say("evidence.ground.link-out")
    try:
        status = os.lstat(target)
    except OSError:
        return say("evidence.ground.link-nowhere")
    return say("evidence.ground.link-nowhere") if stat.S_ISLNK(status.st_mode) else None


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
