"""Comments on the items of a review."""

from __future__ import annotations

from typing import Annotated

from orr.model.base import Record, record
from orr.model.fields import Id, Moment, Person, Within, Words

MAX_TEXT = 10_000


@record
class Comment(Record):
    """What somebody said about an item, maybe in reply to another comment; it decides nothing."""

    id: Id
    item: Words
    by: Person
    at: Moment
    text: Annotated[str, Within(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
    reply_to: Id | None = None
