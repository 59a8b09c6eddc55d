"""Take untrusted data apart, naming every unexpected shape."""

from __future__ import annotations

from typing import Any

MAX_LISTED = 100_000


class Misshapen(Exception):
    """A part of a file with an unexpected shape; its text is the place."""


class TooMany(Exception):
    """A list of more than `MAX_LISTED`; its text is the place."""


def mapping(value: object, at: str) -> dict[str, Any]:
    """An object; an empty one where there is none."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Misshapen(at)
    return value


def listing(value: object, at: str) -> list[Any]:
    """A list; an empty one where there is none."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Misshapen(at)
    if len(value) > MAX_LISTED:
        raise TooMany(at)
    return value


def mappings(value: object, at: str) -> list[dict[str, Any]]:
    """A list of objects; an empty one where there is none."""
    listed = listing(value, at)
    for number, one in enumerate(listed):
        if not isinstance(one, dict):
            raise Misshapen(f"{at}[{number}]")
    return listed


def whole(value: object, at: str) -> int:
    """A whole number from 0; 0 where there is none."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Misshapen(at)
    return value


def is_number(value: object) -> bool:
    """Whether it is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def word(value: object) -> str:
    """A text without space around it and in lower case; empty where it is none."""
    return value.strip().casefold() if isinstance(value, str) else ""


def listed_objects(data: object, *keys: str) -> bool:
    """Whether it is a list of objects whose first one has these keys."""
    return isinstance(data, list) and bool(data) and isinstance(data[0], dict) and all(key in data[0] for key in keys)
