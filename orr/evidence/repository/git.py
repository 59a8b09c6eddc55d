"""Tracked files and last commit dates of a repository.

A repository is data from anyone, so git runs without what a repository's own
configuration could make it start, without network and without a shell.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from orr.messages import Message, say
from orr.system.paths import is_file

SECONDS = 20.0
MAX_COMMITS = 100_000
MAX_LINE = 65_536
MAX_SAID = 200
"""How much of what git says against it is told."""
_COMMIT = re.compile(rb"([0-9a-f]{40,64}) (-?\d{1,15})")
_HARMLESS = (
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "log.showSignature=false",
    "-c", "log.mailmap=false",
    "-c", "protocol.allow=never",
)  # fmt: skip


class _RefusedError(Exception):
    """Git gave no answer."""

    def __init__(self, why: Message) -> None:
        self.why = why
        super().__init__(str(why))


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
        self._tracked: frozenset[str] | None = None
        self._refusal: Message | None = None
        self._asked = False
        self._log: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._deadline = 0.0
        self._commits = 0
        self._when: int | None = None
        self._boundary: frozenset[str] = frozenset()
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

    def last_commit(self, path: str, timezone: tzinfo = UTC) -> date | None:
        """The day of the last commit that touched a file; None where git does not know.

        A shallow clone shows every file as new in its oldest commit; that date is not
        believed.
        """
        with self._lock:
            tracked = self._list_tracked()
            if tracked is None or path not in tracked:
                return None
            while path not in self._times and not self._ended:
                self._read_on()
            seconds = self._times.get(path)
        try:
            return None if seconds is None else datetime.fromtimestamp(seconds, timezone).date()
        except (ValueError, OverflowError, OSError):  # a commit may bear any number
            return None

    def close(self) -> None:
        """End the git process, if one still runs."""
        self._end()

    def _list_tracked(self) -> frozenset[str] | None:
        if not self._asked:
            # Where nothing above tells of a work tree, git would not find one either.
            may_be = any(os.path.lexists(folder / ".git") for folder in (self.root, *self.root.parents))
            try:
                listed = self._ask("ls-files", "-z", "--cached") if may_be else None
            except _RefusedError as refused:
                listed, self._refusal = None, refused.why
            names = frozenset(name.decode("utf-8", "replace") for name in (listed or b"").split(b"\0") if name)
            self._tracked = names or None
            self._asked = True
        return self._tracked

    def _ask(self, *arguments: str) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
                self._command(*arguments),
                cwd=self.root, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
                check=False,
            )  # fmt: skip
        except FileNotFoundError:
            raise _RefusedError(say("evidence.git.missing")) from None
        except (OSError, subprocess.SubprocessError) as error:
            raise _RefusedError(say("evidence.git.failed", problem=f"{type(error).__name__}: {error}")) from None
        if done.returncode != 0:
            first, _, _ = done.stderr.decode("utf-8", "replace").strip().partition("\n")
            raise _RefusedError(say("evidence.git.failed", problem=first[:MAX_SAID] or str(done.returncode)))
        return done.stdout

    @staticmethod
    def _command(*arguments: str) -> list[str]:
        return ["git", *_HARMLESS, *arguments]

    def _read_on(self) -> None:
        if self._log is None:
            self._start()
            if self._log is None:
                return
        assert self._log.stdout is not None
        line = self._log.stdout.readline(MAX_LINE)
        if not line or time.monotonic() > self._deadline or self._commits > MAX_COMMITS:
            self._end()
        elif not line.endswith(b"\n"):
            self._end()  # longer than a path can be: what follows is no path of its own
        elif line.startswith(b"\0"):
            commit = _COMMIT.fullmatch(line.strip(b"\0\n"))
            self._commits += 1
            known = commit is not None and commit[1].decode() not in self._boundary
            self._when = int(commit[2]) if commit is not None and known else None
        elif line.strip():
            self._times.setdefault(line.rstrip(b"\n").decode("utf-8", "replace"), self._when)

    def _start(self) -> None:
        boundary = self._shallow()
        if boundary is None:  # where it is not known what a shallow clone hides, no day is believed
            self._ended = True
            return
        self._boundary = boundary
        self._deadline = time.monotonic() + SECONDS
        log = self._command("log", "--no-renames", "--no-ext-diff", "--name-only", "--relative", "--format=%x00%H %ct")
        try:
            self._log = subprocess.Popen(  # noqa: S603 - fixed arguments, no shell
                [*log, "--", "."],
                cwd=self.root, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except OSError:
            self._ended = True

    def _shallow(self) -> frozenset[str] | None:
        """The commits whose parents a shallow clone left out; None where they cannot be told."""
        try:
            place = self._ask("rev-parse", "--git-path", "shallow")
            listed = self.root / os.fsdecode(place).strip()
            return frozenset(listed.read_text("ascii", "replace").split()) if is_file(listed) else frozenset()
        except (OSError, _RefusedError):
            return None

    def _end(self) -> None:
        self._ended = True
        if self._log is not None:
            self._log.kill()
            self._log.wait()
            if self._log.stdout is not None:
                self._log.stdout.close()


def _environment() -> dict[str, str]:
    # A hook's GIT_DIR would make git answer for another repository.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }
