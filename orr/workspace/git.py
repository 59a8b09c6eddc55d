"""Read a workspace at a git revision, without touching the working tree."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from orr.messages import Message, say
from orr.source.yaml import MAX_BYTES

SECONDS = 60
_REVISION = re.compile(r"[\w@][\w./@{}^~+#=,%-]*")  # what begins with a dash would be an option


class NoRevision(Exception):  # noqa: N818 - a fact, not a mistake
    """The revision cannot be read; `why` holds the cause."""

    def __init__(self, why: Message) -> None:
        self.why = why
        super().__init__(str(why))


class Outside(Exception):  # noqa: N818 - handled at once
    """A place that git does not keep."""


class Git:
    """git, run without a shell in the workspace; it only reads.

    Parameters
    ----------
    root
        The workspace.
    rev
        A branch, a tag, a commit, `HEAD~1`.

    Attributes
    ----------
    top
        The top of the working tree.
    commit
        What the revision is.

    Raises
    ------
    NoRevision
        If git is missing, this is no repository, or the revision does not exist.
    """

    def __init__(self, root: Path, rev: str) -> None:
        if not _REVISION.fullmatch(rev):
            raise NoRevision(say("fleet.impact.bad-rev", rev=rev))
        self.root, self.rev = root, rev
        if not self.run("rev-parse", "--git-dir"):
            raise NoRevision(say("fleet.impact.git", rev=rev, problem=f"{root}: no repository"))
        top = self.run("rev-parse", "--show-toplevel").decode(errors="surrogateescape").rstrip("\n")
        self.top = Path(top).resolve()
        self.commit = (
            self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}").decode().strip()
        )
        if not self.commit:
            raise NoRevision(say("fleet.impact.bad-rev", rev=rev))

    def run(self, *arguments: str) -> bytes:
        """Output of a git command; empty where its status alone is negative."""
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

    def changed(self) -> list[Path]:
        """The files that differ between the revision and the working tree, those that git does not track too."""
        differ = self.run("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", self.commit, "--")
        new = self.run("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", str(self.top))
        names = (name for name in (differ + new).split(b"\0") if name)
        return sorted({self.top / os.fsdecode(name) for name in names})

    def blobs(self, commit: str, place: PurePosixPath) -> Iterator[tuple[str, str]]:
        """The YAML files of a folder, or the file: their paths from the workspace, and their objects."""
        real = Path(os.path.normpath(self.root / place))
        if place.is_absolute() or not real.is_relative_to(self.top):
            raise Outside
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
        """Content of an object, truncated beyond the limit."""
        size = int(self.run("cat-file", "-s", blob) or b"0")
        return self.run("cat-file", "blob", blob) if size <= MAX_BYTES else b"#" * (MAX_BYTES + 1)
