"""Path to go: who has to do what until the verdict is go."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import NamedTuple

from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.case import Case
from orr.model.checklist import Risk, Scope
from orr.model.fields import Text
from orr.model.review import Answer, Plan

_RISKS = tuple(Risk)


class Step(NamedTuple):
    """One step of the path to go.

    Attributes
    ----------
    item
        What is open.
    owner
        Who has to act: the plan's owner, else who it is assigned to, else whose item it is.
    plan
        What was promised, where a plan says so.
    after_launch
        Whether that is later than the day of the launch.
    """

    item: ItemAssessment
    owner: str
    plan: Plan | None
    after_launch: bool

    @property
    def due(self) -> date | None:
        """The plan's due day; without a plan, that of whoever it is assigned to."""
        return self.item.due

    @property
    def action(self) -> Text | None:
        """What to do: what the plan promises, else the checklist's next step."""
        return self.plan.action if self.plan is not None else self.item.fix

    @property
    def note(self) -> str | None:
        """What was noted with the answers to it."""
        return "; ".join(one.note for one in self._answers if one.note) or None

    @property
    def links(self) -> tuple[str, ...]:
        """Where the evidence of the answers to it lies: an address, else a path."""
        places = (entry.url or entry.path for one in self._answers for entry in one.evidence)
        return tuple(place for place in places if place is not None)

    @property
    def _answers(self) -> list[Answer]:
        parts = self.item.choices or (self.item,)
        return [part.answer for part in parts if part.answer is not None]


def step_of(case: Case, item: ItemAssessment) -> Step:
    """Who has to act on an item, and what is planned."""
    plan, launch = _plan(item), case.launch_day
    late = launch is not None and item.due is not None and item.due > launch
    return Step(item, plan.owner if plan is not None else _owner(case, item), plan, late)


def _owner(case: Case, item: ItemAssessment) -> str:
    if item.assigned is not None:
        return item.assigned.to
    if item.scope is Scope.ORGANIZATION and case.organization:
        return case.organization
    return case.workload.owner.team


def _plan(item: ItemAssessment) -> Plan | None:
    """The plan of an item, or of its choices the one that is due first."""
    if not item.choices:
        return item.answer.plan if item.answer is not None else None
    plans = [part.answer.plan for part in item.choices if part.answer and part.answer.plan]
    return min(plans, key=lambda plan: plan.due, default=None)


def path_order(item: ItemAssessment) -> tuple[bool, bool, int, date, float, str]:
    """Sort key of the path to go: by blocking, risk and due day."""
    effort = item.item.effort if item.item is not None else None
    return (
        item.covered_by is not None,
        not item.blocking,
        _RISKS.index(item.risk),
        item.due or date.max,
        inf if effort is None else effort,
        item.name,
    )


def next_order(item: ItemAssessment) -> tuple[bool, bool, int, bool, int, str]:
    """Sort key of what does most soonest: by blocking, risk and effort."""
    effort = item.effort
    return (
        item.covered_by is not None,
        not item.blocking,
        _RISKS.index(item.risk),
        effort is None,
        effort or 0,
        item.name,
    )
