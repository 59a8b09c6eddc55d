"""Decide which waivers are active, and for which items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from orr.evaluate.case import WaiverStatus
from orr.evaluate.states import severity_of
from orr.evaluate.terms import why_not_in_force
from orr.messages import Message, say
from orr.model.checklist import Risk
from orr.model.person import alike
from orr.model.review import State, Waiver
from orr.model.settings import PolicyRow

_RISKS = tuple(Risk)

Exceeding = Mapping[int, Mapping[str, Message]]
"""By the place of a waiver the items that it cannot cover after those before it, and why."""


def waiver_status(
    waiver: Waiver, waivable: Mapping[str, bool], policy: PolicyRow, today: date, exceeding: Mapping[str, Message]
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
        The items that the waiver cannot cover after those before it, and why; see `in_a_row`.
    """
    refused = tuple(name for name in waiver.items if not waivable.get(name, True))
    allowed = frozenset(name for name in waiver.items if waivable.get(name, False))
    items = allowed - exceeding.keys()
    fault = ineffective(waiver, policy, today)
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
    """Why a waiver has no effect on a day, whatever its items are; None where it has."""
    if waiver.revoked_on is not None:
        return say("rule.waiver.revoked", on=waiver.revoked_on)
    return why_not_in_force(
        waiver.requested_by, waiver.approved_by, waiver.approved_on, waiver.expires, policy.waiver_max_days, today
    )


def in_a_row(waivers: Sequence[Waiver], policy: PolicyRow) -> Exceeding:
    """Which waivers would extend those before them of the same item beyond `waiver_max_days`.

    Terms add up where no more than `waiver_max_days` lie between them, those too that extend
    them in vain. Who approved none of those before may extend them.
    """
    limit = policy.waiver_max_days
    by_item: dict[str, list[int]] = {}
    for place, waiver in enumerate(waivers):
        if _covered_once(waiver, policy):
            for name in waiver.items:
                by_item.setdefault(name, []).append(place)
    found: dict[int, dict[str, Message]] = {}
    for name, places in by_item.items():
        row: list[Waiver] = []
        for place in sorted(places, key=lambda place: (*_term(waivers[place]), waivers[place].waiver)):
            waiver = waivers[place]
            if row and (_term(waiver)[0] - max(_term(one)[1] for one in row)).days > limit:
                row = []
            length = _days([*row, waiver])
            if length > limit and any(alike(str(one.approved_by), str(waiver.approved_by)) for one in row):
                found.setdefault(place, {})[name] = say(
                    "rule.waiver.in-a-row",
                    item=name,
                    before=[one.waiver for one in row],
                    length=length,
                    limit=limit,
                    by=waiver.approved_by,
                )
            row.append(waiver)
    return found


def covers(waiver: Waiver, name: str, state: State, risk: Risk | None) -> bool:
    """Whether a waiver was approved on a state that is as bad, and for a section on as high a risk.

    A state or risk that it does not hold counts as the mildest.
    """
    approved_on = waiver.states.get(name, State.MET)
    if severity_of(state) > severity_of(approved_on):
        return False
    return risk is None or _RISKS.index(risk) >= _RISKS.index(waiver.risks.get(name, Risk.LOW))


def _covered_once(waiver: Waiver, policy: PolicyRow) -> bool:
    """Whether a waiver is or was active on its first day, revoked later or not."""
    return (
        waiver.approved_on is not None
        and ineffective(replace(waiver, revoked_on=None), policy, waiver.approved_on) is None
    )


def _term(waiver: Waiver) -> tuple[date, date]:
    """The first and the last day of a waiver that is approved."""
    assert waiver.approved_on is not None
    ends = waiver.expires
    if waiver.revoked_on is not None:
        ends = min(ends, waiver.revoked_on - timedelta(days=1))
    return waiver.approved_on, ends


def _days(waivers: Sequence[Waiver]) -> int:
    """How many days some waivers cover together."""
    covered, reached = 0, date.min
    for begins, ends in sorted(map(_term, waivers)):
        covered += max(0, (ends - max(begins, reached)).days)
        reached = max(reached, ends)
    return covered
