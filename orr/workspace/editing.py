"""Change a review as approvers and the form do, checked before it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from orr.evaluate import Evaluation
from orr.evaluate.ballot_changes import fingerprint
from orr.evaluate.case import Case
from orr.evaluate.terms import in_a_row, remedied, renewal
from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.model.person import alike, same
from orr.model.review import Review, SignOff, Vote, Waiver
from orr.model.settings import PolicyRow
from orr.model.validation import read
from orr.source.faults import FaultyInput, with_nearest
from orr.source.file import InputFile
from orr.system.paths import shown_as
from orr.workspace import crosscheck
from orr.workspace.saving import canonical, locked, read_review, save_review
from orr.workspace.workspace import Workspace


class Refused(OrrError):
    """A change that is not allowed; `why` holds the cause."""


def edit_review(workspace: Workspace, name: str, change: Callable[[Review], Review]) -> Review:
    """Read a workload's review, change it and save it.

    Parameters
    ----------
    workspace, name
        The workload.
    change
        From the review as it is to the review as it should be.

    Returns
    -------
    Review
        What is on disk now.

    Raises
    ------
    FaultyInput
        If the workload's files have faults, or would have them after the change; nothing
        is written then.
    NotSaved
        If somebody else holds the file for too long.
    """
    case = workspace.case(name)
    path = workspace.review_path(name)
    shown = shown_as(path)
    with locked(path, shown):  # numbers are given here, so that no two writers take the same
        base = read_review(path, shown, workspace.catalogue.renaming)
        changed = workspace.catalogue.renaming.review(change(base.review))
        file = InputFile(path, shown, canonical(changed).encode())
        changed = file.read_as(Review)
        inherited = {**case.organization_answers, **case.team_answers}
        faults = list(
            crosscheck.review_faults(file, changed, workspace.catalogue, inherited, workspace.today, workspace.timezone)
        )
        if faults:
            raise FaultyInput(faults)
        return save_review(path, shown, base, changed).review


def last_day(policy: PolicyRow, today: date) -> date:
    """The last day until which a waiver may run that is approved today."""
    return today + timedelta(days=min(policy.waiver_max_days, (date.max - today).days))


def unfit_end(expires: date, policy: PolicyRow, today: date) -> Message | None:
    """Why a waiver may not run until a day; None where it may."""
    if expires < today:
        return say("file.edit.past", on=expires)
    last = last_day(policy, today)
    return say("file.edit.too-long", on=expires, limit=policy.waiver_max_days, last=last) if expires > last else None


def ask_for_waiver(
    review: Review,
    items: tuple[str, ...],
    reason: str,
    compensating: str | None,
    by: str,
    expires: date,
    assessment: Evaluation,
) -> tuple[Review, str]:
    """Add a requested waiver that is not approved yet.

    Parameters
    ----------
    assessment
        How its items stand, and what the policy allows.

    Returns
    -------
    tuple
        The changed review, and the new waiver's name: the next free `W-<number>`.

    Raises
    ------
    Refused
        If it has ended already, runs for longer than the policy allows, or could cover none of its items as it stands.
    """
    unfit = unfit_end(expires, assessment.case.policy, assessment.today) or _useless(items, assessment)
    if unfit is not None:
        raise Refused(unfit)
    numbers = [int(match[1]) for waiver in review.waivers if (match := re.fullmatch(r"W-(\d+)", waiver.waiver))]
    name = f"W-{max(numbers, default=0) + 1}"
    asked = {"items": items, "reason": reason, "compensating": compensating, "requested_by": by, "expires": expires}
    waiver = read(Waiver, {"waiver": name, **asked})
    return replace(review, waivers=(*review.waivers, waiver)), name


def _useless(items: tuple[str, ...], assessment: Evaluation) -> Message | None:
    """Why a waiver makes no sense for some items; None where it does for each."""
    assessed = {item.name: item for item in assessment.items}
    waivable = {item.name: item.waivable for item in assessment.items}
    whys = {
        "not-asked": [name for name in items if name not in assessed],
        "not-waivable": [name for name in items if not waivable.get(name, True)],
        "not-open": [name for name in items if name in assessed and not assessed[name].open],
    }
    workload = assessment.case.workload.workload
    return next(
        (say(f"file.edit.waive-{why}", items=names, workload=workload) for why, names in whys.items() if names), None
    )


def too_long_in_a_row(asked: Waiver, case: Case, today: date) -> Message | None:
    """Why those who approved earlier waivers may not approve this one today; else None."""
    others = [one for one in case.review.waivers if one.waiver != asked.waiver]
    if asked.approved_on is not None or asked.revoked_on is not None:
        return None
    approved = replace(asked, approved_on=today)
    long = renewal(approved, others, case.policy.waiver_max_days, case.formerly.waivers)
    return remedied(long, asked.expires, today) if long is not None else None


def approve_waiver(review: Review, assessment: Evaluation, name: str, by: str) -> Review:
    """Approve a waiver on the states that its items are in; the requester may not.

    One that the same person approved already, without a signature, stays as it is, so that it can be signed.

    Raises
    ------
    Refused
        If there is no such waiver, it is approved or revoked already, it has ended, it runs
        for longer than the policy allows, by itself or after others that the approver approved, or the approver
        asked for it.
    """
    waiver = waiver_named(review, name)
    if waiver.revoked_on is not None:
        raise Refused(say("file.edit.revoked", waiver=name, on=waiver.revoked_on))
    if (waiver.approved_by, waiver.signature) == (by, None):
        return review
    if waiver.approved_by is not None:
        raise Refused(say("file.edit.approved", waiver=name, by=waiver.approved_by))
    if alike(waiver.requested_by, by):
        key = "own-waiver" if same(waiver.requested_by, by) else "alike-waiver"
        raise Refused(say(f"file.edit.{key}", by=by, asked=waiver.requested_by))
    if waiver.expires < assessment.today:
        raise Refused(say("file.edit.ended", waiver=name, on=waiver.expires))
    unfit = unfit_end(waiver.expires, assessment.case.policy, assessment.today)
    if unfit is not None:
        raise Refused(unfit)
    items = [item for item in assessment.items if item.name in waiver.items]
    approved = replace(
        waiver,
        approved_by=by,
        approved_on=assessment.today,
        states={item.name: item.state for item in items},
        risks={item.name: item.risk for item in items if item.choices},
    )
    changed = with_waiver(review, approved)
    case, place = assessment.case, changed.waivers.index(approved)
    exceeding = in_a_row(changed.waivers, case.policy.waiver_max_days, case.formerly.waivers).get(place, {})
    for why in exceeding.values():
        raise Refused(say("file.edit.does-not-hold", name=name, why=remedied(why, waiver.expires, assessment.today)))
    return changed


def signed_waiver(review: Review, approved: Waiver, signature: str | None) -> Review:
    """Put an approved and signed waiver in the place of the one that was asked for.

    Raises
    ------
    Refused
        If what was asked for is not what was signed, or it is approved already and there is no signature to add.
    """
    now = waiver_named(review, approved.waiver)
    if now == approved and signature is None:
        raise Refused(say("file.edit.approved", waiver=now.waiver, by=now.approved_by))
    if _as_asked(now) != _as_asked(approved) or now.signature or now.approved_by not in (None, approved.approved_by):
        raise Refused(say("file.edit.moved", name=approved.waiver))
    return with_waiver(review, replace(approved, signature=signature))


def _as_asked(waiver: Waiver) -> Waiver:
    return replace(waiver, approved_by=None, approved_on=None, states={}, risks={}, signature=None)


def revoke_waiver(review: Review, name: str, today: date) -> Review:
    """End a waiver today.

    Raises
    ------
    Refused
        If there is no such waiver, or it is revoked already.
    """
    waiver = waiver_named(review, name)
    if waiver.revoked_on is not None:
        raise Refused(say("file.edit.revoked", waiver=name, on=waiver.revoked_on))
    return with_waiver(review, replace(waiver, revoked_on=today))


def new_vote(assessment: Evaluation, role: str, by: str, vote: Vote) -> SignOff:
    """A vote on an assessment, not signed and not written yet.

    Raises
    ------
    Refused
        If the policy does not ask this role.
    """
    asked = assessment.case.policy.sign_offs
    if role not in asked:
        raise Refused(say("file.edit.role", role=role, roles=with_nearest(role, asked)))
    told = {"role": role, "by": by, "vote": vote, "on": assessment.today, "digest": assessment.digest}
    return read(SignOff, {**told, "parts": fingerprint(assessment.ballot)})


def with_vote(review: Review, vote: SignOff) -> Review:
    """Add a vote, replacing that for the role of the very same name."""
    kept = [old for old in review.sign_offs if (old.role, old.by) != (vote.role, vote.by)]
    return replace(review, sign_offs=(*kept, vote))


def sign_off(review: Review, assessment: Evaluation, role: str, by: str, vote: Vote) -> Review:
    """Vote on an assessment, replacing the vote for the role of the very same name.

    Raises
    ------
    Refused
        If the policy does not ask this role.
    """
    return with_vote(review, new_vote(assessment, role, by, vote))


def waiver_named(review: Review, name: str) -> Waiver:
    """A waiver by its name.

    Raises
    ------
    Refused
        If there is none.
    """
    found = next((waiver for waiver in review.waivers if waiver.waiver == name), None)
    if found is None:
        known = with_nearest(name, (waiver.waiver for waiver in review.waivers))
        raise Refused(say("file.edit.no-waiver", waiver=name, known=known))
    return found


def with_waiver(review: Review, changed: Waiver) -> Review:
    """Put a changed waiver in the place of the one of its name."""
    waivers = tuple(changed if waiver.waiver == changed.waiver else waiver for waiver in review.waivers)
    return replace(review, waivers=waivers)
