"""Items and waivers as they are assessed on one day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from orr.evaluate.states import CLOSED
from orr.messages import Message
from orr.model.checklist import Checklist, Item, Risk, Scope, Section
from orr.model.fields import Text
from orr.model.finding import Finding
from orr.model.review import Answer, Assignment, Challenge, State


class ItemAssessment(NamedTuple):
    """One item (or one section with risk rules) on one day.

    Attributes
    ----------
    name
        `checklist/item`.
    checklist, section
        Where it stands.
    item
        The item; None for a section with risk rules.
    state, causes
        The state and why it is so.
    risk, blocking, waivable
        As the checklist says; a section's risk is that of the rule that held.
    applies
        False where it was left out or answered not-applicable: it proves nothing then.
    answer, answer_from
        The answer that counts, and whose it is.
    findings
        What its checks found.
    contradicted
        Answered yes where a check says not met.
    waived_by
        The active waiver that names it.
    planned
        Whether an accepted plan stands in for it.
    choices
        A section's choices, assessed one by one.
    challenge
        The challenge that keeps the answer from counting.
    assigned
        Who was asked to see to it; nothing else depends on it than whom an output names.
    """

    name: str
    checklist: Checklist
    section: Section
    item: Item | None
    state: State
    causes: tuple[Message, ...]
    risk: Risk
    blocking: bool
    waivable: bool
    applies: bool
    answer: Answer | None
    answer_from: str | None
    findings: tuple[Finding, ...]
    contradicted: bool
    waived_by: str | None
    planned: bool
    choices: tuple[ItemAssessment, ...] = ()
    challenge: Challenge | None = None
    assigned: Assignment | None = None

    def __repr__(self) -> str:
        return f"<ItemAssessment of {self.name}: {self.state}>"

    @property
    def open(self) -> bool:
        """Whether it stands between the workload and a clean launch."""
        return self.state not in CLOSED

    @property
    def due(self) -> date | None:
        """Due day of its plan, of choices the first; else of its assignment."""
        plans = [part.answer.plan for part in self.choices or (self,) if part.answer is not None and part.answer.plan]
        if plans:
            return min(plan.due for plan in plans)
        return self.assigned.due if self.assigned is not None else None

    @property
    def attestation(self) -> Answer | None:
        """What a person attests beside or against the checks; it overrides none."""
        checked = self.item is not None and bool(self.item.checks)
        return self.answer if checked and self.answer is not None and self.answer.answer is not None else None

    @property
    def covered_by(self) -> str | None:
        """`waiver:<id>`, `plan`, or None; only an open item can be covered."""
        if not self.open:
            return None
        if self.waived_by is not None:
            return f"waiver:{self.waived_by}"
        return "plan" if self.planned else None

    @property
    def ask(self) -> Text:
        """The question; for a section its title."""
        if self.item is not None:
            return self.item.ask
        return self.section.title or self.section.section

    @property
    def fix(self) -> Text | None:
        """Next step; for a section, of its first choice that is not selected."""
        if self.item is not None:
            return self.item.fix
        return next((choice.fix for choice in self._lacking if choice.fix), None)

    @property
    def effort(self) -> int | None:
        """How many minutes it takes; for a section, its choices that are not selected."""
        if self.item is not None:
            return self.item.effort
        return sum(choice.effort or 0 for choice in self._lacking) or None

    @property
    def _lacking(self) -> list[ItemAssessment]:
        """Choices that are not selected."""
        return [choice for choice in self.choices if choice.state is not State.MET and choice.applies]

    @property
    def scope(self) -> Scope:
        """Where the answer lives."""
        return self.item.scope if self.item is not None else Scope.WORKLOAD


class WaiverStatus(NamedTuple):
    """A waiver on one day.

    Attributes
    ----------
    name
        The waiver.
    active
        Whether it covers anything that it names.
    why
        Why it is or is not.
    items
        Those of its items that it works for while it is active.
    refused
        Those that cannot be waived.
    exceeding
        Why it does not cover some that earlier waivers covered for as long as is allowed.
    """

    name: str
    active: bool
    why: Message
    items: frozenset[str]
    refused: tuple[str, ...]
    exceeding: tuple[Message, ...]
