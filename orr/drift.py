"""What became of a workload between two runs: pure, from the recorded assessments alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from orr.evaluate import Decision, State, Verdict
from orr.evaluate.states import CLOSED, badness
from orr.messages import Message, say
from orr.model import Occasion

Record = Mapping[str, Any]
"""An assessment in the form `orr.assessment/1`."""


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
    def course(self) -> Course:
        """Which way it went."""
        if self.after is State.NOT_APPLICABLE or {self.before, self.after} <= CLOSED:
            return Course.ASIDE
        if self.before is State.NOT_APPLICABLE:
            return Course.WORSE
        return Course.WORSE if badness(self.after) > badness(self.before) else Course.BETTER


class DuePassed(NamedTuple):
    """A step of the path to go that is still open after its day."""

    item: str
    owner: str
    due: date


class VersionChange(NamedTuple):
    """A checklist that the two runs do not share in the same version; None where it was not asked."""

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
    states
        Items of both runs whose state changed.
    new, removed
        Items of only one run, with their state in it.
    waivers_begun, waivers_ended
        Waivers that work only now, or no more.
    due_passed
        Steps whose day went by since the first run.
    checklists
        Changed checklists. They explain a drift, and are none by themselves.
    """

    workload: str
    occasion: tuple[Occasion, Occasion] | None = None
    verdict: tuple[Verdict, Verdict] | None = None
    decision: tuple[Decision, Decision] | None = None
    states: tuple[StateChange, ...] = ()
    new: tuple[tuple[str, State], ...] = ()
    removed: tuple[tuple[str, State], ...] = ()
    waivers_begun: tuple[str, ...] = ()
    waivers_ended: tuple[str, ...] = ()
    due_passed: tuple[DuePassed, ...] = ()
    checklists: tuple[VersionChange, ...] = ()

    def __bool__(self) -> bool:
        return any(
            (
                self.occasion, self.verdict, self.decision, self.states, self.new, self.removed,
                self.waivers_begun, self.waivers_ended, self.due_passed,
            )
        )  # fmt: skip

    def went(self, course: Course) -> tuple[StateChange, ...]:
        """The items that went one way."""
        return tuple(change for change in self.states if change.course is course)

    @property
    def says(self) -> tuple[Message, ...]:
        """All of it in words, what matters most first; nothing where nothing drifted."""
        if not self:
            return ()
        said: list[Message] = []
        for key in ("verdict", "decision", "occasion"):
            change = getattr(self, key)
            if change is not None:
                said.append(say(f"fleet.drift.{key}", before=change[0], after=change[1]))
        said += [_state(change) for change in self.went(Course.WORSE)]
        said += [say("fleet.drift.due-passed", **step._asdict()) for step in self.due_passed]
        said += [say("fleet.drift.waiver-ended", name=name) for name in self.waivers_ended]
        said += [say("fleet.drift.new", item=item, state=state) for item, state in self.new]
        said += [say("fleet.drift.removed", item=item, state=state) for item, state in self.removed]
        said += [_state(change) for change in self.went(Course.ASIDE)]
        said += [_state(change) for change in self.went(Course.BETTER)]
        said += [say("fleet.drift.waiver-begun", name=name) for name in self.waivers_begun]
        return (*said, *(_version(change) for change in self.checklists))


def drift(before: Record, after: Record) -> Drift:
    """Compare two recorded assessments of one workload.

    Parameters
    ----------
    before, after
        In the form `orr.assessment/1`, in the order of their recording.

    Returns
    -------
    Drift
        Without regard to the order of items, and to words: the same run told in two
        languages has no drift.
    """
    old, new = _states(before), _states(after)
    was, now = _active(before), _active(after)
    return Drift(
        workload=str(after["workload"]),
        occasion=_changed(Occasion, "occasion", before, after),
        verdict=_changed(Verdict, "verdict", before, after),
        decision=_changed(Decision, "decision", before, after),
        states=tuple(StateChange(name, old[name], new[name]) for name in new if name in old and old[name] != new[name]),
        new=tuple((name, new[name]) for name in new if name not in old),
        removed=tuple((name, old[name]) for name in old if name not in new),
        waivers_begun=tuple(name for name in now if name not in was),
        waivers_ended=tuple(name for name in was if name not in now),
        due_passed=tuple(_due_passed(before, after)),
        checklists=tuple(_versions(before.get("checklists", {}), after.get("checklists", {}))),
    )


def _changed(kind: type[Any], key: str, before: Record, after: Record) -> Any:
    pair = kind(before[key]), kind(after[key])
    return None if pair[0] is pair[1] else pair


def _states(record: Record) -> dict[str, State]:
    return {item["item"]: State(item["state"]) for item in sorted(record["items"], key=lambda item: str(item["item"]))}


def _active(record: Record) -> list[str]:
    return sorted(waiver["waiver"] for waiver in record["waivers"] if waiver["active"])


def _due_passed(before: Record, after: Record) -> list[DuePassed]:
    told = {(step["item"], step["due"]) for step in before["path_to_go"] if _is_past(step, before["today"])}
    late = [step for step in after["path_to_go"] if _is_past(step, after["today"])]
    return [
        DuePassed(step["item"], step["owner"], date.fromisoformat(step["due"]))
        for step in late
        if (step["item"], step["due"]) not in told
    ]


def _is_past(step: Record, today: str) -> bool:
    return step["due"] is not None and step["due"] < today


def _versions(before: Mapping[str, int], after: Mapping[str, int]) -> list[VersionChange]:
    names = sorted({*before, *after})
    return [
        VersionChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    ]


def _state(change: StateChange) -> Message:
    return say(f"fleet.drift.{change.course.value}", item=change.item, before=change.before, after=change.after)


def _version(change: VersionChange) -> Message:
    if change.before is None:
        return say("fleet.drift.checklist-new", name=change.checklist, after=change.after)
    if change.after is None:
        return say("fleet.drift.checklist-gone", name=change.checklist, before=change.before)
    return say("fleet.drift.checklist", name=change.checklist, before=change.before, after=change.after)
