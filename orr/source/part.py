"""Faultless part of a faulty file, so that its other faults are found too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from orr.model.base import Record
from orr.source.faults import FaultyInput, Place
from orr.source.faults import Path as KeyPath
from orr.source.file import InputFile

MAX_ROUNDS = 5
M = TypeVar("M", bound=Record)


class Part(InputFile):
    """A file without some of its parts; places are those of the whole.

    Parameters
    ----------
    whole
        The file.
    gone
        The keys and elements that are left out.
    instead
        What stands at the top for mandatory keys that are left out or lacking.
    """

    def __init__(self, whole: InputFile, gone: set[KeyPath], instead: Mapping[str, Any]) -> None:
        super().__init__(whole.path, whole.shown_as, whole.raw)
        self._kept: dict[KeyPath, list[int]] = {}
        self.data = {**instead, **self._without(whole.data, (), (), gone)}

    def original(self, keys: KeyPath) -> KeyPath:
        """Where in the whole file something of the part stands."""
        kept = (self._kept.get(keys[:place]) for place in range(len(keys)))
        return tuple(
            one[key] if one is not None and isinstance(key, int) and key < len(one) else key
            for key, one in zip(keys, kept, strict=True)
        )

    def place(self, keys: KeyPath) -> Place:
        """As of the whole file."""
        return super().place(self.original(keys))

    def _without(self, value: Any, at: KeyPath, here: KeyPath, gone: set[KeyPath]) -> Any:
        if isinstance(value, dict):
            named = {key: (*at, key) for key in value}
            return {
                key: self._without(value[key], old, (*here, key), gone) for key, old in named.items() if old not in gone
            }
        if isinstance(value, list):
            kept = self._kept[here] = [place for place in range(len(value)) if (*at, place) not in gone]
            return [self._without(value[old], (*at, old), (*here, new), gone) for new, old in enumerate(kept)]
        return value


def part_of(file: InputFile, kind: type[M], instead: Mapping[str, Any]) -> tuple[Part, M] | None:
    """Part of a file that is valid by itself, and its model; else None.

    An unknown key is left out alone, anything else with the answer, the section of risk rules or the innermost
    element of a list that it stands in.
    """
    from orr.model.validation import ValidationError, errors_of, read

    try:
        data = file.data
    except FaultyInput:
        return None
    if not isinstance(data, dict):
        return None
    gone: set[KeyPath] = set()
    for _ in range(MAX_ROUNDS):
        part = Part(file, gone, instead)
        try:
            return part, read(kind, part.data)
        except ValidationError as error:
            faulty = [(part.original(one["loc"]), one["type"]) for one in errors_of(error)]
        more = {keys if reason == "unexpected_keyword_argument" else _around(keys, data) for keys, reason in faulty}
        if more <= gone:
            return None
        gone |= more
    return None


def _around(keys: KeyPath, data: dict[str, Any]) -> KeyPath:
    """The keys of the least part that can be left out with a fault."""
    if keys[:1] == ("answers",):
        return keys[:2]
    elements = [place for place, key in enumerate(keys) if isinstance(key, int)]
    if keys[:1] == ("sections",) and elements:
        section = data["sections"][keys[1]]
        if isinstance(section, dict) and "risk_rules" in section:
            return keys[:2]
    return keys[: elements[-1] + 1] if elements else keys[:1]
