"""The table of places by convention, from `conventions.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orr.source.yaml import parse_shipped

PREFIX = "convention:"
"""Before a convention's name, where a pattern may stand."""


@dataclass(frozen=True, slots=True)
class Convention:
    """Where one sort of file usually lies.

    Attributes
    ----------
    name, title
        What a checklist writes behind `convention:`, and its words by language.
    read
        The patterns that checks look for.
    offered
        Those that `orr init` looks for, too.
    fixed
        Whether checks look there for what must not be, so that no workload says where that is.
    """

    name: str
    title: Mapping[str, str]
    read: tuple[str, ...]
    offered: tuple[str, ...]
    fixed: bool


@cache
def _table() -> Mapping[str, Any]:
    return parse_shipped(Path(__file__).with_name("conventions.yaml"))


@cache
def conventions() -> Mapping[str, Convention]:
    """All conventions by name, in the table's order."""
    return {
        name: Convention(name, one["title"], tuple(one["read"]), tuple(one.get("offered", ())), one.get("fixed", False))
        for name, one in _table()["conventions"].items()
    }


@cache
def aside() -> frozenset[str]:
    """Names of folders, in lower case, whose files count only where a pattern names the folder."""
    return frozenset(_table()["aside"])


def usual(name: str) -> list[str]:
    """The patterns that checks look for under a convention."""
    return list(conventions()[name].read)


def at_own_places(given: Any, paths: Mapping[str, Iterable[str]]) -> Any:
    """Replace each `convention:NAME` of a parameter by the patterns that `paths` has for the name."""
    if isinstance(given, str):
        own = paths.get(given.removeprefix(PREFIX)) if given.startswith(PREFIX) else None
        return given if own is None else list(own)
    if not isinstance(given, list):
        return given
    placed = (at_own_places(one, paths) for one in given)
    return [pattern for one in placed for pattern in (one if isinstance(one, list) else [one])]


def spelled_out(patterns: Iterable[str]) -> list[str]:
    """Patterns with each `convention:NAME` replaced by that convention's own.

    Raises
    ------
    KeyError
        If there is no such convention; with its name.
    """
    spelled = (usual(one.removeprefix(PREFIX)) if one.startswith(PREFIX) else [one] for one in patterns)
    return list(dict.fromkeys(pattern for group in spelled for pattern in group))
