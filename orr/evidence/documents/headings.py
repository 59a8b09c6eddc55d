"""Match a heading by its words, ignoring case and numbering."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate

# A letter of a script without spaces between words is a word of its own.
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff]|[^\W_\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff]+")
_NUMBER = re.compile(
    r"^\W*(?:(?:step|part|phase|section|chapter)\s+)?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[ivx]{1,5}(?=[.)])"
    r"|第?[一二三四五六七八九十]{1,3}(?=[、.．)）章节步]))(?:[章节步.、．:：)）]|\s)\W*",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def words(text: str) -> tuple[str, ...]:
    """The words of a heading: lower case, singular, without numbering and punctuation."""
    bare = _NUMBER.sub("", text) or text
    bare = bare.replace("&", " and ").replace("’", "").replace("'", "")
    return tuple(_singular(word) for word in _WORD.findall(bare.casefold()))


def names(heading: str, wanted: str) -> bool:
    """Whether a heading has a wanted name.

    It has where the words of the name stand in it next to each other and in order, so
    that `Trigger` is found in "1. Triggers?" and `Steps` in "Rollback steps". Words that
    are written together or apart are the same: "Pre-requisites", "Prerequisites".

    Parameters
    ----------
    heading
        As it stands in the document.
    wanted
        One name; of several, divided by `|`, ask for each.
    """
    return _place(_run(wanted)[0], *_run(heading)) >= 0


def is_any(heading: str, wanted: str) -> bool:
    """Whether a heading has one of the names in `A|B`."""
    return place_in(heading, wanted) >= 0


def place_in(heading: str, wanted: str) -> int:
    """Where in a heading the first of the names in `A|B` stands; -1 where none does."""
    letters, edges = _run(heading)
    return min((at for sought in _sought(wanted) if (at := _place(sought, letters, edges)) >= 0), default=-1)


@lru_cache(maxsize=16384)
def _run(text: str) -> tuple[str, frozenset[int]]:
    """Words of a text run together, and where each begins and ends."""
    have = words(text)
    return "".join(have), frozenset(accumulate(map(len, have), initial=0))


@lru_cache(maxsize=4096)
def _sought(wanted: str) -> tuple[str, ...]:
    return tuple(_run(one)[0] for one in wanted.split("|"))


def _place(sought: str, letters: str, edges: frozenset[int]) -> int:
    at = letters.find(sought) if sought else -1
    while at >= 0 and not (at in edges and at + len(sought) in edges):
        at = letters.find(sought, at + 1)
    return at


def _singular(word: str) -> str:
    if len(word) < 4 or not word.isascii() or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]
