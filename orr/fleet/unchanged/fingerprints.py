"""Fingerprints of files, folders and repositories: by their status, and by content where the status differs.

A file whose size, inode and times are what they were has the content that it had. Where they
differ, or where it was written so shortly before the look that a later write may have left the
same times, its content decides.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from orr.evidence.repository.tree import MAX_ENTRIES, SKIPPED
from orr.system.git import Git, GitRefused, work_tree
from orr.system.open_files import is_held
from orr.system.paths import exists, is_file

HASHED_BYTES = 2_000_000
"""Larger files, which no check reads, are known by their status alone, as is a database that is open here."""

HASHED_TOTAL = 1_000_000_000
"""How much of one tree is hashed; what is left is known by its status, as a larger file is."""

_RACY_NS = 2_000_000_000


class Fingerprint(NamedTuple):
    """What shows that something is as it was.

    Attributes
    ----------
    status
        Sizes, times and inodes; empty where they prove nothing.
    content
        The content, hashed.
    """

    status: str
    content: str


class Unkeyable(Exception):
    """Something that cannot be known surely: what depends on it is executed."""


def of_file(path: Path, known: Fingerprint | None = None) -> Fingerprint:
    """The fingerprint of a file, wherever links lead to; also of none.

    Raises
    ------
    Unkeyable
        If it cannot be read, or is neither a file nor a folder.
    """
    try:
        real = os.path.realpath(path)
        status = os.stat(real)  # noqa: PTH116 - a string, as realpath gives it
    except (FileNotFoundError, NotADirectoryError):
        return Fingerprint("", f"{real} none")
    except (OSError, ValueError) as error:
        raise Unkeyable(str(error)) from None
    if stat.S_ISDIR(status.st_mode):
        return Fingerprint("", f"{real} folder")
    shown = f"{real} {_status(real, status)}"
    if known is not None and known.status == shown:
        return known
    return Fingerprint(shown if _proves(status) else "", f"{real} {_content(real, status)}")


def of_tree(root: Path, known: Fingerprint | None = None) -> Fingerprint:
    """The fingerprint of all that a repository's walk finds below a folder.

    Raises
    ------
    Unkeyable
        If something cannot be read, is neither a file, a folder nor a link, or a link leads to
        where the walk does not go; or if there is too much.
    """
    found = sorted(_walk(str(root)), key=lambda one: one[0])
    shown = [(path, what if isinstance(what, str) else _status(path, what)) for path, _, what in found]
    status = _hash(shown) if all(isinstance(what, str) or _proves(what) for _, _, what in found) else ""
    if known is not None and status and known.status == status:
        return known
    content: list[tuple[str, str]] = []
    left = HASHED_TOTAL
    for path, real, what in found:
        content.append((path, what if isinstance(what, str) else _content(real, what, left)))
        left -= 0 if isinstance(what, str) or what.st_size > HASHED_BYTES else what.st_size
    return Fingerprint(status, _hash(content))


def of_git(folder: Path, known: Fingerprint | None = None) -> Fingerprint:
    """Fingerprint of commit and tracked files of a folder's work tree, if any.

    Raises
    ------
    Unkeyable
        If git cannot tell.
    """
    try:
        top = work_tree(folder)
        if top is None:
            return Fingerprint("", "none")
        status = _status_of_git(top / ".git")
        if known is not None and status and known.status == status:
            return known
        with closing(Git(top)) as git:
            tracked, shallow = git.run("ls-files", "-z", "--stage"), git.common / "shallow"
            cut = shallow.read_bytes() if is_file(shallow) else b""
            return Fingerprint(status, _hash([top, git.head, tracked, cut]))
    except (GitRefused, OSError) as error:
        raise Unkeyable(str(error)) from None


def same(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two fingerprints are of the same content."""
    return one.content == other.content


def _walk(root: str) -> Iterator[tuple[str, str, str | os.stat_result]]:
    """Paths below a folder, each with its location and kind or status."""
    waiting, count = [(root, "")], 0
    while waiting:
        folder, shown = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name in SKIPPED:
                        continue
                    count += 1
                    if count > MAX_ENTRIES:
                        raise Unkeyable(root)
                    path = shown + entry.name
                    if entry.is_symlink():
                        yield path, entry.path, _link(entry.path, root)
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, path + "/"))
                        yield path, entry.path, "folder"
                    else:
                        yield path, entry.path, entry.stat(follow_symlinks=False)
        except OSError as error:
            raise Unkeyable(str(error)) from None


def _link(link: str, root: str) -> str:
    real = Path(os.path.realpath(link))
    if real.is_relative_to(root) and SKIPPED & set(real.relative_to(root).parts):
        raise Unkeyable(link)  # it leads to where the walk does not look
    return f"link {Path(link).readlink()} {real} {exists(real)}"


def _status(path: str, status: os.stat_result) -> str:
    if not stat.S_ISREG(status.st_mode):
        raise Unkeyable(path)
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _proves(status: os.stat_result) -> bool:
    return time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) >= _RACY_NS


def _content(path: str, status: os.stat_result, left: int = HASHED_BYTES) -> str:
    if status.st_size > min(left, HASHED_BYTES) or is_held(os.path.realpath(path)):
        if not _proves(status):
            raise Unkeyable(path)
        return _status(path, status)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a string: thousands of them
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unkeyable(str(error)) from None


def _status_of_git(folder: Path) -> str:
    """Status of files that commits and index changes write; empty if these prove nothing."""
    try:
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        paths = [folder / name for name in ("HEAD", "index", "packed-refs", "shallow")]
        if head.startswith("ref: "):
            paths.append(folder / head.removeprefix("ref: "))
        statuses = [(path, path.stat() if exists(path) else None) for path in paths]
    except (OSError, ValueError):  # of a worktree `.git` is a file
        return ""
    if any(status is not None and not _proves(status) for _, status in statuses):
        return ""
    return _hash([folder, head, *(_status(str(path), status) if status else "" for path, status in statuses)])


def _hash(parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()
