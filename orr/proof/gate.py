"""Whether a release may pass now, judged without running any check."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from orr.assessing import with_records, with_terms
from orr.evaluate import Case, Decision, Evaluation, Verdict, evaluate
from orr.evaluate.ballot_changes import few
from orr.evaluate.emergencies import in_words, passing
from orr.evaluate.votes import VoteStatus, voided
from orr.evaluate.withdrawn import closed_in, gone, stood_in
from orr.history.past_runs import Incomplete, Past, Unreadable, altered_since, newest_runs
from orr.messages import Message, Said, moment, say
from orr.model.release import Release
from orr.model.review import Vote
from orr.model.statement import Kind
from orr.proof.passage import NOT_ASSESSED, PASS, REFUSED, Passage
from orr.proof.recorded import collected_of, differing, evidence_of, is_of, release_of, with_files_now
from orr.workspace.workspace import Workspace


def gate(
    workspace: Workspace,
    case: Case,
    now: datetime,
    *,
    verdict_only: bool = False,
    strict: bool = False,
    max_age: timedelta | None = None,
) -> Passage:
    """Judge the present files with the newest evidence recorded for a release.

    Parameters
    ----------
    case
        The workload, and the release that is to pass.
    now
        The moment, with an offset.
    verdict_only
        Whether votes that are missing do not matter; a vote for no-go does.
    strict
        Whether conditional go does not pass.
    max_age
        How old the run may be; None where only what lapses by itself counts.
    """
    answer, _, run = judged(workspace, case, now, verdict_only=verdict_only, strict=strict, max_age=max_age)
    if answer.status == PASS:
        return answer
    case = with_terms(workspace, case)
    unproven = {
        one.emergency: why.why
        for one in case.review.emergencies
        if (why := case.unproven(Kind.EMERGENCY, one.emergency, one, one.approved_by)) is not None
    }
    closed = closed_in(run.assessment) if run is not None and run.assessment is not None else frozenset()
    written = {one.emergency for one in case.review.emergencies}
    closed |= {one.emergency for one in case.emergencies if one.closed_on is not None}
    proven = [one for one in case.emergencies if one.approved_by is None or one.emergency not in unproven]
    mine = [one for one in proven if one.emergency in written - closed]
    exception, refused = passing(mine, now, workspace.timezone, answer.release, proven)
    if exception is None:
        void = [say("rule.emergency.unproven", emergency=name, why=why) for name, why in unproven.items()]
        over = [say("rule.emergency.closed", emergency=name) for name in sorted(closed)]
        return replace(answer, because=(*answer.because, *refused, *void, *over))
    return replace(answer, status=PASS, emergency=in_words(exception, workspace.timezone))


def judged(
    workspace: Workspace,
    case: Case,
    now: datetime,
    *,
    verdict_only: bool = False,
    strict: bool = False,
    max_age: timedelta | None = None,
) -> tuple[Passage, Evaluation | None, Past | None]:
    """Answer of `gate` before any exception, with its basis where there is one."""
    name, asked = case.workload.workload, case.release
    blank = Passage(name, asked, now, NOT_ASSESSED, verdict_only=verdict_only)
    try:
        run, why = _newest(workspace, name, asked)
        altered = run and altered_since(workspace.settings.history, workspace.root, name, run.number)
    except Incomplete:
        return replace(blank, because=(say("proof.gate.incomplete"),)), None, None
    except Unreadable as unreadable:
        return replace(blank, because=(say("proof.gate.history", problem=str(unreadable)),)), None, None
    if run is None or run.assessment is None:
        return replace(blank, because=(why,)), None, None
    if altered is not None:
        return replace(blank, because=(say("proof.gate.altered", number=altered),)), None, run
    blank = replace(blank, source=why)
    if max_age is not None and now - run.recorded_at > max_age:
        at = moment(run.recorded_at.astimezone(workspace.timezone))
        return replace(blank, because=(say("proof.gate.too-old", number=run.number, at=at),)), None, run
    found, changed = judged_by(workspace, case, run.assessment)
    if changed or found is None:
        names: list[Said] = list(changed) or [say("proof.gate.older-version")]
        return replace(blank, because=(say("proof.gate.changed", number=run.number, changed=few(names)),)), None, run
    answer, withdrawn = concluded(blank, found, strict), _withdrawn(found, run.assessment)
    if withdrawn:
        answer = replace(answer, status=REFUSED, because=(*withdrawn, *answer.because))
    return answer, found, run


def _withdrawn(found: Evaluation, recorded: Mapping[str, Any]) -> tuple[Message, ...]:
    """What stood against the release in the run, and was taken out of the files since."""
    return tuple(gone(stood_in(recorded), found.stands, found.case.renaming.ids))


def judged_by(
    workspace: Workspace, case: Case, recorded: Mapping[str, Any]
) -> tuple[Evaluation | None, tuple[str, ...]]:
    """Today's evaluation with a recorded run's evidence, or the differences that prevent it.

    Parameters
    ----------
    case
        The workload as it is now; judged is all that the run was about, since evidence may be of another part of it.
    recorded
        The run's assessment.
    """
    if collected_of(recorded) is None:
        return None, ()
    case = case.on(None, release_of(recorded).over(case.release))
    case = with_terms(workspace, with_records(workspace, case))
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
    passes = (Verdict.GO.value,) if strict else (Verdict.GO.value, Verdict.CONDITIONAL_GO.value)
    reasons = found.reasons if blank.verdict_only or found.verdict.value not in passes else ()
    if blank.verdict_only and found.decision is not Decision.NO_GO:
        void = tuple(_void(found, [one for one in found.votes if one.sign_off.vote is Vote.NO_GO]))
        result, because = found.verdict.value, (*void, *reasons)
    else:
        result, because = found.decision.value, (*_votes(found), *reasons)
    return replace(told, status=PASS if result in passes else REFUSED, because=because)


def _votes(found: Evaluation) -> tuple[Message, ...]:
    """What the votes lack."""
    voted = {vote.sign_off.role for vote in found.votes if vote.valid}
    waiting = [role for role in found.case.policy.sign_offs if role not in voted]
    against = [one.sign_off for one in found.votes if one.valid and one.sign_off.vote is Vote.NO_GO]
    return (
        *(say("proof.gate.no-go", role=one.role, by=one.by, on=one.on) for one in against),
        *([say("proof.gate.waiting", roles=waiting, command=_to_vote(found, waiting))] if waiting else []),
        *_void(found, found.votes),
    )


def _void(found: Evaluation, votes: Sequence[VoteStatus]) -> Iterator[Message]:
    """Why votes are void; without the reason where a later vote of the role counts."""
    valid = {one.sign_off.role: place for place, one in enumerate(found.votes) if one.valid}
    standing = []
    for place, one in enumerate(found.votes):
        role = one.sign_off.role
        if one.valid or one not in votes:
            continue
        if valid.get(role, -1) > place:
            now = found.votes[valid[role]].sign_off.by
            yield say("proof.gate.voted-since", by=one.sign_off.by, role=role, now=now)
        else:
            standing.append(one)
    yield from (one.why for one in voided(standing))


def _to_vote(found: Evaluation, waiting: Sequence[str]) -> str:
    """The command by which a role votes on this release."""
    key = ["--key", "FILE"] if found.case.policy.needs_signatures else []
    role = waiting[0] if len(waiting) == 1 else "ROLE"
    return shlex.join(["orr", "sign", found.case.workload.workload, role, "VOTE", *found.case.release.options, *key])


def _newest(workspace: Workspace, name: str, release: Release) -> tuple[Past | None, Message]:
    """The newest run for a release, and why there is none that counts."""
    others = 0
    for run in newest_runs(workspace.settings.history, workspace.root, name):
        if run.assessment is None:  # nobody knows what it would have found
            return None, say("proof.gate.failed", number=run.number, day=run.today)
        if is_of(run.assessment, release):
            return run, say("proof.gate.run", number=run.number, day=run.today)
        others += 1
    return None, say("proof.gate.no-run", n=others) if others else say("proof.gate.no-run-at-all")
