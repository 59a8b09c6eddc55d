"""Whose workspaces a user obeys, and what their `allow` may open.

An `orr.yaml` of somebody else is refused, as git refuses a repository (`safe.directory`); one of the user's own
opens nothing by `allow` until the user has trusted that folder with exactly those kinds of check.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from orr.messages import Message, Said, say
from orr.messages.errors import OrrError
from orr.model.settings import Settings
from orr.source.faults import Fault, FaultyInput, Place
from orr.system.atomic import write_atomically
from orr.system.paths import exists, is_link, shown_as
from orr.system.private import is_private, make_folder, owners, usual_folder
from orr.workspace.reading import file_fault, read_file, unreadable

SETTINGS = "orr.yaml"
TRUSTED, SAFE = "ORR_TRUST", "ORR_SAFE_DIRECTORY"
LOCK_SECONDS = 10


class NotTrustworthy(OrrError):
    """The user's list of trusted folders cannot be believed or changed."""


def find_root(start: Path) -> Path:
    """Find the outermost folder upwards that has an `orr.yaml` which the user may obey.

    One below another workspace is of a workload or its repository, and so may come from anyone; no less where that of
    the workspace is a folder or a link to nowhere.

    Raises
    ------
    FaultyInput
        If there is none.
    """
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # a circle of links, no path, or unreadable
        start, refused = start.resolve(), []
        for folder in (*reversed(start.parents), start):
            if exists(folder / SETTINGS) or is_link(folder / SETTINGS):
                fault = foreign(folder) or in_repository(folder)
                if fault is None:
                    return folder
                refused.append(fault)
        if refused:
            raise FaultyInput(refused)
    remedy = say("file.workspace.none.do")
    raise FaultyInput([Fault(str(start), Place(1, 1), say("file.workspace.none"), remedy)])


def foreign(root: Path, places: Iterable[Path] = ()) -> Fault | None:
    """Why a workspace is refused: another owner, or writable by anybody; else None.

    Parameters
    ----------
    root
        The folder that holds `orr.yaml`, links followed.
    places
        What else is looked at beside the folder and its `orr.yaml`: the checklists, where they are known.
    """
    if not hasattr(os, "geteuid") or _listed(root, SAFE):
        return None
    for place, wrong in _doubts(root, (root, root / SETTINGS, *places)):
        try:
            if str(root) in trusted():
                return None
        except NotTrustworthy:
            pass  # nobody is on a list that is not believed
        remedy = say("file.trust.foreign.do", command=_command(root), folder=str(root))
        return Fault(shown_as(place), Place(1, 1), wrong, remedy)
    return None


def _doubts(root: Path, places: Iterable[Path]) -> Iterator[tuple[Path, Message]]:
    by_anybody = 0
    for place in places:
        seen = []
        with contextlib.suppress(OSError, ValueError):  # nor can it be read, and whoever does says why
            seen.append(place.lstat())  # a link is somebody's, too, wherever it leads
            seen.append(place.stat())
        if place == root and seen:
            by_anybody = seen[-1].st_mode & stat.S_IWOTH  # with the sticky bit: without, it is in doubt itself
        for status in seen:
            if (place in (root, root / SETTINGS) or by_anybody) and status.st_uid not in owners():
                yield place, say("file.trust.owner", owner=_name(status.st_uid))
            is_sticky_folder = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
            if status.st_mode & stat.S_IWOTH and not is_sticky_folder and not stat.S_ISLNK(status.st_mode):
                yield place, say("file.trust.anybody")


def untrusted(root: Path, allow: Collection[str]) -> Said | None:
    """Why `allow` has no effect yet, with the remedy; None where trusted.

    Parameters
    ----------
    root
        The folder that holds `orr.yaml`, links followed.
    allow
        The kinds of check that it allows.
    """
    if not allow or _listed(root, TRUSTED):
        return None
    try:
        known = trusted().get(str(root))
    except NotTrustworthy as error:
        return error.why
    more = sorted(set(allow) - set(known or ()))
    if known is not None and not more:
        return None
    key = "file.trust.needed" if known is None else "file.trust.changed"
    return say(key, folder=str(root), kinds=more, command=_command(root))


def is_trusted(root: Path) -> bool:
    """Whether a folder is on the user's list, whatever may act there."""
    with contextlib.suppress(NotTrustworthy):
        return _listed(root, TRUSTED) or str(root) in trusted()
    return False


def in_repository(root: Path) -> Fault | None:
    """Why a workspace within a trusted one's repositories is refused."""
    try:
        known = trusted()
    except NotTrustworthy:
        return None  # without the list nothing is open to it either
    if str(root) in known or _listed(root, TRUSTED):
        return None
    for other in map(Path, known):
        settings = read_file(other / SETTINGS, Settings).model
        if settings is not None and any(root.is_relative_to((other / one).resolve()) for one in settings.repositories):
            remedy = say("file.trust.repository.do", command=_command(root))
            return Fault(shown_as(root / SETTINGS), Place(1, 1), say("file.trust.below", folder=str(other)), remedy)
    return None


def settings_below(root: Path, tops: Iterable[Path]) -> Iterator[Fault]:
    """Faults of every other `orr.yaml` below these folders, and of folders that cannot be looked into.

    Hidden folders are left out: nobody stands there by mistake, and no workspace is taken from there.
    """
    unread: list[OSError] = []
    for top in tops:
        for folder, below, files in os.walk(top, onerror=unread.append):
            below[:] = sorted(name for name in below if not name.startswith("."))
            if SETTINGS in files and Path(folder) != root:
                yield file_fault(Path(folder, SETTINGS), "trust.below", folder=str(root))
    yield from (unreadable(Path(error.filename), error) for error in unread)


# The user's list


def trusted() -> dict[str, list[str]]:
    """The folders that the user trusts, with the kinds of check that each may run.

    Raises
    ------
    NotTrustworthy
        If others may have written the list, or it cannot be read.
    """
    path = _list()
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8")
        if not is_private(path):
            raise NotTrustworthy(say("file.trust.list-not-private", path=str(path)))
        found = json.loads(text)
        if not all(isinstance(kinds, list) for kinds in found.values()):
            raise ValueError
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise NotTrustworthy(say("file.trust.list-unreadable", path=str(path), why=why)) from None
    return {str(folder): [str(kind) for kind in kinds] for folder, kinds in found.items()}


def trust(root: Path, allow: Collection[str] | None) -> None:
    """Trust a folder with these kinds of check, or (None) no longer.

    Raises
    ------
    NotTrustworthy
        If others may have written the list, it cannot be read, or there is no place for it.
    OSError
        If it cannot be written.
    """
    from filelock import FileLock  # most commands change no list

    path = _list()
    if path is None:
        raise NotTrustworthy(say("file.trust.no-place", variable=TRUSTED))
    make_folder(path.parent)
    with FileLock(path.with_name(f"{path.name}.lock"), timeout=LOCK_SECONDS):
        found = trusted()
        found.pop(str(root), None)
        if allow is not None:
            found[str(root)] = sorted(set(allow))
        write_atomically(path, (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())
        path.chmod(0o600)
        trusted()  # else it would be asked for once more, without a word why


def _list() -> Path | None:
    try:
        return usual_folder("config") / "orr" / "trust.json"
    except RuntimeError:  # no home
        return None


def _listed(folder: Path, variable: str) -> bool:
    """Whether a variable's list of paths covers a folder.

    An entry is the folder, all below another (`/x/*`), or all (`*`).
    """
    for name in os.environ.get(variable, "").split(os.pathsep):
        place = Path(name.removesuffix("*"))
        if name == "*" or (place.is_absolute() and name.endswith("/*") and place.resolve() in folder.parents):
            return True
        if place.is_absolute() and not name.endswith("*") and place.resolve() == folder:
            return True
    return False


def _command(root: Path) -> str:
    return f"orr trust {shlex.quote(str(root))}"


def _name(uid: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        return str(uid)
