"""Decide which waivers are active, and for which items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from orr.evaluate.case import WaiverStatus
from orr.messages import Message, say
from orr.model.person import alike, same
from orr.model.review import Waiver
from orr.model.settings import PolicyRow


def waiver_status(waiver: Waiver, waivable: Mapping[str, bool], policy: PolicyRow, today: date) -> WaiverStatus:
    """Whether a waiver works today, and for what.

    Parameters
    ----------
    waiver
        The waiver.
    waivable
        By item of the workload's checklists, whether it may be waived. An item that is
        not in it is not reviewed and needs no waiver.
    policy
        Gives `waiver_max_days`.
    today
        The day; approval and end are inclusive.
    """
    items = frozenset(name for name in waiver.items if waivable.get(name, False))
    refused = tuple(name for name in waiver.items if not waivable.get(name, True))
    fault = _ineffective(waiver, policy, today)
    if fault is None and not items:
        fault = say("rule.waiver.not-waivable" if refused else "rule.waiver.not-reviewed", items=waiver.items)
    if fault is not None:
        return WaiverStatus(waiver.waiver, False, fault, frozenset(), refused)
    why = say("rule.waiver.active", by=waiver.approved_by, on=waiver.approved_on, until=waiver.expires)
    return WaiverStatus(waiver.waiver, True, why, items, refused)


def _ineffective(waiver: Waiver, policy: PolicyRow, today: date) -> Message | None:
    if waiver.revoked_on is not None:
        return say("rule.waiver.revoked", on=waiver.revoked_on)
    if waiver.approved_by is None or waiver.approved_on is None:
        return say("rule.waiver.not-approved", by=waiver.requested_by)
    if alike(waiver.approved_by, waiver.requested_by):
        one = same(waiver.approved_by, waiver.requested_by)
        key = "own-approval" if one else "alike"
        return say(f"rule.waiver.{key}", by=waiver.approved_by, asked=waiver.requested_by)
    if today < waiver.approved_on:
        return say("rule.waiver.not-yet", on=waiver.approved_on)
    if waiver.expires < today:
        return say("rule.waiver.expired", on=waiver.expires)
    length = (waiver.expires - waiver.approved_on).days
    if length > policy.waiver_max_days:
        return say("rule.waiver.too-long", length=length, limit=policy.waiver_max_days)
    return None
