"""Date of a file, from git or its own text.

Never the modification time: a fresh clone resets it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from orr.evidence.context import Context
from orr.evidence.documents.claims import date_of
from orr.evidence.documents.reading import document_at
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.source.dates import date_in_name, first_date

_KEYS = (
    "date", "reviewed", "last_reviewed", "last_reviewed_on", "reviewed_on", "last_review", "updated", "last_updated",
    "updated_on", "lastmod", "日期", "评审日期",
)  # fmt: skip
_HEADED = re.compile(r"\.(md|markdown|mdx|erb|rst|rest|ipynb|txt|adoc)$", re.IGNORECASE)


AgeFrom = Literal["either", "git", "document"]
"""Who tells the day: git or, where older, the document; git before the document; the document alone."""


class Dated(NamedTuple):
    """A file with its day and the source of that day; both may be None."""

    path: str
    day: date | None
    source: Message


def file_date(context: Context, path: str, age_from: AgeFrom = "either") -> Dated:
    """The day of a file.

    With `either`, a commit makes no file younger than it says itself, and a day to come that
    it names stays one to come.
    """
    return context.cached(("day", path, age_from), lambda: _file_date(context, path, age_from))


def without_date(context: Context, paths: Sequence[str], key: str, **values: object) -> Message:
    """Message that files have no date, with the remedy.

    For a shallow clone its history, else `<key>.do`.

    Parameters
    ----------
    paths
        Relative to the repository.
    key, values
        The message that says so.
    """
    history, real = context.reader.history, context.reader.tree.real
    says, remedy = say(key, **values), say(f"{key}.do", **values)
    if history.is_shallow and not (history.tracked or frozenset()).isdisjoint(real.get(path, path) for path in paths):
        remedy = say("evidence.age.shallow")
    says = say("evidence.age.do", says=says, remedy=remedy)
    return says if history.refusal is None else say("evidence.age.refused", says=says, why=history.refusal)


def _file_date(context: Context, path: str, age_from: AgeFrom) -> Dated:
    committed = None if age_from == "document" else context.last_commit(path)
    by_commit = Dated(path, committed, say("evidence.age.commit"))
    if committed is not None and age_from == "git":
        return by_commit
    own = context.cached(("own day", path), lambda: _own(context, path))
    if committed is None:
        return own
    return own if own.day is not None and (own.day < committed or own.day > context.today) else by_commit


def _own(context: Context, path: str) -> Dated:
    """Day that a file states: in its name, front matter or text."""
    day = date_in_name(path)
    if day is not None:
        return Dated(path, day, say("evidence.age.name"))
    if _HEADED.search(path):
        try:
            document = document_at(context, path)
        except Undetermined:
            return Dated(path, None, say("evidence.age.none"))  # git may still know its day
        values = [document.front.value((key,)) for key in _KEYS]
        found = [first_date(str(value[1])[:100]) for value in values if value is not None]
        day = max((one.day for one in found if one is not None and one.day is not None), default=None)
        if day is not None:
            return Dated(path, day, say("evidence.age.front"))
        day = date_of(document)
        if day is not None:
            return Dated(path, day, say("evidence.age.line"))
    return Dated(path, None, say("evidence.age.none"))
