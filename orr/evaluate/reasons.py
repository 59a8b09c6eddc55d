"""Headline and reasons of a verdict: known gaps apart from unknown facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import nsmallest
from typing import Any, NamedTuple

from orr.evaluate.asked import is_left_out, spared_by_policy
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.case import Case
from orr.evaluate.path import path_order
from orr.evaluate.states import NOT_KNOWN, severity_of
from orr.evaluate.verdict import Verdict, is_stopping
from orr.messages import Message, say
from orr.model.checklist import Risk
from orr.model.settings import PolicyRow

_RISKS = tuple(Risk)

Weigh = Callable[[ItemAssessment], tuple[Any, ...]]
"""Orders items by how much they matter; see `weight`."""


class Against(NamedTuple):
    """Open items that the verdict hangs on, and the others that count.

    Attributes
    ----------
    missing
        Known to be missing: not met, or partial.
    not_known
        Unknown, unanswered or stale.
    besides
        Where others stop: those that are covered, or only condition.
    """

    missing: tuple[ItemAssessment, ...]
    not_known: tuple[ItemAssessment, ...]
    besides: tuple[ItemAssessment, ...]


class ReasonGroup(NamedTuple):
    """Reasons of a kind: title (None if general), number, and the first ones."""

    title: Message | None
    total: int
    reasons: tuple[Message, ...]


def against_of(verdict: Verdict, deciding: Sequence[ItemAssessment], policy: PolicyRow) -> Against:
    """Split the open items that count by whether they are known to be missing."""
    missing: list[ItemAssessment] = []
    not_known: list[ItemAssessment] = []
    besides: list[ItemAssessment] = []
    for item in deciding:
        if verdict is Verdict.NO_GO and not is_stopping(item, policy):
            besides.append(item)
        else:
            (not_known if item.state in NOT_KNOWN else missing).append(item)
    return Against(tuple(missing), tuple(not_known), tuple(besides))


def headline(verdict: Verdict, missing: int, not_known: int) -> Message:
    """The verdict with how much is known to be missing, and how much is not known."""
    if verdict is Verdict.GO:
        return say("rule.headline.go", verdict=verdict)
    return say("rule.headline", verdict=verdict, what=lacking(missing, not_known))


def lacking(missing: int, not_known: int) -> tuple[Message, ...]:
    """How much is known to be missing, and how much is not known, in words."""
    said = []
    if missing:
        said.append(say("rule.headline.missing", n=missing))
    if not_known:
        said.append(say("rule.headline.not-known", n=not_known))
    return tuple(said) or (say("rule.headline.nothing"),)


def reasons_of(
    case: Case,
    verdict: Verdict,
    deciding: Sequence[ItemAssessment],
    items: Sequence[ItemAssessment],
    weigh: Weigh,
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
    weigh
        Gives how much an item matters.
    """
    ordered = sorted(deciding, key=lambda item: (not is_stopping(item, case.policy), *weigh(item)))
    return (*_nothing_applies(case, items), *map(reason_for, ordered), *_general(case, verdict, items))


def reason_groups(
    case: Case,
    verdict: Verdict,
    against: Against,
    items: Sequence[ItemAssessment],
    weigh: Weigh,
    at_most: int,
) -> tuple[ReasonGroup, ...]:
    """The same reasons apart: known to be missing, not known, open besides, and general ones.

    Parameters
    ----------
    case, verdict, items, weigh
        As for `reasons_of`.
    against
        The open items that the verdict looks at.
    at_most
        How many reasons of each kind are given.
    """
    groups = [
        ReasonGroup(
            say(f"rule.reasons.{kind}", n=len(some)),
            len(some),
            tuple(reason_for(item) for item in nsmallest(at_most, some, key=weigh)),
        )
        for kind, some in (
            ("missing", against.missing),
            ("not-known", against.not_known),
            ("besides", against.besides),
        )
        if some
    ]
    general = (*_nothing_applies(case, items), *_general(case, verdict, items))
    return (*groups, *([ReasonGroup(None, len(general), general)] if general else []))


def weight(item: ItemAssessment) -> tuple[Any, ...]:
    """Sort key of reasons: by blocking, risk, cover and state, then as the path."""
    order = path_order(item)
    return (not item.blocking, _RISKS.index(item.risk), item.covered_by is not None, -severity_of(item.state), order)


def _nothing_applies(case: Case, items: Sequence[ItemAssessment]) -> Iterator[Message]:
    """That nothing applies, which is no reason where an item stops."""
    if not any(item.applies or is_stopping(item, case.policy) for item in items):
        yield say("rule.reason.nothing-applies")


def _general(case: Case, verdict: Verdict, items: Sequence[ItemAssessment]) -> Iterator[Message]:
    """What is no matter of one open item."""
    if verdict is Verdict.GO:
        low = sum(item.open for item in items)
        is_less = any(map(is_left_out, items)) or spared_by_policy(case)
        all_met = say("rule.reason.go-asked" if is_less else "rule.reason.go")
        yield say("rule.reason.go-with-open", n=low) if low else all_met
    if not case.rating.policy_found:
        yield say("rule.reason.default-policy", tier=case.tier)


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
