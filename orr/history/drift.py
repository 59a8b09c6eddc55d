"""Drift of a workload in words: what differs between two of its runs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from orr.evaluate import Decision, State, Verdict
from orr.evaluate.states import CLOSED, severity_of
from orr.messages import Message, say
from orr.model.checklist import Occasion, Risk


class Course(StrEnum):
    """Which way an item went. Towards not-applicable is no progress: it never helps."""

    WORSE = "worse"
    BETTER = "better"
    ASIDE = "aside"


class StateChange(NamedTuple):
    """An item whose state changed."""

    item: str
    before: State
    after: State

    @property
    def opened(self) -> bool:
        """Whether it was closed before and is open now."""
        return self.before in CLOSED and self.after not in CLOSED

    @property
    def closed(self) -> bool:
        """Whether it was open before and is met now."""
        return self.before not in CLOSED and self.after is State.MET

    @property
    def course(self) -> Course:
        """Which way it went."""
        if self.after is State.NOT_APPLICABLE or {self.before, self.after} <= CLOSED:
            return Course.ASIDE
        if self.before is State.NOT_APPLICABLE:
            return Course.WORSE
        return Course.WORSE if severity_of(self.after) > severity_of(self.before) else Course.BETTER


class Lapsing(NamedTuple):
    """Item that gets worse within 30 days, newly in sight since the last look.

    Where it is in that state already, what covers it ends.
    """

    on: date
    item: str
    state: State
    covered: bool

    @property
    def says(self) -> Message:
        """Drift in words: verdicts, opened, closed, lapsing, changed checklists."""
        return say(f"fleet.drift.{'cover-ends' if self.covered else 'lapsing'}", **self._asdict())


class DuePassed(NamedTuple):
    """A step of the path to go that is still open after its day."""

    item: str
    owner: str
    due: date


class WeightChange(NamedTuple):
    """Item as open as before, but with another risk or another effect on blocking."""

    item: str
    state: State
    risk: tuple[Risk, Risk]
    blocking: tuple[bool, bool]

    @property
    def is_worse(self) -> bool:
        """Whether it counts for more."""
        return _is_worse(self.risk) or self.blocking == (False, True)

    @property
    def says(self) -> Iterator[Message]:
        """Each in words that is not what it was."""
        if self.risk[0] is not self.risk[1]:
            yield say("fleet.drift.risk", item=self.item, state=self.state, before=self.risk[0], after=self.risk[1])
        if self.blocking[0] is not self.blocking[1]:
            key = "blocking" if self.blocking[1] else "not-blocking"
            yield say(f"fleet.drift.{key}", item=self.item, state=self.state)


class VersionChange(NamedTuple):
    """Version of a checklist in two runs; None where it was not used."""

    checklist: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Drift:
    """What differs between two runs of a workload; false where nothing does.

    Attributes
    ----------
    workload
        Whose runs.
    occasion, verdict, decision
        Before and after; None where it is the same.
    milder
        What is required otherwise and not provably more strictly; nothing where a run does not hold it.
    states
        Items of both runs, asked the same in both, whose state changed.
    asked_otherwise
        Items of both runs that a checklist asks otherwise now, whose state changed.
    weights
        Where the verdict changed, items that are as open as before and count otherwise.
    new, removed
        Items of only one run, with their state in it.
    lapsing
        Items that will get worse within 30 days, as was not yet in sight before.
    waivers_begun, waivers_ended
        Waivers that work only now, or no more.
    waivers_removed
        Waivers that are taken out of the review: their terms add up with later ones no more.
    due_passed
        Steps whose day went by since the first run.
    checklists
        Changed checklists. They explain a drift, and are none by themselves.
    """

    workload: str
    occasion: tuple[Occasion, Occasion] | None = None
    verdict: tuple[Verdict, Verdict] | None = None
    decision: tuple[Decision, Decision] | None = None
    milder: tuple[Message, ...] = ()
    states: tuple[StateChange, ...] = ()
    asked_otherwise: tuple[StateChange, ...] = ()
    weights: tuple[WeightChange, ...] = ()
    new: tuple[tuple[str, State], ...] = ()
    removed: tuple[tuple[str, State], ...] = ()
    waivers_begun: tuple[str, ...] = ()
    waivers_ended: tuple[str, ...] = ()
    waivers_removed: tuple[str, ...] = ()
    due_passed: tuple[DuePassed, ...] = ()
    lapsing: tuple[Lapsing, ...] = ()
    checklists: tuple[VersionChange, ...] = ()

    def __bool__(self) -> bool:
        return any(
            (
                self.occasion, self.verdict, self.decision, self.milder, self.states,
                self.asked_otherwise, self.new, self.removed,
                self.waivers_begun, self.waivers_ended, self.waivers_removed, self.due_passed, self.lapsing,
            )
        )  # fmt: skip

    def went(self, course: Course) -> tuple[StateChange, ...]:
        """The items that went one way."""
        return tuple(change for change in self.states if change.course is course)

    @property
    def says(self) -> tuple[Message, ...]:
        """Drift in words: verdicts, opened, closed, lapsing, changed checklists."""
        if not self:
            return ()
        unlifted = {one.values["item"] for one in self.milder if one.key == "rule.milder.challenge-gone"}
        better = [change for change in self.went(Course.BETTER) if not change.closed]
        return (
            *self._heads(("verdict", "decision", "occasion")),
            *self._milder(besides={item for item, _ in self.removed}),
            *self._worse(),
            *(_state("closed", change) for change in self.states if change.closed and change.item not in unlifted),
            *(_state("better", change) for change in better if change.item not in unlifted),
            *(_state("aside", change) for change in self.went(Course.ASIDE) if not change.closed),
            *(say("fleet.drift.waiver-begun", name=name) for name in self.waivers_begun),
            *(lapse.says for lapse in self.lapsing),
            *(say("fleet.drift.new", item=item, state=state) for item, state in self.new),
            *(_state("asked-otherwise", change) for change in self.asked_otherwise),
            *(message for change in self.weights if change.is_worse for message in change.says),
            *(say("fleet.drift.removed", item=item, state=state) for item, state in self.removed),
            *(_version(change) for change in self.checklists),
        )

    @property
    def regressions(self) -> tuple[Message, ...]:
        """Only what got worse, or is about to, in words."""
        heads = [key for key in ("verdict", "decision") if _is_worse(getattr(self, key))]
        return (
            *self._heads(heads),
            *self._milder(),
            *self._worse(),
            *(lapse.says for lapse in self.lapsing),
            *(say("fleet.drift.new", item=item, state=state) for item, state in self.new if state not in CLOSED),
            *(_state("asked-otherwise", one) for one in self.asked_otherwise if one.course is Course.WORSE),
            *(message for change in self.weights if change.is_worse for message in change.says),
        )

    @property
    def recovers(self) -> bool:
        """Whether the verdict got better, and not because less is asked."""
        return self.verdict is not None and not _is_worse(self.verdict) and not self.milder

    def _heads(self, keys: Iterable[str]) -> Iterator[Message]:
        for key in keys:
            change = getattr(self, key)
            if change is not None:
                yield say(f"fleet.drift.{key}", before=change[0], after=change[1])

    def _milder(self, besides: Collection[str] | None = None) -> Iterator[Message]:
        """Relaxed requirements, but for the given occasion and items, which stand there already."""
        for change in self.milder:
            stands = change.key == "rule.milder.occasion" or change.values.get("item") in (besides or ())
            if besides is None or not stands:
                yield say("fleet.drift.milder", change=change)

    def _worse(self) -> Iterator[Message]:
        worse = self.went(Course.WORSE)
        yield from (_state("opened", change) for change in worse if change.opened)
        yield from (_state("worse", change) for change in worse if not change.opened)
        yield from (say("fleet.drift.due-passed", **step._asdict()) for step in self.due_passed)
        yield from (say("fleet.drift.waiver-ended", name=name) for name in self.waivers_ended)
        yield from (say("fleet.drift.waiver-removed", name=name) for name in self.waivers_removed)


def _is_worse(change: tuple[StrEnum, StrEnum] | None) -> bool:
    if change is None:
        return False
    order = tuple(type(change[0]))  # verdicts, decisions and risks: worst first
    return order.index(change[1]) < order.index(change[0])


def _state(key: str, change: StateChange) -> Message:
    return say(f"fleet.drift.{key}", item=change.item, before=change.before, after=change.after)


def _version(change: VersionChange) -> Message:
    if change.before is None:
        return say("fleet.drift.checklist-new", name=change.checklist, after=change.after)
    if change.after is None:
        return say("fleet.drift.checklist-gone", name=change.checklist, before=change.before)
    return say("fleet.drift.checklist", name=change.checklist, before=change.before, after=change.after)
