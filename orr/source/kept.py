"""Turn the words of a review into plain data that JSON holds, and back."""

from __future__ import annotations

from dataclasses import fields
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
        If it holds anything but words of a review, days, lists and mappings.
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
    if isinstance(value, Record):
        held = ((field, getattr(value, field.name)) for field in fields(value))
        return [kind.__name__, {field.name: to_plain(one) for field, one in held if one is not field.default}]
    if isinstance(value, Enum):
        return [kind.__name__, value.value]
    raise TypeError(kind.__name__)


def from_plain(data: Any) -> Any:
    """Make what `to_plain` was given, by types of a review alone.

    Raises
    ------
    LookupError, TypeError, ValueError
        If it is something else.
    """
    if not isinstance(data, list):
        return data
    name, held = data
    if name == "tuple":
        return tuple(map(from_plain, held))
    if name == "list":
        return list(map(from_plain, held))
    if name == "dict":
        return {key: from_plain(one) for key, one in held.items()}
    kind = _kinds()[name]
    if issubclass(kind, Record):
        return kind(**{key: from_plain(one) for key, one in held.items()})
    return kind.fromisoformat(held) if issubclass(kind, date) else kind(held)


@cache
def _kinds() -> dict[str, Any]:
    from orr.model import checklist, impact, review, settings, workload

    words = [word for module in (checklist, impact, review, settings, workload) for word in vars(module).values()]
    kinds = [
        word for word in words if isinstance(word, type) and issubclass(word, (Record, Enum)) and word is not Record
    ]
    return {kind.__name__: kind for kind in (*kinds, date, datetime)}
