"""Lines of a terminal: width, wrapping and cutting, where wide characters take two columns."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Mapping

from orr.messages.cleaning import one_line

WIDTH = 80
"""Columns of the terminal that text is written for."""

_LONGEST = 60
# Between wide signs a line may break anywhere, except before what closes; other words stay whole, up to a length.
_CLOSING = "，。、；：！？）”》"
_UNBREAKABLE = re.compile(rf"(?:[^\s\u2e80-\uffff“”]{{1,{_LONGEST}}}|\s+|.)[{_CLOSING}]*", re.DOTALL)


def columns(words: str) -> int:
    """How many columns of a terminal a text takes: two for each wide character."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)


def wrap(words: str, first: str, rest: str, width: int) -> list[str]:
    """Break a text into lines.

    Parameters
    ----------
    words
        The text.
    first, rest
        What the first line begins with, and the others.
    width
        In columns.
    """
    words = one_line(words)
    if columns(words) == len(words):
        return textwrap.wrap(words, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    lines, line = [], first
    for part in _UNBREAKABLE.findall(words):
        if columns(line) + columns(part) > width and line.strip():
            lines.append(line.rstrip())
            line, part = rest, part.lstrip()
        line += part
    return [*lines, line.rstrip()]


def wrap_at_most(n: int, words: str, first: str, rest: str, width: int) -> list[str]:
    """Wrap a text to at most `n` lines; `…` ends a cut one."""
    lines = wrap(words, first, rest, width)
    kept = lines[:n]
    if len(lines) > n:
        more = lines[n].strip()
        kept[-1] += ("" if kept[-1][-1:] in _CLOSING or columns(kept[-1][-1:] + more[:1]) == 4 else " ") + more
        kept[-1] += "…" if columns(kept[-1]) < width else ""
    return [cut(line, width) for line in kept]


def counted(found: Mapping[str, int]) -> list[str]:
    """Keys, each with how often it is there."""
    return [f"{key} ({n})" for key, n in sorted(found.items())]


def cut(line: str, width: int) -> str:
    """Shorten a line to a width in columns, with `…` for the rest."""
    if columns(line) <= width:
        return line
    room = width - 1
    for place, sign in enumerate(line):
        room -= columns(sign)
        if room < 0:
            return line[:place].rstrip(" ,;，；、") + "…"
    raise AssertionError(line)
