"""Read an input file and report faults with their places."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from orr.messages import Message, say
from orr.model.base import Record, known_keys
from orr.source import yaml as yamlfile
from orr.source.faults import Fault, FaultyInput, Place, first, nearest, shortened
from orr.source.faults import Path as KeyPath
from orr.source.kept import from_plain, to_plain
from orr.system.cache import is_in_use, remembered

M = TypeVar("M", bound=Record)

_LIMITS = {
    "greater_than_equal": "ge",
    "less_than_equal": "le",
    "too_short": "min_length",
    "string_too_short": "min_length",
    "string_too_long": "max_length",
}
_SAME_WORDS = {
    "bool_type": "bool",
    "bool_parsing": "bool",
    "int_type": "int",
    "int_parsing": "int",
    "int_from_float": "int",
    "string_type": "string",
    "tuple_type": "list",
    "list_type": "list",
    "dataclass_type": "mapping",
    "dict_type": "mapping",
    "greater_than_equal": "at-least",
    "less_than_equal": "at-most",
    "too_short": "empty-list",
    "string_too_short": "text",
    "string_too_long": "too-long",
    "string_pattern_mismatch": "pattern",
}

_MAKERS = ("orr.model.*", "orr.source.kept", *yamlfile.READER, "pydantic")


class InputFile:
    """A YAML file: text, data, and faults that point into it.

    Parameters
    ----------
    path
        Where it lies.
    shown_as
        How the user would name it.
    raw
        Its content.
    """

    def __init__(self, path: Path, shown_as: str, raw: bytes) -> None:
        self.path, self.shown_as, self.raw = path, shown_as, raw

    @cached_property
    def text(self) -> str:
        """Its text; see `data` for what is raised."""
        return yamlfile.decode(self.raw, self.shown_as)

    @cached_property
    def data(self) -> Any:
        """Its data.

        Raises
        ------
        FaultyInput
            If it is not YAML 1.2 within the bounds of `orr.source.yaml`.
        """
        from orr.source.yaml.reader import read  # what is read as before needs neither this nor pydantic

        return read(self.text, self.shown_as)

    @cached_property
    def _places(self) -> Mapping[KeyPath, Place]:
        return yamlfile.places(self.text)

    def place(self, keys: tuple[str | int, ...]) -> Place:
        """Where a key stands; for one that is not there, where its parent does."""
        for end in range(len(keys), 0, -1):
            if keys[:end] in self._places:
                return self._places[keys[:end]]
        return Place(1, 1)

    def fault(self, keys: tuple[str | int, ...], wrong: Message, remedy: Message) -> Fault:
        """A fault at a key of this file."""
        return Fault(self.shown_as, self.place(keys), wrong, remedy)

    def fault_at(self, keys: tuple[str | int, ...], key: str, /, **values: Any) -> Fault:
        """A fault whose words are `file.<key>` and `file.<key>.do`."""
        values = {name: shortened(value) if type(value) is str else value for name, value in values.items()}
        return self.fault(keys, say(f"file.{key}", **values), say(f"file.{key}.do", **values))

    def read_as(self, kind: type[M]) -> M:
        """Turn the data into a model.

        Raises
        ------
        FaultyInput
            With every fault of the file at once.
        """
        if not is_in_use():
            return self._read_anew(kind)
        fresh: list[M] = []

        def read() -> Any:
            fresh.append(self._read_anew(kind))
            return to_plain(fresh[0])

        data = remembered(_MAKERS, f"{kind.__name__}\n{self.text}", read)
        with suppress(AttributeError, LookupError, TypeError, ValueError):
            made = fresh[0] if fresh else from_plain(data)
            if isinstance(made, kind):
                return made
        return self._read_anew(kind)  # what was kept is no such thing

    def _read_anew(self, kind: type[M]) -> M:
        if not isinstance(self.data, dict):
            raise FaultyInput([self.fault_at((), "model.mapping", key=self.path.name)])
        from orr.model.validation import ValidationError, errors_of, read

        try:
            return read(kind, self.data)
        except ValidationError as error:
            raise FaultyInput(first(self._refused(one) for one in errors_of(error))) from None

    def _refused(self, error: dict[str, Any]) -> Fault:
        keys: tuple[str | int, ...] = error["loc"]
        kind: str = error["type"]
        context: dict[str, Any] = error.get("ctx", {})
        key = str(keys[-1]) if keys else self.path.name
        if kind == "missing":
            return self.fault_at(keys, "model.missing", key=key)
        if kind == "unexpected_keyword_argument":
            return self._unknown_key(keys, key)
        if kind in ("enum", "literal_error"):
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            return self.fault_at(keys, "model.choice", key=key, value=shortened(error["input"]), expected=expected)
        if kind.startswith("orr."):
            values = {name: value for name, value in context.items() if name != "kind"}
            return self.fault_at(keys, f"model.{context['kind']}", **{"key": key, **values})
        if kind in _SAME_WORDS:
            limit = context.get(_LIMITS.get(kind, ""), "")
            value = shortened(error["input"])
            return self.fault_at(keys, f"model.{_SAME_WORDS[kind]}", key=key, value=value, limit=str(limit))
        return self.fault_at(keys, "model.other", key=key, problem=str(error["msg"]))

    def _unknown_key(self, keys: tuple[str | int, ...], key: str) -> Fault:
        near = nearest(key, known_keys(), cutoff=0.75)
        if near is not None:
            return self.fault(
                keys, say("file.model.unknown-key", key=shortened(key)), say("file.model.unknown-key.near", near=near)
            )
        return self.fault_at(keys, "model.unknown-key", key=key)
