"""Compare paths as text, look at what lies there, and show them to users."""

from __future__ import annotations

import errno
import os
import pathlib
import stat

_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP}
_ABSENT_ON_WINDOWS = {21, 123, 1921}  # not ready, no name, a link that leads nowhere


def relative_to(path: str, folder: str) -> str | None:
    """Part of a path below a folder; empty for the folder, None for elsewhere.

    Both have to be written in one form, as real paths are: no link is followed here.
    """
    if path == folder:
        return ""
    base = folder.rstrip(os.sep) + os.sep
    return path[len(base) :] if path.startswith(base) else None


def refusal(error: OSError) -> str:
    """Error of the system with its file: `No space left on device: reports/shop/report.html`."""
    said = error.strerror or type(error).__name__
    return f"{said}: {shown_as(pathlib.Path(error.filename))}" if isinstance(error.filename, str) else said


def shown_as(path: pathlib.Path) -> str:
    """Path as the user would write it: relative to the current folder if below."""
    rest = relative_to(str(path), os.getcwd())  # noqa: PTH109 - no object is needed, and it is asked of every file
    return str(path) if rest is None else rest or "."


def exists(path: str | pathlib.Path) -> bool:
    """Whether a path leads to anything, links followed.

    From Python 3.14 on, `Path.exists` and its siblings answer no where a look is refused as well. What is
    refused must not count as absent, so these raise then, on every version.

    Raises
    ------
    OSError
        If it cannot be looked at: permission denied, a name that is too long, a broken disk.
    """
    return _mode(path) != 0


def is_file(path: str | pathlib.Path) -> bool:
    """Whether a path leads to a regular file; see `exists`."""
    return stat.S_ISREG(_mode(path))


def is_folder(path: str | pathlib.Path) -> bool:
    """Whether a path leads to a folder; see `exists`."""
    return stat.S_ISDIR(_mode(path))


def is_link(path: str | pathlib.Path) -> bool:
    """Whether a path is a symbolic link itself; see `exists`."""
    return stat.S_ISLNK(_mode(path, follow=False))


def files_in(folder: pathlib.Path, suffix: str) -> list[pathlib.Path]:
    """Sorted files of a folder with a suffix.

    Unlike `Path.glob`, fail where it may not be read.

    Raises
    ------
    OSError
        If it is no folder or cannot be listed.
    """
    return sorted(entry for entry in folder.iterdir() if entry.name.endswith(suffix))


def _mode(path: str | pathlib.Path, *, follow: bool = True) -> int:
    """The type and permissions of a file; 0 where there is none."""
    try:
        return os.stat(path, follow_symlinks=follow).st_mode  # noqa: PTH116 - texts as well as paths
    except OSError as error:
        if error.errno in _ABSENT or getattr(error, "winerror", None) in _ABSENT_ON_WINDOWS:
            return 0
        raise
    except ValueError:  # a null character, or what the file system cannot encode
        return 0
