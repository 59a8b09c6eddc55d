"""How many examples Hypothesis tries, and files that are nearly right.

`pytest --hypothesis-profile quick` tries a seventh, and `thorough` twenty times as many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hypothesis import settings
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

USUAL = 100
"""How many examples Hypothesis tries where a test does not say."""
CHANGES = st.lists(_CHANGE, min_size=1, max_size=4)
"""A few changes, for `changed`."""


def examples(usual: int) -> int:
    """How many to try where it is so many usually: more or fewer by the profile."""
    return max(1, usual * settings().max_examples // USUAL)


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
