"""Answers and waivers under ids that other items have replaced. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from orr.model.fields import Moment
from orr.model.person import alike
from orr.model.review import Answer, Challenge, Reply, Review, State, Waiver

_WORST_FIRST = (Reply.NO, None, Reply.PARTIAL, Reply.YES, Reply.NOT_APPLICABLE)
_CLOSED = (Reply.YES, Reply.NOT_APPLICABLE)
_STATES = tuple(State)


@dataclass(frozen=True)
class Renaming:
    """Which items have replaced which.

    Attributes
    ----------
    ids
        By old id the new one.
    """

    ids: Mapping[str, str] = field(default_factory=dict)

    def answers(self, written: Mapping[str, Answer]) -> Mapping[str, Answer]:
        """The same by new ids; of several that became one, the worst."""
        if self.ids.keys().isdisjoint(written):
            return written
        return {name: worst(group) for name, group in self._groups(written).items()}

    def review(self, written: Review) -> Review:
        """The same review by new ids."""
        named = {*written.answers, *(name for waiver in written.waivers for name in waiver.items)}
        if self.ids.keys().isdisjoint(named | written.assigned.keys()):
            return written
        waivers = tuple(self._waiver(waiver, written.answers) for waiver in written.waivers)
        assigned = {self.ids.get(name, name): one for name, one in written.assigned.items()}
        return replace(written, answers=dict(self.answers(written.answers)), assigned=assigned, waivers=waivers)

    def _groups(self, written: Mapping[str, Answer]) -> dict[str, dict[str, Answer]]:
        groups: dict[str, dict[str, Answer]] = {}
        for name, answer in written.items():
            groups.setdefault(self.ids.get(name, name), {})[name] = answer
        return groups

    def _waiver(self, waiver: Waiver, written: Mapping[str, Answer]) -> Waiver:
        """A waiver by new ids, approved on the mildest state of what became one."""
        items = tuple(dict.fromkeys(self.ids.get(name, name) for name in waiver.items))
        if items == waiver.items and self.ids.keys().isdisjoint(written):
            return waiver
        groups = self._groups(written)
        states = {}
        for item in items:
            opened = [name for name, one in groups.get(item, {}).items() if one.answer not in _CLOSED]
            named = [name for name in waiver.items if self.ids.get(name, name) == item]
            state = _mildest(waiver.states.get(name) for name in (*opened, *_open_then(waiver, named)))
            if state is not None:
                states[item] = state
        return replace(waiver, items=items, states=states)


NO_RENAMING = Renaming()


def worst(group: Mapping[str, Answer]) -> Answer:
    """The worst of several answers to what is one item now, by where each stands.

    It is as old as the oldest, offers the evidence of all, and is planned where all that are open are.
    """
    if len(group) == 1:
        return next(iter(group.values()))
    answers = sorted(group.values(), key=lambda one: (_WORST_FIRST.index(one.answer), *_order(one.on)))
    chosen = answers[0]
    on = chosen.on if chosen.answer is Reply.NO else min((one.on for one in answers), key=_order)
    reply = chosen.answer
    if reply is Reply.YES and any(_unapproved(one) for one in answers):
        reply = Reply.PARTIAL
    opened = [one for one in answers if one.answer not in _CLOSED]
    plans = [one.plan for one in opened if one.plan is not None]
    plan = min(plans, key=lambda one: one.due) if plans and len(plans) == len(opened) else None
    challenges = [one.challenged for one in sorted(answers, key=lambda one: not one.disputed) if one.challenged]
    return replace(
        chosen,
        answer=reply if reply is not None or plan is not None else Reply.PARTIAL,
        note=_trail(group),
        reason=chosen.reason if reply is Reply.NOT_APPLICABLE else None,
        evidence=tuple(dict.fromkeys(entry for one in answers for entry in one.evidence)),
        plan=plan,
        on=on,
        challenged=_unlifted(challenges[0], answers) if challenges else None,
    )


def _unlifted(challenge: Challenge, answers: Sequence[Answer]) -> Challenge:
    """Challenge without a lift that had no effect for its answer."""
    useless = any(one.challenged is challenge and one.disputed for one in answers)
    return replace(challenge, lifted=None) if useless else challenge


def _open_then(waiver: Waiver, named: Sequence[str]) -> list[str]:
    """Those of some items that were open when a waiver was approved; all where none was."""
    opened = [name for name in named if waiver.states.get(name) not in (State.MET, State.NOT_APPLICABLE)]
    return opened or list(named)


def _mildest(states: Iterable[State | None]) -> State | None:
    """Mildest of some states; None, which counts as mildest, if one is unknown."""
    found = list(states)
    known = [state for state in found if state is not None]
    return max(known, key=_STATES.index) if known and len(known) == len(found) else None


def _order(on: Moment) -> tuple[str, str]:
    """Order of moments and days, a day before the moments in it."""
    return (on.date() if isinstance(on, datetime) else on).isoformat(), str(on)


def _unapproved(answer: Answer) -> bool:
    by = answer.approved_by
    return answer.answer is Reply.NOT_APPLICABLE and (by is None or alike(by, answer.by))


def _trail(group: Mapping[str, Answer]) -> str:
    """What was answered under each id, so that nothing that people wrote is lost."""
    lines = []
    for name, one in group.items():
        day = one.on.date() if isinstance(one.on, datetime) else one.on
        said = one.answer.value if one.answer is not None else "-"
        words = [one.note, one.reason, one.plan.action if one.plan is not None else None]
        lines.append(" · ".join([f"{name}: {said}, {one.by}, {day.isoformat()}", *(word for word in words if word)]))
    return "\n".join(lines)
