"""Approve, in its file, what one person requested and another must agree to.

Waivers are approved by `orr.workspace.editing.approve_waiver`, since they record the states of their items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from orr.evaluate.asked import why_no_leave
from orr.evaluate.case import Case
from orr.evaluate.proofs import of_exception, of_leave
from orr.evaluate.states import unapproved
from orr.evaluate.terms import remedied
from orr.evaluate.tier import Rating, rate
from orr.messages import Message, say
from orr.model.base import Record
from orr.model.impact import TierException
from orr.model.person import alike, same
from orr.model.review import Answer, Reply, Review
from orr.model.workload import LeaveOut, Workload
from orr.source.faults import FaultyInput, with_nearest
from orr.source.faults import Path as Keys
from orr.source.file import InputFile
from orr.source.yaml import parse
from orr.source.yaml.changing import changed_text
from orr.system.atomic import write_atomically
from orr.system.paths import shown_as
from orr.workspace.editing import Refused
from orr.workspace.saving import locked
from orr.workspace.shared_answers import home_of
from orr.workspace.signing import AGREED, Pen, no_pen, sign_answer
from orr.workspace.workspace import Workspace


class Approvable(StrEnum):
    """What is approved beside waivers."""

    LEAVE_OUT = "leave_out"
    TIER_EXCEPTION = "tier_exception"
    NOT_APPLICABLE = "not_applicable"


def approve(
    workspace: Workspace, case: Case, kind: Approvable, name: str, by: str, on: date, pen: Pen = no_pen
) -> Path:
    """Write down that somebody approves.

    Parameters
    ----------
    workspace, case
        The workload, with what git and the runs hold of it.
    kind
        A required checklist that is left out, the exception of a tier, or an answer of not applicable.
    name
        The checklist, or the item; nothing for a tier.
    by, on
        Who approves, and when; an answer holds no day of its approval.
    pen
        Gives the signature, before anything is written. What the same person approved without one can be signed later.

    Returns
    -------
    Path
        The file that was written: `workload.yaml`, `review.yaml`, or of an inherited answer that of the team or of
        the organization. All but a review keeps its comments and layout.

    Raises
    ------
    FaultyInput
        If the workload's files have faults, or would have them after the change; nothing is written then.
    Refused
        If there is no such thing, if it is approved already, if it would not hold with this approval, or if the
        signature is missing that the policy asks for.
    NotSaved
        If somebody else holds the file for too long.
    """
    workload = case.workload.workload
    if kind is Approvable.NOT_APPLICABLE:
        source = home_of(workspace, case, name).source

        def agreeing(answer: Answer | None) -> Answer:
            return agreed(None if answer is None else case.as_known(name, answer, source), name, by)

        return sign_answer(workspace, case, name, agreeing, AGREED, pen).path
    leaves, asked = case.workload.leave_out, case.workload.tier_exception
    of_tier = kind is Approvable.TIER_EXCEPTION
    at: Keys = ("tier_exception",) if of_tier else ("leave_out", name)
    entry: LeaveOut | TierException | None = asked if of_tier else leaves.get(name)
    if entry is None and of_tier:
        raise Refused(say("file.edit.no-exception", workload=workload))
    if entry is None:
        raise Refused(say("file.edit.no-leave", name=name, known=with_nearest(name, leaves)))
    to_be_signed = (entry.approved_by, entry.signature) == (by, None)
    if entry.approved_by is not None and not alike(entry.approved_by, entry.requested_by) and not to_be_signed:
        raise Refused(say("file.edit.approved", waiver=".".join(map(str, at)), by=entry.approved_by))
    entry = replace(entry, approved_by=by, on=entry.on if to_be_signed and entry.on is not None else on)

    def why_not(changed: Workload) -> Message | None:
        if of_tier:
            return _rated(changed, case, on).ineffective
        return why_no_leave(replace(case, workload=changed), name, on)

    if isinstance(entry, TierException):
        _refuse(at, why_not(replace(case.workload, tier_exception=entry)), entry.expires, on)
        policy = case.rules.row(case.rating.required)[0]
        signature = pen(of_exception(workload, entry).statement, policy)
    else:
        _refuse(at, why_not(replace(case.workload, leave_out={**leaves, name: entry})), entry.expires, on)
        signature = pen(of_leave(workload, name, entry).statement, case.policy)
    keys = {"approved_by": by, "on": str(entry.on), **({"signature": signature} if signature is not None else {})}
    if to_be_signed and signature is None:
        raise Refused(say("file.edit.approved", waiver=".".join(map(str, at)), by=by))
    entry = replace(entry, signature=signature)

    def moved(written: Workload) -> Message | None:
        now = written.tier_exception if of_tier else written.leave_out[name]
        return None if now == entry else say("file.edit.moved", name=".".join(map(str, at)))

    path = workspace.folder(workload) / "workload.yaml"
    _write(path, Workload, at, "expires", keys, moved)
    return path


def _rated(workload: Workload, case: Case, on: date) -> Rating:
    """Tier of a workload on a day, as if its approvals were signed."""
    rules = replace(case.rules, policy=tuple(replace(row, signatures="optional") for row in case.rules.policy))
    return rate(workload, rules, on, case.formerly)


def agreed(answer: Answer | None, name: str, by: str) -> Answer:
    """Agree that an item does not apply, as an answer says.

    Raises
    ------
    Refused
        If it does not say so, somebody else agreed already, or the answer is of the same person.
    """
    if answer is None or answer.answer is not Reply.NOT_APPLICABLE:
        raise Refused(say("file.edit.not-na", item=name))
    if alike(answer.by, by):
        key = "own-na" if same(answer.by, by) else "alike-na"
        raise Refused(say(f"file.edit.{key}", by=by, asked=answer.by))
    if not unapproved(answer) and answer.approved_by != by:
        raise Refused(say("file.edit.approved", waiver=name, by=answer.approved_by))
    return replace(answer, approved_by=by, agreed_to=answer.mark, signature=None)


def agree(review: Review, case: Case, name: str, by: str) -> Review:
    """Agree that an item does not apply, as the review says.

    Raises
    ------
    Refused
        See `agreed`.
    """
    before = review.answers.get(name)
    after = agreed(None if before is None else case.as_known(name, before, "workload"), name, by)
    return review if before == after else replace(review, answers={**review.answers, name: after})


def _write(
    path: Path,
    kind: type[Record],
    at: Keys,
    before: str,
    values: dict[str, str],
    why_not: Callable[..., Message | None],
) -> None:
    """Set keys in a hand-written file, unless it then says something invalid."""
    shown = shown_as(path)
    with locked(path, shown):
        old = InputFile(path, shown, path.read_bytes())
        text = changed_text(old.text, _with(parse(old.text, shown), at, before, values))
        if text is None:
            lines = [f"{key}: {value}" for key, value in values.items()]
            raise FaultyInput([old.fault_at(at, "edit.by-hand", lines=lines)])
        why = why_not(InputFile(path, shown, text.encode()).read_as(kind))
        if why is not None:
            raise Refused(say("file.edit.does-not-hold", name=".".join(map(str, at)), why=why))
        write_atomically(path.resolve(), text.encode())


def _with(data: Mapping[str, Any], at: Keys, before: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The data of a file with keys of a mapping, new ones before another one."""
    if at:
        key = str(at[0])
        return {**data, key: _with(data[key], at[1:], before, values)}
    found: dict[str, Any] = {}
    for key, value in data.items():
        found |= {name: one for name, one in values.items() if name not in data} if key == before else {}
        found[key] = values.get(key, value)
    return found


def _refuse(at: Keys, why: Message | None, expires: date, on: date) -> None:
    if why is not None:
        raise Refused(say("file.edit.does-not-hold", name=".".join(map(str, at)), why=remedied(why, expires, on)))
