"""Terms of approvals and plans, as recorded runs keep them. Pure.

Each run hands on what the one before held, so that the last one alone has to be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, tzinfo
from typing import Any

from orr.evaluate import objections
from orr.evaluate.case import Case
from orr.evaluate.states import day_of
from orr.evaluate.terms import Formerly, Planned, approval
from orr.model.checklist import Risk
from orr.model.review import Answer, Lifted, Reply, State, Waiver
from orr.model.statement import Kind

KEPT = 200
"""How many waivers, and how many plans of an item, are kept: those that end last."""


def together(*known: Formerly) -> Formerly:
    """Put together what several places hold."""
    items = dict.fromkeys(name for one in known for name in one.plans)
    return Formerly(
        tuple({_key(waiver): waiver for one in known for waiver in one.waivers}.values()),
        {name: tuple(sorted({plan for one in known for plan in one.plans.get(name, ())})) for name in items},
        tuple({_key(waiver): waiver for one in known for waiver in one.approved}.values()),
        any(one.known for one in known),
        objections.together(*(one.objections for one in known)),
        tuple(dict.fromkeys(name for one in known for name in one.names)),
    )


def by_new_ids(formerly: Formerly, ids: Mapping[str, str]) -> Formerly:
    """The same with plans, challenges and agreements under the present ids of their items."""
    plans: dict[str, tuple[Planned, ...]] = {}
    for name, made in formerly.plans.items():
        plans[ids.get(name, name)] = (*plans.get(ids.get(name, name), ()), *made)
    doubts = tuple(one._replace(item=ids.get(one.item, one.item)) for one in formerly.objections.doubts)
    agreements = tuple(one._replace(item=ids.get(one.item, one.item)) for one in formerly.objections.agreements)
    objected = formerly.objections._replace(doubts=doubts, agreements=agreements)
    return replace(formerly, plans=plans, objections=objected)


def _key(waiver: Waiver) -> tuple[Any, ...]:
    return (
        waiver.waiver,
        waiver.items,
        waiver.approved_by,
        waiver.approved_on,
        waiver.expires,
        waiver.revoked_on,
        str(waiver.states),
    )


def recorded_terms(case: Case, today: date) -> dict[str, Any]:
    """Earlier and present terms of a case, in JSON types."""
    exception = case.workload.tier_exception
    waivers = [*case.waivers, *([exception.as_waiver()] if exception is not None else [])]
    present = Formerly(
        tuple(waiver for waiver in waivers if waiver.approved_on is not None),
        {name: (plan,) for name, plan in _plans(case, today)},
        objections=_objections(case, today),
    )
    every = together(case.formerly, present)
    known = {approval(one) for one in every.approved}
    approved = (*every.approved, *(one for one in present.waivers if approval(one) not in known))
    return {
        "waivers": [waiver_as_json(one) for one in sorted(every.waivers, key=lambda one: one.expires)[-KEPT:]],
        "approved": [waiver_as_json(one) for one in sorted(approved, key=lambda one: one.expires)[-KEPT:]],
        "plans": {
            name: [[made.isoformat(), due.isoformat()] for made, due in sorted(plans, key=lambda one: one.due)[-KEPT:]]
            for name, plans in sorted(every.plans.items())
        },
        "objections": objections.as_json(every.objections._replace(agreements=present.objections.agreements)),
    }


def _objections(case: Case, today: date) -> objections.Objections:
    """What stands in the files now."""
    given = (
        (source, name, one, case.unproven(Kind.CHALLENGE_LIFTED, name, one.challenged, one.by, source) is None)
        for source, some in case.answers_by_source()
        for name, one in some.items()
        if one.challenged is not None
    )
    return objections.Objections(
        tuple(
            objections.doubt_of(source, name, one, lifts_of(one, today, case.timezone) if proven else ())
            for source, name, one, proven in given
        ),
        case.review.sign_offs,
        tuple(one for one in case.review.emergencies if one.approved_at is not None),
        tuple(_agreements(case)),
    )


def _agreements(case: Case) -> Iterator[objections.Agreement]:
    """What people agree to now; where they agreed to another answer, that one."""
    before = {one[:3]: one for one in case.formerly.objections.agreements}
    for source, some in case.answers_by_source():
        for name, one in some.items():
            if one.answer is Reply.NOT_APPLICABLE and one.approved_by is not None:
                now = objections.Agreement(source, name, one.approved_by, one.mark)
                counts = case.formerly.objections.agreed(name, source, one) is one
                yield now if counts else before.get(now[:3], now._replace(mark=one.agreed_to or ""))


def lifts_of(answer: Answer, today: date, timezone: tzinfo) -> tuple[Lifted, ...]:
    """Who lifted the challenge of an answer on a day that counts."""
    one = answer.challenged
    if one is None or one.lifted is None:
        return ()
    counts = day_of(one.on, timezone) <= day_of(one.lifted.on, timezone) <= today
    return (one.lifted,) if counts else ()


def terms_of_record(recorded: Mapping[str, Any], today: date) -> Formerly:
    """Terms held by a run, none beyond today: a later one may be deleted."""
    waivers = map(waiver_of_json, recorded["waivers"])
    plans = {
        name: tuple(Planned(date.fromisoformat(made), date.fromisoformat(due)) for made, due in plans)
        for name, plans in recorded["plans"].items()
    }
    approved = tuple(map(waiver_of_json, recorded["approved"]))
    waived = tuple(replace(one, expires=min(one.expires, today)) for one in waivers)
    return Formerly(waived, plans, approved, True, objections.of_json(recorded.get("objections", {})))


def _plans(case: Case, today: date) -> Iterator[tuple[str, Planned]]:
    for checklist, _, item in case.units():
        if item is not None and item.plan_accepted:
            name = f"{checklist.checklist}/{item.item}"
            answer, _ = case.answer(item.scope, name)
            if answer is not None and answer.plan is not None:
                yield name, Planned(min(day_of(answer.on, case.timezone), today), answer.plan.due)


def waiver_as_json(waiver: Waiver) -> dict[str, Any]:
    """Term of an approved waiver, up to its revocation if any."""
    ends = waiver.expires if waiver.revoked_on is None else min(waiver.expires, waiver.revoked_on)
    return {
        "waiver": waiver.waiver,
        "items": list(waiver.items),
        "requested_by": waiver.requested_by,
        "approved_by": waiver.approved_by,
        "approved_on": waiver.approved_on.isoformat() if waiver.approved_on is not None else None,
        "states": {name: state.value for name, state in waiver.states.items()},
        "risks": {name: risk.value for name, risk in waiver.risks.items()},
        "expires": ends.isoformat(),
        "revoked_on": waiver.revoked_on.isoformat() if waiver.revoked_on is not None else None,
    }


def waiver_of_json(data: Mapping[str, Any]) -> Waiver:
    """The same as a waiver."""
    days = {key: date.fromisoformat(data[key]) for key in ("approved_on", "expires", "revoked_on") if data.get(key)}
    states = {name: State(state) for name, state in data["states"].items()}
    risks = {name: Risk(risk) for name, risk in data["risks"].items()}
    return Waiver(**{**data, "items": tuple(data["items"]), "reason": "-", "states": states, "risks": risks, **days})
