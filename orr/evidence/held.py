"""What orr itself holds about a workload, as far as a check may decide on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orr.evaluate.case import Case
from orr.model.checklist import item_id
from orr.model.review import Answer, Scenario, Waiver
from orr.model.settings import PolicyRow


@dataclass(frozen=True)
class Held:
    """Facts of a case without votes, decision or states.

    What depends on checks cannot decide them.

    Attributes
    ----------
    asked
        The checklists that the workload is asked.
    pre_mortem, waivers
        As they stand in the review.
    answers
        By item, the answer that counts for it, where somebody answered.
    policy
        What the workload's tier demands.
    """

    asked: frozenset[str] = frozenset()
    pre_mortem: tuple[Scenario, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    policy: PolicyRow = field(default_factory=PolicyRow)

    @classmethod
    def of(cls, case: Case) -> Held:
        """What is held about a case."""
        names = [
            (item.scope, item_id(checklist.checklist, item.item))
            for checklist in case.asked
            for section in checklist.sections
            for item in section.items
        ]
        counted = {name: case.answer(scope, name)[0] for scope, name in names}
        answers = {name: one for name, one in counted.items() if one is not None and one.answer is not None}
        asked = frozenset(one.checklist for one in case.asked)
        return cls(asked, case.review.pre_mortem, case.review.waivers, answers, case.policy)
