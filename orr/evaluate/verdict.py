"""Derive go, conditional go or no-go from the items."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.states import CLOSED, NOT_KNOWN
from orr.model.settings import PolicyRow


class Verdict(StrEnum):
    """What the answers and the evidence add up to, worst first."""

    NO_GO = "no-go"
    CONDITIONAL_GO = "conditional-go"
    GO = "go"


def stops(item: ItemAssessment, policy: PolicyRow) -> bool:
    """Whether the item, open and not covered, means no-go."""
    return item.blocking or item.risk in policy.no_go


def is_stopping(item: ItemAssessment, policy: PolicyRow) -> bool:
    """Whether the item is open and not covered, and so means no-go."""
    return item.state not in CLOSED and item.waived_by is None and not item.planned and stops(item, policy)


def conditions(item: ItemAssessment, policy: PolicyRow) -> bool:
    """Whether the item, open, covered or not, means conditional go at best."""
    return stops(item, policy) or item.risk in policy.conditional


def verdict_of(
    items: Iterable[ItemAssessment],
    policy: PolicyRow,
    *,
    waivers_count: bool = True,
    unknown_is_good: bool = False,
) -> Verdict:
    """Apply the rule.

    Parameters
    ----------
    items
        The assessed items.
    policy
        The risks that stop, and those that condition.
    waivers_count
        False asks for the verdict without waivers; accepted plans still cover.
    unknown_is_good
        True asks for the verdict at best: as if all that is unknown, stale or
        unanswered proved good.

    Returns
    -------
    Verdict
        No-go also where nothing at all applies: nothing was assessed then.
    """
    conditional = applies = False
    for item in items:
        applies = applies or item.applies
        if not item.open or (unknown_is_good and item.state in NOT_KNOWN):
            continue
        if not conditions(item, policy):
            continue
        covered = item.planned or (waivers_count and item.waived_by is not None)
        if not covered and stops(item, policy):
            return Verdict.NO_GO
        conditional = True
    if not applies:
        return Verdict.NO_GO
    return Verdict.CONDITIONAL_GO if conditional else Verdict.GO
