"""What a check or a vote decided on, folded so that its formatting does not matter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple


class Content(NamedTuple):
    """Something that a check decided on.

    Attributes
    ----------
    about
        Where it stands, or what it is called: `docs/rollback.md#Steps`.
    text
        For a reader: what it says, in its own lines.
    digest
        Of the whole text, with its white space folded.
    """

    about: str
    text: str
    digest: str

    @classmethod
    def of(cls, about: str, text: str) -> Content:
        """Content of a text, which may be shortened for readers later."""
        return cls(about, text, digest_of_text(folded(text)))


def folded(text: str) -> str:
    """A text with every run of white space as one space."""
    return " ".join(text.split())


def canonical(value: Any) -> str:
    """JSON of plain data, with keys in order and the white space of its texts folded."""
    return json.dumps(_folded(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def data_text(value: Any) -> str:
    """Plain data for a reader: a line for each key, in order, whatever the form of the file."""
    return "\n".join(_lines(value))


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in sorted(value.items(), key=lambda pair: str(pair[0])):
            nested = list(_lines(one, f"{indent}  "))
            is_plain = not isinstance(one, (dict, list, tuple))
            yield f"{indent}{key}: {nested[0].strip()}" if is_plain else f"{indent}{key}:"
            yield from () if is_plain else nested
    elif isinstance(value, (list, tuple)):
        for one in value:
            first, *more = _lines(one, f"{indent}  ") or [""]
            yield f"{indent}- {first.strip()}"
            yield from more
    else:
        yield indent + folded(str(value))


def differing_words(old: str, new: str, *, beside: int = 4, at_most: int = 160) -> tuple[str, str] | None:
    """Where two texts differ: the words of either, with a few that they share; None where only white space does."""
    before, after = old.split(), new.split()
    if before == after:
        return None
    first = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
    first = min(len(before), len(after)) if first is None else first
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1

    def shown(words: list[str]) -> str:
        text = " ".join(words[max(first - beside, 0) : len(words) - max(last - beside, 0)])
        return text if len(text) <= at_most else text[: at_most - 1] + "…"

    return shown(before), shown(after)


def digest_of_text(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, dict):
        return {str(key): _folded(one) for key, one in value.items()}
    return [_folded(one) for one in value] if isinstance(value, (list, tuple)) else value
