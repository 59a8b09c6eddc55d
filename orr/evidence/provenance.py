"""What checks were made from: the files that they read, and what they looked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from orr.evidence.errors import Undetermined
from orr.evidence.repository.globs import BadPattern, read_pattern
from orr.evidence.repository.places import EvidencePlaces
from orr.evidence.repository.repository import COMMITTED, TEAMS, Repository
from orr.model.finding import Collected
from orr.model.settings import Settings


def collected(
    readers: Iterable[Repository], places: EvidencePlaces, settings: Settings, daily: Iterable[str]
) -> Collected:
    """Note what some repositories were read for; the files of the reviews themselves do not count.

    Parameters
    ----------
    readers
        The repositories, each after all checks.
    places
        Where they lie.
    settings
        What `orr.yaml` allows.
    daily
        The items with a finding that may be another one each day.
    """
    read: dict[str, dict[str, str]] = {}
    found: dict[str, dict[str, str]] = {}
    ran: dict[str, str] = {}
    for reader in readers:
        folder = _shown(reader.root, places)
        files = sorted(reader.read_files.items())
        read[folder] = {path: digest for path, digest in files if not _is_own(reader, path, places)}
        found[folder] = {name: _digest(reader, name, names, places) for name, names in sorted(reader.listings())}
        ran |= {_shown(path, places): digest for path, digest in sorted(reader.ran.items())}
    if ran:
        read["."] = {**read.get(".", {}), **ran}
    return Collected(read, found, allowed(settings), tuple(sorted(daily)))


def allowed(settings: Settings) -> tuple[str, ...]:
    """What settings let checks do and ask, in one list."""
    return tuple(sorted(settings.asked))


def differing(then: Collected, places: EvidencePlaces, settings: Settings) -> Iterator[str]:
    """Name what is not as it was when something was collected: files, patterns and settings.

    Yields
    ------
    str
        A path or pattern below the workspace, or `orr.yaml: allow, sources`.
    """
    if then.allowed != allowed(settings):
        yield "orr.yaml: allow, sources"
    looked_in = (places.root or places.repository, places.repository, *places.shared.values())
    here = {_shown(place, places): place for place in looked_in}
    for folder, files in then.read.items():
        root = here.get(folder)
        if root is None:
            yield folder
            continue
        reader = Repository(root)
        try:
            for path, digest in files.items():
                if _sum(reader, path) != digest:
                    yield str(PurePath(folder, path))
            for name, digest in then.found.get(folder, {}).items():
                if _listing(reader, name, places) != digest:
                    yield "teams" if name == TEAMS else str(PurePath(folder, name.removeprefix(COMMITTED)))
        finally:
            reader.close()


def _shown(folder: Path, places: EvidencePlaces) -> str:
    root = os.path.realpath(places.root or folder)
    return os.path.relpath(os.path.realpath(folder), root).replace(os.sep, "/")


def _is_own(reader: Repository, path: str, places: EvidencePlaces) -> bool:
    return places.is_own(os.path.realpath(reader.root / path))


def _sum(reader: Repository, path: str) -> str | None:
    try:
        return hashlib.sha256(reader.read(path, limit=2**30)).hexdigest()
    except Undetermined:
        return None


def _listing(reader: Repository, name: str, places: EvidencePlaces) -> str | None:
    try:
        return _digest(reader, name, _looked_for(reader, name, places), places)
    except (BadPattern, Undetermined):
        return None


def _looked_for(reader: Repository, name: str, places: EvidencePlaces) -> Iterable[str]:
    """What there is now of something that was looked for."""
    if name == TEAMS:
        return places.teams
    if name.startswith(COMMITTED):
        return reader.committed(read_pattern(name.removeprefix(COMMITTED)))
    found = reader.tree.find(read_pattern(name))
    names = (*found.files, *found.refused)
    return (name,) if not names and name in reader.tree else names


def _digest(reader: Repository, looked: str, names: Iterable[str], places: EvidencePlaces) -> str:
    by_pattern = not looked.startswith("/")
    kept = sorted(name for name in names if not (by_pattern and _is_own(reader, name, places)))
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()[:32] if kept else ""
