"""Read owners by folder: OWNERS, OWNERS_ALIASES, MAINTAINERS.md and es-metadata.yml."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.documents.reading import markdown
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.model.person import groups

MAX_OWNERS = 200

_HANDLE = re.compile(
    r"(?<![\w@/.])@([A-Za-z0-9](?:[\w.-]{0,80}\w)?(?:/[\w.-]{1,80})?)|github\.com/([\w-]{1,80})(?![\w/-])"
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ENDS = re.compile(r"^\s*set noparent\b|\bno_parent_owners:[ \t]*true\b", re.MULTILINE)
_FORMER = re.compile(r"\b(?:emeritus|emeriti|former|past|retired|alumni|inactive)\b|离任|前任|荣誉", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FolderOwners:
    """The owners of a folder and of all below it that has none of its own.

    Attributes
    ----------
    folder
        "" for the repository's root.
    owners
        People as `@login` or an address; teams by their bare name.
    path, line
        Where they stand.
    """

    folder: str
    owners: tuple[str, ...]
    path: str
    line: int


def owners_of_folders(text: str, path: str, aliases: Mapping[str, Sequence[str]]) -> Iterator[FolderOwners]:
    """Who owns what by one file, known by its name.

    Parameters
    ----------
    text, path
        The file's content and place.
    aliases
        From OWNERS_ALIASES, which makes a name in OWNERS a team.

    Raises
    ------
    Undetermined
        If it cannot be read.
    """
    name = posixpath.basename(path).casefold()
    folder = posixpath.dirname(path)
    if name.startswith("es-metadata."):
        yield from _inventory(text, path)
    elif name.startswith("maintainers"):
        people = _maintainers(text, path)
        if people:
            yield FolderOwners("", people[:MAX_OWNERS], path, 1)
    else:
        named = [name for name in _approvers(text, path) if not is_placeholder(name)]
        teams = {name for name in named if len(set(groups(aliases.get(name, ())).values())) > 1}
        owners = [name if name in teams else _person(next(iter(aliases.get(name, ())), name)) for name in named]
        if owners or _ENDS.search(text):  # the owners of the folder above do not count here
            yield FolderOwners(folder, tuple(dict.fromkeys(owners))[:MAX_OWNERS], path, 1)


def read_aliases(text: str, path: str) -> dict[str, Sequence[str]]:
    """The teams of an OWNERS_ALIASES file that have members."""
    found: dict[str, Sequence[str]] = {}
    for document in read_stream(text, path):
        aliases = document.data.get("aliases") if isinstance(document.data, dict) else None
        for name, members in aliases.items() if isinstance(aliases, dict) else ():
            if isinstance(members, list) and members:
                found[str(name)] = [str(one) for one in members]
    return found


def _approvers(text: str, path: str) -> list[str]:
    """Approvers in an OWNERS file: Kubernetes' YAML, else Chromium's addresses, one a line."""
    try:
        documents = [document.data for document in read_stream(text, path)]
    except Undetermined:
        documents = []
    found: list[str] = []
    for data in documents:
        if isinstance(data, dict):
            filters = data.get("filters")
            whole = filters.get(".*") if isinstance(filters, dict) else None
            for one in (data, whole):
                named = one.get("approvers") if isinstance(one, dict) else None
                found += [str(name).strip() for name in named if str(name).strip()] if isinstance(named, list) else []
    if found or any(isinstance(data, dict) for data in documents):
        return found
    lines = (line.split("#")[0].strip() for line in text.split("\n"))
    return [line for line in lines if _ADDRESS.fullmatch(line)]


def _person(name: str) -> str:
    return name if "@" in name else f"@{name}"


def _maintainers(text: str, path: str) -> tuple[str, ...]:
    levels = {heading.line: heading for heading in markdown(text, path).headings}
    former: int | None = None  # the level of the heading under which those of former times stand
    found: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), 1):
        heading = levels.get(number)
        if heading is not None and (former is None or heading.level <= former):
            former = heading.level if _FORMER.search(heading.text) else None
        if former is None:
            found.update(dict.fromkeys(f"@{handle[1] or handle[2]}" for handle in _HANDLE.finditer(line)))
            found.update(dict.fromkeys(_ADDRESS.findall(line)))
    return tuple(found)


def _inventory(text: str, path: str) -> Iterator[FolderOwners]:
    for document in read_stream(text, path):
        data: Any = document.data
        accountable = data.get("accountableOwners") if isinstance(data, dict) else None
        service = accountable.get("service") if isinstance(accountable, dict) else None
        if isinstance(service, str) and service.strip():
            yield FolderOwners(
                "", (f"service:{service.strip()[:100]}",), path, document.line(("accountableOwners", "service"))
            )
