"""Bounded, memoised read access to one repository."""

from __future__ import annotations

import hashlib
import math
import os
import stat
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from orr.evidence.errors import Undetermined
from orr.evidence.repository.git import History, RecordedHistory
from orr.evidence.repository.globs import BadPattern, Pattern, read_pattern
from orr.evidence.repository.tree import Found, Tree, refuse
from orr.messages import say
from orr.system.inside import open_inside
from orr.system.open_files import is_held

MAX_BYTES = 2_000_000
COMMITTED, TEAMS = "/committed/", "/teams"
"""What a look for files that git tracks, and for the workspace's teams, is noted by: no pattern begins with a slash."""
POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands in for one that Git LFS keeps elsewhere."""

T = TypeVar("T")


class Repository:
    """One repository for one run; all checks share it.

    Parameters
    ----------
    root
        The repository's folder.
    history
        Stands where git would be asked.
    """

    def __init__(self, root: Path, history: RecordedHistory | None = None) -> None:
        self.root = root.resolve()
        self.history: History | RecordedHistory = history or History(self.root)
        self._lock = threading.Lock()
        self._slots: dict[Hashable, _Slot] = {}
        self.read_files: dict[str, str] = {}
        """The SHA-256 of each file that was read whole, by its path."""
        self.ran: dict[Path, str] = {}
        """The SHA-256 of each file elsewhere that was run, or given to a program, by its real path."""
        self._listed: dict[str, tuple[str, ...]] = {}

    @property
    def tree(self) -> Tree:
        """All files, walked once."""
        return self.cached("tree", lambda: Tree(self.root))

    @property
    def is_walked(self) -> bool:
        """Whether anything was looked for in it."""
        return "tree" in self._slots and self._slots["tree"].made and self._slots["tree"].error is None

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """Make something at the first call with a key, and give the same at every other.

        What `make` raises is raised at every call, too.
        """
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
        return cast("T", slot.get(make))

    def find(self, patterns: Sequence[str]) -> Found:
        """The files that match any of several patterns.

        Raises
        ------
        Undetermined
            If a pattern leaves the repository, or the repository cannot be walked.
        """
        try:
            read = [read_pattern(pattern) for pattern in patterns]
        except BadPattern as bad:
            raise Undetermined(say(f"evidence.pattern.{bad}", pattern=", ".join(patterns))) from None
        return self.tree.find_all(read)

    def committed(self, pattern: Pattern) -> tuple[str, ...]:
        """The files that match a pattern: of those that git tracks, else of all."""
        key = COMMITTED + pattern.path
        if key not in self._listed:
            tracked = self.history.tracked
            files = sorted(tracked) if tracked is not None else self.tree.files
            self.note(key, (path for path in files if pattern.matches(path)))
        return self._listed[key]

    def note(self, key: str, names: Iterable[str]) -> None:
        """Note names that a check looked for without a pattern of files."""
        self._listed[key] = tuple(names)

    def listings(self) -> Iterator[tuple[str, Iterable[str]]]:
        """What was looked for so far, with what there was of it."""
        if self.is_walked:
            yield from self.tree.listings()
        yield from self._listed.items()

    def read(self, path: str, limit: int = MAX_BYTES, *, cut: bool = False) -> bytes:
        """Bytes of a file.

        Of one larger than `limit` the first bytes, where it may be `cut`.

        Raises
        ------
        Undetermined
            If it lies outside, is no file, is too large, cannot be read, or is a pointer of Git LFS.
        """
        if "\0" in path or path.startswith("/"):
            raise Undetermined(say("evidence.ground.outside", path=path.replace("\0", "")))
        real = os.path.realpath(self.root / path)
        refusal = refuse(real, str(self.root))
        if refusal is not None and not os.path.lexists(self.root / path):
            refusal = say("evidence.ground.gone")
        elif refusal is None and is_held(real):
            refusal = say("evidence.ground.held")
        if refusal is not None:
            raise Undetermined(say("evidence.ground.refused", path=path, why=refusal))
        try:
            with os.fdopen(open_inside(str(self.root), os.path.relpath(real, self.root)), "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise Undetermined(say("evidence.ground.refused", path=path, why=say("evidence.ground.no-file")))
                if status.st_size > limit and not cut:
                    raise _too_large(path, status.st_size, limit)
                content = file.read(limit + 1)
        except OSError as error:
            why = say("evidence.ground.no-access", why=error.strerror or "")
            raise Undetermined(say("evidence.ground.refused", path=path, why=why)) from None
        if len(content) > limit and not cut:
            raise _too_large(path, len(content), limit)
        if content.startswith(POINTER):
            raise Undetermined(say("evidence.ground.refused", path=path, why=say("evidence.ground.pointer")))
        if not cut and path not in self.read_files:
            self.read_files[path] = hashlib.sha256(content).hexdigest()
        return content

    def text(self, path: str, limit: int = MAX_BYTES) -> str:
        """Text of a UTF-8 file, with line feeds and without a byte-order mark.

        Raises
        ------
        Undetermined
            As for `read`, and if it is binary or not UTF-8.
        """
        raw = self.read(path, limit)
        if b"\0" in raw:
            raise Undetermined(say("evidence.ground.binary", path=path))
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise Undetermined(say("evidence.ground.not-utf8", path=path, line=line)) from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def close(self) -> None:
        """Let go of what was opened."""
        self.history.close()


def _too_large(path: str, size: int, limit: int) -> Undetermined:
    return Undetermined(say("evidence.ground.too-large", path=path, size=_megabytes(size), limit=_megabytes(limit)))


def _megabytes(size: int) -> str:
    return f"{math.ceil(size / 100_000) / 10:g} MB"


class _Slot:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made = False
        self.value: Any = None
        self.error: Exception | None = None

    def get(self, make: Callable[[], Any]) -> Any:
        with self.lock:
            if not self.made:
                try:
                    self.value = make()
                except Exception as error:
                    self.error = error
                self.made = True
        if self.error is not None:
            raise self.error
        return self.value
