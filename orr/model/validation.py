"""Validate plain data into the words of a review. Loads pydantic."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from orr.model.base import Record

__all__ = ["Form", "ValidationError", "adapter", "errors_of", "read"]

P = TypeVar("P", bound=Record)


class Form(BaseModel):
    """The base of what stands in our own data files: frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def adapter(kind: Any) -> TypeAdapter[Any]:
    """What pydantic makes of a class of `orr.model.checklist`."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def read(kind: type[P], data: object) -> P:
    """Make a part from data; parts that are in it already stay as they are.

    Raises
    ------
    pydantic.ValidationError
        With everything that is wrong with it; see `errors_of`.
    """
    made: P = adapter(kind).validate_python(data)
    return made


def errors_of(error: ValidationError) -> list[dict[str, Any]]:
    """Errors of pydantic without the ones that follow from others."""
    found = error.errors(include_url=False)
    above = {one["loc"][:end] for one in found for end in range(len(one["loc"]))}
    return [dict(one) for one in found if one["type"] != "too_short" or one["loc"] not in above]
