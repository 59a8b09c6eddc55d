"""What lapses when: the verdict on the days to come, if nobody touches anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from orr.evaluate.case import Case, ItemAssessment
from orr.evaluate.items import assess_items
from orr.evaluate.states import State, lapses
from orr.evaluate.verdict import Verdict, conditions, verdict_of
from orr.finding import Evidence
from orr.messages import Message, say

HORIZON_DAYS = 730


class Lapse(NamedTuple):
    """An item that gets worse on a day by the calendar alone.

    Attributes
    ----------
    on
        The first day on which it is worse.
    name
        The item.
    state
        Its state from then on.
    cause
        Why, in words that name the item.
    decides
        Whether its risk is one that the verdict looks at.
    """

    on: date
    name: str
    state: State
    cause: Message
    decides: bool


class Change(NamedTuple):
    """A change of the verdict: from `on` (included) it is `verdict`."""

    on: date
    verdict: Verdict
    because: tuple[Message, ...]


def forecast(
    case: Case, evidence: Evidence, today: date, items: list[ItemAssessment], verdict: Verdict
) -> tuple[tuple[Change, ...], tuple[Lapse, ...]]:
    """Every change of the verdict and every lapse within `HORIZON_DAYS` after today.

    Parameters
    ----------
    case, evidence, today
        What was assessed, and when.
    items, verdict
        The assessment of today.

    Returns
    -------
    tuple
        The changes and the lapses, each by date.
    """
    changes: list[Change] = []
    lapsed: list[Lapse] = []
    for day in _days_of_change(case, items, today):
        later, _ = assess_items(case, evidence, day)
        new = [
            Lapse(day, after.name, after.state, _why(before, after), conditions(after, case.policy))
            for before, after in zip(items, later, strict=True)
            if (before.open, before.covered_by, before.state) != (after.open, after.covered_by, after.state)
        ]
        lapsed += new
        verdict_then = verdict_of(later, case.policy)
        if verdict_then is not verdict:
            because = tuple(lapse.cause for lapse in new if lapse.decides)
            changes.append(Change(day, verdict_then, because or (say("rule.reason.nothing-applies"),)))
            verdict = verdict_then
        items = later
    return tuple(changes), tuple(lapsed)


def _why(before: ItemAssessment, after: ItemAssessment) -> Message:
    if before.covered_by is not None and after.covered_by is None and after.open:
        key = "rule.lapse.waiver" if before.waived_by else "rule.lapse.plan"
        return say(key, item=after.name, waiver=before.waived_by, state=after.state)
    return say("rule.lapse.state", item=after.name, state=after.state, causes=after.causes)


def _days_of_change(case: Case, items: Iterable[ItemAssessment], today: date) -> list[date]:
    last = today + timedelta(days=HORIZON_DAYS)
    days: set[date] = set()
    for assessed in items:
        parts = assessed.choices or (assessed,)
        for part in parts:
            if part.item is None:
                continue
            ends = lapses(part.item, part.answer, part.findings, case.timezone)
            days.update(end + timedelta(days=1) for end in ends if today <= end < last)
            begins = part.item.enforce_from
            if begins is not None and today < begins <= last:
                days.add(begins)
    days.update(waiver.expires + timedelta(days=1) for waiver in case.review.waivers if today <= waiver.expires < last)
    return sorted(days)
