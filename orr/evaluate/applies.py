"""Decide whether an item applies to a workload and occasion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo

from orr.evaluate.case import Case
from orr.evaluate.states import launch_day
from orr.messages import Message, say
from orr.model.checklist import Item, Occasion, When
from orr.model.workload import Workload


def is_live(workload: Workload, today: date) -> bool:
    """Whether a workload serves its users already: `live_since` is today or before."""
    return workload.live_since is not None and workload.live_since <= today


def is_too_early(occasion: Occasion, workload: Workload, today: date, timezone: tzinfo) -> bool:
    """Whether a review is held on another occasion than the launch while one lies ahead."""
    if occasion is Occasion.LAUNCH:
        return False
    day = launch_day(workload, timezone)
    return not is_live(workload, today) or (day is not None and day > today and _is_later(workload, day))


def _is_later(workload: Workload, launch: date) -> bool:
    """Whether a launch is another one than that since which the workload is live."""
    return workload.live_since is None or launch > workload.live_since


def left_out(item: Item, case: Case, today: date) -> Message | None:
    """Why an item does not apply; None if it does."""
    workload, occasion = case.workload, case.review.occasion
    if item.when is not None:
        mismatch = _mismatch(item.when, case, today)
        if mismatch is not None:
            return mismatch
    if case.policy.core_only and not item.core:
        return say("rule.left-out.core")
    if occasion not in item.occasions:
        return say("rule.left-out.occasion", occasion=occasion, asked=item.occasions)
    if item.enforce_from is not None and today < item.enforce_from and is_live(workload, today) and not _launches(case):
        return say("rule.left-out.enforce-from", since=workload.live_since, enforced=item.enforce_from)
    return None


def _launches(case: Case) -> bool:
    """Whether this is a launch: first, repeated, or without a day."""
    launch = case.launch_day
    if launch is None:
        return case.workload.live_since is None or case.review.occasion is Occasion.LAUNCH
    return _is_later(case.workload, launch)


def practices_asked(case: Case, today: date) -> frozenset[str]:
    """Practices of all that is asked of a workload on one occasion or another."""
    return frozenset(
        practice
        for checklist in case.asked
        for section in checklist.sections
        for item in section.items
        if (item.core or not case.policy.core_only) and (item.when is None or _mismatch(item.when, case, today) is None)
        for practice in item.practice
    )


def was_left_out(causes: Sequence[Message]) -> bool:
    """Return whether an item was left out, and not answered as not applicable."""
    return bool(causes) and causes[0].key.startswith("rule.left-out.")


def _mismatch(when: When, case: Case, today: date) -> Message | None:
    workload, model = case.workload, case.workload.operating_model
    if when.tier is not None and case.tier not in when.tier:
        return say("rule.left-out.tier", tier=case.tier, asked=when.tier)
    if when.tags is not None and not set(when.tags) & set(workload.tags):
        return say("rule.left-out.tags", asked=when.tags)
    if when.team is not None and workload.owner.team not in when.team:
        return say("rule.left-out.team", team=workload.owner.team, asked=when.team)
    if when.governance is not None and model.governance not in when.governance:
        return say("rule.left-out.governance", asked=[say(f"rule.governance.{kind}") for kind in when.governance])
    if when.provider is not None and when.provider is not (model.provider is not None):
        return say("rule.left-out.provider" if when.provider else "rule.left-out.no-provider")
    if when.live is not None and when.live is not is_live(workload, today):
        return say("rule.left-out.live" if when.live else "rule.left-out.not-live")
    return None
