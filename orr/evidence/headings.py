"""When a heading is the one that is wanted: by its words, whatever else surrounds them."""

from __future__ import annotations

import re
from functools import lru_cache

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


@lru_cache(maxsize=65536)
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
    sought = "".join(words(wanted))
    have = words(heading)
    if not sought:
        return False
    for start in range(len(have)):
        run = ""
        for word in have[start:]:
            run += word
            if run == sought:
                return True
            if not sought.startswith(run):
                break
    return False


def is_any(heading: str, wanted: str) -> bool:
    """Whether a heading has one of the names in `A|B`."""
    return any(names(heading, one) for one in wanted.split("|"))


def _singular(word: str) -> str:
    if len(word) < 4 or not word.isascii() or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]
