"""Read a workspace at a git revision, without touching the working tree."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, suppress
from datetime import date, datetime, timedelta, timezone
from pathlib import Path, PurePosixPath

from orr.messages import say
from orr.messages.errors import OrrError
from orr.source.yaml import MAX_BYTES
from orr.system.git import NEEDED, Git, GitRefused, opened
from orr.system.git_objects import Object
from orr.workspace.changes import changed_files

_COMMITTER = re.compile(rb"^committer .*> (\d+) ([+-])(\d\d)(\d\d)$", re.MULTILINE)
_REVISION = re.compile(r"[\w@][\w./@{}^~+#=,%-]*")  # what begins with a dash would be an option

MAX_FILES, MAX_TREE = 20_000, 200_000_000
"""How many files, and bytes of them, are written at most to look at a revision."""

MAX_LINKS = 40
"""How many links are followed, as by the system."""


class NoRevision(OrrError):
    """The revision cannot be read; `why` holds the cause."""


class Outside(Exception):
    """A place that git does not keep."""


class Revision:
    """A workspace as it was at a revision.

    Parameters
    ----------
    root
        The workspace.
    name
        A branch, a tag, a commit, `HEAD~1`.
    git
        The repository of the workspace, where it is open already.

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

    def __init__(self, root: Path, name: str, git: Git | None = None) -> None:
        if not _REVISION.fullmatch(name):
            raise NoRevision(say("fleet.impact.bad-rev", rev=name))
        self.root, self.name, self._until_closed = root, name, ExitStack()
        try:
            self._git = git or self._until_closed.enter_context(opened(root))
            commit = self._git.commit(name)
        except GitRefused as refused:
            self.close()
            raise self._none(refused) from None
        if commit is None:
            self.close()
            raise NoRevision(say("fleet.impact.bad-rev", rev=name))
        self.top, self.commit = self._git.top, commit

    def at(self, name: str) -> Revision:
        """Another revision of the same repository, which is usable until this one is closed; see `Revision`."""
        return Revision(self.root, name, self._git)

    def changed(self) -> list[Path]:
        """Files that differ between the revision and the work tree, untracked ones included."""
        try:
            return sorted(changed_files(self._git, self.commit))
        except GitRefused as refused:
            raise self._none(refused) from None

    def blobs(self, place: PurePosixPath) -> Iterator[tuple[str, str]]:
        """YAML files of a folder, or one file: workspace paths and objects."""
        real = Path(os.path.normpath(self.root / place))
        if place.is_absolute() or not real.is_relative_to(self.top):
            raise Outside
        found = self._found(str(place))
        if found is not None and found.kind == "tree":
            for kind, blob, name in sorted(found.entries(), key=lambda entry: entry[2]):
                if kind in ("blob", "link") and name.endswith(".yaml"):
                    yield str(place / name), blob
        elif found is not None:
            yield str(place), found.name

    def files(self, *paths: str) -> dict[str, bytes]:
        """Contents of those workspace files that existed, each truncated at the limit."""
        found = ((path, self._found(path)) for path in paths)
        return {path: _content(one) for path, one in found if one is not None and one.kind == "blob"}

    def folders(self, place: str) -> list[str]:
        """The folders in a folder of the workspace, by name."""
        return sorted(PurePosixPath(name).name for kind, _, name in self._tree(f"{place}/") if kind == "tree")

    def resolved(self, place: str) -> Path | None:
        """Where a path of the workspace led by links; None where git did not hold it."""
        steps, path, links = [*PurePosixPath(place).parts], self.root, 0
        while steps:
            step = steps.pop(0)
            path = path.parent if step == ".." else path / step
            link = self._link(path) if step != ".." and links < MAX_LINKS else None
            if link is not None:
                links, steps, path = links + 1, [*PurePosixPath(link).parts, *steps], path.parent
        return path if path.is_relative_to(self.top) and self._asked(self._named(path)) is not None else None

    def _link(self, path: Path) -> str | None:
        """Where a path leads that was a link; None where it was none."""
        above = self._asked(self._named(path.parent)) if path.parent.is_relative_to(self.top) else None
        for kind, blob, name in above.entries() if above is not None and above.kind == "tree" else ():
            if name == path.name and kind == "link":
                return os.fsdecode(_content(self._object(blob)))
        return None

    def _named(self, path: Path) -> str:
        place = Path(os.path.relpath(path, self.top)).as_posix()
        return f"{self.commit}:{'' if place == '.' else place}"

    def content(self, blob: str) -> bytes:
        """Content of an object, truncated beyond the limit."""
        return _content(self._object(blob))

    def check_out(self, paths: Iterable[str], into: Path) -> bool:
        """Write those paths that existed into a separate work tree; False if too large."""
        there = [name for _, _, name in self._tree(*paths)]
        if not there:
            return True
        listed = self._run("ls-tree", "-r", "-l", "-z", self.commit, "--", *there).split(b"\0")
        sizes = [line.split(maxsplit=4)[3] for line in listed if line]
        if len(sizes) > MAX_FILES or sum(int(size) for size in sizes if size.isdigit()) > MAX_TREE:
            return False
        try:
            self._git.check_out(self.commit, there, into)
        except GitRefused as refused:
            raise self._none(refused) from None
        return True

    def touched(
        self, *paths: str, matching: str = "", at_most: int, themselves: bool = False
    ) -> Generator[str, None, None]:
        """Last commits that changed paths, or matching lines there; `themselves`: nothing below them.

        The newest comes first. Each is looked for when it is asked for; `closing` ends that.
        """
        lines = [f"-G{matching}"] if matching else []
        inside = [path for path in paths if Path(os.path.normpath(self.root / path)).is_relative_to(self.top)]
        inside += [f":(exclude,glob){path}/**" for path in inside] if themselves else []
        log = ("log", "-m", "--first-parent", f"-n{at_most}", "--format=%ct %H", *lines, self.commit)
        try:
            for line in self._git.lines(*log, "--", *inside) if inside else ():
                yield line.decode().rstrip()
        except GitRefused as refused:
            raise self._none(refused) from None

    @property
    def day(self) -> date:
        """The day of the commit, where it was made."""
        read = _COMMITTER.search(self._object(self.commit).content or b"")
        with suppress(ValueError, OverflowError, OSError):  # a commit may bear any number
            if read is not None:
                east = int(read[2] + b"1") * timedelta(hours=int(read[3]), minutes=int(read[4]))
                return datetime.fromtimestamp(int(read[1]), timezone(east)).date()
        raise self._none(GitRefused("failed", f"{self.commit} bears no date"))

    def wrote(self, text: str, place: PurePosixPath) -> str | None:
        """First commit up to the revision that wrote a text; None for none."""
        told = self._run("log", "--format=%H", f"-S{text}", self.commit, "--", str(place))
        return told.decode().split()[-1] if told.strip() else None

    def before(self, moment: str) -> str | None:
        """Last commit up to the revision that is not after a moment; else None."""
        return self._run("rev-list", "-1", f"--before={moment}", self.commit).decode().strip() or None

    def close(self) -> None:
        """Let go of the repository, where it is not another's."""
        self._until_closed.close()

    def _found(self, path: str) -> Object | None:
        """The file or folder that a path of the workspace was; None where there was none."""
        found = self._asked(self._named(Path(os.path.normpath(self.root / path))))
        if found is not None:
            return found
        # What a repository has lost is not known not to have been there; a submodule has its objects elsewhere.
        return next((self._object(name) for kind, name, _ in self._tree(path) if kind != "commit"), None)

    def _object(self, name: str) -> Object:
        found = self._asked(name)
        if found is None or (found.kind == "tree" and found.content is None):
            raise self._none(GitRefused("failed", f"object {name} is not there, or too large"))
        return found

    def _asked(self, name: str) -> Object | None:
        try:
            return self._git.object(name, MAX_BYTES)
        except GitRefused as refused:
            raise self._none(refused) from None

    def _tree(self, *paths: str) -> list[tuple[str, str, str]]:
        entries = []
        # A folder itself is listed by its name without a slash; its content by that with one.
        for line in self._run("ls-tree", "-z", self.commit, "--", *paths).split(b"\0"):
            head, tab, name = line.decode(errors="surrogateescape").partition("\t")
            if tab:
                _mode, kind, blob = head.split()
                entries.append((kind, blob, name))
        return entries

    def _run(self, *arguments: str) -> bytes:
        try:
            return self._git.run(*arguments)
        except GitRefused as refused:
            raise self._none(refused) from None

    def _none(self, refused: GitRefused) -> NoRevision:
        problem = say(f"fleet.git.{refused.kind}", problem=refused.problem, needed=NEEDED)
        return NoRevision(say("fleet.impact.git", rev=self.name, problem=problem))


def _content(found: Object) -> bytes:
    return found.content if found.content is not None else b"#" * (MAX_BYTES + 1)
