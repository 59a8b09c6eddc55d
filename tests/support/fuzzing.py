"""How many inputs the parsers' tests try, and files that are nearly right.

`ORR_FUZZ=10000 pytest -k "any or whatever" tests/test_evidence_*.py` tries so many of each; without it there are few.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from hypothesis import strategies as st

_TOKEN = re.compile(r"[\w.+%-]+|[^\w\s]|\s")
# What formats give a meaning, and values that few expect.
_ODD = (
    *("", " ", "\n", "\r", "\t", "\0", "\ufeff", "\u2028", "\ud800", "é", "٣", "中", "🙂", "a" * 300, "\n---\n"),
    *('"', "'", "\\", "`", "|", "=", ",", ";", ":", ": ", "- ", "#", "# ", "<", ">", "</a>", "&a;", "]]>", "--", "~"),
    *("[", "]", "{", "}", "[]", "{}", "[[[[", "&a ", "*a", "!!binary ", "!!python/none ", "%", "null", "true", "no"),
    *("0", "-1", "1e999", "NaN", "-Infinity", "0x10", "9" * 30, "9" * 5_000, "1.5", "99:99", "PT0S", "P9999Y", "-P1D"),
    *("0001-01-01", "9999-12-31T23:59:59Z", "2026-02-30", "2026-11-23T10:00:00+24:00", "1795000000000000", "Z"),
)
_ODD_BITS = st.sampled_from(_ODD) | st.text(max_size=4)
_CHANGE = st.tuples(st.integers(0, 6), st.integers(0, 2**20), st.integers(0, 2**20), _ODD_BITS)

CHANGES = st.lists(_CHANGE, min_size=1, max_size=4)
"""A few changes, for `changed`."""


def examples(usual: int) -> int:
    """So many as `ORR_FUZZ` says, else the usual number."""
    return int(os.environ.get("ORR_FUZZ", usual))


def changed(text: str, changes: Iterable[tuple[int, int, int, str]]) -> str:
    """A text that is right but for a few places: words replaced, left out, moved or doubled, or its end gone."""
    for what, here, there, odd in changes:
        parts = _TOKEN.findall(text) or [""]
        one, other = here % len(parts), there % len(parts)
        first, last = min(one, other), max(one, other)
        if what <= 1:
            parts[one] = odd
        elif what == 2:
            parts.insert(one, odd)
        elif what == 3:
            parts[one] = parts[other]
        elif what == 4:
            del parts[first : min(last, first + 40)]
        elif what == 5:
            parts[last:last] = parts[first : min(last, first + 40)]
        else:
            del parts[last:]
        text = "".join(parts)
    return text
