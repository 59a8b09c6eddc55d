"""Decide which waivers are active, and for which items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from orr.evaluate.assessed import WaiverStatus
from orr.evaluate.states import severity_of
from orr.evaluate.terms import NOTHING_RECORDED, Formerly, why_altered, why_not_in_force
from orr.messages import Message, say
from orr.model.checklist import Risk
from orr.model.review import State, Waiver
from orr.model.settings import PolicyRow

_RISKS = tuple(Risk)


def waiver_status(
    waiver: Waiver,
    waivable: Mapping[str, bool],
    policy: PolicyRow,
    today: date,
    exceeding: Mapping[str, Message],
    formerly: Formerly = NOTHING_RECORDED,
    unproven: Message | None = None,
) -> WaiverStatus:
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
    exceeding
        The items that the waiver cannot cover after those before it, and why; see `orr.evaluate.terms.in_a_row`.
    formerly
        Gives what was approved at first.
    unproven
        Why the signature of its approval does not count.
    """
    refused = tuple(name for name in waiver.items if not waivable.get(name, True))
    allowed = frozenset(name for name in waiver.items if waivable.get(name, False))
    items = allowed - exceeding.keys()
    fault = ineffective(waiver, policy, today) or why_altered(waiver, formerly) or unproven
    if fault is None and not items:
        if allowed:
            fault = next(exceeding[name] for name in waiver.items if name in allowed)
        else:
            fault = say("rule.waiver.not-waivable" if refused else "rule.waiver.not-reviewed", items=waiver.items)
    if fault is not None:
        return WaiverStatus(waiver.waiver, False, fault, frozenset(), refused, ())
    why = say("rule.waiver.active", by=waiver.approved_by, on=waiver.approved_on, until=waiver.expires)
    late = tuple(why for name, why in exceeding.items() if name in allowed)
    return WaiverStatus(waiver.waiver, True, why, items, refused, late)


def ineffective(waiver: Waiver, policy: PolicyRow, today: date) -> Message | None:
    """Why a waiver has no effect on a day, for any item; else None."""
    if waiver.revoked_on is not None:
        return say("rule.waiver.revoked", on=waiver.revoked_on)
    return why_not_in_force(
        waiver.requested_by, waiver.approved_by, waiver.approved_on, waiver.expires, policy.waiver_max_days, today
    )


def covers(waiver: Waiver, name: str, state: State, risk: Risk | None) -> bool:
    """Whether a waiver was approved for as bad a state and as high a risk.

    A state or risk that it does not hold counts as the mildest.
    """
    approved_on = waiver.states.get(name, State.MET)
    if severity_of(state) > severity_of(approved_on):
        return False
    return risk is None or _RISKS.index(risk) >= _RISKS.index(waiver.risks.get(name, Risk.LOW))
