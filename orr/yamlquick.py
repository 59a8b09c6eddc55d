"""A quicker reading of YAML text that can be read in one way only.

ryaml (the extra `orr[fast]`) keeps no places, and does not tell `"010"` from `010`. So what it gives is
taken only where its words cannot have meant anything else; `orr.yamlreader` reads all other text, and
everything in which there is a fault to tell.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from orr.yamlschema import MAX_DEPTH, MAX_NODES, WORD, resolve

ryaml: Any
try:
    ryaml = import_module("ryaml")
except ImportError:  # it comes with an extra, and not for every platform
    ryaml = None

NOT_READ = object()
"""What is given where the text has to be read in full."""

_ODD = "&!\ufeff"
"""What an anchor and a tag begin with, and the mark that may stand before a text."""

_OTHER_BASE = re.compile("0[xXoObB]")
_MAX_LENGTH = MAX_NODES // 2
"""A text of this length cannot hold more nodes than a file may."""

_MOST_WORDS = 4096


def quick(text: str) -> Any:
    """What a document says, or `NOT_READ`.

    Parameters
    ----------
    text
        The document.

    Returns
    -------
    object
        What `orr.yamlreader.read` returns for the same text; `NOT_READ` where it might return anything
        else, or raise.
    """
    if ryaml is None or len(text) > _MAX_LENGTH or any(odd in text for odd in _ODD) or _OTHER_BASE.search(text):
        return NOT_READ
    try:
        data = ryaml.loads(text)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # whatever it finds wrong or stumbles over (its panics are no Exception), is told from afar
        return NOT_READ
    return data if data is not None and _plain(data, 0) else NOT_READ


def _plain(data: Any, depth: int) -> bool:
    kind = type(data)
    if kind is str:
        return data in _WORDS or _is_word(data)
    if kind is dict:
        for key, value in data.items():
            if not (key in _WORDS or _is_word(key)):
                return False
            if not (type(value) is str and value in _WORDS) and not _plain(value, depth + 1):
                return False
        return depth < MAX_DEPTH
    if kind is list:
        return depth < MAX_DEPTH and all(_plain(one, depth + 1) for one in data)
    return data is None or kind is bool or kind is int


_WORDS: set[str] = set()
"""Some that are words: the same few, and the same dates, are most of what stands in the files."""


def _is_word(key: object) -> bool:
    if type(key) is not str or type(resolve(key)) is not str:
        return False
    if len(_WORDS) < _MOST_WORDS and len(key) < WORD:
        _WORDS.add(key)
    return True
