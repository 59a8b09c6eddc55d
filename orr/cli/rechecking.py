"""Run a re-check: record each run as it comes in, and print what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orr.cli import frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import send
from orr.cli.progress import Progress
from orr.cli.statuses import status_in
from orr.messages.cleaning import one_line

if TYPE_CHECKING:
    from orr.fleet.pool import Result
    from orr.fleet.recheck import Rechecked
    from orr.fleet.unchanged.keys import Keys
    from orr.history import History
    from orr.messages import Message
    from orr.report.remote import Elsewhere
    from orr.source.faults import Fault
    from orr.workspace.workspace import Workspace


@dataclass(frozen=True)
class How:
    """How workloads are re-checked."""

    out: Path
    elsewhere: Elsewhere | None
    engine: str
    timeout: float
    jobs: int
    scheduler: str | None
    occasion: str | None
    release: str | None
    artifact: str
    environment: str | None
    fresh: bool


@dataclass
class Tally:
    """What came of a re-check so far, and what is printed of it."""

    only_drift: bool
    strict: bool
    decided: bool
    of_release: bool
    begun: int | None = None
    done: int = 0
    same: int = 0
    lost: int = 0
    firsts: int = 0
    statuses: list[frame.Status] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    changed: list[Rechecked] = field(default_factory=list)

    def status(self, assessment: Mapping[str, Any]) -> frame.Status:
        """Exit status for an assessment or what is kept of one."""
        return status_in(assessment, strict=self.strict, decided=self.decided)


def recheck(
    stack: ExitStack,
    workspace: Workspace,
    names: list[str],
    history: History,
    how: How,
    style: str,
    tally: Tally,
) -> None:
    """Re-check workloads, recording and printing each as soon as it is done.

    Parameters
    ----------
    stack
        Ends workers and progress, and saves the keys of unchanged workloads.
    style
        How progress is shown; see `STYLES`.
    tally
        Gets what came of each, up to where an interrupt ends it.
    """
    from orr.fleet.recheck import name_of, record

    keys = _keys(workspace, history, how)
    asked = len(names)
    if keys is not None:
        stack.callback(keys.save)
        same = history.record_unchanged(keys.held(names, believe=not how.fresh), workspace.today, datetime.now(UTC))
        tally.statuses += [tally.status(one._asdict()) for one in same.values()]
        tally.done = tally.same = len(same)
        names = [name for name in names if name not in same]
    results = _results(stack, workspace, names, how)
    simulated = workspace.simulated
    recorded_as = (name_of(name, how.release, simulated=simulated) for name in names)
    begun = history.start(recorded_as, workspace.today, datetime.now(UTC))
    tally.begun = begun
    progress = stack.enter_context(Progress("recheck", style))
    today, language = workspace.today, current_language()
    for one in record(results, history, today, language, how.release, begun, simulated=simulated):
        result = one.result
        tally.done += 1
        tally.firsts += one.is_first
        tally.faults += result.faults
        tally.lost += result.assessment is None
        progress.clear()
        sent = frame.Status.GOOD
        if not result.faults:  # where files are faulty, the report is still that of another day
            name = name_of(result.workload, how.release)
            sent = send(how.elsewhere, how.out / name, name, printed=False)
            tally.statuses.append(sent)
        if result.assessment is not None and result.assessment["decision"] != "pending" and not simulated:
            _keep(workspace, result, how)
        if keys is not None and result.assessment is not None and sent is frame.Status.GOOD:
            keys.keep(result.workload, result.assessment, one.before.number)
        tally.statuses.append(_print(one, tally))
        tally.changed += [one] if (one.regressions or one.recovers if tally.only_drift else one.says) else []
        verdict = result.assessment["verdict"] if result.assessment is not None else None
        progress(tally.done, asked, failed=tally.lost, workload=result.workload, verdict=verdict)


def _keep(workspace: Workspace, result: Result, how: How) -> None:
    """Keep what belongs to a decided run."""
    from orr.cli.keeping import keep_what_belongs
    from orr.fleet.recheck import name_of
    from orr.proof.recorded import collected_of
    from orr.source.faults import FaultyInput

    recorded = result.assessment
    if recorded is None:
        return
    try:
        case = workspace.case(result.workload)
    except FaultyInput:  # changed since it was assessed
        return
    reports = how.out / name_of(result.workload, how.release)
    keep_what_belongs(workspace, case, recorded["digest"], collected_of(recorded), reports)


def _keys(workspace: Workspace, history: History, how: How) -> Keys | None:
    """Keys of unchanged workloads; none under options or on another day."""
    from orr.fleet.unchanged.keys import Keys

    if how.occasion or how.artifact or how.environment or workspace.simulated:
        return None
    sent_to = how.elsewhere.shown if how.elsewhere is not None else None
    return Keys(workspace, history, how.out, current_language(), sent_to)


def _results(stack: ExitStack, workspace: Workspace, names: list[str], how: How) -> Iterator[Result]:
    from orr.fleet import pool as fleet
    from orr.fleet.cluster import NoScheduler, cluster

    calls = fleet.calls_for(
        workspace.root,
        names,
        how.out,
        workspace.today,
        current_language(),
        how.engine,
        how.occasion,
        how.release,
        how.artifact,
        how.environment,
        how.timeout,
    )
    open_pool = fleet.pool_for(how.engine)
    width = max(1, min(how.jobs, len(names)))
    if how.scheduler is not None:
        try:
            open_pool, width = stack.enter_context(cluster(how.scheduler, root=workspace.root, warn=_warn))
        except NoScheduler as none:
            status = frame.Status.NOT_ASSESSED if none.installed else frame.Status.BAD_INPUT
            raise frame.Stop(status, none.why) from None
    return stack.enter_context(closing(fleet.over(fleet.report_on, calls, open_pool, width)))


def _warn(what: Message) -> None:
    click.echo(tell(what), err=True)


def _print(one: Rechecked, tally: Tally) -> frame.Status:
    """Print what changed, and what could not be assessed; give the status."""
    result = one.result
    said = one.regressions if tally.only_drift else one.says
    # The first verdict is news by itself, and so is one on a release: mostly there is no run before it to compare.
    is_news = (one.is_first and not tally.only_drift) or tally.of_release
    if said or (is_news and result.assessment is not None):
        verdict = words("recheck.none")
        if result.assessment is not None:
            from orr.formats.record import recorded_headline

            verdict = tell(recorded_headline(result.assessment))
        head = words("recheck.head", workload=result.workload, verdict=verdict)
        click.echo("\n".join([head, *(f"  - {one_line(tell(line))}" for line in said)]))
    if result.failure is not None:
        click.echo(one_line(words("recheck.failed", workload=result.workload, why=result.failure)), err=True)
        return frame.Status.NOT_ASSESSED
    if result.assessment is None:
        return frame.Status.BAD_INPUT
    return tally.status(result.assessment)
