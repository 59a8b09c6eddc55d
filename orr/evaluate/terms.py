"""Terms of approvals: whether they are in force, and add up to the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from orr.evaluate.objections import NO_OBJECTIONS, Objections
from orr.evaluate.states import severity_of
from orr.messages import Message, say
from orr.model.checklist import Risk
from orr.model.person import alike, same
from orr.model.review import State, Waiver

_RISKS = tuple(Risk)

Exceeding = Mapping[int, Mapping[str, Message]]
"""By the place of a waiver the items that it cannot cover after those before it, and why."""


class Planned(NamedTuple):
    """A plan by the day on which it was made, and its due day."""

    made: date
    due: date


@dataclass(frozen=True)
class Formerly:
    """Earlier terms of approvals and plans, as git and recorded runs hold them.

    Attributes
    ----------
    waivers
        Waivers, leave to go without a checklist and exceptions of the tier, each until it ended or was taken out.
    plans
        By item its plans.
    approved
        Each approval as it was first written down.
    known
        Whether anything records earlier terms, there being some or none.
    objections
        Challenges, votes and exceptions for emergencies.
    names
        Names that the workload bore before, the last first.
    """

    waivers: tuple[Waiver, ...] = ()
    plans: Mapping[str, tuple[Planned, ...]] = field(default_factory=dict)
    approved: tuple[Waiver, ...] = ()
    known: bool = False
    objections: Objections = NO_OBJECTIONS
    names: tuple[str, ...] = ()


NOTHING_RECORDED = Formerly()


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


def why_altered(waiver: Waiver, formerly: Formerly) -> Message | None:
    """Why a waiver does not count as written: revoked, or approved for less; else None.

    Parameters
    ----------
    waiver
        As it stands.
    formerly
        Gives approvals as they were first written down, and those that were revoked, whatever the file says by now.
    """
    revoked = [one.revoked_on for one in formerly.waivers if one.revoked_on and approval(one) == approval(waiver)]
    if revoked:
        return say("rule.waiver.was-revoked", on=min(revoked))
    for first in formerly.approved if waiver.approved_on is not None else ():
        if approval(first) == approval(waiver):
            by, on = waiver.approved_by, waiver.approved_on
            if waiver.expires > first.expires:
                return say("rule.waiver.altered-end", by=by, on=on, was=first.expires, now=waiver.expires)
            worse = [name for name in waiver.items if name not in first.items or _is_worse(waiver, first, name)]
            if worse:
                return say("rule.waiver.altered", by=by, on=on, items=worse)
    return None


def _is_worse(waiver: Waiver, first: Waiver, name: str) -> bool:
    """Whether a state or risk is worse than the approved one, if given."""
    if not first.states:
        return False
    state, was = (one.states.get(name, State.MET) for one in (waiver, first))
    risk, before = (_RISKS.index(one.risks.get(name, Risk.LOW)) for one in (waiver, first))
    return severity_of(state) > severity_of(was) or risk < before


def in_a_row(
    waivers: Sequence[Waiver], limit: int, formerly: Sequence[Waiver] = (), others: Sequence[Waiver] = ()
) -> Exceeding:
    """Which waivers would extend those before them of the same item beyond what is allowed.

    Terms add up where no more days than the limit lie between them, those too that extend
    them in vain. Who approved none of those before may extend them.

    Parameters
    ----------
    waivers
        What is written down now.
    limit
        How many days they may cover together.
    formerly
        What was written down before, whether it still is or not.
    others
        What else is written down now, and is not judged.
    """
    every = (*waivers, *others, *formerly)
    present = (*waivers, *others)
    by_item: dict[str, list[int]] = {}
    for place, waiver in enumerate(every):
        if _counts(waiver):
            for name in waiver.items:
                by_item.setdefault(name, []).append(place)
    found: dict[int, dict[str, Message]] = {}
    for name, places in by_item.items():
        row: list[Waiver] = []
        length, reached = 0, date.min
        for place in sorted(places, key=lambda place: (*_term(every[place]), every[place].waiver)):
            waiver = every[place]
            begins, ends = _term(waiver)
            if row and (begins - reached).days > limit:
                row, length, reached = [], 0, date.min
            length += max(0, (ends - max(begins, reached)).days)
            reached = max(ends, reached)
            if place < len(waivers) and length > limit:
                # Of an approval that several versions of a file hold, the one that lasts longest is told.
                before = {approval(one): one for one in row if approval(one) != approval(waiver)}
                if any(alike(str(one.approved_by), str(waiver.approved_by)) for one in before.values()):
                    found.setdefault(place, {})[name] = say(
                        "rule.waiver.in-a-row",
                        item=name,
                        before=[_named(one, present) for one in before.values()],
                        length=length,
                        limit=limit,
                        by=list(dict.fromkeys(one.approved_by for one in before.values())),
                    )
            row.append(waiver)
    return found


def remedied(why: Message, expires: date, today: date) -> Message:
    """Why a term is too long, with its latest end if not already past."""
    if why.key != "rule.waiver.in-a-row":
        return why
    last = expires - timedelta(days=why.values["length"] - why.values["limit"])
    return say("rule.waiver.in-a-row-until", why=why, by=why.values["by"], last=last) if last >= today else why


def renewal(asked: Waiver, waivers: Sequence[Waiver], limit: int, formerly: Sequence[Waiver]) -> Message | None:
    """Why someone who approved earlier waivers may not approve another; else None."""
    earlier = [one for one in (*waivers, *formerly) if not set(one.items).isdisjoint(asked.items)]
    for by in dict.fromkeys(one.approved_by for one in earlier):
        for why in in_a_row([replace(asked, approved_by=by)], limit, formerly, waivers).get(0, {}).values():
            return why
    return None


def approval(waiver: Waiver) -> tuple[object, ...]:
    """What tells an approval from another."""
    return waiver.waiver, waiver.approved_by, waiver.approved_on


def _named(waiver: Waiver, present: Sequence[Waiver]) -> Message | str:
    """The name of a waiver, with its days where it is written down no more."""
    if approval(waiver) in map(approval, present):
        return waiver.waiver
    begins, ends = _term(waiver)
    key = "gone-earlier" if waiver.waiver in {one.waiver for one in present} else "gone"
    return say(f"rule.waiver.{key}", waiver=waiver.waiver, begins=begins, ends=ends)


def _counts(waiver: Waiver) -> bool:
    """Whether another person approved a waiver for a day at least, however long or revoked later."""
    approved = waiver.approved_by is not None and not alike(waiver.approved_by, waiver.requested_by)
    return approved and waiver.approved_on is not None and waiver.approved_on <= waiver.expires


def _term(waiver: Waiver) -> tuple[date, date]:
    """The first and the last day of a waiver that is approved."""
    assert waiver.approved_on is not None
    ends = waiver.expires
    if waiver.revoked_on is not None:
        ends = min(ends, waiver.revoked_on - timedelta(days=1))
    return waiver.approved_on, ends
