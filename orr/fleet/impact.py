"""Impact of changed checklists on live workloads. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from orr.evaluate import Evaluation, State, Verdict, evaluate
from orr.evaluate.asked import with_checklists
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.case import Case
from orr.model.checklist import Checklist, Item, Risk, Section, item_id
from orr.model.digest import Unit, demand_text
from orr.model.fields import Text
from orr.model.finding import Evidence
from orr.source.faults import Fault


class Change(StrEnum):
    """What became of an item."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class Short:
    """A live workload that would be open on an item.

    Attributes
    ----------
    workload, team
        Which, and who owns it.
    state
        The item's state once the workload is held to it.
    covered_by
        `waiver:<id>` or None.
    already
        Whether it is open on it under the old checklists too.
    """

    workload: str
    team: str
    state: State
    covered_by: str | None
    already: bool


@dataclass(frozen=True)
class ItemImpact:
    """A changed item, and who falls short of it.

    Attributes
    ----------
    item, change
        Which, and what became of it.
    risk, blocking
        As they are now; None and False for a removed item and for a section with rules.
    enforce_from
        From when live workloads are held to it; None for at once.
    short
        The live workloads that would be open on it.
    ask, fix
        What is asked, and the next step that gets to yes.
    """

    item: str
    change: Change
    risk: Risk | None
    blocking: bool
    enforce_from: date | None
    short: tuple[Short, ...]
    ask: Text | None = None
    fix: Text | None = None


class PlanStep(NamedTuple):
    """What a live workload has to do until when.

    Attributes
    ----------
    until
        The last day before it is held to the item; None where it is held to it at once.
    team, workload, item
        Who has to act, for which workload, on what.
    do
        The next step: the item's fix, else what it asks.
    short
        Where the workload stands.
    """

    until: date | None
    team: str
    workload: str
    item: str
    do: Text
    short: Short


@dataclass(frozen=True)
class VerdictImpact:
    """A live workload whose verdict changes, once or with each of several deadlines.

    Attributes
    ----------
    workload
        Which.
    before, after
        The verdict until then, at first that under the old checklists; and from then on.
    since
        The first day of it; None for at once.
    """

    workload: str
    before: Verdict
    after: Verdict
    since: date | None


@dataclass(frozen=True)
class Impact:
    """What the changes mean for the live workloads that were assessed.

    Attributes
    ----------
    items, verdicts
        The changed items, and the verdicts that change.
    live
        The live workloads that were assessed.
    unassessed
        Those that could not be, and are live as far as that can be read.
    faults
        Why: what is wrong with files.
    """

    items: tuple[ItemImpact, ...]
    verdicts: tuple[VerdictImpact, ...]
    live: tuple[str, ...]
    unassessed: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def plan(self) -> tuple[PlanStep, ...]:
        """Steps of those that fall short, by owner, the earliest due first."""
        steps = [
            PlanStep(_last_day(item), short.team, short.workload, item.item, item.fix or item.ask or item.item, short)
            for item in self.items
            for short in item.short
        ]
        return tuple(sorted(steps, key=lambda step: (step.until or date.min, step.team, step.workload, step.item)))


def _last_day(item: ItemImpact) -> date | None:
    return item.enforce_from - timedelta(days=1) if item.enforce_from is not None else None


def units_of(checklists: Iterable[Checklist]) -> dict[str, Unit]:
    """What is assessed as one, by name."""
    found: dict[str, Unit] = {}
    for checklist in checklists:
        for section in checklist.sections:
            if section.risk_rules:
                found[item_id(checklist.checklist, section.section)] = section, None
            else:
                found |= {item_id(checklist.checklist, item.item): (section, item) for item in section.items}
    return found


def changes(old: Iterable[Checklist], new: Iterable[Checklist]) -> dict[str, Change]:
    """Items that are assessed differently, in the new order, then those that are gone."""
    before, after = units_of(old), units_of(new)
    ids = _ids_before(after)
    found = {
        name: Change.CHANGED if before.keys() & {name, *ids[name]} else Change.NEW
        for name, unit in after.items()
        if name not in before or demand_text(before[name]) != demand_text(unit)
    }
    replaced = {old for names in ids.values() for old in names}
    return found | {name: Change.REMOVED for name in before if name not in after and name not in replaced}


def _ids_before(units: Mapping[str, Unit]) -> dict[str, tuple[str, ...]]:
    """By item the ids that it replaces."""
    return {name: item.replaces if item is not None else () for name, (_, item) in units.items()}


def old_case(case: Case, old: Mapping[str, Checklist]) -> Case:
    """The case under the old checklists: the same answers, those checklists that there were.

    What stands under an id that replaced others answers those.
    """
    asked = {item_id(one.checklist, item.item) for one in old.values() for part in one.sections for item in part.items}
    ids = {was: name for was, name in case.renaming.ids.items() if was in asked}
    return with_checklists(case.by_old_ids(ids), old)


def to_collect(case: Case, present: Case, evidence: Evidence) -> Case | None:
    """The part of an old case that its evidence is still to be collected for.

    Parameters
    ----------
    case
        Under the old checklists.
    present, evidence
        The case for which evidence was collected already, and that evidence: what the two
        share is not collected twice.

    Returns
    -------
    Case
        Only with items that are gone or have other checks; None where there are none.
    """
    now = _checks(present.checklists)

    def lacks(name: str, item: Item) -> bool:
        return name not in now or bool(item.checks and (now[name] != item.checks or name not in evidence.findings))

    pruned = []
    for checklist in case.checklists:
        sections = []
        for section in checklist.sections:
            items = tuple(item for item in section.items if lacks(item_id(checklist.checklist, item.item), item))
            if items:
                sections.append(replace(section, items=items))
        if sections:
            pruned.append(replace(checklist, sections=tuple(sections)))
    return replace(case, checklists=tuple(pruned)) if pruned else None


def _checks(checklists: Iterable[Checklist]) -> dict[str, object]:
    return {
        item_id(checklist.checklist, item.item): item.checks
        for checklist in checklists
        for section in checklist.sections
        for item in section.items
    }


def deadline(unit: Unit) -> date | None:
    """Day from which live workloads are held to an item; last of a section's."""
    section, item = unit
    if item is not None:
        return item.enforce_from
    days = [choice.enforce_from for choice in section.items if choice.enforce_from is not None]
    return max(days, default=None)


def enforced(case: Case, changed: Mapping[str, Change], until: date | None = None) -> Case:
    """Case with the changed items in force whose deadline is up to `until`.

    None stands for all of them.
    """

    def lift(checklist: Checklist, section: Section, item: Item) -> Item:
        name = item_id(checklist.checklist, section.section if section.risk_rules else item.item)
        held = item.enforce_from is not None and (until is None or item.enforce_from <= until)
        return replace(item, enforce_from=None) if held and name in changed else item

    def lifted(checklist: Checklist) -> Checklist:
        sections = (
            replace(section, items=tuple(lift(checklist, section, item) for item in section.items))
            for section in checklist.sections
        )
        return replace(checklist, sections=tuple(sections))

    not_asked = {name: lifted(checklist) for name, checklist in case.not_asked.items()}
    return replace(case, checklists=tuple(map(lifted, case.checklists)), not_asked=not_asked)


@dataclass(frozen=True)
class Compared:
    """One live workload under the old checklists and the new.

    Attributes
    ----------
    old
        Its assessment under the old checklists.
    new
        The same under the new ones, as if every deadline had come.
    verdicts
        What becomes of the verdict, by day.
    """

    old: Evaluation
    new: Evaluation
    verdicts: tuple[VerdictImpact, ...]


def compare(
    present: Case, evidence: Evidence, before: Case, old_evidence: Evidence, today: date, changed: Mapping[str, Change]
) -> Compared:
    """Assess one live workload under both.

    Parameters
    ----------
    present, evidence
        The case as it is now, and its evidence.
    before, old_evidence
        The case under the old checklists, and the evidence for them.
    today
        The day.
    changed
        As `changes` gives it.
    """
    old = evaluate(before, old_evidence, today)
    in_force = evaluate(enforced(present, changed), evidence, today)
    verdicts, was = list[VerdictImpact](), old.verdict
    for day in (None, *sorted({day for day in _deadlines(present, changed) if day > today})):
        held = present if day is None else enforced(present, changed, day)
        verdict = evaluate(held, evidence, today).verdict
        if verdict is not was:
            verdicts.append(VerdictImpact(present.workload.workload, was, verdict, day))
            was = verdict
    return Compared(old, in_force, tuple(verdicts))


def _deadlines(case: Case, changed: Mapping[str, Change]) -> Iterator[date]:
    for checklist in (*case.checklists, *case.not_asked.values()):
        for section in checklist.sections:
            for item in section.items:
                name = item_id(checklist.checklist, section.section if section.risk_rules else item.item)
                if name in changed and item.enforce_from is not None:
                    yield item.enforce_from


def impact(
    new: Iterable[Checklist], changed: Mapping[str, Change], compared: Sequence[Compared], today: date
) -> Impact:
    """Put together what the changes mean, by item."""
    units = units_of(new)
    found = []
    for name, change in changed.items():
        if change is Change.REMOVED:
            found.append(ItemImpact(name, change, None, False, None, ()))
            continue
        section, item = units[name]
        day = deadline(units[name])
        blocking = bool(item.blocking if item is not None else section.blocking)
        risk = item.risk if item is not None else None
        short = tuple(_short(name, compared))
        ask = item.ask if item is not None else section.title
        fix = item.fix if item is not None else None
        held_from = day if day and day > today else None
        found.append(ItemImpact(name, change, risk, blocking, held_from, short, ask, fix))
    for one in _newly_required(compared).values():
        short = tuple(_short(one.name, compared))
        found.append(ItemImpact(one.name, Change.NEW, one.risk, one.blocking, None, short, one.ask, one.fix))
    verdicts = tuple(verdict for one in compared for verdict in one.verdicts)
    return Impact(tuple(found), verdicts, tuple(one.new.case.workload.workload for one in compared))


def _newly_required(compared: Sequence[Compared]) -> dict[str, ItemAssessment]:
    """Assessments for checklists that are newly required of a workload and not asked."""
    return {
        item.name: item
        for one in compared
        for item in one.new.items
        if item.open and item.checklist.checklist in one.new.case.not_asked.keys() - one.old.case.not_asked.keys()
    }


def _short(name: str, compared: Sequence[Compared]) -> Iterator[Short]:
    for one in compared:
        item = _find(one.new, name)
        if item is None or not item.open:
            continue
        ids = (name, *(item.item.replaces if item.item is not None else ()))
        workload = one.new.case.workload
        already = any(before.open for before in one.old.items if before.name in ids)
        yield Short(workload.workload, workload.owner.team, item.state, item.covered_by, already)


def _find(assessment: Evaluation, name: str) -> ItemAssessment | None:
    return next((item for item in assessment.items if item.name == name), None)
