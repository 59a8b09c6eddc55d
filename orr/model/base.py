"""Base class of the words of a review, and its conversion to plain data."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from enum import Enum
from typing import Any, ClassVar, TypeVar, dataclass_transform

P = TypeVar("P")
T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(kind: type[P]) -> type[P]:
    """Make a subclass of `Record` a frozen dataclass that is made by keywords alone."""
    return dataclass(frozen=True, kw_only=True)(kind)


class Record:
    """The base of all: one mapping of a file.

    No key is unknown. An attribute that Python would not allow has a `_` behind its key: `if_`.
    A field's metadata may say under `written` how its value is turned into data.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]
    __pydantic_config__: ClassVar = {"extra": "forbid", "alias_generator": lambda name: name.rstrip("_")}

    def memoised(self, name: str, make: Callable[[], T]) -> T:
        """Compute a value of this immutable record once."""
        made: dict[str, Any] = self.__dict__.setdefault("_made", {})
        if name not in made:
            made[name] = make()
        kept: T = made[name]
        return kept

    def as_data(self, *, defaults: bool = False, without: Collection[str] = ()) -> dict[str, Any]:
        """Turn it into what `orr.source.yaml.parse` returns for it.

        Parameters
        ----------
        defaults
            Whether keys that say what holds without them are there too.
        without
            Attributes that are left out.

        Returns
        -------
        dict
            In the order of the attributes; days and times are texts.
        """
        data: dict[str, Any] = {}
        for one in fields(self):
            value, written = getattr(self, one.name), one.metadata.get("written")
            default = one.default if one.default_factory is MISSING else one.default_factory()
            if one.name not in without and (defaults or value != default):
                data[one.name.rstrip("_")] = plain(value, defaults=defaults) if written is None else written(value)
        return data


def plain(value: Any, *, defaults: bool = False) -> Any:
    """A value as data: of texts, numbers, lists and mappings only."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Record):
        return value.as_data(defaults=defaults)
    if isinstance(value, (tuple, list)):
        return [plain(one, defaults=defaults) for one in value]
    if isinstance(value, dict):
        return {key: plain(one, defaults=defaults) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def known_keys() -> tuple[str, ...]:
    """Every key that any file of a review may have."""
    return tuple(one.name.rstrip("_") for kind in Record.__subclasses__() for one in fields(kind))
