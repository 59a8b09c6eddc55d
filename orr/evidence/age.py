"""The day that a file is of: its name says it, its front matter, or git; never its mtime."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from orr.evidence.cannot import CannotTell
from orr.evidence.context import Context
from orr.evidence.dates import date_in_name, first_date
from orr.evidence.documents import document_at
from orr.evidence.frontmatter import read_front_matter
from orr.messages import Message, say

_KEYS = (
    "date", "reviewed", "last_reviewed", "last_reviewed_on", "reviewed_on", "last_review", "updated", "last_updated",
    "updated_on", "lastmod", "日期", "评审日期",
)  # fmt: skip
_HEADED = re.compile(r"\.(md|markdown|mdx|erb|rst|rest|ipynb|txt|adoc)$", re.IGNORECASE)


class Dated(NamedTuple):
    """A file with its day (None where nothing tells it) and what told it."""

    path: str
    day: date | None
    source: Message


def dated(context: Context, path: str) -> Dated:
    """The day of a file."""
    return context.once(("day", path), lambda: _dated(context, path))


def _dated(context: Context, path: str) -> Dated:
    day = date_in_name(path)
    if day is not None:
        return Dated(path, day, say("evidence.age.name"))
    day = _in_front_matter(context, path)
    if day is not None:
        return Dated(path, day, say("evidence.age.front"))
    day = context.last_commit(path)
    return Dated(path, day, say("evidence.age.commit") if day else say("evidence.age.none"))


def _in_front_matter(context: Context, path: str) -> date | None:
    if not _HEADED.search(path):
        return None
    try:
        formed = path.casefold().endswith((".rst", ".rest", ".ipynb"))
        front = document_at(context, path).front if formed else read_front_matter(context.text(path), path)
    except CannotTell:
        return None  # git may still know its day
    values = [front.value((key,)) for key in _KEYS]
    found = [first_date(str(value[1])[:100]) for value in values if value is not None]
    return max((one.day for one in found if one is not None and one.day is not None), default=None)
