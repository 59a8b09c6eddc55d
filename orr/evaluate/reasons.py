"""Reasons for a verdict: item, state and cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import nsmallest
from typing import Any

from orr.evaluate.case import Case, ItemAssessment
from orr.evaluate.states import severity_of
from orr.evaluate.verdict import Verdict, stops
from orr.messages import Message, say
from orr.model.checklist import Risk

_RISKS = tuple(Risk)


def reasons_of(
    case: Case,
    verdict: Verdict,
    deciding: Sequence[ItemAssessment],
    items: Sequence[ItemAssessment],
    path_order: Callable[[ItemAssessment], Any],
    at_most: int | None = None,
) -> tuple[Message, ...]:
    """Reasons, the one that matters most first.

    Parameters
    ----------
    case
        Gives the policy.
    verdict
        What is to be explained.
    deciding
        The open items that the verdict looks at.
    items
        All items.
    path_order
        Orders those that matter alike.
    at_most
        How many of the open items are told.
    """
    reasons: list[Message] = []
    stopped = any(item.covered_by is None and stops(item, case.policy) for item in deciding)
    if not stopped and not any(item.applies for item in items):
        reasons.append(say("rule.reason.nothing-applies"))

    def weight(item: ItemAssessment) -> tuple[bool, bool, int, bool, int, Any]:
        covered = item.covered_by is not None
        stopping = stops(item, case.policy) and not covered
        return (
            not stopping,
            not item.blocking,
            _RISKS.index(item.risk),
            covered,
            -severity_of(item.state),
            path_order(item),
        )

    ordered = sorted(deciding, key=weight) if at_most is None else nsmallest(at_most, deciding, key=weight)
    reasons += [reason_for(item) for item in ordered]
    if verdict is Verdict.GO:
        low = sum(item.open for item in items)
        reasons.append(say("rule.reason.go-with-open", n=low) if low else say("rule.reason.go"))
    if not case.policy_found:
        reasons.append(say("rule.reason.default-policy", tier=case.workload.tier))
    return tuple(reasons)


def reason_for(item: ItemAssessment) -> Message:
    """One open item as a reason."""
    weight = say("rule.weight.blocking", risk=item.risk) if item.blocking else say("rule.weight.risk", risk=item.risk)
    covered = say("rule.reason.open")
    if item.covered_by is not None:
        covered = say("rule.reason.waived", waiver=item.waived_by) if item.waived_by else say("rule.reason.planned")
    return say(
        "rule.reason.item",
        item=item.name,
        ask=item.ask,
        state=item.state,
        causes=item.causes,
        weight=weight,
        covered=covered,
    )
