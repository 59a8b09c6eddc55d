"""Assess one workload: read its files, collect evidence, apply the rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from os import PathLike
from typing import TYPE_CHECKING

from orr.evaluate import Case, Evaluation, evaluate
from orr.evaluate.asked import recalling
from orr.evaluate.ballot_changes import together
from orr.evaluate.recorded_terms import by_new_ids
from orr.evaluate.recorded_terms import together as terms_together
from orr.messages import LANGUAGES, Said, in_language, say
from orr.messages.errors import BadArgument
from orr.model.checklist import Occasion
from orr.model.digest import normal_digest
from orr.model.release import Release, release_given
from orr.system import clock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from orr.evaluate.milder import Earlier
    from orr.evaluate.terms import Formerly
    from orr.evidence.collect import Prepared
    from orr.model.finding import Evidence
    from orr.workspace.workspace import Workspace

Progress = Callable[[int, int], None]
"""Called with how many checks are done, and of how many."""


def open_workspace(
    start: str | Path = ".", today: str | date | None = None, language: str | None = None
) -> tuple[Workspace, str]:
    """Open the workspace that a folder lies in, and choose a language.

    Parameters
    ----------
    start
        The workspace, or a folder somewhere in it.
    today
        The day to assess for, `YYYY-MM-DD`; the present day in the workspace's time zone
        where it is not given.
    language
        One of `orr.messages.LANGUAGES`; that of `orr.yaml` where it is not given.

    Raises
    ------
    FaultyInput
        If there is no workspace, or its `orr.yaml` is faulty.
    BadArgument
        If a folder, a day or a language is none.
    """
    from orr.workspace.workspace import Workspace

    if language is not None and language not in LANGUAGES:
        raise BadArgument(say("argument.one-of", name="language", value=repr(language), known=LANGUAGES))
    if not isinstance(start, (str, PathLike)):
        raise BadArgument(say("argument.folder", name="workspace", value=repr(start)))
    workspace = Workspace.open(start, _day(today))
    return workspace, language or workspace.settings.language


def _day(today: str | date | None) -> date | None:
    if today is None:
        return None
    try:
        day = today if isinstance(today, date) else date.fromisoformat(today)
    except (TypeError, ValueError):
        raise BadArgument(say("argument.day", name="today", value=repr(today))) from None
    if not clock.is_within_reach(day):
        raise BadArgument(say("argument.day", name="today", value=repr(str(day))))
    return day.date() if isinstance(day, datetime) else day


def assess(
    workspace: Workspace,
    name: str,
    *,
    occasion: Occasion | str | None = None,
    release: Release | None = None,
    progress: Progress | None = None,
    compared: bool = True,
) -> Evaluation:
    """Read a workload's files, collect its evidence and evaluate it.

    Parameters
    ----------
    name
        The workload.
    occasion
        `launch`, `change` or `recurring`; that of the review where it is not given.
    release
        What is released where, before what the review says; see `named_release`.
    progress
        Called after each check.
    compared
        Whether to look up what was required before, and who shares the repository.

    Raises
    ------
    FaultyInput
        If there is no such workload, a file that it needs is faulty, or the occasion is another than the
        launch before the workload is live.
    BadArgument
        If a name is none.
    """
    from orr.system.git import kept_open
    from orr.workspace.origins import Origins

    kind = _occasion(occasion)
    with kept_open():
        case = with_terms(workspace, with_records(workspace, workspace.case(name, kind, release)))
        case = with_surroundings(workspace, case, kind) if compared else case
        found = evaluate(case, evidence_of(workspace, case, progress=progress), workspace.today)
        found = replace(found, simulated=workspace.simulated, origin=Origins(workspace, case))
        return with_known(workspace, found)


def with_records(workspace: Workspace, case: Case) -> Case:
    """The same with signatures judged at the time at which the history first recorded each."""
    recorded = recorded_signatures(workspace, case)
    return workspace.proven(case, recorded) if recorded else case


def recorded_signatures(workspace: Workspace, case: Case) -> Mapping[str, datetime]:
    """By its seal when the history first recorded a signature; nothing where that makes no difference."""
    signers = workspace.judge.signers
    if not case.proofs.found or signers is None or not signers.depend_on_time:
        return {}
    from orr.history.past_runs import first_recorded

    seals = {proof.seal for proof in case.proofs.found.values()}
    return first_recorded(workspace.settings.history, workspace.root, recorded_as(case), seals)


def with_known(workspace: Workspace, assessment: Evaluation) -> Evaluation:
    """Add what git and the history know of the ballots of void votes."""
    if workspace.recorded is not None:
        return assessment.knowing(workspace.recorded.known)
    digests = {normal_digest(one.digest) for one in assessment.case.review.sign_offs} - {assessment.digest}
    if not digests:
        return assessment
    from orr.history.past_runs import recorded_ballots
    from orr.workspace.voted import known_from_git

    name = assessment.case.workload.workload
    recorded = recorded_ballots(workspace.settings.history, workspace.root, name, digests)
    return assessment.knowing(together(known_from_git(workspace, assessment), recorded))


def with_terms(workspace: Workspace, case: Case) -> Case:
    """Add earlier terms and objections, as git and the last run hold them."""
    if workspace.recorded is not None:
        return case  # it comes with the surroundings
    from orr.history.past_runs import gone_from, of_title, terms_of_runs
    from orr.workspace.formerly import formerly_in_git

    def of_runs(former: str | None) -> Formerly:
        return terms_of_runs(workspace.settings.history, workspace.root, recorded_as(case, former), workspace.today)

    known = formerly_in_git(workspace, case)
    recorded = next((found for name in (None, *known.names) if (found := of_runs(name)).known), None)
    if recorded is None and not known.names:
        titles = {in_language(case.workload.title, language) for language in LANGUAGES}
        url, root = workspace.settings.history, workspace.root
        former = of_title(url, root, gone_from(url, root, workspace.workloads), titles, workspace.today)
        if former is not None:
            known, recorded = replace(known, names=(former,)), of_runs(former)
    if recorded is not None:
        known = terms_together(known, recorded)
    return recalling(case, by_new_ids(known, case.renaming.ids))


def recorded_as(case: Case, former: str | None = None) -> str:
    """Name under which runs of a workload, or its change, are recorded."""
    about, name = case.given.version, former or case.workload.workload
    return name if about is None else f"{name}/{about}"


def with_surroundings(workspace: Workspace, case: Case, occasion: Occasion | None = None) -> Case:
    """Add earlier requirements, of runs and the commit before, and the repository's sharers.

    Parameters
    ----------
    occasion
        In place of the reviews', if one is given.
    """
    if workspace.recorded is not None:
        return replace(case, **workspace.recorded.case)
    from orr.history.past_runs import gone_from, required_by_runs
    from orr.workspace.gone import gone
    from orr.workspace.past import required_at_first, required_by_commit, required_by_votes
    from orr.workspace.sharing import sharing

    names = (recorded_as(case, name) for name in (None, *case.formerly.names))
    each = (required_by_runs(workspace.settings.history, workspace.root, name, workspace.today) for name in names)
    runs = next(filter(None, each), ())
    from_git = (
        [required_by_commit] if any(one.kind == "decision" for one in runs) else [required_by_commit, required_by_votes]
    )
    found = (by(workspace, case, lambda made: made.on(occasion, None)) for by in from_git)
    commits = {one.name: one for one in found if one is not None}  # the votes' may be the same
    if not runs and {one.kind for one in commits.values()} == {"commit"}:  # a stricter commit would hide a milder one
        first = required_at_first(workspace, case, lambda made: made.on(occasion, None))
        known = [one.required for one in commits.values()]
        commits |= {first.name: first} if first is not None and first.required not in known else {}
    lost: tuple[Earlier, ...] = ()
    if not runs:
        recorded = gone_from(workspace.settings.history, workspace.root, workspace.workloads)
        lost = gone(workspace, recorded, case.formerly.names)
    return replace(case, earlier=(*runs, *commits.values(), *lost), sharing=sharing(workspace, case.workload))


def named_release(version: str | None, artifact: str | Iterable[str] | None, environment: str | None) -> Release:
    """The release that a caller names.

    Parameters
    ----------
    version
        The release that the review of a change is about.
    artifact
        What is released: `sha256:…`, `registry/name@sha256:…` or `git:COMMIT`, or several of them, in a list or
        in one text with spaces between.
    environment
        Where it is released.

    Raises
    ------
    BadArgument
        If an artifact is none, or the environment is empty.
    """
    listed = artifact.split() if isinstance(artifact, str) else list(artifact or ())
    if environment is not None and not environment.strip():
        raise BadArgument(say("argument.environment"))
    try:
        return release_given(map(str, listed), environment, version)
    except ValueError as wrong:
        raise BadArgument(say("argument.artifact", value=repr(str(wrong)))) from None


def _occasion(name: Occasion | str | None) -> Occasion | None:
    if name is None:
        return None
    try:
        return Occasion(name)
    except ValueError:
        known = [occasion.value for occasion in Occasion]
        raise BadArgument(say("argument.one-of", name="occasion", value=repr(name), known=known)) from None


def evidence_of(
    workspace: Workspace, case: Case, today: date | None = None, progress: Progress | None = None
) -> Evidence:
    """Collect the evidence that the items of a case ask for.

    Parameters
    ----------
    today
        The day of the checks; that of the workspace where it is not given.
    progress
        Called after each check.
    """
    from orr.evidence.pool import AT_ONCE, side_by_side

    with checks_of(workspace, case, today) as checks:
        return checks.evidence(side_by_side(checks.work, AT_ONCE, progress))


def checks_of(
    workspace: Workspace, case: Case, today: date | None = None, waiting: Said | None = None
) -> AbstractContextManager[Prepared]:
    """Prepare the checks that the items of a case ask for; see `evidence_of`.

    Parameters
    ----------
    waiting
        Why none that does more than read files is run, though it is allowed.
    """
    from orr.evidence.collect import prepared  # a form shows its answers before anything is collected

    day, untrusted = today or workspace.today, workspace.untrusted or waiting
    places, recorded = workspace.places(case), workspace.recorded
    return prepared(case, places, workspace.settings, day, untrusted=untrusted, recorded=recorded)
