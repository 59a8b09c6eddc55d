"""Judge the signatures of votes and approvals by the signers that `orr.yaml` names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Literal

from orr.evaluate.case import Case
from orr.evaluate.proofs import NO_PROOFS, Proof, Proofs, Signed, Unproven
from orr.messages import Message, say
from orr.model.settings import Settings
from orr.model.statement import Statement
from orr.source.faults import Fault, Place
from orr.source.file import InputFile
from orr.system import ssh_signatures
from orr.system.paths import shown_as
from orr.system.ssh_signatures import KeygenRefused, Outcome
from orr.workspace.signers import Signers, mark_of, read_signers

NO_RECORDED: Mapping[str, datetime] = {}
"""By the seal of a signature the time at which the history first recorded it."""


class Judge:
    """The signers and the revoked keys of a workspace.

    Parameters
    ----------
    root, settings
        The workspace.
    timezone
        In which days are told.
    simulated
        The day that somebody asks about, where it is not the present one: its end counts.

    Attributes
    ----------
    settings
        Those of `orr.yaml`.
    path
        Where the signers stand; None where there are none.
    """

    def __init__(self, root: Path, settings: Settings, timezone: tzinfo, simulated: date | None = None) -> None:
        self.settings, self._root = settings, root
        self.path = root / settings.signers if settings.signers is not None else None
        self._timezone, self._simulated = timezone, simulated

    @cached_property
    def signers(self) -> Signers | None:
        """The lines of the file; None where there is none, or it cannot be read."""
        try:
            return read_signers(self._read("signers")) if self.path is not None else None
        except KeygenRefused:
            return None

    @cached_property
    def _about(self) -> Proofs:
        if self.path is None:
            return NO_PROOFS
        revoked = ""
        if self.settings.revoked is not None:
            try:
                revoked = mark_of(self._read("revoked"))
            except KeygenRefused as refused:
                revoked = str(refused)
        return Proofs({}, self.signers.marks if self.signers is not None else {}, revoked or None)

    def proofs(self, signed: Iterable[Signed], recorded: Mapping[str, datetime] = NO_RECORDED) -> Proofs:
        """Judge signatures.

        Parameters
        ----------
        signed
            What is signed; what bears no signature is left out.
        recorded
            When each was recorded first; now counts for those that were not.
        """
        about = self._about
        if self.path is None:
            return about
        found = {one.mark: self._proof(one, recorded) for one in signed if one.signature is not None}
        return Proofs(found, about.signers, about.revoked)

    @property
    def now(self) -> datetime:
        """The present moment, or the end of the day that somebody asks about.

        It is the next full minute, so that what was judged is not judged again at once.
        """
        if self._simulated is not None:
            return datetime.combine(self._simulated, time(23, 59, 59), self._timezone)
        return datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)

    @property
    def trace(self) -> list[str]:
        """What its judgements depend on beside what is signed: the files, and the program."""
        if self.path is None:
            return []
        try:
            version = ssh_signatures.ssh_version()
        except KeygenRefused as refused:
            version = str(refused)
        return [version, *(self._about.signers or ()), str(self._about.revoked)]

    def faults(self) -> Iterator[Fault]:
        """The lines of the file of signers that are none."""
        for bad in self.signers.bad if self.signers is not None else ():
            yield Fault(shown_as(self.path or Path()), Place(bad.line, 1), bad.wrong, bad.remedy)

    def _proof(self, signed: Signed, recorded: Mapping[str, datetime]) -> Proof:
        signature = signed.signature or ""
        seal = signed.statement.seal(signature)
        key, unproven = self.judge(signed.statement, signature, recorded.get(seal, self.now))
        return Proof(signed.statement, seal, key, unproven)

    def judge(self, statement: Statement, signature: str, at: datetime) -> tuple[str, Unproven | None]:
        """Key of a signature, and why it proves nothing then; None where it does."""
        assert self.path is not None
        by = statement.by
        try:
            lines = read_signers(self._read("signers")).lines
            revoked = self._read("revoked") if self.settings.revoked is not None else None
            judged = ssh_signatures.verify(statement.content, signature, lines, by, at, revoked)
        except KeygenRefused as refused:
            return "", Unproven(say("rule.signature.unknown", by=by, why=why_not(refused)), False)
        if judged.outcome is Outcome.GOOD:
            return judged.key, None
        on = at.astimezone(self._timezone).date()
        return judged.key, Unproven(say(f"rule.signature.{judged.outcome}", by=by, key=judged.key, on=on))

    def _read(self, kind: Literal["signers", "revoked"]) -> bytes:
        """The file that `orr.yaml` names; only what lies in the workspace decides whose keys count."""
        return ssh_signatures.read_bounded(self._root / getattr(self.settings, kind), kind, self._root)


def why_not(refused: KeygenRefused) -> Message:
    """Why signatures cannot be made or judged, in words."""
    return say(f"rule.signature.cannot.{refused.kind}", problem=refused.problem, needed=ssh_signatures.NEEDED)


def strangers(case: Case, judge: Judge, files: Mapping[str, InputFile | None]) -> Iterator[Fault]:
    """Votes and approvals that have to be signed, by persons for whom no key speaks.

    Parameters
    ----------
    files
        `workload.yaml`, `review.yaml`, and the answers of the team and of the organization by whose they are.
    """
    signers = judge.signers
    if signers is None or not case.policy.needs_signatures:
        return
    for name, keys, by in _names(case.as_written or case):
        file = files.get(name)
        if file is not None and by is not None and not signers.knows(by):
            yield file.fault_at(keys, "cross.no-principal", by=by, path=str(judge.settings.signers))


def _names(case: Case) -> Iterator[tuple[str, tuple[str | int, ...], str | None]]:
    """By file and place who votes or approves."""
    for v, vote in enumerate(case.review.sign_offs):
        yield "review.yaml", ("sign_offs", v, "by"), vote.by
    for w, waiver in enumerate(case.review.waivers):
        yield "review.yaml", ("waivers", w, "approved_by"), waiver.approved_by
    for e, emergency in enumerate(case.review.emergencies):
        yield "review.yaml", ("emergencies", e, "approved_by"), emergency.approved_by
    for name, leave in case.workload.leave_out.items():
        yield "workload.yaml", ("leave_out", name, "approved_by"), leave.approved_by
    if case.workload.tier_exception is not None:
        yield "workload.yaml", ("tier_exception", "approved_by"), case.workload.tier_exception.approved_by
    for source, answers in case.answers_by_source():
        file = "review.yaml" if source == "workload" else source
        for item, answer in answers.items():
            yield file, ("answers", item, "approved_by"), answer.approved_by
            lifted = answer.challenged.lifted if answer.challenged is not None else None
            yield file, ("answers", item, "challenged", "lifted", "by"), lifted.by if lifted is not None else None
