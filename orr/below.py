"""Where a path lies, told from its text: for what is asked of every file of a fleet."""

from __future__ import annotations

import os


def below(path: str, folder: str) -> str | None:
    """What of a path comes after a folder; nothing for the folder itself, None for what lies elsewhere.

    Both have to be written in one form, as real paths are: no link is followed here.
    """
    if path == folder:
        return ""
    base = folder.rstrip(os.sep) + os.sep
    return path[len(base) :] if path.startswith(base) else None
