"""Approve what one person asked for and another has to agree to: in the file where it stands.

Waivers are approved by `orr.workspace.editing.approve_waiver`, since they record the states of their items.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from orr.evaluate.case import Case
from orr.evaluate.states import unapproved
from orr.evaluate.tier import rate
from orr.evaluate.waivers import ineffective
from orr.messages import Message, say
from orr.model.base import Record
from orr.model.impact import TierException
from orr.model.person import alike, same
from orr.model.review import Answer, OrganizationAnswers, Reply, Review, TeamAnswers
from orr.model.workload import LeaveOut, Workload
from orr.source.faults import FaultyInput, with_nearest
from orr.source.faults import Path as Keys
from orr.source.file import InputFile
from orr.source.yaml.inserting import with_keys
from orr.system.atomic import write_atomically
from orr.system.paths import shown_as
from orr.workspace.editing import Refused, edit_review
from orr.workspace.saving import locked
from orr.workspace.workspace import Workspace


class Approvable(StrEnum):
    """What is approved beside waivers."""

    LEAVE_OUT = "leave_out"
    TIER_EXCEPTION = "tier_exception"
    NOT_APPLICABLE = "not_applicable"


def approve(workspace: Workspace, workload: str, kind: Approvable, name: str, by: str, on: date) -> Path:
    """Write down that somebody approves.

    Parameters
    ----------
    workspace, workload
        The workload.
    kind
        A required checklist that is left out, the exception of a tier, or an answer of not applicable.
    name
        The checklist, or the item; nothing for a tier.
    by, on
        Who approves, and when; an answer holds no day of its approval.

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
        If there is no such thing, if it is approved already, or if it would not hold with this approval.
    NotSaved
        If somebody else holds the file for too long.
    """
    case = workspace.case(workload)
    if kind is Approvable.NOT_APPLICABLE:
        return _agree_where_it_stands(workspace, case, name, by)
    leaves, asked = case.workload.leave_out, case.workload.tier_exception
    at: Keys = ("tier_exception",) if kind is Approvable.TIER_EXCEPTION else ("leave_out", name)
    entry: LeaveOut | TierException | None = asked if kind is Approvable.TIER_EXCEPTION else leaves.get(name)
    if entry is None and kind is Approvable.TIER_EXCEPTION:
        raise Refused(say("file.edit.no-exception", workload=workload))
    if entry is None:
        raise Refused(say("file.edit.no-leave", name=name, known=with_nearest(name, leaves)))
    if entry.approved_by is not None and not alike(entry.approved_by, entry.requested_by):
        raise Refused(say("file.edit.approved", waiver=".".join(map(str, at)), by=entry.approved_by))

    def why_not(changed: Workload) -> Message | None:
        if kind is Approvable.TIER_EXCEPTION:
            return rate(changed, case.rules, on).ineffective
        return ineffective(changed.leave_out[name].as_waiver(name), case.policy, on)

    path = workspace.folder(workload) / "workload.yaml"
    _write(path, Workload, at, "expires", {"approved_by": by, "on": on.isoformat()}, why_not)
    return path


def agree(review: Review, name: str, by: str) -> Review:
    """Agree that an item does not apply, as the review says.

    Raises
    ------
    Refused
        If it does not say so, somebody agreed already, or the answer is of the same person.
    """
    answer = _not_applicable(review.answers.get(name), name, by)
    return (
        review
        if answer.approved_by == by
        else replace(review, answers={**review.answers, name: replace(answer, approved_by=by)})
    )


def _not_applicable(answer: Answer | None, name: str, by: str) -> Answer:
    if answer is None or answer.answer is not Reply.NOT_APPLICABLE:
        raise Refused(say("file.edit.not-na", item=name))
    if alike(answer.by, by):
        key = "own-na" if same(answer.by, by) else "alike-na"
        raise Refused(say(f"file.edit.{key}", by=by, asked=answer.by))
    if not unapproved(answer) and answer.approved_by != by:
        raise Refused(say("file.edit.approved", waiver=name, by=answer.approved_by))
    return answer


def _agree_where_it_stands(workspace: Workspace, case: Case, name: str, by: str) -> Path:
    if name in case.review.answers or not (name in case.team_answers or name in case.organization_answers):
        edit_review(workspace, case.workload.workload, lambda review: agree(review, name, by))
        return workspace.review_path(case.workload.workload)
    of_team = name in case.team_answers
    _not_applicable((case.team_answers if of_team else case.organization_answers)[name], name, by)
    path = workspace.root / "organization.yaml"
    if of_team:
        path = workspace.root / "teams" / f"{case.workload.owner.team}.yaml"
    ids = case.renaming.ids

    def written(answers: dict[str, Answer]) -> str:
        return next(key for key in answers if ids.get(key, key) == name)

    model: type[TeamAnswers] | type[OrganizationAnswers] = TeamAnswers if of_team else OrganizationAnswers
    key = written(InputFile(path, shown_as(path), path.read_bytes()).read_as(model).answers)
    _write(path, model, ("answers", key), "on", {"approved_by": by}, lambda _: None)
    return path


def _write(
    path: Path,
    kind: type[Record],
    at: Keys,
    before: str,
    values: dict[str, str],
    why_not: Callable[..., Message | None],
) -> None:
    """Set keys in a file that people wrote, unless it says something that does not hold then."""
    shown = shown_as(path)
    with locked(path, shown):
        old = InputFile(path, shown, path.read_bytes())
        text = with_keys(old.text, at, before, values)
        if text is None:
            lines = [f"{key}: {value}" for key, value in values.items()]
            raise FaultyInput([old.fault_at(at, "edit.by-hand", lines=lines)])
        why = why_not(InputFile(path, shown, text.encode()).read_as(kind))
        if why is not None:
            raise Refused(say("file.edit.does-not-hold", name=".".join(map(str, at)), why=why))
        write_atomically(path.resolve(), text.encode())
