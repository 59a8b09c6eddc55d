"""Set keys in a YAML file that people wrote, and leave all else of it as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from orr.source.faults import FaultyInput, Path, Place
from orr.source.yaml import parse, parse_with_places
from orr.source.yaml.writer import dump

_VALUE = re.compile(r"[^\n\r,}#]*?(?= *(?:[\n\r,}#]|\Z))")
"""A key with its word, up to what comes after it on the line."""


def with_keys(text: str, at: Path, before: str, values: Mapping[str, str]) -> str | None:
    """Set keys of a mapping in a document that `parse` accepts.

    Parameters
    ----------
    text
        The document.
    at
        Where the mapping stands.
    before
        The key of the mapping before which keys are put that it does not have.
    values
        By key the text.

    Returns
    -------
    str
        The document with comments and layout as they were; None where it is written in a way, such as with
        an alias, that one change cannot be made in.
    """
    data, places = parse_with_places(text, "")
    wanted = deepcopy(data)
    mapping = wanted
    for key in at:
        mapping = mapping[key]
    there = [key for key in values if (*at, key) in places]
    missing = {key: value for key, value in values.items() if key not in mapping}
    mapping.update(values)
    for key in sorted(there, key=lambda key: places[*at, key], reverse=True):  # what stands behind stays in place
        start = _offset(text, places[*at, key])
        text = text[:start] + _flow(key, values[key]) + _VALUE.sub("", text[start:], count=1)
    candidates = [text]
    if missing:
        candidates = [*_inserted(text, places[*at, before], missing)] if (*at, before) in places else []
    return next((one for one in candidates if _reads_as(one, wanted)), None)


def _inserted(text: str, place: Place, values: Mapping[str, str]) -> Iterator[str]:
    """The text with keys put before another one: on lines of their own, and within a line."""
    start = _offset(text, place)
    indent = text[start - place.column + 1 : start]
    newline = "\r\n" if "\r\n" in text else "\n"
    if not indent.strip():
        lines = (dump({key: value}).splitlines() for key, value in values.items())
        yield text[:start] + "".join(f"{line}{newline}{indent}" for some in lines for line in some) + text[start:]
    yield text[:start] + "".join(f"{_flow(key, value)}, " for key, value in values.items()) + text[start:]


def _flow(key: str, value: str) -> str:
    """A key and its text as they stand between braces."""
    plain = dump({key: value}).rstrip("\n")
    return plain if re.fullmatch(r"\w[\w .@+/-]*", value) else f"{key}: {json.dumps(value, ensure_ascii=False)}"


def _offset(text: str, place: Place) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1


def _reads_as(text: str, data: Any) -> bool:
    try:
        return bool(parse(text, "") == data)
    except FaultyInput:
        return False
