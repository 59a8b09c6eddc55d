"""Forecast the verdict on the days to come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from orr.evaluate.asked import behind, on_day
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.case import Case
from orr.evaluate.items import Assessor, Waived
from orr.evaluate.states import lapses
from orr.evaluate.verdict import Verdict, conditions, verdict_of
from orr.messages import Message, say
from orr.model.finding import Evidence
from orr.model.review import State

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
    assessor = Assessor(case, evidence)
    _, waived = assessor.waivers(today)
    items = list(items)
    changes: list[Change] = []
    lapsed: list[Lapse] = []
    last = today + timedelta(days=min(HORIZON_DAYS, (date.max - today).days))
    days = _days_of_change(case, items, waived, today, last)
    while days:
        day = min(days)
        touched = days.pop(day)
        because: tuple[Message, ...] = ()
        new: list[Lapse] = []
        if case.rating.until is not None and case.rating.until < day:  # other items apply then, and another policy
            later = on_day(case, day)
            because = (say("rule.lapse.tier", until=case.rating.until, before=case.tier, tier=later.tier),)
            assessor = Assessor(later, evidence)
            _, waived = assessor.waivers(day)
            items, case = _asked_then(items, assessor, day, waived), later
            touched = set(range(len(items)))
            days = _days_of_change(case, items, waived, day, last)
        for place in sorted(touched):
            before = items[place]
            active = {before.name: [one for one in waived.get(before.name, ()) if day <= one.expires]}
            items[place] = after = assessor.unit(place, day, active)
            if before.state is not after.state or (before.covered_by is None) is not (after.covered_by is None):
                why = _why(before, after, case.launch_day is not None and day == case.launch_day + timedelta(days=1))
                new.append(Lapse(day, after.name, after.state, why, conditions(after, case.policy)))
        lapsed += new
        verdict_then = verdict_of(items, case.policy)
        if verdict_then is not verdict:
            because += tuple(lapse.cause for lapse in new if lapse.decides)
            changes.append(Change(day, verdict_then, because or (say("rule.reason.nothing-applies"),)))
            verdict = verdict_then
    return tuple(changes), tuple(lapsed)


def _asked_then(items: list[ItemAssessment], assessor: Assessor, day: date, waived: Waived) -> list[ItemAssessment]:
    """Items of another tier as they stand before the day it applies.

    Those that are asked from then on did not apply.
    """
    before = {item.name: item for item in items}
    return [
        before.get(unit.name)
        or assessor.unit(place, day, waived)._replace(state=State.NOT_APPLICABLE, causes=(), planned=False)
        for place, unit in enumerate(assessor.units)
    ]


def _why(before: ItemAssessment, after: ItemAssessment, launched: bool) -> Message:
    if before.covered_by is not None and after.covered_by is None and after.open:
        key = "rule.lapse.waiver" if before.waived_by else "rule.lapse.launch" if launched else "rule.lapse.plan"
        return say(key, item=after.name, waiver=before.waived_by, state=after.state)
    return say("rule.lapse.state", item=after.name, state=after.state, causes=after.causes)


def _days_of_change(
    case: Case, items: list[ItemAssessment], waived: Waived, today: date, last: date
) -> dict[date, set[int]]:
    """Days after today up to the last, with the items whose state the calendar may change."""
    days: dict[date, set[int]] = {}
    for place, assessed in enumerate(items):
        for waiver in waived.get(assessed.name, ()):  # none begins later: an approval is dated at most today
            if waiver.expires < last:
                days.setdefault(waiver.expires + timedelta(days=1), set()).add(place)
        for part in assessed.choices or (assessed,):
            if part.item is None:
                continue
            for end in lapses(part.item, part.answer, part.findings, case.timezone):
                if today <= end < last:
                    days.setdefault(end + timedelta(days=1), set()).add(place)
            for item in (part.item, *behind(case, part.checklist.checklist)):
                begins = item.enforce_from
                if begins is not None and today < begins <= last:
                    days.setdefault(begins, set()).add(place)
    launch = case.launch_day
    if launch is not None and today <= launch < last:  # what covers before it covers no longer
        planned = (place for place, item in enumerate(items) if item.planned)
        days.setdefault(launch + timedelta(days=1), set()).update(planned)
    if case.rating.until is not None and today <= case.rating.until < last:
        days.setdefault(case.rating.until + timedelta(days=1), set())
    live_since = case.workload.live_since
    if live_since is not None and today < live_since <= last:
        days.setdefault(live_since, set()).update(range(len(items)))
    return days
