"""Change keys of a hand-written YAML file, and leave all else unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from orr.source.faults import FaultyInput, Path, Place
from orr.source.yaml import parse, parse_with_places
from orr.source.yaml.writer import dump

_END = re.compile(r"[ \t]*(?=[\n\r,}#]|\Z)")
"""Where a value on a line may end, before what comes after it."""
_TRIES = 12
_GONE = object()


class _Step(NamedTuple):
    """Key to set or remove, and the neighbouring keys of its mapping."""

    at: Path
    value: Any
    after: str | None = None
    before: str | None = None


def changed_text(text: str, wanted: Mapping[str, Any]) -> str | None:
    """Change a document that `parse` accepts.

    Parameters
    ----------
    text
        The document, whose top is a mapping.
    wanted
        All that it is to say. A new key is put between those that it stands between here.

    Returns
    -------
    str
        The document with all other comments and layout as they were; None where it is written in a way, such as with
        an alias, that one change cannot be made in.
    """
    data = parse(text, "")
    while (step := next(_steps(data, wanted), None)) is not None:
        data = _with(data, step.at, step.value)
        found = next((one for one in _candidates(text, step) if _reads_as(one, data)), None)
        if found is None:
            return None
        text = found
    return text


def _steps(now: dict[str, Any], wanted: Mapping[str, Any], at: Path = ()) -> Iterator[_Step]:
    keys = list(wanted)
    for number, (key, value) in enumerate(wanted.items()):
        old = now.get(key, _GONE)
        if old and isinstance(old, dict) and value and isinstance(value, dict):
            yield from _steps(old, value, (*at, key))
        elif old is _GONE or old != value:
            after = next((one for one in reversed(keys[:number]) if one in now), None)
            before = next((one for one in keys[number:] if one in now), None)
            yield _Step((*at, key), value, after or (None if before else next(reversed(now), None)), before)
    yield from (_Step((*at, key), _GONE) for key in now if key not in wanted)  # last, so that no mapping is empty


def _with(data: Mapping[str, Any], at: Path, value: Any) -> dict[str, Any]:
    """Data with a key set or removed; what an alias shares stays elsewhere."""
    key, *rest = at
    if rest:
        return {**data, str(key): _with(data[str(key)], tuple(rest), value)}
    others = {one: value for one, value in data.items() if one != key}
    return others if value is _GONE else {**data, str(key): value}


def _candidates(text: str, step: _Step) -> Iterator[str]:
    """Document with the change written in several ways, to take the first correct."""
    _, places = parse_with_places(text, "")
    here = places.get(step.at)
    if here is None:
        yield from _inserted(text, places, step)
        return
    start, by_lines = _offset(text, here), _lines_changed(text, here, step)
    ends = [found.start() for found in islice(_END.finditer(text, start), _TRIES)]
    if step.value is _GONE:
        yield by_lines
        yield from (text[:start].rstrip(", ") + text[end:] for end in ends)
        yield from (text[:start] + text[end:].lstrip(", ") for end in ends)
        return
    if isinstance(step.value, dict | list) or "\n" in str(step.value):
        yield by_lines
    yield from (text[:start] + _inline(step) + text[end:] for end in ends)
    yield by_lines


def _inserted(text: str, places: Mapping[Path, Place], step: _Step) -> Iterator[str]:
    """Document with a new key on own lines, or within a line."""
    above = step.at[:-1]
    after, before = (None if one is None else places.get((*above, one)) for one in (step.after, step.before))
    if after is not None and _begins_line(text, after):
        _, end = _extent(text.splitlines(keepends=True), after)
        yield _put(text, end, step, after.column - 1)
    if before is not None and _begins_line(text, before):
        yield _put(text, before.line - 1, step, before.column - 1)
    if before is not None:
        start = _offset(text, before)
        yield f"{text[:start]}{_inline(step)}, {text[start:]}"
    first = min((place for at, place in places.items() if at[:-1] == above), default=None)
    if first is not None:
        start = _offset(text, first)
        yield f"{text[:start]}{_inline(step)}, {text[start:]}"


def _lines_changed(text: str, here: Place, step: _Step) -> str:
    begin, end = _extent(text.splitlines(keepends=True), here)
    return _put(text, begin, step, here.column - 1, end)


def _put(text: str, begin: int, step: _Step, indent: int, end: int | None = None) -> str:
    """Text with a key on own lines, replacing some or before one."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    told = [] if step.value is _GONE else dump({step.at[-1]: step.value}).split("\n")[:-1]
    new = [f"{' ' * indent}{line}{newline}" if line else newline for line in told]
    return "".join([*lines[:begin], *new, *lines[begin if end is None else end :]])


def _extent(lines: Sequence[str], here: Place) -> tuple[int, int]:
    """Lines of a key and its value, without trailing blanks and comments."""
    begin = end = here.line - 1
    for number in range(begin + 1, len(lines)):
        words = lines[number].strip()
        deeper = len(lines[number]) - len(lines[number].lstrip(" ")) >= here.column
        if words and not words.startswith("#") and not (deeper or words.startswith("- ")):
            break
        if words and (deeper or not words.startswith("#")):
            end = number
    while end > begin and lines[end].lstrip().startswith("#"):
        end -= 1
    return begin, end + 1


def _inline(step: _Step) -> str:
    """A key and its value as they stand between braces."""
    if isinstance(step.value, str) and re.fullmatch(r"\w[\w .@+/-]*", step.value):
        return dump({step.at[-1]: step.value}).rstrip("\n")
    return f"{dump({step.at[-1]: None}).partition(': ')[0]}: {json.dumps(step.value, ensure_ascii=False)}"


def _begins_line(text: str, place: Place) -> bool:
    start = _offset(text, place)
    return not text[start - place.column + 1 : start].strip(" ")


def _offset(text: str, place: Place) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1


def _reads_as(text: str, data: Any) -> bool:
    try:
        return bool(parse(text, "") == data)
    except FaultyInput:
        return False
