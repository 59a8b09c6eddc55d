"""Files in a sentence, and in a table."""

from __future__ import annotations

from collections.abc import Sequence

from orr.messages import Said, say
from orr.model.finding import Table

MAX_NAMED = 3
MAX_ROWS = 200


def some(paths: Sequence[Said]) -> list[Said]:
    """The first of several, and how many more there are."""
    if len(paths) <= MAX_NAMED:
        return list(paths)
    return [*paths[:MAX_NAMED], say("evidence.more", n=len(paths) - MAX_NAMED)]


def rows(pairs: Sequence[tuple[str, Said]]) -> Table | None:
    """A table of files and what is wrong with each; None for a single one."""
    if len(pairs) <= 1:
        return None
    return Table((say("evidence.column.file"), say("evidence.column.why")), tuple(pairs[:MAX_ROWS]))
