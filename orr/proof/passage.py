"""The answer of the gate, and that which an attestation gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from orr.evaluate.ballot_changes import few
from orr.evaluate.subjects import release_in_words
from orr.evaluate.verdict import Verdict
from orr.evaluate.votes import Decision
from orr.messages import Message, Said, moment, render, say
from orr.model.release import Release
from orr.proof.attestation import Attested, about_problems
from orr.proof.statements import DECISION

FORMAT = "orr.gate/1"
PASS, REFUSED, NOT_ASSESSED = 0, 1, 3


@dataclass(frozen=True)
class Passage:
    """The answer of the gate.

    Attributes
    ----------
    workload, release, at
        What asked to pass, and when.
    status
        `PASS`, `REFUSED` or `NOT_ASSESSED`.
    because
        Why, most important first.
    source
        What it was judged by: a run and its day, or an attestation; None where there is none.
    verdict, decision, valid_until, digest
        As judged now; None where nothing could be.
    expires
        The moment at which an attestation ends.
    verdict_only
        Whether votes that are missing were left out of account.
    emergency
        The exception that lets it pass against all that, in words.
    """

    workload: str
    release: Release
    at: datetime
    status: int
    because: tuple[Said, ...] = ()
    source: Message | None = None
    verdict: str | None = None
    decision: str | None = None
    valid_until: date | None = None
    expires: datetime | None = None
    digest: str | None = None
    verdict_only: bool = False
    emergency: Message | None = None

    @property
    def says(self) -> Message:
        """The answer in a line."""
        about = {"workload": self.workload, "release": release_in_words(self.release)}
        if self.emergency is not None:
            return say("proof.gate.emergency", emergency=self.emergency, because=_joined(self.because), **about)
        if self.status == NOT_ASSESSED:
            return say("proof.gate.not-assessed", because=_joined(self.because), **about)
        found = Verdict(self.verdict or "no-go") if self.verdict_only else Decision(self.decision or "pending")
        told = say("proof.gate.verdict-only", verdict=found) if self.verdict_only else found
        if self.status == REFUSED:
            if self.verdict is not None and not self.verdict_only:
                told = say("proof.gate.decided", decision=told, verdict=Verdict(self.verdict))
            return say("proof.gate.refused", found=told, because=_joined(self.because), **about)
        expires = say("proof.gate.no-end") if self.expires is None else moment(self.expires)
        until = self.valid_until or expires
        passes = say("proof.gate.passes", found=told, until=until, source=self.source, **about)
        return say("proof.gate.though", passes=passes, because=_joined(self.because)) if self.because else passes

    def as_json(self, language: str) -> dict[str, Any]:
        """For programs, with its words in a language."""
        return {
            "format": FORMAT,
            "workload": self.workload,
            "release": self.release.as_json(),
            "at": self.at.isoformat(timespec="seconds"),
            "passes": self.status == PASS,
            "status": self.status,
            "says": render(self.says, language),
            "because": [render(one, language) for one in self.because],
            "judged_by": None if self.source is None else render(self.source, language),
            "verdict": self.verdict,
            "decision": self.decision,
            "valid_until": None if self.valid_until is None else self.valid_until.isoformat(),
            "expires": None if self.expires is None else self.expires.isoformat(timespec="seconds"),
            "digest": self.digest,
            "verdict_only": self.verdict_only,
            "emergency": None if self.emergency is None else render(self.emergency, language),
        }


def _joined(because: Sequence[Said]) -> Said:
    """The first reasons as clauses of one line, since a reason may hold commas."""
    return reduce(lambda before, one: say("proof.gate.clauses", before=before, one=one), few(because) or [""])


def by_attestation(found: Attested, blank: Passage, strict: bool, max_age: timedelta | None) -> Passage:
    """What an attestation lets pass.

    Parameters
    ----------
    found
        The attestation, as it was read.
    blank
        What asks to pass, and when.
    strict
        Whether conditional go does not pass.
    max_age
        How old it may be; None until it says itself that it has ended.
    """
    if found.statement is None or found.unproven is not None:
        return replace(blank, because=(found.unproven or say("proof.verify.unsigned"),))
    if found.statement["predicateType"] != DECISION:
        return replace(blank, because=(say("proof.gate.no-decision"),))
    problems = (*found.problems, *about_problems(found, blank.workload, blank.release))
    if max_age is not None and blank.at - found.made_at > max_age:
        problems = (*problems, say("proof.gate.old-attestation", at=moment(found.made_at)))
    if problems:
        return replace(blank, because=problems)
    predicate = found.statement["predicate"]
    passes = (Decision.GO,) if strict else (Decision.GO, Decision.CONDITIONAL_GO)
    return replace(
        blank,
        status=PASS if found.decision in passes else REFUSED,
        because=tuple(str(reason) for reason in predicate["reasons"]),
        source=say("proof.gate.attestation", by=str(predicate["attestedBy"]), at=moment(found.made_at)),
        verdict=str(predicate["verdict"]),
        decision=found.decision.value,
        expires=found.expires,
        digest=str(predicate["digest"]),
    )
