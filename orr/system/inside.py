"""Open a file within a folder, so that no link leads out of it meanwhile."""

from __future__ import annotations

import os

_BY_DESCRIPTOR = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


def open_inside(root: str, within: str) -> int:
    """Open what lies at a real path below a folder, for reading.

    Each folder on the way is opened from the one before it, and none of them may be a link: whoever puts one there
    between the look that found the real path and the opening gets nothing opened. Where the system cannot do that, as
    on Windows, the whole path is opened at once. A named pipe does not wait for its writer.

    Parameters
    ----------
    root
        The folder.
    within
        What is left of the real path below it, without links, `.` and `..`.

    Returns
    -------
    int
        The descriptor, which the caller closes.

    Raises
    ------
    OSError
        If it cannot be opened, or a link stands on the way.
    """
    if not _BY_DESCRIPTOR:
        return os.open(os.path.join(root, within), _FILE)  # noqa: PTH118
    *folders, name = within.split(os.sep)  # noqa: PTH206 - a text is split in less time
    folder = os.open(root, _FOLDER)
    try:
        for step in folders:
            deeper = os.open(step, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = deeper
        return os.open(name, _FILE, dir_fd=folder)
    finally:
        os.close(folder)
