"""Base class of the words of a review, and its conversion to plain data."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from datetime import date
from enum import Enum
from typing import Any, ClassVar, NamedTuple, NoReturn, TypeVar, dataclass_transform

P = TypeVar("P")
T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(kind: type[P]) -> type[P]:
    """Make a subclass of `Part` a dataclass.

    What `dataclass` would generate for each class anew, which takes it longer than all else in a command's
    start, `Part` has once for all of them.
    """
    return dataclass(init=False, repr=False, eq=False)(kind)


class Record:
    """The base of all: one mapping of a file, frozen, made by keywords alone.

    No key is unknown. An attribute that Python would not allow has a `_` behind its key: `if_`.
    A field's metadata may say under `written` how its value is turned into data.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid", "alias_generator": lambda name: name.rstrip("_")}

    def __init__(self, **values: Any) -> None:
        for attribute, _, default, factory, _ in _keys(type(self)):
            value = values.pop(attribute, default if factory is None else MISSING)
            if value is MISSING and factory is None:
                raise TypeError(f"{type(self).__name__} needs {attribute}")
            self.__dict__[attribute] = factory() if value is MISSING and factory is not None else value
        if values:
            raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")
        self.__post_init__()

    def __post_init__(self) -> None:
        """Raise a ValueError where the values do not fit together."""

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, one.attribute) for one in _keys(type(self)))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        shown = ", ".join(f"{one.attribute}={getattr(self, one.attribute)!r}" for one in _keys(type(self)))
        return f"{type(self).__name__}({shown})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete {name}")

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
        for attribute, key, default, factory, written in _keys(type(self)):
            value = getattr(self, attribute)
            if attribute not in without and (defaults or value != (default if factory is None else factory())):
                data[key] = plain(value, defaults=defaults) if written is None else written(value)
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
    return tuple(one.key for kind in Record.__subclasses__() for one in _keys(kind))


class _Key(NamedTuple):
    attribute: str
    key: str
    default: object
    factory: Callable[[], Any] | None
    written: Callable[[Any], Any] | None


_KEYS: dict[Any, tuple[_Key, ...]] = {}


def _keys(kind: Any) -> tuple[_Key, ...]:
    if kind not in _KEYS:
        _KEYS[kind] = tuple(
            _Key(
                one.name,
                one.name.rstrip("_"),
                one.default,
                None if one.default_factory is MISSING else one.default_factory,
                one.metadata.get("written"),
            )
            for one in fields(kind)
        )
    return _KEYS[kind]
