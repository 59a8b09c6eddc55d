"""Walk parsed JSON and collect every fault with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orr.messages import Message, say
from orr.source.faults import Fault, Path, Place


class Shape:
    """Reads expected keys of objects; what is wrong gathers in `faults`, what is odd in `notes`."""

    def __init__(self, path: str, places: dict[Path, Place]) -> None:
        self.path, self.places = path, places
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []

    def wrong(self, at: Path, key: str, /, **values: Any) -> None:
        """Note a fault at a node."""
        self.faults.append(self._said(at, key, values))

    def odd(self, at: Path, key: str, /, **values: Any) -> None:
        """Note what is no fault but should be known."""
        self.notes.append(self._said(at, key, values))

    def _said(self, at: Path, key: str, values: dict[str, Any]) -> Fault:
        place = self.place(at)
        key = f"exchange.{key}"
        return Fault(self.path, place, say(key, **values), say(f"{key}.do", **values))

    def place(self, at: Path) -> Place:
        """Where a node stands, or the nearest around it that does."""
        return next(self.places[at[:size]] for size in range(len(at), -1, -1) if at[:size] in self.places)

    def object(self, value: object, at: Path) -> dict[str, Any] | None:
        """An object, or None and a fault."""
        if isinstance(value, dict):
            return value
        self.wrong(at, "kind", key=_name(at), kind=say("exchange.kind.object"))
        return None

    def objects(
        self, parent: dict[str, Any], key: str, at: Path, mandatory: bool = True
    ) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The objects of a list, each with its path; a fault where one is no object."""
        here = (*at, key)
        value = parent.get(key)
        if value is None and not mandatory:
            return
        if not isinstance(value, list):
            self._absent_or(at, key, parent, say("exchange.kind.list"))
            return
        if not value and mandatory:
            self.wrong(here, "none", key=key)
        for index, entry in enumerate(value):
            if (found := self.object(entry, (*here, index))) is not None:
                yield (*here, index), found

    def text(self, parent: dict[str, Any], key: str, at: Path, mandatory: bool = True) -> str:
        """A text; empty, with a fault where it is mandatory, if there is none."""
        value = parent.get(key)
        if value is None and not mandatory:
            return ""
        if not isinstance(value, str):
            self._absent_or(at, key, parent, say("exchange.kind.text"))
            return ""
        if not value.strip():
            if mandatory:
                self.wrong((*at, key), "blank", key=key)
            return ""
        return value

    def only(self, parent: dict[str, Any], known: tuple[str, ...], at: Path) -> None:
        """Tell of keys that are not read."""
        for key in parent:
            if key not in known:
                self.odd((*at, key), "unknown-key", key=key)

    def _absent_or(self, at: Path, key: str, parent: dict[str, Any], kind: Message) -> None:
        if key in parent:
            self.wrong((*at, key), "kind", key=key, kind=kind)
        else:
            self.wrong(at, "missing", key=key)


def _name(at: Path) -> str:
    return next((str(part) for part in reversed(at) if isinstance(part, str)), "…")
