"""Detect template text that nobody filled in."""

from __future__ import annotations

import re

from orr.model.nobody import names_nobody

_MARKS = re.compile(
    r"(?<![\w#@/.-])(?:TODO|FIXME|XXX)(?![\w/-]|\.\w)(?!\s(?:items?|lists?|notes?|apps?|comments?|tags?|entry|entries)\b)"
    r"|(?<![\w#@/.-])(?:TBD|TBC|TBA|tbd|Tbd)(?![\w/-]|\.\w)"
    r"|\b[Ll]orem [Ii]psum\b"
    r"|<\s?(?:fill|insert|enter|your|add|describe|replace|name of|tbd|todo)\b[^<>\n]{0,80}>"
    r"|[\[【](?:fill|insert|enter|your|describe|replace|tbd|todo|link tbd)\b[^\[\]\n]{0,80}[\]】](?![(\[])"
    r"|\{\{?\s?(?:fill|insert|your)\b[^{}\n]{0,80}\}"
    r"|\bYYYY[-/]MM[-/]DD\b"
    r"|待补充|待填写|待完善|待确认|待定(?!位|义|期|时)|此处填写|在此填写",
    re.IGNORECASE,
)
_CASED = re.compile(r"^(?:todo|fixme|xxx)$", re.IGNORECASE)
_TO_FILL = re.compile(
    r"\byour\b.{0,20}\b(?:name|team|e-?mail|owner|handle)\b|\b(?:name|team|owner) (?:goes )?here\b", re.IGNORECASE
)


def placeholder_in(text: str) -> str | None:
    """The first placeholder in a line of prose, as it stands there.

    `TODO` counts in capitals only, and not where it names a thing, as in "TODO list".
    """
    for match in _MARKS.finditer(text):
        mark = match.group()
        if not _CASED.match(mark) or mark.isupper():
            return mark
    return None


def is_placeholder(value: str) -> bool:
    """Whether a value that ought to name someone or something names nothing."""
    bare = value.strip().strip("`*_\"'").strip()
    if names_nobody(bare) or _TO_FILL.search(bare):
        return True
    mark = placeholder_in(bare)
    return mark is not None and len(mark) >= len(bare) / 2
