"""Parse YAML files, cached by content."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from orr.messages import say
from orr.source.faults import Fault, FaultyInput, Path, Place
from orr.system.cache import remembered

MAX_BYTES = 4_000_000

READER = ("orr.source.yaml.reader", "orr.source.yaml.schema", "yaml")


def decode(raw: bytes, path: str) -> str:
    """Turn a file's bytes into text: UTF-8, with or without a byte-order mark.

    Raises
    ------
    FaultyInput
        If the file is larger than `MAX_BYTES` or is not UTF-8.
    """
    if len(raw) > MAX_BYTES:
        wrong = say("file.yaml.too-large", size=len(raw), limit=MAX_BYTES)
        raise FaultyInput([Fault(path, Place(1, 1), wrong, say("file.yaml.too-large.do"))])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8-sig", "replace")
        line, column = good.count("\n") + 1, len(good) - good.rfind("\n")
        wrong = say("file.yaml.not-utf8", byte=f"0x{raw[error.start]:02x}")
        raise FaultyInput([Fault(path, Place(line, column), wrong, say("file.yaml.not-utf8.do"))]) from None


def parse(text: str, path: str) -> Any:
    """Read one YAML 1.2 document.

    Parameters
    ----------
    text
        The document.
    path
        The file's name for faults.

    Returns
    -------
    object
        Dicts with string keys, lists, strings, ints, floats, bools and None.

    Raises
    ------
    FaultyInput
        For a syntax error, an empty document, more than one document, equal keys, keys
        that are no strings, tags, and anything over the bounds of `orr.source.yaml.reader`.
    """

    def read() -> Any:
        from orr.source.yaml.reader import read  # most commands find all that they read in the cache

        return read(text, path)

    return remembered(READER, text, read)


def places(text: str) -> dict[Path, Place]:
    """The place of every node of a document that `parse` accepts.

    Returns
    -------
    dict
        From the path of keys and indices to the node's place; a mapping's entry is
        found at its key, so that a fault points at the word that the user wrote.
    """
    return parse_with_places(text, "")[1]


def parse_shipped(file: pathlib.Path) -> dict[str, Any]:
    """Read a mapping that comes with the package, as YAML or, in a browser, as JSON."""
    text = file.read_text(encoding="utf-8")
    data = json.loads(text) if text.startswith("{") else parse(text, file.name)
    assert isinstance(data, dict)
    return data


def parse_with_places(text: str, path: str) -> tuple[Any, dict[Path, Place]]:
    """What `parse` returns, and what `places` does, in one reading."""

    def read() -> list[Any]:
        from orr.source.yaml.reader import read_with_places

        data, places = read_with_places(text, path)
        return [data, [(keys, place.line, place.column) for keys, place in places.items()]]

    data, places = remembered((*READER, "orr.source.yaml"), text, read)
    return data, {tuple(keys): Place(line, column) for keys, line, column in places}
