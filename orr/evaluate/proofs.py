"""Which votes and approvals are proven by a signature. Pure: the signatures themselves were judged before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from orr.messages import Message, say
from orr.model.impact import TierException
from orr.model.review import Answer, Challenge, Emergency, SignOff, Waiver
from orr.model.settings import PolicyRow
from orr.model.statement import Holder, Kind, Statement, approval, vote
from orr.model.workload import LeaveOut, Workload

Signable = SignOff | Waiver | LeaveOut | TierException | Answer | Challenge | Emergency
"""What may hold a signature."""


class Unproven(NamedTuple):
    """Why a signature proves nothing; `known` is false where it could not be judged."""

    why: Message
    known: bool = True


class Proof(NamedTuple):
    """What a signature that stands in a file is worth.

    Attributes
    ----------
    statement
        What it should be of.
    seal
        The name of both, by which it is found in recorded runs.
    key
        The fingerprint of its key; empty where it fits nothing.
    unproven
        Why it proves nothing; None where it is good.
    """

    statement: Statement
    seal: str
    key: str
    unproven: Unproven | None


@dataclass(frozen=True)
class Proofs:
    """What is known of the signatures of a case.

    Attributes
    ----------
    found
        By what stands in the files; see `mark`. What was changed since has none.
    signers
        By line of the file of signers its principals, each line as a short digest; None where `orr.yaml` names none.
    revoked
        The digest of the list of revoked keys; None where there is none.
    """

    found: Mapping[str, Proof] = field(default_factory=dict)
    signers: Mapping[str, str] | None = None
    revoked: str | None = None


NO_PROOFS = Proofs()


class Signed(NamedTuple):
    """Something in a file that may be signed.

    Attributes
    ----------
    mark
        By which its proof is found.
    statement
        What its signature has to be of.
    signature
        The signature, if any stands there.
    """

    mark: str
    statement: Statement
    signature: str | None


def unproven(
    proofs: Proofs, policy: PolicyRow, kind: Kind, holder: Holder, name: str, what: Signable, by: str | None
) -> Unproven | None:
    """Why a vote or approval lacks proof; None where proven or not required.

    A signature that stands there counts where `orr.yaml` names signers, whether the policy asks for it or not.
    """
    if what.signature is None:
        return Unproven(say("rule.signature.missing", by=by)) if policy.needs_signatures else None
    if proofs.signers is None:
        return Unproven(say("rule.signature.no-signers"), False) if policy.needs_signatures else None
    proof = proofs.found.get(mark(kind, holder, name, what))
    return Unproven(say("rule.signature.unchecked", by=by), False) if proof is None else proof.unproven


def exception_unproven(workload: Workload, policy: PolicyRow, proofs: Proofs) -> Unproven | None:
    """Why a tier exception lacks proof; None where proven, not required or absent."""
    exception, holder = workload.tier_exception, Holder("workload", workload.workload)
    if exception is None:
        return None
    return unproven(proofs, policy, Kind.TIER_EXCEPTION, holder, "", exception, exception.approved_by)


def mark(kind: Kind, holder: Holder, name: str, what: Signable) -> str:
    """Key of a proof: all that stands in the file, so nothing else matches."""
    text = json.dumps([kind, holder, name, what.as_data()], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def of_vote(workload: str, sign_off: SignOff) -> Signed:
    """A vote, and what its voter signs."""
    holder = Holder("workload", workload)
    said = vote(holder, sign_off.role, sign_off.by, sign_off.vote.value, sign_off.on, sign_off.digest)
    return Signed(mark(Kind.VOTE, holder, sign_off.role, sign_off), said, sign_off.signature)


def of_waiver(workload: str, waiver: Waiver, now: Waiver | None = None) -> Signed:
    """An approved waiver, and what its approver signs.

    Parameters
    ----------
    now
        The same by new ids, where items have replaced others since it was written.
    """
    holder, by = Holder("workload", workload), str(waiver.approved_by)
    said = approval(Kind.WAIVER, holder, waiver.waiver, by, waiver, waiver.approved_on, waiver.expires)
    return Signed(mark(Kind.WAIVER, holder, waiver.waiver, now or waiver), said, waiver.signature)


def of_emergency(workload: str, emergency: Emergency) -> Signed:
    """An approved exception for an emergency, and what its approver signs."""
    holder, by, name = Holder("workload", workload), str(emergency.approved_by), emergency.emergency
    said = approval(Kind.EMERGENCY, holder, name, by, emergency, emergency.approved_at, None)
    return Signed(mark(Kind.EMERGENCY, holder, name, emergency), said, emergency.signature)


def of_leave(workload: str, checklist: str, leave: LeaveOut) -> Signed:
    """An approved leave to go without a checklist, and what its approver signs."""
    holder, by = Holder("workload", workload), str(leave.approved_by)
    said = approval(Kind.LEAVE_OUT, holder, checklist, by, leave, leave.on, leave.expires)
    return Signed(mark(Kind.LEAVE_OUT, holder, checklist, leave), said, leave.signature)


def of_exception(workload: str, exception: TierException) -> Signed:
    """An approved exception of the tier, and what its approver signs."""
    holder, by = Holder("workload", workload), str(exception.approved_by)
    said = approval(Kind.TIER_EXCEPTION, holder, "", by, exception, exception.on, exception.expires)
    return Signed(mark(Kind.TIER_EXCEPTION, holder, "", exception), said, exception.signature)


def of_answer(holder: Holder, item: str, answer: Answer, now: str | None = None) -> Signed:
    """An answer of not applicable to which another person agreed, and what that person signs.

    Parameters
    ----------
    item
        As it is written.
    now
        The item that has replaced it, if one has.
    """
    said = approval(Kind.NOT_APPLICABLE, holder, item, str(answer.approved_by), answer, None, None)
    return Signed(mark(Kind.NOT_APPLICABLE, holder, now or item, answer), said, answer.signature)


def of_lift(holder: Holder, item: str, answer: Answer, now: str | None = None) -> Signed:
    """An answer whose challenge was lifted, and what is signed by who lifted it; see `of_answer`."""
    challenge = answer.challenged
    assert challenge is not None
    assert challenge.lifted is not None
    bare = replace(challenge, lifted=replace(challenge.lifted, signature=None))
    said = approval(Kind.CHALLENGE_LIFTED, holder, item, challenge.lifted.by, bare, challenge.lifted.on, None)
    return Signed(mark(Kind.CHALLENGE_LIFTED, holder, now or item, challenge), said, challenge.signature)


def signed_in_workload(workload: Workload) -> Iterator[Signed]:
    """What `workload.yaml` holds that is signed."""
    for name, leave in workload.leave_out.items():
        if leave.signature is not None:
            yield of_leave(workload.workload, name, leave)
    exception = workload.tier_exception
    if exception is not None and exception.signature is not None:
        yield of_exception(workload.workload, exception)


def holder_of(source: str, workload: str, organization: str | None) -> Holder:
    """Whose file an answer from `workload`, `team:<team>` or `organization` stands in."""
    if source == "workload":
        return Holder("workload", workload)
    if source == "organization":
        return Holder("organization", organization or "")
    return Holder("team", source.removeprefix("team:"))
