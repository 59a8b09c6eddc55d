"""Derive the state of every item on one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from typing import NamedTuple

from orr.evaluate.applies import left_out, was_left_out
from orr.evaluate.asked import judge_not_asked, leave_statuses
from orr.evaluate.assessed import ItemAssessment, WaiverStatus
from orr.evaluate.case import Case, unit_name, units_of
from orr.evaluate.plans import why_not_covering
from orr.evaluate.proofs import Unproven
from orr.evaluate.riskrules import read_rule
from orr.evaluate.states import NOT_KNOWN, disagreed, is_ahead, judge, judge_yes, open_challenge, severity_of
from orr.evaluate.subjects import answer_unbound, bound
from orr.evaluate.terms import Exceeding, in_a_row
from orr.evaluate.waivers import covers, waiver_status
from orr.messages import Message, say
from orr.model.checklist import Checklist, Item, Occasion, Risk, Section
from orr.model.finding import Evidence, Outcome
from orr.model.review import Answer, Reply, State, Waiver
from orr.model.settings import PolicyRow
from orr.model.statement import Kind

_WORST_FIRST = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2}

Waived = Mapping[str, Sequence[Waiver]]
"""By item the active waivers that name it, the last to end first."""


class Unit(NamedTuple):
    """What is assessed as one.

    Attributes
    ----------
    checklist, section
        Where it stands.
    item
        The item; None for a section with risk rules.
    name
        `checklist/item`.
    plain
        Whether nothing but a person's answer can count for it, on any day.
    """

    checklist: Checklist
    section: Section
    item: Item | None
    name: str
    plain: bool


def _unit(checklist: Checklist, section: Section, item: Item | None) -> Unit:
    name = unit_name(checklist, section, item)
    return Unit(checklist, section, item, name, item is not None and _is_plain(item))


def _units(checklist: Checklist) -> list[Unit]:
    return [_unit(checklist, section, item) for section, item in units_of(checklist)]


def _is_plain(item: Item) -> bool:
    depends = item.when or item.enforce_from or len(item.occasions) < len(Occasion)
    return not (depends or item.checks or item.plan_accepted or item.evidence == "required")


class Assessor:
    """A case and its evidence, ready to assess each item on any day.

    Parameters
    ----------
    case, evidence
        What people wrote down, and what the checks found.

    Attributes
    ----------
    units
        What is assessed as one, in the checklists' order.
    """

    def __init__(self, case: Case, evidence: Evidence) -> None:
        self.case, self.evidence = case, evidence
        self.units = [unit for one in case.checklists for unit in one.memoised("units", partial(_units, one))]

    def waivers(self, today: date) -> tuple[list[WaiverStatus], Waived]:
        """Status of waivers on a day, and active ones by item, latest end first."""
        waivers, policy = self.case.waivers, self.case.policy
        if not waivers:
            return [], {}
        statuses = [
            waiver_status(
                waiver,
                self._waivable,
                policy,
                today,
                self._exceeding.get(place, {}),
                self.case.formerly,
                unproven=self._unproven(waiver),
            )
            for place, waiver in enumerate(self.case.review.waivers)
        ]
        statuses += leave_statuses(self.case, today)
        waived: dict[str, list[Waiver]] = {}
        by_end = sorted(zip(waivers, statuses, strict=True), key=lambda pair: pair[1].name)
        for waiver, status in sorted(by_end, key=lambda pair: pair[0].expires, reverse=True):
            for name in status.items:
                waived.setdefault(name, []).append(waiver)
        return statuses, waived

    def _unproven(self, waiver: Waiver) -> Message | None:
        found = self.case.unproven(Kind.WAIVER, waiver.waiver, waiver, waiver.approved_by)
        return None if found is None else found.why

    @cached_property
    def _waivable(self) -> dict[str, bool]:
        return {name: item is None or item.waivable for _, _, item, name, _ in self.units}

    @cached_property
    def _exceeding(self) -> Exceeding:
        case = self.case
        return in_a_row(case.review.waivers, case.policy.waiver_max_days, case.formerly.waivers)

    def unit(self, index: int, today: date, waived: Waived) -> ItemAssessment:
        """Assess one of `units`."""
        return _assess(self.case, self.evidence, today, self.units[index], waived)

    def all(self, today: date, waived: Waived) -> list[ItemAssessment]:
        """Assess every unit."""
        return [_assess(self.case, self.evidence, today, unit, waived) for unit in self.units]


def _assess(
    case: Case, evidence: Evidence, today: date, unit: Unit, waived: Waived, *, unchallenged: bool = False
) -> ItemAssessment:
    checklist, section, item, name, plain = unit
    if item is None:
        return _assess_section(case, evidence, today, checklist, section, name, waived)
    answer, answer_from = case.answer(item.scope, name)
    answer = _without_unproven_lift(case, name, answer, answer_from)
    if unchallenged and answer is not None:
        answer = _unchallenged(answer)
    findings = bound(item, evidence.findings.get(name, ()), case.release)
    unbound = answer_unbound(item, answer, evidence.attached.get(name, ()), case.release)
    missing = (*evidence.missing.get(name, ()), *unbound)
    out: Message | None = None
    contradicted = False
    causes: tuple[Message, ...]
    if checklist.checklist in case.not_asked:
        answer = answer_from = None
        state, causes = judge_not_asked(case, checklist.checklist, today)
        out = causes[0] if state is State.NOT_APPLICABLE else None
    elif (
        plain
        and not case.policy.core_only
        and answer is not None
        and answer.answer is Reply.YES
        and not (answer.evidence or findings or missing or answer.challenged)
    ):
        # Most of what is asked, without the lists that the general case gathers.
        state, causes = judge_yes(item, answer, today, case.timezone)
    elif (out := left_out(item, case, today)) is not None:
        state, causes = State.NOT_APPLICABLE, (out,)
    else:
        stops = _stops(section, item, case.policy)
        hollow = evidence.hollow.get(name, ())
        proof = _unproven(case, name, answer, answer_from) if stops else None
        state, causes = judge(
            item, answer, findings, missing, today, case.timezone, hollow=hollow, stops=stops, unproven=proof
        )
        contradicted = (
            state is State.NOT_MET
            and answer is not None
            and answer.answer is Reply.YES
            and any(finding.outcome is Outcome.NOT_MET for finding in findings)
        )
    challenge = open_challenge(answer, today, case.timezone) if out is None else None
    ahead = answer is not None and is_ahead(answer, today, case.timezone)
    counted = None if ahead or challenge is not None else answer
    return ItemAssessment(
        name,
        checklist,
        section,
        item,
        state,
        causes,
        item.risk or Risk.HIGH,
        bool(item.blocking),
        item.waivable,
        out is None and not (counted is not None and counted.answer is Reply.NOT_APPLICABLE),
        answer,
        answer_from,
        findings if out is None else (),
        contradicted,
        _waived_by(waived, name, state, None),
        item.plan_accepted and not unbound and _is_planned(case, name, counted, today),
        challenge=challenge,
        assigned=case.review.assigned.get(name),
    )


def _unproven(case: Case, name: str, answer: Answer | None, source: str | None) -> Unproven | None:
    """Why the agreement that an item does not apply is not proven."""
    if answer is None or answer.answer is not Reply.NOT_APPLICABLE or source is None:
        return None
    return case.unproven(Kind.NOT_APPLICABLE, name, answer, answer.approved_by, source)


def _without_unproven_lift(case: Case, name: str, answer: Answer | None, source: str | None) -> Answer | None:
    """An answer whose challenge stands where the signature of who lifted it does not count."""
    if answer is None or answer.challenged is None or answer.challenged.lifted is None or source is None:
        return answer
    challenge, by = answer.challenged, answer.challenged.lifted.by
    if case.unproven(Kind.CHALLENGE_LIFTED, name, challenge, by, source) is None:
        return answer
    return replace(answer, challenged=replace(challenge, lifted=None))


def _stops(section: Section, item: Item, policy: PolicyRow) -> bool:
    """Whether an item, or the section that a choice belongs to, may mean no-go."""
    risks = {item.risk or Risk.HIGH} if not section.risk_rules else _risks_of(section)
    return bool(item.blocking or section.blocking) or not risks.isdisjoint(policy.no_go)


def stops_launch(case: Case) -> frozenset[str]:
    """The items and choices that may mean no-go, by name."""
    return frozenset(
        f"{checklist.checklist}/{item.item}"
        for checklist in case.checklists
        for section in checklist.sections
        for item in section.items
        if _stops(section, item, case.policy)
    )


def _risks_of(section: Section) -> set[Risk]:
    return {Risk(rule.risk) for rule in section.risk_rules if rule.risk not in ("none", "unknown")} or {Risk.HIGH}


def _worst_risk(section: Section) -> Risk:
    return min(_risks_of(section), key=lambda risk: _WORST_FIRST[risk])


def _unchallenged(answer: Answer) -> Answer | None:
    """The answer without its challenge; None where it was withdrawn."""
    return replace(answer, challenged=None) if answer.answer is not None or answer.plan is not None else None


def _waived_by(waived: Waived, name: str, state: State, risk: Risk | None) -> str | None:
    """The active waiver that was approved on a state as bad, the last to end first."""
    return next((one.waiver for one in waived.get(name, ()) if covers(one, name, state, risk)), None)


def _is_planned(case: Case, name: str, answer: Answer | None, today: date) -> bool:
    if answer is None or answer.plan is None:
        return False
    return why_not_covering(case, name, answer, answer.plan, today) is None


def _assess_section(
    case: Case,
    evidence: Evidence,
    today: date,
    checklist: Checklist,
    section: Section,
    name: str,
    waived: Waived,
) -> ItemAssessment:
    units = [_unit(checklist, section, item) for item in section.items]
    choices = tuple(_assess(case, evidence, today, unit, {}) for unit in units)
    state, causes, risk = _judge_section(section, choices)
    disputed = [choice for choice in choices if choice.challenge is not None and choice.state is State.UNANSWERED]
    if disputed:  # whichever side is right, it is as bad as the worse
        claimed = tuple(_assess(case, evidence, today, unit, {}, unchallenged=True) for unit in units)
        state, causes, _ = _judge_section(section, claimed)
        risk = _worst_risk(section)
        if severity_of(state) <= severity_of(State.UNANSWERED):
            causes = tuple(say("rule.cause.choice", choice=choice.ask, causes=choice.causes) for choice in disputed)
            state = State.UNANSWERED
    return ItemAssessment(
        name,
        checklist,
        section,
        None,
        state,
        causes,
        risk,
        bool(section.blocking),
        True,
        any(choice.applies for choice in choices),
        None,
        next((choice.answer_from for choice in choices if choice.answer_from), None),
        tuple(finding for choice in choices for finding in choice.findings),
        any(choice.contradicted for choice in choices),
        _waived_by(waived, name, state, risk),
        False,
        choices,
        assigned=case.review.assigned.get(name),
    )


def _judge_section(section: Section, choices: tuple[ItemAssessment, ...]) -> tuple[State, tuple[Message, ...], Risk]:
    worst = _worst_risk(section)
    if all(was_left_out(choice.causes) for choice in choices):
        return State.NOT_APPLICABLE, choices[0].causes, worst
    if all(choice.state is State.NOT_APPLICABLE for choice in choices):
        return State.NOT_APPLICABLE, tuple(cause for choice in choices for cause in choice.causes), worst
    for state in (State.UNKNOWN, State.STALE):
        unclear = [choice for choice in choices if choice.state is state]
        if unclear:
            return state, tuple(say("rule.cause.choice", choice=c.ask, causes=c.causes) for c in unclear), worst
    alone = [choice for choice in choices if disagreed(choice.state, choice.answer, choice.causes)]
    if alone:
        return State.UNANSWERED, tuple(say("rule.cause.choice", choice=c.ask, causes=c.causes) for c in alone), worst
    if all(choice.state in NOT_KNOWN or choice.state is State.NOT_APPLICABLE for choice in choices):
        return State.UNANSWERED, (say("rule.cause.no-choice"),), worst
    selected = {
        choice.item.item: None if choice.state is State.NOT_APPLICABLE else choice.state is State.MET
        for choice in choices
        if choice.item is not None
    }
    for rule in section.risk_rules:
        if read_rule(rule.if_).holds(selected):
            if rule.risk == "none":
                return State.MET, (), worst
            if rule.risk == "unknown":
                break
            lacking = [choice.ask for choice in choices if selected[choice.name.split("/", 1)[1]] is False]
            return State.NOT_MET, (say("rule.cause.rule", rule=rule.if_, lacking=lacking),), Risk(rule.risk)
    return State.UNKNOWN, (say("rule.cause.no-rule"),), worst
