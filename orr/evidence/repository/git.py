"""Which files of a repository git tracks, and when each was last committed."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from orr.messages import Message, say
from orr.system.git import NEEDED, Git, GitRefused, work_tree
from orr.system.paths import is_file

SECONDS = 20.0
MAX_COMMITS = 100_000
MAX_WORD = 65_536
_COMMIT = re.compile(rb"([0-9a-f]{40,64}) (-?\d{1,15})")


class History:
    """Git work tree of a folder, queried on demand.

    Parameters
    ----------
    root
        The folder; paths are relative to it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._git: Git | None = None
        self._tracked: frozenset[str] | None = None
        self._refusal: Message | None = None
        self._asked = False
        self._log: subprocess.Popen[bytes] | None = None
        self._days: Iterator[tuple[str, int | None]] = iter(())
        self._times: dict[str, int | None] = {}

    @property
    def tracked(self) -> frozenset[str] | None:
        """The tracked files; None where there is no work tree or it tracks nothing here."""
        with self._lock:
            return self._list_tracked()

    @property
    def refusal(self) -> Message | None:
        """Why git refuses to answer; None where it answers or there is no work tree."""
        with self._lock:
            self._list_tracked()
            return self._refusal

    @property
    def is_shallow(self) -> bool:
        """Whether the clone holds only the newest commits."""
        with self._lock:
            self._list_tracked()
            try:
                return self._git is not None and is_file(self._git.common / "shallow")
            except OSError:
                return False

    def last_commit(self, path: str, timezone: tzinfo = UTC) -> date | None:
        """The day of the last commit that touched a file; None where git does not know."""
        return day_of(self.committed(path), timezone)

    def committed(self, path: str) -> int | None:
        """Unix time in seconds of the last commit that touched a file; else None.

        A shallow clone shows every file as new in its oldest commit; that time is not
        believed.
        """
        with self._lock:
            tracked = self._list_tracked()
            if tracked is None or path not in tracked:
                return None
            while path not in self._times:
                name, seconds = next(self._days, (None, None))
                if name is None:
                    break
                self._times.setdefault(name, seconds)
            return self._times.get(path)

    def close(self) -> None:
        """End the git process, if one still runs."""
        self._days = iter(())
        if self._log is not None:
            self._log.kill()
            self._log.wait()
            if self._log.stdout is not None:
                self._log.stdout.close()
        if self._git is not None:
            self._git.close()

    def _list_tracked(self) -> frozenset[str] | None:
        if not self._asked:
            self._asked = True
            try:
                if work_tree(self.root) is not None:
                    self._git = Git(self.root, SECONDS)
                    listed = self._git.run("ls-files", "-z", "--cached")
                    self._tracked = frozenset(_text(name) for name in listed.split(b"\0") if name) or None
                    self._days = self._read_log(self._git)
            except GitRefused as refused:
                self._refusal = say(f"evidence.git.{refused.kind}", problem=refused.problem, needed=NEEDED)
        return self._tracked

    def _read_log(self, git: Git) -> Iterator[tuple[str, int | None]]:
        """The files of each commit, the newest first, with its time where that is believed."""
        try:
            shallow = git.common / "shallow"
            boundary = frozenset(shallow.read_bytes().split()) if is_file(shallow) else frozenset()
            log = self._log = git.start(
                "log", "-z", "--no-renames", "--no-ext-diff", "--name-only", "--relative", "--format=%x00%H %ct",
                git.head or "HEAD", "--", ".",
            )  # fmt: skip
        except OSError:  # where it is not known what a shallow clone hides, no day is believed
            return
        deadline = time.monotonic() + SECONDS
        words, commits, when, first = _words(log), 0, None, True
        for word in words:
            if not word:
                commit = _COMMIT.fullmatch(next(words, b""))
                when = int(commit[2]) if commit is not None and commit[1] not in boundary else None
                commits, first = commits + 1, True
                if time.monotonic() > deadline or commits > MAX_COMMITS:
                    return
            else:
                yield _text(word.removeprefix(b"\n") if first else word), when
                first = False


class GitTable(NamedTuple):
    """What git knows of a repository.

    Attributes
    ----------
    tracked
        The tracked files, each with the time of its last commit in seconds since 1970, None where that is not
        known; None where there is no work tree.
    is_shallow, refusal
        As `History` has them.
    """

    tracked: Mapping[str, int | None] | None = None
    is_shallow: bool = False
    refusal: Message | None = None


class RecordedHistory:
    """Stands where a `History` would ask git."""

    def __init__(self, table: GitTable) -> None:
        self._table = table
        self.tracked = None if table.tracked is None else frozenset(table.tracked)
        self.refusal, self.is_shallow = table.refusal, table.is_shallow

    def last_commit(self, path: str, timezone: tzinfo = UTC) -> date | None:
        """The day of the last commit that touched a file; None where git did not know."""
        return day_of(self.committed(path), timezone)

    def committed(self, path: str) -> int | None:
        """The time of the last commit that touched a file; None where git did not know."""
        return (self._table.tracked or {}).get(path)

    def close(self) -> None:
        """Do nothing: no git was started."""


def day_of(seconds: int | None, timezone: tzinfo) -> date | None:
    """The day of a commit; None where its time is not known, or is none."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, timezone).date()
    except (ValueError, OverflowError, OSError):  # a commit may bear any number
        return None


def _words(log: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Read what ends with NUL, until the end or something far longer than a path."""
    assert log.stdout is not None
    rest = b""
    while len(rest) <= MAX_WORD and (read := log.stdout.read1(MAX_WORD)):  # type: ignore[attr-defined]
        *words, rest = (rest + read).split(b"\0")
        yield from words


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
