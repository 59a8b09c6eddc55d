"""Run git on a repository of others; nothing that its configuration names is ever started.

git reads the objects, the index and the work tree through a git folder of our own, which
holds no configuration, attributes, hooks or remotes. So no key can name a program, be it
known today or not. The repository itself is asked only whose it is and what its names
stand for: by `git rev-parse` and `git config`, without objects, which start nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Generator, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Literal

from orr.system.git_objects import Object, Objects
from orr.system.paths import exists, is_file, is_link, refusal
from orr.system.processes import find_program, temporary_folder

NEEDED = "2.30"
"""The lowest version that knows every option given here."""

SECONDS = 60.0

MAX_COMMIT = 1_000_000
"""How large a commit may be whose content is read."""

MAX_PROBLEM = 200
"""How much of what git writes about an error is kept."""

_VERSION = re.compile(rb"git version (\d+)\.(\d+)")
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_WHERE = re.compile(rb"(.+)\n(sha1|sha256)\n(?:([0-9a-f]{40,64})\n)?", re.DOTALL)
_OPTIONS = ("--no-pager", "--literal-pathspecs")
_BESIDES = (
    "safe.bareRepository=explicit", "core.fsmonitor=false", f"core.hooksPath={os.devnull}", "protocol.allow=never",
    "credential.helper=", "fetch.bundleURI=",
)  # fmt: skip
"""What the repository's configuration may not say even where it is read."""

_READING = re.compile(
    r"core\.(autocrlf|checkstat|eol|excludesfile|filemode|ignorecase|precomposeunicode|symlinks|trustctime)"
)
"""The settings that decide whether a file is as it was committed, and of which none names a program."""


class GitRefused(Exception):
    """git gives no answer.

    Attributes
    ----------
    kind
        Whether it is not installed, too old, or failed.
    problem
        In git's words; its version where it is too old.
    """

    def __init__(self, kind: Literal["missing", "old", "failed"], problem: str = "") -> None:
        self.kind, self.problem = kind, problem
        super().__init__(f"git: {kind} {problem}".rstrip())


def work_tree(folder: Path) -> Path | None:
    """Top folder of the work tree around a folder; None in bare repositories.

    Raises
    ------
    GitRefused
        If a folder above may not be looked at.
    """
    try:
        for one in (folder, *folder.parents):
            git, head = one / ".git", one / ".git" / "HEAD"
            if is_file(git) or exists(head) or is_link(head):  # of a worktree it is a file
                return one
    except OSError as error:
        raise GitRefused("failed", refusal(error)) from None
    return None


class Git:
    """The repository whose work tree a folder lies in, to be read and never written.

    Parameters
    ----------
    folder
        Commands run here, so that paths are relative to it.
    seconds
        How long each may take.

    Attributes
    ----------
    top
        The top of the work tree.
    common
        The git folder with the objects, which worktrees share.
    head
        The commit that is checked out; None before the first.

    Raises
    ------
    GitRefused
        If git is missing or too old, there is no work tree, or it is somebody else's and not listed under
        `safe.directory` by the user.
    """

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self.folder, self._seconds = folder.resolve(), seconds
        self._program = _git(os.environ.get("PATH", ""))
        top = work_tree(self.folder)
        if top is None:
            raise GitRefused("failed", f"{folder}: not a git repository")
        self.top = top
        self._ours = temporary_folder()
        self._objects = Objects(partial(self.start, "cat-file", "--batch", stdin=subprocess.PIPE), seconds)
        try:
            ours = Path(self._ours.name)
            for name in ("objects", "refs"):
                (ours / name).mkdir()
            self._asking = _their_environment(top, ours / "objects")
            own, self._form, self.head = self._where()
            shared = own / "commondir"  # of a worktree
            self.common = own / os.fsdecode(shared.read_bytes()).strip("\n") if is_file(shared) else own
            _furnish(ours, own, self.common, self._form, self.head)
        except GitRefused:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise GitRefused("failed", refusal(error)) from None
        self._index = own / "index"
        self._environment = _our_environment(ours, top, self._index, self.common / "objects")

    def run(self, *arguments: str, within: Path | None = None, given: bytes = b"") -> bytes:
        """Run a command to its end.

        Parameters
        ----------
        within
            The folder to run in, if not the one that paths are relative to.
        given
            What it reads.

        Returns
        -------
        bytes
            What it prints; nothing where it denies by its status alone.

        Raises
        ------
        GitRefused
            If it fails, or takes too long.
        """
        return self._done([*_OPTIONS, *arguments], self._environment, within or self.folder, given)

    def lines(self, *arguments: str) -> Generator[bytes, None, None]:
        """Lines that a command prints, each when asked for; git ends with the iterator.

        Raises
        ------
        GitRefused
            If it fails, or takes too long.
        """
        try:
            process = self.start(*arguments)
        except OSError as error:
            raise GitRefused("failed", refusal(error)) from None
        late = threading.Timer(self._seconds, process.kill)
        late.start()
        try:
            assert process.stdout is not None
            yield from iter(process.stdout.readline, b"")
            if process.wait():
                raise GitRefused("failed", f"git {arguments[0]} ended with {process.returncode}")
        finally:
            late.cancel()
            late.join()
            process.kill()
            process.communicate()

    def object(self, name: str, at_most: int = MAX_COMMIT) -> Object | None:
        """The object that a hash or `COMMIT:PATH` names, with its content where that is not larger.

        None where there is none, where it was lost, and of a name of several lines, for which git cannot be asked so.

        Raises
        ------
        GitRefused
            If git ends, or takes too long.
        """
        try:
            return self._objects.read(name, at_most) if "\n" not in name else None
        except OSError as error:
            raise GitRefused("failed", str(error)) from None

    def start(self, *arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start a command, to read what it prints while it runs.

        Raises
        ------
        OSError
            If it cannot be started.
        """
        return subprocess.Popen(  # noqa: S603 - git by its whole path, no shell
            [self._program, *_OPTIONS, *arguments],
            cwd=self.folder, env=self._environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def commit(self, revision: str) -> str | None:
        """Commit that a branch, tag, hash or `HEAD~1` names; None for none.

        Parameters
        ----------
        revision
            It begins with no dash.
        """
        name, steps, more = re.fullmatch(r"([^~^]*)([~^]?)(.*)", revision, re.DOTALL).groups()  # type: ignore[union-attr]
        named = self.head if name == "HEAD" else name if _HASH.fullmatch(name) else None
        named = named or self._ask("rev-parse", "--quiet", "--verify", name).decode().strip()
        found = self.object(f"{named or name}{steps}{more}^{{commit}}")
        return found.name if found is not None else None

    def comparing(self) -> list[str]:
        """The options with which git compares files as the user's and the repository's settings ask for.

        From here on git works on a copy of the index, since it would write into it what it finds unchanged.
        """
        copy = Path(self._ours.name) / "index"
        with contextlib.suppress(FileNotFoundError):  # in which case nothing is tracked
            self._environment["GIT_INDEX_FILE"] = str(shutil.copy2(self._index, copy))
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser())
        options = ["-c", f"core.excludesfile={home / 'git' / 'ignore'}"]  # where nothing else is set
        listed = self._ask("config", "-z", "--get-regexp", f"^{_READING.pattern}$").decode("utf-8", "surrogateescape")
        for entry in listed.split("\0"):
            key, newline, value = entry.partition("\n")
            if _READING.fullmatch(key):
                value = str(Path(value).expanduser()) if key == "core.excludesfile" else value
                options += ["-c", f"{key}={value}" if newline else key]
        return options

    def check_out(self, commit: str, paths: Iterable[str], into: Path) -> None:
        """Write paths of a commit into a folder with the same history.

        Parameters
        ----------
        paths
            Relative to the folder that commands run in; each is there at the commit.
        into
            What stands for the top of the work tree; the first commit that is written there is checked out.

        Raises
        ------
        GitRefused
            If it fails, or takes too long.
        """
        own = into / ".git"
        try:
            if not exists(own):
                for name in ("objects/info", "refs"):
                    (own / name).mkdir(parents=True)
                (own / "objects" / "info" / "alternates").write_text(f"{self.common / 'objects'}\n", encoding="utf-8")
                _furnish(own, own, self.common, self._form, commit)
            within = into / self.folder.relative_to(self.top)
            within.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GitRefused("failed", refusal(error)) from None
        environment = {**self._environment, "GIT_DIR": str(own), "GIT_INDEX_FILE": str(own / "index")}
        environment["GIT_WORK_TREE"] = str(into)
        self._done([*_OPTIONS, "checkout", "--quiet", "--force", commit, "--", *paths], environment, within, b"")

    def close(self) -> None:
        """Remove what was made for it."""
        self._objects.close()
        self._ours.cleanup()

    def _where(self) -> tuple[Path, str, str | None]:
        """The repository's git folder, the form of its hashes, and the commit that is checked out."""
        told = self._ask("rev-parse", "--absolute-git-dir", "--show-object-format", "--quiet", "--verify", "HEAD", ok=1)
        read = _WHERE.fullmatch(told)
        own = Path(os.fsdecode(read[1])) if read is not None else None
        if read is None or own is None or own == self.top:  # a bare repository, of a git that takes any
            raise GitRefused("failed", f"{self.top}: not a git repository")
        return own, read[2].decode(), read[3].decode() if read[3] else None

    def _ask(self, *arguments: str, ok: int = 0) -> bytes:
        """Ask the repository itself, where nothing but names and settings can be read."""
        settings = [word for setting in _BESIDES for word in ("-c", setting)]
        return self._done([*settings, *_OPTIONS, *arguments], self._asking, self.top, b"", ok)

    def _done(
        self, words: Iterable[str], environment: dict[str, str], folder: Path, given: bytes, ok: int = 0
    ) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - git by its whole path, no shell
                [self._program, *words],
                cwd=folder, env=environment, input=given, capture_output=True, timeout=self._seconds, check=False,
            )  # fmt: skip
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise GitRefused("failed", f"{type(error).__name__}: {error}") from None
        if done.returncode not in (0, ok) and done.stderr.strip():
            raise GitRefused("failed", " ".join(done.stderr.decode("utf-8", "replace").split())[:MAX_PROBLEM])
        return done.stdout if done.returncode in (0, ok) else b""


_kept = threading.local()


@contextlib.contextmanager
def kept_open() -> Iterator[None]:
    """Open each repository only once meanwhile, as far as this thread asks `opened` for it.

    What a repository has checked out is looked at once, too.
    """
    if getattr(_kept, "by_folder", None) is not None:
        yield
        return
    _kept.by_folder = {}
    try:
        yield
    finally:
        for one in _kept.by_folder.values():
            one.close()
        _kept.by_folder = None


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Git]:
    """Open the repository of a folder, or use the one that `kept_open` holds; see `Git`."""
    by_folder = getattr(_kept, "by_folder", None)
    if by_folder is None:
        with contextlib.closing(Git(folder)) as one:
            yield one
    else:
        if folder not in by_folder:
            by_folder[folder] = Git(folder)
        yield by_folder[folder]


@cache
def _git(path: str) -> str:
    """The program, as `PATH` has it, if it is new enough."""
    program = find_program("git", path)
    if program is None:
        raise GitRefused("missing")
    try:
        told = subprocess.run([program, "version"], capture_output=True, timeout=SECONDS, check=False).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise GitRefused("failed", f"{type(error).__name__}: {error}") from None
    read = _VERSION.match(told)
    if read is None or [int(read[1]), int(read[2])] < [int(part) for part in NEEDED.split(".")]:
        raise GitRefused("old", told.decode("utf-8", "replace").strip()[:MAX_PROBLEM])
    return program


def _furnish(ours: Path, own: Path, common: Path, form: str, head: str | None) -> None:
    """Make a git folder that stands for another, with nothing in it that could start anything."""
    settings = f"[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tobjectFormat = {form}\n"
    (ours / "config").write_text(settings, encoding="ascii")
    (ours / "HEAD").write_text(f"{head}\n" if head else "ref: refs/heads/none\n", encoding="ascii")
    if is_file(common / "shallow"):
        (ours / "shallow").write_bytes((common / "shallow").read_bytes())
    for part in own.glob("sharedindex.*"):  # an index may be kept in two files
        (ours / part.name).symlink_to(part)


def _without_git() -> dict[str, str]:
    # A hook's GIT_DIR would make git answer for another repository.
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
    return {
        **kept,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _their_environment(top: Path, nothing: Path) -> dict[str, str]:
    """Environment for git: the user's settings such as `safe.directory`, but no objects."""
    users = {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG")}
    looking = {"GIT_CEILING_DIRECTORIES": str(top.parent), "GIT_OBJECT_DIRECTORY": str(nothing)}
    return {**_without_git(), **users, **looking}


def _our_environment(ours: Path, top: Path, index: Path, objects: Path) -> dict[str, str]:
    return {
        **_without_git(),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_DIR": str(ours),
        "GIT_INDEX_FILE": str(index),
        "GIT_OBJECT_DIRECTORY": str(objects),
        "GIT_WORK_TREE": str(top),
        "HOME": str(ours),  # where a git that knows no GIT_CONFIG_GLOBAL looks
        "XDG_CONFIG_HOME": str(ours),
    }
