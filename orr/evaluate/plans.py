"""Decide whether a plan stands in for an item that accepts one."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from orr.evaluate.applies import is_live
from orr.evaluate.case import Case
from orr.evaluate.states import day_of
from orr.messages import Message, say
from orr.model.review import Answer, Plan


class Row(NamedTuple):
    """Plans for an item, one after another up to the present one.

    Attributes
    ----------
    since
        The day on which the first was made.
    moved
        How often another due day took the place of the one before.
    """

    since: date
    moved: int


def row_of(case: Case, name: str, answer: Answer, plan: Plan, today: date) -> Row:
    """First day of an item's unbroken row of plans, and its number of moves.

    At most `plan_max_days` lie between a due day and the next plan.

    Parameters
    ----------
    case
        Gives what is recorded of earlier plans.
    name, answer, plan
        The item, its answer and its present plan.
    today
        The day.
    """
    since, dues = min(day_of(answer.on, case.timezone), today), {plan.due}
    for earlier in sorted(case.formerly.plans.get(name, ()), key=lambda one: one.due, reverse=True):
        if (since - earlier.due).days > case.policy.plan_max_days:
            break
        if earlier.made <= today:
            since = min(since, earlier.made)
            dues.add(earlier.due)
    return Row(since, len(dues) - 1)


def why_none_covers(case: Case, today: date) -> Message | None:
    """Why no plan of a workload covers anything on a day; None before its launch."""
    launch = case.launch_day
    if is_live(case.workload, today):
        return say("rule.plan.live", since=case.workload.live_since)
    return say("rule.plan.launched", on=launch) if launch is not None and launch < today else None


def why_not_covering(case: Case, name: str, answer: Answer, plan: Plan, today: date) -> Message | None:
    """Why a plan covers nothing on a day; None where it covers.

    Parameters
    ----------
    case
        Gives the launch, since when the workload is live, `plan_max_days`, and earlier plans.
    name, answer
        Whose plan it is: made on the day that the answer was given, or that the first of a row of plans was.
    plan
        The plan; its due day is inclusive, and so is the day of the launch.
    """
    over = why_none_covers(case, today)
    if over is not None:
        return over
    if plan.due < today:
        return say("rule.plan.past", due=plan.due)
    row = row_of(case, name, answer, plan, today)
    length, limit = (plan.due - row.since).days, case.policy.plan_max_days
    if length > limit:
        key = "rule.plan.moved-too-long" if row.moved else "rule.plan.too-long"
        return say(key, due=plan.due, made=row.since, length=length, limit=limit, moved=row.moved)
    return None
