"""Fingerprints of files and folders: by their status, and by content where the status differs.

A file whose size, inode and times are what they were has the content that it had. Where they
differ, or where it was written so shortly before the look that a later write may have left the
same times, its content decides.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from orr.evidence.repository.tree import MAX_ENTRIES, SKIPPED
from orr.system.git import Git, GitRefused, work_tree
from orr.system.open_files import is_held
from orr.system.paths import exists, is_folder

Fingerprint = Mapping[str, list[object]]
"""By path below a folder: size, times and inode (null where they prove nothing), and the hash of the content."""

HASHED_BYTES = 2_000_000
"""Larger files, which no check reads, are known by their status alone, as is a database that is open here."""

_RACY_NS = 2_000_000_000


class Unkeyable(Exception):  # noqa: N818 - a fact, not a mistake
    """Something that cannot be known surely: what depends on it is executed."""


def file_print(path: Path, known: list[object] | None = None) -> list[object] | None:
    """The print of a file; None where there is none.

    Raises
    ------
    Unkeyable
        If it cannot be read, or is neither a file nor a folder.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise Unkeyable(str(error)) from None
    if stat.S_ISDIR(status.st_mode):
        return ["folder"]
    return _of(str(path), status, known)


def tree_print(root: Path, known: Fingerprint | None = None) -> Fingerprint:
    """The print of all that a repository's walk finds below a folder.

    Parameters
    ----------
    known
        An earlier print: a file with the same status is not read again.

    Raises
    ------
    Unkeyable
        If something cannot be read, is neither a file, a folder nor a link, or a link leads to
        where the walk does not go; or if there is too much.
    """
    known = known or {}
    found: dict[str, list[object]] = {}
    waiting = [(str(root), "")]
    while waiting:
        folder, shown = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError as error:
            raise Unkeyable(str(error)) from None
        for entry in listed:
            if entry.name in SKIPPED:
                continue
            path = shown + entry.name
            if entry.is_symlink():
                found[path] = ["link", _link(entry.path, str(root))]
            elif entry.is_dir(follow_symlinks=False):
                found[path + "/"] = ["folder"]
                waiting.append((entry.path, path + "/"))
            else:
                try:
                    found[path] = _of(entry.path, entry.stat(follow_symlinks=False), known.get(path))
                except OSError as error:
                    raise Unkeyable(str(error)) from None
        if len(found) > MAX_ENTRIES:
            raise Unkeyable(str(root))
    return found


def same(one: Fingerprint | None, other: Fingerprint | None) -> bool:
    """Whether two prints are of the same content."""
    if one is None or other is None:
        return one is other
    return one.keys() == other.keys() and all(same_file(value, other[path]) for path, value in one.items())


def same_file(one: list[object] | None, other: list[object] | None) -> bool:
    """Whether two prints of a file are of the same content."""
    if one is None or other is None:
        return one is other
    if one[-1] is None or other[-1] is None:
        return one == other and one[0] is not None
    return one[-1] == other[-1]


def _of(path: str, status: os.stat_result, known: list[object] | None) -> list[object]:
    if not stat.S_ISREG(status.st_mode):
        raise Unkeyable(path)
    told: list[object] = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    if known is not None and known[:-1] == told:
        return known
    digest = None
    if status.st_size <= HASHED_BYTES and not is_held(os.path.realpath(path)):
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - a string: thousands of them
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise Unkeyable(str(error)) from None
    fresh = time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _RACY_NS
    return [*([None] * 4 if fresh else told), digest]


def _link(link: str, root: str) -> str:
    real = Path(os.path.realpath(link))
    if real.is_relative_to(root) and SKIPPED & set(real.relative_to(root).parts):
        raise Unkeyable(link)  # it leads to where the walk does not look
    try:
        return f"{Path(link).readlink()} {real} {exists(real)}"
    except OSError as error:
        raise Unkeyable(str(error)) from None


# What git knows

GitFingerprint = list[object]


def git_print(folder: Path, known: GitFingerprint | None = None) -> GitFingerprint | None:
    """The commit and the tracked files of the work tree that a folder lies in; None where it lies in none.

    Parameters
    ----------
    known
        An earlier print: where git's own files have the same status, git is not asked again.

    Raises
    ------
    Unkeyable
        If git cannot say.
    """
    top = work_tree(folder)
    if top is None:
        return None
    hints = _git_hints(top / ".git")
    if known is not None and hints is not None and known[0] == str(top) and known[1] == hints:
        return known
    try:
        with closing(Git(top)) as git:
            tracked = git.run("ls-files", "-z", "--stage")
    except GitRefused as refused:
        raise Unkeyable(str(refused)) from None
    return [str(top), hints, git.head, hashlib.sha256(tracked).hexdigest()]


def _git_hints(folder: Path) -> list[object] | None:
    """The status of the files that a commit or a change of the index writes; None where they prove nothing."""
    if not is_folder(folder):
        return None
    try:
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        paths = [folder / name for name in ("HEAD", "index", "packed-refs", "shallow")]
        if head.startswith("ref: "):
            paths.append(folder / head.removeprefix("ref: "))
        hints: list[object] = [head]
        for path in paths:
            try:
                status = path.stat()
            except FileNotFoundError:
                hints.append(None)
                continue
            if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _RACY_NS:
                return None
            hints.append([status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino])
    except (OSError, ValueError):
        return None
    return hints
