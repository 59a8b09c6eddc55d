"""Change one entry of a mapping in a YAML file that people wrote, and leave all else of it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orr.source.faults import FaultyInput
from orr.source.yaml import parse, parse_with_places
from orr.source.yaml.writer import dump


def with_entry(text: str, key: str, name: str, value: Mapping[str, Any] | None) -> str:
    """Set or delete an entry of a mapping that stands at the top of a document which `parse` accepts.

    Parameters
    ----------
    text
        The document.
    key
        The mapping's key; it is added at the end where it is missing.
    name, value
        The entry; None deletes it.

    Returns
    -------
    str
        The document with the comments and the layout of all other entries as they were; in the canonical form
        where it is written in a way, such as on one line, in which one entry cannot be changed by itself.
    """
    data = parse(text, "")
    entries = {other: one for other, one in (data.get(key) or {}).items() if other != name}
    wanted = {**data, key: entries if value is None else {**entries, name: value}}
    changed = _by_lines(text, key, name, value)
    try:
        if parse(changed, "") == wanted:
            return changed
    except FaultyInput:
        pass
    return dump({**wanted, key: dict(sorted(wanted[key].items()))})


def _by_lines(text: str, key: str, name: str, value: Mapping[str, Any] | None) -> str:
    """The document with the lines of the entry replaced, as they stand in the canonical form."""
    data, places = parse_with_places(text, "")
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    starts = {other: places[key, other] for other in data.get(key) or ()}
    indent = " " * (min((place.column for place in starts.values()), default=3) - 1)
    new = [] if value is None else [indent + line for line in dump({name: value}).splitlines(keepends=True)]
    new = [line if line.strip() else "\n" for line in new]
    if not starts:
        return "".join([*lines, *([] if key in data else [f"{key}:\n"]), *new])
    tops = [places[(other,)].line for other in data if places[(other,)].line > places[(key,)].line]
    last = min(tops, default=len(lines) + 1) - 1
    begins = sorted(place.line - 1 for place in starts.values())
    if name in starts:
        begin = starts[name].line - 1
        end = next((line for line in begins if line > begin), last)
        while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
            end -= 1  # what stands before the next entry is about that
    else:
        later = [place.line - 1 for other, place in starts.items() if other > name]
        begin = end = min(later, default=last)
    return "".join([*lines[:begin], *new, *lines[end:]])
