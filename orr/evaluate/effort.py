"""How long it takes people to answer what is left. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.states import decider
from orr.messages import Message, say
from orr.model.checklist import AnsweredBy, Item, Role, Scope
from orr.model.review import State


def effort_left(items: Iterable[ItemAssessment]) -> Message | None:
    """Minutes to answer all open questions, in total and by role; else None.

    Parameters
    ----------
    items
        Those of an assessment. Counted are the workload's own that a person answers; what more than
        one role may answer is the first one's.
    """
    minutes: Counter[Role] = Counter()
    total = 0
    for item in _to_answer(items):
        total += item.effort or 0
        for role in item.role[:1]:
            minutes[role] += item.effort or 0
    if not total:
        return None
    order = sorted(minutes, key=lambda role: (-minutes[role], role.value))
    return say("rule.effort", n=total, roles=[say("rule.effort.role", n=minutes[role], role=role) for role in order])


def _to_answer(items: Iterable[ItemAssessment]) -> Iterator[Item]:
    for one in items:
        for part in one.choices or (one,):
            nobody = part.answer is None and part.state is not State.NOT_APPLICABLE
            if not nobody and part.state not in (State.UNANSWERED, State.STALE):
                continue
            item = part.item
            if item is not None and item.scope is Scope.WORKLOAD and decider(item) is not AnsweredBy.CHECKS:
                yield item
