"""Join clauses into sentences, and shorten lists."""

from __future__ import annotations

from collections.abc import Sequence

from orr.messages import Message, Said, say


def clauses(parts: Sequence[Said]) -> Message:
    """One sentence of several, which may hold commas of their own."""
    joined = say("evidence.said", words=parts[0])
    for part in parts[1:]:
        joined = say("evidence.joined", first=joined, then=part)
    return joined


def beside_unread(says: Message | None, unread: Sequence[Said]) -> Message:
    """A sentence with the files that could not be read, of which the first stands for the others."""
    if says is None:
        return say("evidence.unread-only", n=len(unread), why=unread[0])
    return say("evidence.unread-too", says=says, n=len(unread), why=unread[0])
