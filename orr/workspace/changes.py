"""Find the files of a working tree that differ from a commit, without running a filter."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from orr.system.git import Git, GitRefused, work_tree
from orr.system.inside import open_inside
from orr.system.paths import is_file

SUBMODULE = "160000"
"""The mode of a submodule."""

MAX_HASHED = 1_000_000_000
"""How much of files that Git LFS may keep is compared; what is left counts as changed."""

_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {size}\n"
_RAW = ("--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv")


def changed_files(git: Git, commit: str) -> set[Path]:
    """Compare a working tree, with the files that git does not track, with a commit.

    A submodule is a repository of its own and compared by itself. A file that Git LFS keeps
    is compared by its pointer. Of another filter what it makes of a file is not known, so a
    file counts as changed unless git knows it by its status to be as it was.

    Raises
    ------
    GitRefused
        If git cannot tell.
    """
    options, top = git.comparing(), git.top
    here = git.run(*options, "diff", *_RAW, "--ignore-submodules", commit, "--", within=top)
    names = set()
    left = MAX_HASHED
    for before, after, blob, name in _entries(here):
        kept, size = _is_kept_as(top, name, before, after, blob, left)
        left -= size
        if not kept:
            names.add(name)
    # What is committed and staged of submodules needs no look into them.
    staged = git.run("diff-index", "--cached", *_RAW, "--ignore-submodules=dirty", commit, "--", within=top)
    names |= {name for before, after, _, name in _entries(staged) if SUBMODULE in (before, after)}
    own = git.common / "info" / "exclude"  # a repository that was made without a template has none
    exclude = [f"--exclude-from={own}"] if is_file(own) else []
    listed = git.run(*options, "ls-files", "--others", "--exclude-standard", *exclude, "-z", within=top)
    names |= {name for name in listed.split(b"\0") if name}
    found = {top / os.fsdecode(name) for name in names}
    for path, recorded in _submodules(git):
        found |= _changed_in_submodule(path, recorded)
    return found


def _entries(raw: bytes) -> Iterator[tuple[str, str, str, bytes]]:
    """Modes, object and name of each file that `--raw` lists."""
    words = raw.split(b"\0")
    for head, name in zip(words[::2], words[1::2], strict=False):  # nothing follows the last NUL
        before, after, blob, *_ = head.decode("ascii").removeprefix(":").split()
        yield before, after, blob, name


def _is_kept_as(top: Path, name: bytes, before: str, after: str, blob: str, most: int) -> tuple[bool, int]:
    """Whether an object is the LFS pointer of a file, and bytes read."""
    if before != after or not after.startswith("100"):
        return False, 0
    try:
        with os.fdopen(open_inside(str(top), os.fsdecode(name).replace("/", os.sep)), "rb") as file:
            if os.fstat(file.fileno()).st_size > most:
                return False, 0
            digest, size = hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
    except OSError:
        return False, 0
    pointer = _POINTER.format(digest=digest, size=size).encode()
    return blob_id(pointer, blob) == blob, size


def blob_id(content: bytes, like: str) -> str:
    """The name that git gives to a content, in the form of another name."""
    form = hashlib.sha1 if len(like) == 40 else hashlib.sha256
    return form(b"blob %d\0%b" % (len(content), content)).hexdigest()


def _submodules(git: Git) -> Iterator[tuple[Path, str]]:
    """The submodules that are checked out, each with the commit that is staged of it."""
    for line in git.run("ls-files", "--stage", "-z", within=git.top).split(b"\0"):
        head, _, name = line.partition(b"\t")
        mode, _, commit = head.decode("ascii").partition(" ")
        path = git.top / os.fsdecode(name)
        if mode == SUBMODULE and work_tree(path) == path:
            yield path, commit.split()[0]


def _changed_in_submodule(path: Path, recorded: str) -> set[Path]:
    """What differs in a submodule; all of it where that cannot be found out."""
    try:
        git = Git(path)
    except GitRefused:
        return {path}
    try:
        commit = git.commit(recorded)
        return {path} if commit is None else changed_files(git, commit)
    except GitRefused:
        return {path}
    finally:
        git.close()
