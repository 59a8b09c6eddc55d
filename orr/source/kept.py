"""Convert dataclasses, such as those of a review, to plain JSON data and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

from orr.model.base import Record

_SCALARS = (str, int, float, bool, type(None))


def to_plain(value: Any) -> Any:
    """Turn a value into scalars and pairs: the name of its type, and what it holds.

    Raises
    ------
    TypeError
        If it holds anything but dataclasses, named tuples, days, lists and mappings with texts for keys.
    """
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind in (tuple, list):
        return [kind.__name__, [to_plain(one) for one in value]]
    if kind is dict:
        return ["dict", {key: to_plain(one) for key, one in value.items()}]
    if kind in (date, datetime):
        return [kind.__name__, value.isoformat()]
    if is_dataclass(value):
        held = ((field, getattr(value, field.name)) for field in fields(value) if field.init)
        return [kind.__name__, {field.name: to_plain(one) for field, one in held if one is not field.default}]
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return [kind.__name__, {name: to_plain(one) for name, one in value._asdict().items()}]
    if kind is frozenset:
        return [kind.__name__, sorted(value)]
    if isinstance(value, Enum):
        return [kind.__name__, value.value]
    raise TypeError(kind.__name__)


Kinds = Mapping[str, Any]
"""Classes by name."""


def from_plain(data: Any, kinds: Kinds | None = None) -> Any:
    """Make what `to_plain` was given.

    Parameters
    ----------
    kinds
        The classes that may be made; those of a review where none are given.

    Raises
    ------
    LookupError, TypeError, ValueError
        If it is something else.
    """
    if not isinstance(data, list):
        return data
    name, held = data
    if name in ("tuple", "list"):
        made = (from_plain(one, kinds) for one in held)
        return tuple(made) if name == "tuple" else list(made)
    if name == "dict":
        return {key: from_plain(one, kinds) for key, one in held.items()}
    if name == "frozenset":
        return frozenset(held)
    kind = (kinds or of_a_review())[name]
    if isinstance(held, dict):
        return kind(**{key: from_plain(one, kinds) for key, one in held.items()})
    return kind.fromisoformat(held) if issubclass(kind, date) else kind(held)


@cache
def of_a_review() -> Kinds:
    """The words of a review."""
    from orr.model import checklist, impact, review, settings, workload

    words = [word for module in (checklist, impact, review, settings, workload) for word in vars(module).values()]
    kinds = [
        word for word in words if isinstance(word, type) and issubclass(word, (Record, Enum)) and word is not Record
    ]
    return {kind.__name__: kind for kind in (*kinds, date, datetime)}
