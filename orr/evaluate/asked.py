"""Required checklists that a workload is not asked.

Each is a blocking open item of its own, unless it is left out under the rules of waivers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from datetime import date, timedelta
from functools import partial, reduce
from typing import NamedTuple

from orr.evaluate.applies import left_out
from orr.evaluate.assessed import ItemAssessment, WaiverStatus
from orr.evaluate.case import Case
from orr.evaluate.states import Judgement
from orr.evaluate.terms import Formerly, in_a_row, why_altered
from orr.evaluate.waivers import ineffective
from orr.messages import LANGUAGES, Message, in_language, render, say
from orr.model.checklist import ASKED, Checklist, Item, Risk, Section, item_id
from orr.model.review import State
from orr.model.settings import PolicyRow
from orr.model.statement import Kind
from orr.model.workload import LeaveOut, Workload


class Named(NamedTuple):
    """Checklists that a workload is asked, and required ones that it is not."""

    asked: tuple[str, ...]
    not_asked: tuple[str, ...]


def named(workload: Workload, policy: PolicyRow, known: Mapping[str, Checklist]) -> Named:
    """Divide the known checklists by what a workload is asked.

    Required are those that the row of the policy names, else all that do not say `required: false`. A workload that
    names none is asked every required one that it does not leave out.
    """
    demanded, asked = policy.checklists, workload.checklists
    required = [name for name, one in known.items() if (one.required if demanded is None else name in demanded)]
    if asked is None:
        asked = tuple(name for name in required if name not in workload.leave_out)
    return Named(asked, tuple(name for name in required if name not in asked))


def with_checklists(case: Case, known: Mapping[str, Checklist]) -> Case:
    """Case with the known checklists that it is asked or required to answer."""
    names = named(case.workload, case.policy, known)
    not_asked = {name: known[name] for name in names.not_asked}
    asked = (known[name] for name in names.asked if name in known)
    lists = (*asked, *map(_in_place_of, not_asked.values()))
    return replace(case, checklists=lists, not_asked=not_asked, known=known)


def on_day(case: Case, day: date) -> Case:
    """The case with the tier of a day, and the checklists that are asked of it."""
    if day == case.day:
        return case
    later = replace(case, day=day)
    same = later.policy.checklists == case.policy.checklists
    return later if same or not case.known else with_checklists(later, case.known)


def asked_items(case: Case, today: date, among: Set[str] | None = None) -> Iterator[tuple[str, Item]]:
    """Items with their ids that are asked, or will be after a tier exception.

    Parameters
    ----------
    among
        The names of those that are looked for; None for all.
    """
    yield from _asked_on(case, today, among)
    if case.rating.until is not None and case.rating.until < date.max:
        yield from _asked_on(on_day(case, case.rating.until + timedelta(days=1)), today, among)


def _asked_on(case: Case, today: date, among: Set[str] | None) -> Iterator[tuple[str, Item]]:
    for checklist in case.checklists:
        items = checklist.memoised("items", partial(_items_of, checklist))
        for name in items if among is None else items.keys() & among:
            if left_out(items[name], case, today) is None:
                yield name, items[name]


def _items_of(checklist: Checklist) -> dict[str, Item]:
    return {item_id(checklist.checklist, item.item): item for section in checklist.sections for item in section.items}


def recalling(case: Case, formerly: Formerly) -> Case:
    """The case with what is recorded of earlier terms, which may make another tier count."""
    found = replace(case, formerly=formerly)
    return with_checklists(found, case.known) if case.known else found


def _in_place_of(checklist: Checklist) -> Checklist:
    """A checklist of the one item that it is not asked."""

    def make() -> Checklist:
        def text(key: str) -> dict[str, str]:
            name = checklist.checklist
            return {
                language: render(say(f"rule.{key}", name=name, title=in_language(checklist.title, language)), language)
                for language in LANGUAGES
            }

        item = Item(
            item=ASKED, ask=text("asked.ask"), fix=text("asked.fix"), risk=Risk.HIGH, blocking=True, waivable=False
        )
        return replace(checklist, sections=(Section(section=ASKED, title=text("asked.title"), items=(item,)),))

    return checklist.memoised("not asked", make)


def behind(case: Case, checklist: str) -> Iterator[Item]:
    """The items of a required checklist that is not asked."""
    if checklist in case.not_asked:
        for section in case.not_asked[checklist].sections:
            yield from section.items


def judge_not_asked(case: Case, checklist: str, today: date) -> Judgement:
    """State of an unasked required checklist; no omission where none of its items applies."""
    outs = [left_out(item, case, today) for item in behind(case, checklist)]
    if outs[0] is not None and None not in outs:
        return State.NOT_APPLICABLE, (outs[0],)
    leave = case.workload.leave_out.get(checklist)
    if leave is None:
        return State.NOT_MET, (say("rule.cause.not-asked"),)
    why = why_no_leave(case, checklist, today)
    unproven = case.unproven(Kind.LEAVE_OUT, checklist, leave, leave.approved_by)
    if why is None and unproven is not None:
        state = State.NOT_MET if unproven.known else State.UNKNOWN
        return state, (say("rule.cause.leave-out", why=unproven.why),)
    if why is not None:
        return State.NOT_MET, (say("rule.cause.leave-out", why=why),)
    by, until = leave.approved_by, leave.expires
    return State.NOT_APPLICABLE, (say("rule.left-out.leave", by=by, until=until, reason=leave.reason),)


def why_no_leave(case: Case, checklist: str, today: date) -> Message | None:
    """Why leave to omit a checklist has no effect on a day; else None."""
    leave = case.workload.leave_out[checklist].as_waiver(checklist)
    why = ineffective(leave, case.policy, today) or why_altered(leave, case.formerly)
    return why or in_a_row([leave], case.policy.waiver_max_days, case.formerly.waivers).get(0, {}).get(leave.items[0])


def leave_statuses(case: Case, today: date) -> Iterator[WaiverStatus]:
    """Whether each leave to go without a checklist works on a day."""
    for name, leave in case.workload.leave_out.items():
        waiver, why = leave.as_waiver(name), why_no_leave(case, name, today)
        unproven = case.unproven(Kind.LEAVE_OUT, name, leave, leave.approved_by)
        why = why or (unproven.why if unproven is not None else None)
        if why is None and name not in case.not_asked:
            why = say("rule.waiver.needless", name=name)
        active = say("rule.waiver.active", by=leave.approved_by, on=leave.on, until=leave.expires)
        items = frozenset(waiver.items) if why is None else frozenset[str]()
        yield WaiverStatus(waiver.waiver, why is None, why or active, items, (), ())


def is_left_out(item: ItemAssessment) -> bool:
    """Whether an item stands for a checklist that is left out with leave."""
    return bool(item.causes) and item.causes[0].key == "rule.left-out.leave"


class Asked(NamedTuple):
    """How many of the checklists are asked, and which are not.

    Attributes
    ----------
    n, of
        How many are asked, of those that are asked or required; one of which nothing applies is not required.
    left_out
        Those that are left out with leave.
    missing
        Those that are required, and neither asked nor left out with leave.
    core
        How many core questions there are, of how many, where no others are asked.
    spared
        Those that say themselves that they are required, and that the row of the policy does not name.
    """

    n: int
    of: int
    left_out: Mapping[str, LeaveOut]
    missing: tuple[str, ...]
    core: tuple[int, int] | None = None
    spared: tuple[str, ...] = ()

    @property
    def how_many(self) -> Message:
        """How many are asked, of how many."""
        return say("rule.asked", asked=self.n, n=self.of)

    @property
    def rest(self) -> tuple[Message, ...]:
        """Which are left out, and which are missing."""
        leaves: dict[tuple[date, str], list[str]] = {}
        for name, leave in self.left_out.items():
            leaves.setdefault((leave.expires, str(leave.approved_by)), []).append(name)
        said = [say("rule.asked.core", asked=self.core[0], of=self.core[1])] if self.core is not None else []
        said += [say("rule.asked.left-out", until=until, by=by, lists=names) for (until, by), names in leaves.items()]
        if self.missing:
            said.append(say("rule.asked.missing", lists=self.missing))
        if self.spared:
            said.append(say("rule.asked.spared", lists=self.spared))
        return tuple(said)

    @property
    def in_words(self) -> Message:
        """How many are asked, and which are not."""
        return reduce(lambda said, more: say("rule.asked.more", said=said, more=more), self.rest, self.how_many)


def asked_of(case: Case, items: Iterable[ItemAssessment]) -> Asked:
    """How many of the checklists are asked, by the assessed items."""
    standing = [item for item in items if item.checklist.checklist in case.not_asked] if case.not_asked else []
    left = {
        item.checklist.checklist: case.workload.leave_out[item.checklist.checklist]
        for item in standing
        if is_left_out(item)
    }
    missing = tuple(item.checklist.checklist for item in standing if item.open)
    n, spared = len(case.asked), spared_by_policy(case)
    of = n + len(left) + len(missing) + len(spared)
    return Asked(n, of, left, missing, _core_of(case) if case.policy.core_only else None, spared)


def spared_by_policy(case: Case) -> tuple[str, ...]:
    """Names of checklists with something to ask that only the policy spares."""
    there, day = {one.checklist for one in case.checklists}, case.day or date.max
    others = (one for name, one in case.known.items() if one.required and name not in there)
    return tuple(
        one.checklist
        for one in others
        if any(left_out(item, case, day) is None for section in one.sections for item in section.items)
    )


def _core_of(case: Case) -> tuple[int, int]:
    items = [item for checklist in case.asked for section in checklist.sections for item in section.items]
    return sum(item.core for item in items), len(items)
