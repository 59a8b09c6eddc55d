"""Validate the parameters of a check against its signature. Loads pydantic."""

from __future__ import annotations

import difflib
import inspect
import json
import sys
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from orr.evidence.kinds.parameters import Expects, Refused
from orr.messages import Message, Said, say
from orr.model.fields import Days

Keys = tuple[str | int, ...]
KeyFault = tuple[Keys, Message, Message]
"""Where in a check's mapping, what is wrong, and what to do."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a kind of check.

    Attributes
    ----------
    name
        Its key in a checklist.
    expects
        What may stand there.
    required
        Whether it must be given.
    default
        What holds where it is not.
    """

    name: str
    expects: Said
    required: bool
    default: object


class Signature:
    """The parameters of a check function.

    Parameters
    ----------
    function
        A check; its first parameter is `context`, all others have annotations.

    Raises
    ------
    TypeError
        If the function is no check.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        given = _parameters(function)
        if not given or given[0].name != "context":
            raise TypeError("the first parameter of a check is `context`")
        hints = _hints(function, given[1:])
        self.parameters: list[Parameter] = []
        fields: dict[str, Any] = {}
        for one in given[1:]:
            if one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL, one.POSITIONAL_ONLY) or one.name not in hints:
                raise TypeError(f"the parameter `{one.name}` needs a name and an annotation of its own")
            required = one.default is one.empty
            default = None if required else one.default
            expects = _expects(hints[one.name])
            key = one.name.removesuffix("_")  # as Python's own words have: `except_`
            self.parameters.append(Parameter(key, expects, required, default))
            # Not the name itself, which may be one that pydantic's own methods have.
            fields[f"p_{one.name}"] = (
                hints[one.name],
                Field(alias=key) if required else Field(default, alias=key),
            )
        self._model: type[BaseModel] = create_model(
            "Parameters", __config__=ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True), **fields
        )

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The values to call the check with.

        Raises
        ------
        pydantic.ValidationError
            If they are not what the signature asks for; see `faults`.
        """
        # By way of JSON, which YAML's data is, so that strict types take lists and texts.
        read = self._model.model_validate_json(json.dumps(dict(given), default=str), strict=True)
        return {name[2:]: getattr(read, name) for name in read.model_fields_set}

    def faults(self, given: Mapping[str, Any]) -> list[KeyFault]:
        """Everything that is wrong with values from a checklist."""
        try:
            self.read(given)
        except ValidationError as error:
            found = [self._fault(given, dict(one)) for one in error.errors(include_url=False)]
            return list({keys: (keys, wrong, remedy) for keys, wrong, remedy in reversed(found)}.values())[::-1]
        return []

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the parameters."""
        return self._model.model_json_schema()

    def _fault(self, given: Mapping[str, Any], error: dict[str, Any]) -> KeyFault:
        kind, loc = error["type"], error["loc"]
        key = str(loc[0]) if loc else "check"
        if kind == "missing" and len(loc) == 1:
            return (), say("file.model.missing", key=key), say("file.model.missing.do", key=key)
        if kind == "extra_forbidden" and len(loc) == 1:
            known = [one.name for one in self.parameters]
            near = difflib.get_close_matches(key, known, n=1)
            remedy = (
                say("file.model.unknown-key.near", near=near[0])
                if near
                else say("evidence.parameter.known", known=known)
                if known
                else say("evidence.parameter.none")
            )
            return (key,), say("evidence.parameter.unknown", key=key), remedy
        keys, value = _within(given, loc)
        refused = error.get("ctx", {}).get("error")
        if isinstance(refused, Refused):
            return keys, refused.wrong, refused.remedy
        expects = next((one.expects for one in self.parameters if one.name == key), "")
        shown = _shown(value)
        return (
            keys,
            say("evidence.parameter.wrong", key=key, value=shown),
            say("evidence.parameter.wrong.do", expects=expects),
        )


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        # Annotations are evaluated only now, and `Context` may be imported for type checkers alone.
        return list(inspect.signature(function, annotation_format=Format.FORWARDREF).parameters.values())
    return list(inspect.signature(function).parameters.values())


def _hints(function: Callable[..., Any], given: list[inspect.Parameter]) -> dict[str, Any]:
    annotations = {one.name: one.annotation for one in given if one.annotation is not one.empty}
    holder = types.SimpleNamespace(__annotations__=annotations)
    return typing.get_type_hints(holder, getattr(inspect.unwrap(function), "__globals__", {}), include_extras=True)


def _expects(annotation: Any) -> Said:
    if annotation == Days:
        return say("evidence.expects.days")
    if typing.get_origin(annotation) is Annotated:
        words = [note.what for note in annotation.__metadata__ if isinstance(note, Expects)]
        return words[-1] if words else _expects(annotation.__origin__)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        kept = [one for one in arguments if one is not type(None)]
        return (
            _expects(kept[0]) if len(kept) == 1 else say("evidence.expects.either", kinds=[_expects(k) for k in kept])
        )
    if origin is typing.Literal:
        return say("evidence.expects.choice", choices=[str(one) for one in arguments])
    if origin is list:
        return say("evidence.expects.list", kind=_expects(arguments[0]) if arguments else "")
    words_by_type = {str: "text", int: "whole", bool: "truth", float: "number"}
    if annotation in words_by_type:
        return say(f"evidence.expects.{words_by_type[annotation]}")
    return getattr(annotation, "__name__", str(annotation))


def _within(given: Mapping[str, Any], loc: tuple[str | int, ...]) -> tuple[Keys, object]:
    """Part of pydantic's location that exists in the data.

    The location also names a union's members.
    """
    keys: list[str | int] = []
    value: Any = given
    for step in loc:
        in_list = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if in_list or (isinstance(value, Mapping) and step in value):
            keys.append(step)
            value = value[step]
    return tuple(keys), value


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"
