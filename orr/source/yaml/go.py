"""Read YAML as programs in Go do, such as Prometheus and Sloth.

To them a plain word has no type of its own. It is read as what the field asks for that it stands in:
`yes` is true where a boolean is asked for, and text where a label is. So a plain word stays as it was
written here, and is read where it is used. Merge keys (`<<`) are merged.
"""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from yaml import ScalarEvent

from orr.source.faults import Path, Place
from orr.source.yaml.reader import Reader

_TRUE = frozenset(word for one in ("y", "yes", "true", "on") for word in (one, one.capitalize(), one.upper()))
_FALSE = frozenset(word for one in ("n", "no", "false", "off") for word in (one, one.capitalize(), one.upper()))
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_WORDS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float"))
_MERGE = "tag:yaml.org,2002:merge"  # as yq writes it
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_BROKEN = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class Plain(str):
    """A scalar without quotes, as it was written."""

    __slots__ = ()


class Read(NamedTuple):
    """A document as it was read.

    Attributes
    ----------
    data
        Dicts, lists, None, texts that were quoted, and `Plain` words.
    places
        The place of every node.
    disputed
        Keys that stand before a `<<` which gives them another value: the first version of Go's YAML
        library lets the merge win, and so do kubectl, Helm, Grafana and Sloth; the later one lets the key
        win, and so does Prometheus.
    blocks
        Where texts stand line by line (`|`).
    """

    data: Any
    places: dict[Path, Place]
    disputed: tuple[Path, ...]
    blocks: frozenset[Path]


def read_as_go(text: str, path: str) -> Read:
    """Read one document.

    Raises
    ------
    FaultyInput
        As `orr.source.yaml.parse`, and for a `<<` that merges no mapping.
    """
    reader = _Reader(text, path, with_places=True)
    return Read(reader.read(), reader.places, tuple(reader.disputed), frozenset(reader.blocks))


def boolean(value: object) -> bool | None:
    """Boolean value of a plain word; None for other and quoted ones."""
    if not isinstance(value, Plain):
        return None
    return True if value in _TRUE else False if value in _FALSE else None


def number(value: object) -> float | None:
    """Finite number of a plain word; None for other and quoted ones.

    What begins with a zero is of base eight to some versions and of base ten to others, so it is none.
    """
    if not isinstance(value, Plain) or not (_WHOLE.fullmatch(value) or _BROKEN.fullmatch(value)):
        return None
    if re.match(r"[-+]?0[0-9]", value) or len(value) > 40:
        return None
    read = float(value.replace("_", ""))
    return read if math.isfinite(read) else None


def text(value: object) -> str:
    """Scalar as it was written; empty for anything else."""
    return str(value) if isinstance(value, str) else ""


class _Reader(Reader):
    max_aliases = 10_000  # files that merge hold one a rule; what they lead to counts against the bound on nodes

    def __init__(self, text: str, path: str, with_places: bool = False) -> None:
        super().__init__(text, path, with_places)
        self.disputed: list[Path] = []
        self.blocks: set[Path] = set()

    def _node(self, event: Any, at: Path, depth: int) -> Any:
        if type(event) is ScalarEvent and event.style == "|":
            self.blocks.add(at)
        return super()._node(event, at, depth)

    def _plain(self, text: str) -> Any:
        return None if text in _NULL else Plain(text)

    def _tagged(self, event: Any, tag: str) -> Any:
        if tag in _WORDS or (tag == _MERGE and event.value == "<<"):
            return self._plain(event.value)
        return super()._tagged(event, tag)

    def _mapping(self, at: Path, depth: int) -> dict[str, Any]:
        result = super()._mapping(at, depth)
        keys = list(result)
        merge = next((place for place, key in enumerate(keys) if key == "<<" and isinstance(key, Plain)), None)
        if merge is None:
            return result
        given = result.pop("<<")
        sources = given if isinstance(given, list) else [given]
        if not all(isinstance(source, dict) for source in sources):
            self._note(self.places.get((*at, "<<"), Place(1, 1)), "file.yaml.merge")
            return result
        merged: dict[str, Any] = {}
        for source in reversed(sources):  # of several, the first counts
            merged.update(source)
        self.disputed += [(*at, key) for key in keys[:merge] if key in merged and merged[key] != result[key]]
        return {**merged, **result}
