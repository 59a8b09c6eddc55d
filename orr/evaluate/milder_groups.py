"""Relaxed requirements for a reader, by baseline, and like ones as one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from orr.evaluate.milder import Earlier, Milder
from orr.messages import Message, say

FEW = 5
"""How many items of a group are named on a first screen."""

_OWN = {"item", "checks"}
"""What items of a group may differ in."""

_EACH_ITS_OWN = {f"rule.milder.{kind}" for kind in ("challenge-gone", "no-go-gone", "replaces")}
"""Changes of an item that are told one by one."""


class Group(NamedTuple):
    """Changes of one kind: one of them, or the same one of several items."""

    changes: tuple[Message, ...]

    @property
    def items(self) -> list[str]:
        """The items of several changes; empty for a single one."""
        return [str(one.values["item"]) for one in self.changes] if len(self.changes) > 1 else []

    def says(self, at_most: int | None = None) -> Message:
        """The changes in a sentence, which names all items or some."""
        first, names = self.changes[0], self.items
        if not names:
            return first
        more = len(names) - at_most if at_most is not None else 0
        shown = [*names[:at_most], say("evidence.more", n=more)] if more > 0 else names
        values = {key: value for key, value in first.values.items() if key not in _OWN}
        kind = first.key.removeprefix("rule.milder.")
        return say(f"rule.milder.many.{kind}", n=len(names), items=shown, **values)


class Compared(NamedTuple):
    """Groups of changes since the same earlier requirements."""

    since: tuple[Earlier, ...]
    groups: tuple[Group, ...]

    @property
    def names(self) -> list[Message]:
        """What they were compared with."""
        return [one.says for one in self.since]

    @property
    def says(self) -> Message:
        """That they were compared with these."""
        return say("rule.milder.compared", what=self.names)


def grouped(changes: Sequence[Milder]) -> tuple[Compared, ...]:
    """Changes by baseline and kind, in the order of the first of each."""
    found: dict[str, tuple[tuple[Earlier, ...], dict[str, list[Message]]]] = {}
    for one in changes:
        _, kinds = found.setdefault(repr(one.says.values["since"]), (one.since, {}))
        kinds.setdefault(_kind(one.change), []).append(one.change)
    return tuple(
        Compared(since, tuple(Group(tuple(some)) for some in kinds.values())) for since, kinds in found.values()
    )


def first_few(found: Sequence[Compared]) -> tuple[list[tuple[Message, list[Message]]], bool]:
    """What a first screen shows: with what was compared, and sentences; and whether those are all."""
    shown, left = [], FEW
    for one in found:
        groups = one.groups[:left]
        left -= len(groups)
        shown += [(one.says, [group.says(FEW) for group in groups])] if groups else []
    groups_of_all = [group for one in found for group in one.groups]
    return shown, len(groups_of_all) <= FEW and not any(len(group.items) > FEW for group in groups_of_all)


def _kind(change: Message) -> str:
    """What changes that can be told together have in common."""
    if "item" not in change.values or change.key in _EACH_ITS_OWN:
        return repr(change)
    return repr((change.key, {key: value for key, value in change.values.items() if key not in _OWN}))
