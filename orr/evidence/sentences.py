"""Join clauses into sentences, and shorten lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from orr.evidence.repository.tree import Found
from orr.messages import Message, Said, say
from orr.model.finding import Finding, Outcome

MAX_PATTERNS = 6
ELSEWHERE = "evidence.elsewhere"
"""Sentence that ends with what may name another place: a checklist's parameter, until topics are known."""


def clauses(parts: Sequence[Said]) -> Message:
    """One sentence of several, which may hold commas of their own."""
    joined = say("evidence.said", words=parts[0])
    for part in parts[1:]:
        joined = say("evidence.joined", first=joined, then=part)
    return joined


def in_short(patterns: Sequence[str]) -> list[Said]:
    """The first patterns of a list, and how many more there are."""
    if len(patterns) <= MAX_PATTERNS:
        return list(patterns)
    return [*patterns[: MAX_PATTERNS - 1], say("evidence.more", n=len(patterns) - MAX_PATTERNS + 1)]


def worst_or_alike(where: Said, why: Said, lacks: Sequence[Collection[str]]) -> Message:
    """A clause on the worst of several, or on the first of several that are alike.

    Parameters
    ----------
    where, why
        The one that is named, and what is wrong with it.
    lacks
        A word for each thing that is wrong, of each that is not in order.
    """
    alike = len(lacks) > 1 and len({tuple(sorted(one)) for one in lacks}) == 1
    return say("evidence.alike" if alike else "evidence.worst", where=where, why=why, n=len(lacks))


def nothing_matches(key: str, patterns: Sequence[str], found: Found | None = None, parameter: str = "path") -> Finding:
    """Finding that no file matches, with near matches, and where to give another path."""
    says = say(key, patterns=in_short(patterns))
    if found is not None and found.aside:
        says = say("evidence.aside", says=says, n=len(found.aside), file=found.aside[0])
    else:
        says = say(ELSEWHERE, says=says, where=say("evidence.place-in-checklist", parameter=parameter))
    return Finding("", Outcome.NOT_MET, says, nothing=True)


def beside_unread(says: Message | None, unread: Sequence[Said]) -> Message:
    """Sentence with the files that could not be read, represented by the first."""
    if says is None:
        return say("evidence.unread-only", n=len(unread), why=unread[0])
    return say("evidence.unread-too", says=says, n=len(unread), why=unread[0])
