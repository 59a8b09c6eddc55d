"""Take over changes of the shipped checklists where a workspace has not edited its copies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from orr.source.faults import FaultyInput
from orr.source.yaml import parse_with_places
from orr.system.atomic import write_atomically
from orr.system.paths import exists, files_in, is_folder
from orr.system.resources import shipped

RECORD = ".shipped.json"
"""Beside the copies: digests of what they were copied from, so that edits are told from old versions."""

Digests = Mapping[str, str]
"""By item, and by "" for all that is no item, the digest of its text."""


class Outcome(StrEnum):
    """What became of a copy."""

    NEW = "wrote"
    UPDATED = "updated"
    LEFT = "left"
    SAME = "same"


class Updated(NamedTuple):
    """A checklist's copy after the update.

    Attributes
    ----------
    path, outcome
        Which, below the workspace, and what became of it.
    taken
        Items that were added, changed or taken out as in what is shipped.
    kept
        Items that differ from what is shipped, because they were edited or the whole copy was left.
    """

    path: Path
    outcome: Outcome
    taken: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Text:
    """A checklist's text, cut at its items.

    Attributes
    ----------
    parts
        In order: what is no item under "", an item with its section under its name.
    """

    parts: tuple[tuple[str, str, str], ...]

    @property
    def items(self) -> dict[str, str]:
        return {name: text for name, _, text in self.parts if name}

    @property
    def digests(self) -> dict[str, str]:
        rest = "".join(text for name, _, text in self.parts if not name)
        return {"": _digest(rest), **{name: _digest(text) for name, text in self.items.items()}}


def record(folder: Path) -> None:
    """Write down that the copies in a folder are as they were shipped."""
    _write(folder, {name: _cut(path).digests for name, path in _lists(folder).items()})


def update(root: Path) -> list[Updated]:
    """Bring the copies in `checklists/` to what is shipped, but for what was edited.

    Raises
    ------
    FileNotFoundError
        If the workspace has no copies.
    """
    folder, source = root / "checklists", shipped("checklists")
    if not is_folder(folder) or folder.samefile(source):
        raise FileNotFoundError(folder)
    ours = _lists(source)
    known: dict[str, Digests] = json.loads((folder / RECORD).read_bytes()) if exists(folder / RECORD) else {}
    found = [_updated(folder / name, path, known.get(name)) for name, path in ours.items()]
    taken = {one.path.relative_to(folder).as_posix() for one in found if one.outcome is not Outcome.LEFT}
    now = {name: _cut(path).digests for name, path in ours.items() if name in taken}
    _write(folder, {**known, **now})
    return [one._replace(path=one.path.relative_to(root)) for one in found]


def _updated(copy: Path, source: Path, before: Digests | None) -> Updated:
    new = _cut(source)
    if not exists(copy):
        if before is not None:  # taken out on purpose
            return Updated(copy, Outcome.LEFT, kept=tuple(new.items))
        write_atomically(copy, source.read_bytes())
        return Updated(copy, Outcome.NEW, taken=tuple(new.items))
    if copy.read_bytes() == source.read_bytes():
        return Updated(copy, Outcome.SAME)
    try:
        old = _cut(copy)
    except FaultyInput:
        return Updated(copy, Outcome.LEFT, kept=tuple(new.items))
    if before is None or old.digests[""] not in (before[""], new.digests[""]):
        return Updated(copy, Outcome.LEFT, kept=_differing(old.digests, new.digests))
    edited = {name for name in _differing(old.digests, before) if old.digests.get(name) != new.digests.get(name)}
    write_atomically(copy, _merged(old, new, edited).encode())
    taken = tuple(name for name in _differing(old.digests, new.digests) if name not in edited)
    return Updated(copy, Outcome.UPDATED, taken, tuple(sorted(edited)))


def _merged(old: _Text, new: _Text, edited: Iterable[str]) -> str:
    """New text with edited items as they are; removed ones stay out."""
    here, edited = old.items, set(edited)
    lines: list[tuple[str, str]] = []
    for name, section, text in new.parts:
        if name not in edited:
            lines.append((section, text))
        elif name in here:
            lines.append((section, here[name]))
    for name, section, text in old.parts:
        if name in edited and name not in new.items:  # added here, or edited and shipped no more
            places = [place for place, (of, _) in enumerate(lines) if of == section] or [len(lines) - 1]
            lines.insert(places[-1] + 1, (section, text))
    return "".join(text if text.endswith("\n") else text + "\n" for _, text in lines)


def _differing(one: Digests, other: Digests) -> tuple[str, ...]:
    return tuple(name for name in {**one, **other} if name and one.get(name) != other.get(name))


def _cut(path: Path) -> _Text:
    text = path.read_text(encoding="utf-8")
    data, places = parse_with_places(text, path.name)
    starts: list[tuple[int, str, str]] = []
    for s, section in enumerate(data["sections"]):
        starts.append((places["sections", s].line, "", ""))
        for i, item in enumerate(section["items"]):
            starts.append((places["sections", s, "items", i].line, str(item["item"]), str(section["section"])))
    lines = text.splitlines(keepends=True)
    ends = [line for line, _, _ in starts[1:]] + [len(lines) + 1]
    parts = [("", "", "".join(lines[: starts[0][0] - 1]))]
    parts += [
        (name, section, "".join(lines[line - 1 : end - 1]))
        for (line, name, section), end in zip(starts, ends, strict=True)
    ]
    return _Text(tuple(parts))


def _lists(folder: Path) -> dict[str, Path]:
    paths = [*files_in(folder, ".yaml"), *(files_in(more, ".yaml") if is_folder(more := folder / "optional") else ())]
    return {path.relative_to(folder).as_posix(): path for path in paths}


def _digest(text: str) -> str:
    return hashlib.sha256(text.rstrip().encode()).hexdigest()[:16]


def _write(folder: Path, digests: Mapping[str, Digests]) -> None:
    text = json.dumps(digests, indent=1, sort_keys=True)
    write_atomically(folder / RECORD, (text + "\n").encode())
