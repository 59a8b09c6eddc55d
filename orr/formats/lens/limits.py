"""Find what the Well-Architected Tool does not accept in a lens.

The limits are those of its format specification
(https://docs.aws.amazon.com/wellarchitected/latest/userguide/lenses-format-specification.html) and of its quotas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orr.evaluate.riskproofs import NONE_OF_THESE
from orr.messages import Message, say
from orr.source.faults import Path

LONGEST_NAME, MOST_QUESTIONS, MOST_CHOICES = 128, 20, 15
_SHORTEST_ID = 3
_LONGEST = {"id": 128, "name": LONGEST_NAME, "title": 128, "description": 2048, "displayText": 2048, "url": 2048}
_MOST = {"pillars": 10, "questions": MOST_QUESTIONS, "choices": MOST_CHOICES, "riskRules": 3, "content": 5}
_LARGEST = 500_000
_FORBIDDEN_IN_ID = re.compile(r"[^A-Za-z0-9_]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


def too_large(text: str) -> Message | None:
    """That a lens as JSON is larger than the tool takes, if it is."""
    size = len(text.encode())
    return say("exchange.export.too-large", size=size, limit=_LARGEST) if size > _LARGEST else None


def not_accepted(part: object, at: Path = (), where: tuple[str, ...] = ()) -> Iterator[tuple[Path, Message]]:
    """Parts of a lens that the tool refuses, each with its place."""
    if isinstance(part, list):
        for index, entry in enumerate(part):
            yield from not_accepted(entry, (*at, index), where)
    elif isinstance(part, dict):
        here = (*where, part["id"]) if isinstance(part.get("id"), str) else where
        named = "/".join(here) or str(part.get("name", ""))
        if at[-2:-1] == ("choices",) and not str(part.get("id", "")).endswith(NONE_OF_THESE):
            plan = part.get("improvementPlan")
            if not (isinstance(plan, dict) and plan.get("displayText")):
                yield at, say("exchange.export.no-plan", where=named)
        for key, value in part.items():
            for message in _of_value(key, value, named):
                yield (*at, key), message
            yield from not_accepted(value, (*at, key), here)


def _of_value(key: str, value: Any, where: str) -> Iterator[Message]:
    if isinstance(value, list):
        if len(value) > _MOST.get(key, len(value)):
            yield say("exchange.export.too-many", where=where, key=key, size=len(value), limit=_MOST[key])
    elif isinstance(value, str):
        if len(value) > _LONGEST.get(key, len(value)):
            yield say("exchange.export.too-long", where=where, key=key, size=len(value), limit=_LONGEST[key])
        if key == "id" and len(value) < _SHORTEST_ID:
            yield say("exchange.export.too-short", where=where, limit=_SHORTEST_ID)
        forbidden = _FORBIDDEN_IN_ID.search(value) if key == "id" else _CONTROL.search(value)
        if forbidden is not None:
            yield say("exchange.export.forbidden", where=where, key=key, code=f"U+{ord(forbidden[0]):04X}")
        if key == "url" and value and not _LINK.fullmatch(value.strip()):
            yield say("exchange.export.no-link", where=where, url=value[:80])
