"""What differs between parts of reviews, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orr.formats.sheet.rows import line_of
from orr.messages import Message, say
from orr.model.base import Record
from orr.model.review import Assignment, EvidenceEntry, Plan


def changed(name: Message, here: Any, there: Any) -> Message:
    """A part that is new or another than here."""
    if here is None:
        return say("exchange.incoming.new", name=name, there=shown(there))
    return say("exchange.incoming.other", name=name, here=shown(here), there=shown(there))


def parts_that_differ(here: Record | None, there: Record, keys: Iterable[str]) -> tuple[Message, ...]:
    """Every part of a record that differs, by its keys."""
    found = []
    for key in keys:
        mine, theirs = getattr(here, key, None) or None, getattr(there, key) or None
        if mine != theirs:
            found.append(changed(part(key), mine, theirs))
    return tuple(found)


def part(key: str, **of: object) -> Message:
    """What a part of a review is called."""
    return say(f"exchange.incoming.part.{key}", **of)


def shown(value: Any) -> Any:
    """A part of a review in words."""
    if isinstance(value, Plan):
        return say("exchange.incoming.plan", action=value.action.rstrip(".。"), owner=value.owner, due=value.due)
    if isinstance(value, Assignment):
        key = "exchange.incoming.assignment" + (".due" if value.due else "")
        return say(key, to=value.to, by=value.by, due=value.due)
    if isinstance(value, EvidenceEntry):
        said = value.as_data(without={"title", "path", "url"})
        more = [say("exchange.incoming.new", name=part(key), there=one) for key, one in said.items()]
        return say("exchange.incoming.evidence", entry=line_of(value), more=more) if more else line_of(value)
    if isinstance(value, Record):
        given = ((key, getattr(value, key)) for key in value.as_data(without={"scenario"}))
        return [say("exchange.incoming.new", name=part(key), there=shown(one)) for key, one in given]
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    return "–" if value is None else value
