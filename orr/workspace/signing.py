"""Get the signature of a statement before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from orr.evaluate.case import Case
from orr.evaluate.proofs import Signed, of_answer, of_lift
from orr.messages import say
from orr.model.review import Answer
from orr.model.settings import PolicyRow
from orr.model.statement import Holder, Statement
from orr.system import ssh_signatures
from orr.system.ssh_signatures import KeygenRefused
from orr.workspace.editing import Refused
from orr.workspace.proofs import why_not
from orr.workspace.shared_answers import Home, edit_answer, home_of
from orr.workspace.workspace import Workspace

Pen = Callable[[Statement, PolicyRow], str | None]
"""Gives the signature of a statement, or none where the policy asks for none.

It is called before a file is locked, since somebody may have to type a passphrase or touch a key. It raises `Refused`.
"""


class Place(NamedTuple):
    """Signed part of an answer, and the answer with the signature in it."""

    of: Callable[[Holder, str, Answer], Signed]
    put: Callable[[Answer, str | None], Answer]


def _lift_signed(answer: Answer, signature: str | None) -> Answer:
    assert answer.challenged is not None
    assert answer.challenged.lifted is not None
    lifted = replace(answer.challenged.lifted, signature=signature)
    return replace(answer, challenged=replace(answer.challenged, lifted=lifted))


AGREED = Place(of_answer, lambda answer, signature: replace(answer, signature=signature))
LIFTED = Place(of_lift, _lift_signed)


def no_pen(statement: Statement, policy: PolicyRow) -> str | None:
    """Sign nothing.

    Raises
    ------
    Refused
        If the policy asks for a signature.
    """
    if policy.needs_signatures:
        raise Refused(say("file.edit.needs-signature", by=statement.by))
    return None


def sign_with(workspace: Workspace, statement: Statement, key: str) -> str:
    """Sign with a key of SSH, and look whether it is one of the signer's.

    Raises
    ------
    Refused
        If `orr.yaml` names no signers, ssh-keygen or the key cannot be used, or the signature would not count.
    """
    _refuse_without_signers(workspace)
    signers = workspace.judge.signers
    keys = " ".join(signers.keys_of(statement.by)) if signers is not None else ""
    try:
        signature = ssh_signatures.sign(statement.content, key, signers=keys)
    except KeygenRefused as refused:
        raise Refused(say("file.edit.not-signed", why=why_not(refused))) from None
    return checked(workspace, statement, signature)


def checked(workspace: Workspace, statement: Statement, signature: str) -> str:
    """A signature that was made elsewhere, if it counts.

    Raises
    ------
    Refused
        If it does not, or `orr.yaml` names no signers.
    """
    _refuse_without_signers(workspace)
    _, unproven = workspace.judge.judge(statement, signature, workspace.judge.now)
    if unproven is not None:
        raise Refused(say("file.edit.not-signed", why=unproven.why))
    return signature.strip()


def sign_answer(
    workspace: Workspace, case: Case, item: str, change: Callable[[Answer | None], Answer], place: Place, pen: Pen
) -> Home:
    """Change the answer that counts for an item, where it stands, and sign that.

    Parameters
    ----------
    change
        From the answer as it is to the one to be signed.
    place
        What of it is signed.

    Returns
    -------
    Home
        Where it stands.

    Raises
    ------
    Refused
        If the change or the pen refuses, or the answer became another one meanwhile.
    FaultyInput, NotSaved
        See `orr.workspace.shared_answers.edit_answer`.
    """
    home = home_of(workspace, case, item)
    held = {"workload": case.review.answers, "team": case.team_answers, "organization": case.organization_answers}
    before = held[home.scope.value].get(item)
    after = change(before)
    signature = pen(place.of(Holder(home.scope.value, home.name), item, after).statement, case.policy)
    if before is not None and signature is None and replace(after, signature=before.signature) == before:
        raise Refused(say("file.edit.approved", waiver=item, by=after.approved_by))

    def written(now: Answer | None) -> Answer:
        if now != before:
            raise Refused(say("file.edit.moved", name=item))
        return place.put(after, signature)

    edit_answer(workspace, home, item, written)
    return home


def _refuse_without_signers(workspace: Workspace) -> None:
    if workspace.judge.path is None:
        raise Refused(say("file.edit.no-signers"))
