"""Decide whether a plan stands in for an item that accepts one."""

from __future__ import annotations

from datetime import date

from orr.evaluate.applies import is_live
from orr.evaluate.case import Case
from orr.evaluate.states import day_of
from orr.messages import Message, say
from orr.model.review import Answer, Plan


def why_none_covers(case: Case, today: date) -> Message | None:
    """Why no plan of a workload covers anything on a day; None before its launch."""
    launch = case.launch_day
    if is_live(case.workload, today):
        return say("rule.plan.live", since=case.workload.live_since)
    return say("rule.plan.launched", on=launch) if launch is not None and launch < today else None


def why_not_covering(case: Case, answer: Answer, plan: Plan, today: date) -> Message | None:
    """Why a plan covers nothing on a day; None where it covers.

    Parameters
    ----------
    case
        Gives the launch, since when the workload is live, and `plan_max_days`.
    answer
        Whose plan it is: made on the day that the answer was given.
    plan
        The plan; its due day is inclusive, and so is the day of the launch.
    """
    over = why_none_covers(case, today)
    if over is not None:
        return over
    if plan.due < today:
        return say("rule.plan.past", due=plan.due)
    made = min(day_of(answer.on, case.timezone), today)
    length = (plan.due - made).days
    if length > case.policy.plan_max_days:
        return say("rule.plan.too-long", due=plan.due, made=made, length=length, limit=case.policy.plan_max_days)
    return None
