"""Whose open items there are, and what is due. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.evaluation import Evaluation
from orr.messages import Message, say
from orr.model.checklist import Role
from orr.model.person import same


class Due(NamedTuple):
    """Something that somebody has to see to.

    Attributes
    ----------
    who
        The person, or the team.
    item
        The item.
    on
        The day until which, or on which it becomes worse.
    says
        What there is to do.
    """

    who: str
    item: str
    on: date
    says: Message


def open_parts(assessment: Evaluation) -> Iterator[ItemAssessment]:
    """The open items, and of open sections with risk rules the choices that are open."""
    for item in assessment.items:
        if item.open:
            yield item
            yield from (choice for choice in item.choices if choice.open)


def person_of(item: ItemAssessment) -> str | None:
    """Person responsible for an item: assignee, else plan's owner, else who answered."""
    if item.assigned is not None:
        return item.assigned.to
    if item.answer is None:
        return None
    return item.answer.plan.owner if item.answer.plan is not None else item.answer.by


def tasks(assessment: Evaluation, person: str | None, role: Role | None) -> tuple[ItemAssessment, ...]:
    """The open items of a person and of a role, those that are due first.

    Of a person are those that they see to, and those with an answer of theirs that is challenged.
    """

    def is_theirs(name: str | None) -> bool:
        return person is None or (name is not None and same(name, person))

    def concerns(item: ItemAssessment) -> bool:
        doubted = item.answer.by if item.challenge is not None and item.answer is not None else None
        mine = is_theirs(person_of(item)) or is_theirs(doubted)
        return mine and (role is None or (item.item is not None and role in item.item.role))

    return tuple(sorted(filter(concerns, open_parts(assessment)), key=lambda item: item.due or date.max))


def due_within(assessment: Evaluation, days: int) -> tuple[Due, ...]:
    """Tasks due within some days or overdue, by date.

    Assignments, plans, challenged answers, and what lapses.
    """
    last = assessment.today + timedelta(days=days)
    return tuple(sorted(_due(assessment, last), key=lambda one: (one.on, one.item)))


def _due(assessment: Evaluation, last: date) -> Iterator[Due]:
    team, today = assessment.case.workload.owner.team, assessment.today
    planned: set[str] = set()
    for item in open_parts(assessment):
        plan = item.answer.plan if item.answer is not None else None
        if plan is not None and plan.due <= last:
            planned.add(item.name)
            key = "rule.due.plan" if plan.due >= today else "rule.due.plan-late"
            yield Due(plan.owner, item.name, plan.due, say(key, item=item.name, action=plan.action))
        given = item.assigned
        if given is not None and given.due is not None and given.due <= last:
            key = "rule.due.assigned" if given.due >= today else "rule.due.assigned-late"
            yield Due(given.to, item.name, given.due, say(key, item=item.name, by=given.by, ask=item.ask))
        if item.challenge is not None and item.answer is not None:
            said = say("rule.due.challenged", item=item.name, by=item.challenge.by, why=item.challenge.why)
            yield Due(item.answer.by, item.name, assessment.today, said)
    by_name = {item.name: item for item in assessment.items}
    for lapse in assessment.lapses:
        of_plan = lapse.cause.key in ("rule.lapse.plan", "rule.lapse.launch")
        if lapse.on <= last and lapse.name in by_name and not (of_plan and lapse.name in planned):
            who = person_of(by_name[lapse.name]) or team
            yield Due(who, lapse.name, lapse.on, lapse.cause)
