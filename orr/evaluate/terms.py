"""Decide whether what was approved until a day is in force."""

from __future__ import annotations

from datetime import date

from orr.messages import Message, say
from orr.model.person import alike, same


def why_not_in_force(
    requested_by: str, approved_by: str | None, approved_on: date | None, expires: date, limit: int, today: date
) -> Message | None:
    """Why an approval does not count on a day; None where it does.

    Parameters
    ----------
    requested_by, approved_by
        Two persons that everybody can tell apart.
    approved_on, expires
        Its first and its last day.
    limit
        How many days may lie between them.
    today
        The day.
    """
    if approved_by is None or approved_on is None:
        return say("rule.waiver.not-approved", by=requested_by)
    if alike(approved_by, requested_by):
        key = "own-approval" if same(approved_by, requested_by) else "alike"
        return say(f"rule.waiver.{key}", by=approved_by, asked=requested_by)
    if today < approved_on:
        return say("rule.waiver.not-yet", on=approved_on)
    if expires < today:
        return say("rule.waiver.expired", on=expires)
    length = (expires - approved_on).days
    if length > limit:
        return say("rule.waiver.too-long", length=length, limit=limit)
    return None
