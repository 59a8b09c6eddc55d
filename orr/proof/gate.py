"""Whether a release may pass now, judged without running any check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orr.evaluate import Decision, Evaluation, Verdict, evaluate
from orr.evaluate.ballot_changes import few
from orr.evaluate.emergencies import in_words, passing
from orr.evaluate.subjects import release_in_words
from orr.history.past_runs import Past, Unreadable, newest_runs
from orr.messages import Message, Said, render, say
from orr.model.release import Release
from orr.proof.recorded import collected_of, differing, evidence_of, is_of, with_files_now
from orr.workspace.workspace import Workspace

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
    digest: str | None = None
    verdict_only: bool = False
    emergency: Message | None = None

    @property
    def says(self) -> Message:
        """The answer in a line."""
        about = {"workload": self.workload, "release": release_in_words(self.release)}
        if self.emergency is not None:
            return say("proof.gate.emergency", emergency=self.emergency, because=few(self.because), **about)
        if self.status == NOT_ASSESSED:
            return say("proof.gate.not-assessed", because=few(self.because), **about)
        found = Verdict(self.verdict or "no-go") if self.verdict_only else Decision(self.decision or "pending")
        told = say("proof.gate.verdict-only", verdict=found) if self.verdict_only else found
        if self.status == REFUSED:
            return say("proof.gate.refused", found=told, because=few(self.because), **about)
        until = say("proof.gate.no-end") if self.valid_until is None else self.valid_until
        return say("proof.gate.passes", found=told, until=until, source=self.source, **about)

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
            "digest": self.digest,
            "verdict_only": self.verdict_only,
            "emergency": None if self.emergency is None else render(self.emergency, language),
        }


def gate(
    workspace: Workspace,
    name: str,
    release: Release,
    now: datetime,
    *,
    verdict_only: bool = False,
    strict: bool = False,
    max_age: timedelta | None = None,
) -> Passage:
    """Judge the files as they are now with the evidence of the newest recorded run for a release.

    Parameters
    ----------
    workspace, name
        The workload.
    release
        What is to pass, before what the review says; see `Case.release`.
    now
        The moment, with an offset.
    verdict_only
        Whether votes that are missing do not matter; a vote for no-go does.
    strict
        Whether conditional go does not pass.
    max_age
        How old the run may be; None where only what lapses by itself counts.

    Raises
    ------
    FaultyInput
        If a file is faulty.
    """
    case = workspace.case(name, None, release)
    blank = Passage(name, case.release, now, NOT_ASSESSED, verdict_only=verdict_only)
    judged = _judged(workspace, name, blank, strict, max_age)
    if judged.status == PASS:
        return judged
    exception, refused = passing(case.review.emergencies, now, workspace.timezone, case.release)
    if exception is None:
        return replace(judged, because=(*judged.because, *refused))
    return replace(judged, status=PASS, emergency=in_words(exception, workspace.timezone))


def _judged(workspace: Workspace, name: str, blank: Passage, strict: bool, max_age: timedelta | None) -> Passage:
    try:
        run, why = _newest(workspace, name, blank.release)
    except Unreadable as unreadable:
        return replace(blank, because=(say("proof.gate.history", problem=str(unreadable)),))
    if run is None or run.assessment is None:
        return replace(blank, because=(why,))
    source = say("proof.gate.run", number=run.number, day=run.today)
    blank = replace(blank, source=source)
    if max_age is not None and blank.at - run.recorded_at > max_age:
        at = run.recorded_at.astimezone(workspace.timezone)
        return replace(blank, because=(say("proof.gate.too-old", number=run.number, at=at),))
    found, changed = judged_by(workspace, name, blank.release, run.assessment)
    if changed or found is None:
        names: list[Said] = list(changed) or [say("proof.gate.older-version")]
        return replace(blank, because=(say("proof.gate.changed", number=run.number, changed=few(names)),))
    return concluded(blank, found, strict)


def judged_by(
    workspace: Workspace, name: str, release: Release, recorded: Mapping[str, Any]
) -> tuple[Evaluation | None, tuple[str, ...]]:
    """What the files of a workload come to today with the evidence of a recorded run, or what is not as it was then.

    Parameters
    ----------
    release
        What is to pass.
    recorded
        The run's assessment.
    """
    if collected_of(recorded) is None:
        return None, ()
    case = workspace.case(name, None, release)
    evidence = with_files_now(workspace, case, evidence_of(recorded, workspace.today))
    found = evaluate(case, evidence, workspace.today)
    return found, tuple(differing(recorded, found.ballot, workspace, case))


def concluded(blank: Passage, found: Evaluation, strict: bool) -> Passage:
    """The answer that an evaluation comes to."""
    told = replace(
        blank,
        verdict=found.verdict.value,
        decision=found.decision.value,
        valid_until=found.valid_until,
        digest=found.digest,
    )
    if blank.verdict_only and found.decision is not Decision.NO_GO:
        result, because = found.verdict.value, found.reasons
    else:
        result, because = found.decision.value, (*_votes(found), *found.reasons)
    passes = (Verdict.GO.value,) if strict else (Verdict.GO.value, Verdict.CONDITIONAL_GO.value)
    return replace(told, status=PASS if result in passes else REFUSED, because=because)


def _votes(found: Evaluation) -> tuple[Message, ...]:
    """What the votes lack."""
    void = tuple(vote.why for vote in found.votes if vote.why is not None)
    voted = {vote.sign_off.role for vote in found.votes if vote.valid}
    waiting = [role for role in found.case.policy.sign_offs if role not in voted]
    return (*([say("formats.decision-pending", roles=waiting)] if waiting else []), *void)


def _newest(workspace: Workspace, name: str, release: Release) -> tuple[Past | None, Message]:
    """The newest run for a release, and why there is none that counts."""
    others = 0
    for run in newest_runs(workspace.settings.history, workspace.root, name):
        if run.assessment is None:  # nobody knows what it would have found
            return None, say("proof.gate.failed", number=run.number, day=run.today)
        if is_of(run.assessment, release):
            return run, say("proof.gate.run", number=run.number, day=run.today)
        others += 1
    return None, say("proof.gate.no-run", n=others, release=release_in_words(release))


def present() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
