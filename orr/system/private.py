"""Folders of the user alone: where they lie, and whether what lies there is believed."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Literal

from orr.system.paths import exists

_WINDOWS = {"cache": ("LOCALAPPDATA", "AppData/Local"), "config": ("APPDATA", "AppData/Roaming")}
_MACOS = {"cache": "Library/Caches", "config": "Library/Application Support"}
_OTHERS = {"cache": ("XDG_CACHE_HOME", ".cache"), "config": ("XDG_CONFIG_HOME", ".config")}


def usual_folder(kind: Literal["cache", "config"]) -> Path:
    """Folder for what the programs of this user keep.

    Raises
    ------
    RuntimeError
        If the user has no home.
    """
    if sys.platform == "darwin":
        return Path.home() / _MACOS[kind]
    variable, usual = _WINDOWS[kind] if sys.platform == "win32" else _OTHERS[kind]
    named = Path(os.environ.get(variable, ""))  # a relative one counts for nothing, says XDG's specification
    return named if named.is_absolute() else Path.home() / usual


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for the user alone."""
    for place in reversed([place for place in (folder, *folder.parents) if not exists(place)]):
        place.mkdir(mode=0o700, exist_ok=True)


def owners() -> set[int]:
    """Users whose files this one believes: itself, root, and whoever became root by sudo."""
    by_sudo = os.environ.get("SUDO_UID", "") if os.geteuid() == 0 else ""
    return {os.geteuid(), 0} | ({int(by_sudo)} if by_sudo.isdecimal() else set())


def is_ours(status: os.stat_result) -> bool:
    """Whether only `owners` may write to a file, or a sticky folder's entries."""
    if not hasattr(os, "geteuid"):
        return True
    others = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    is_sticky = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
    return status.st_uid in owners() and not (others and not is_sticky)


def is_private(path: Path) -> bool:
    """Whether nobody else can change or replace a file, by any folder above.

    Raises
    ------
    OSError
        If one of them cannot be looked at.
    """
    path, real = path.absolute(), path.resolve()
    return all(is_ours(place.stat()) for place in {path, *path.parents, real, *real.parents})
