"""`orr recheck`: report on the fleet, record the runs, print what drifted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import (
    File,
    OutFolder,
    Whole,
    chosen_engine,
    engine_option,
    only_touched,
    opened,
    release_named,
    release_options,
    send,
    timeout_option,
)
from orr.cli.progress import STYLES, Progress
from orr.cli.statuses import status_in
from orr.messages import say
from orr.messages.cleaning import one_line
from orr.model.checklist import Occasion
from orr.system.paths import exists
from orr.system.processes import processors

if TYPE_CHECKING:
    from orr.fleet.pool import Result
    from orr.fleet.recheck import Rechecked
    from orr.fleet.unchanged.keys import Keys
    from orr.history import History
    from orr.messages import Message
    from orr.report.remote import Elsewhere
    from orr.source.faults import Fault
    from orr.workspace.workspace import Workspace

LISTED = 10
"""How many overdue workloads are named."""
RecordedAs = Callable[[str], str]
"""By a workload's name the one under which its run is recorded."""
_RELEASE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,39}")


@frame.command("recheck")
@frame.workloads
@frame.option("--fresh", is_flag=True, help="recheck.fresh")
@frame.option("--since", metavar="REV", help="recheck.since")
@frame.option("--rest", is_flag=True, help="recheck.rest")
@frame.option("--occasion", type=click.Choice([one.value for one in Occasion]), help="recheck.occasion")
@frame.option("--release", metavar="NAME", help="recheck.release")
@release_options
@frame.option("--only-drift", is_flag=True, help="recheck.only-drift")
@frame.option("--jobs", type=Whole(), metavar="N", help="recheck.jobs")
@frame.option("--scheduler", metavar="ADDRESS", help="recheck.scheduler")
@timeout_option
@engine_option
@frame.option("--notify", metavar="URL", envvar="ORR_NOTIFY", help="recheck.notify")
@frame.option("--progress", "style", type=click.Choice(STYLES), default="auto", help="recheck.progress")
@frame.option("--head-file", type=File(), help="recheck.head-file")
@frame.option("--out", type=OutFolder(), help="report.out")
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--decided", is_flag=True, help="option.decided")
def command(
    workloads: tuple[str, ...],
    today: date | None,
    fresh: bool,
    since: str | None,
    rest: bool,
    occasion: str | None,
    release: str | None,
    artifacts: tuple[str, ...],
    environment: str | None,
    only_drift: bool,
    jobs: int | None,
    scheduler: str | None,
    timeout: float,
    engine: str | None,
    notify: str | None,
    style: str,
    head_file: Path | None,
    out: Path | str | None,
    strict: bool,
    decided: bool,
) -> int:
    """Re-check workloads; all where none is named."""
    from orr.cli.announce import notify_all
    from orr.cli.commands.history import history_of
    from orr.fleet.pool import NoScheduler
    from orr.fleet.recheck import name_of

    _check_options(jobs, scheduler, notify, occasion, release)
    release_named(artifacts, environment)
    workspace = frame.open_workspace(today)
    folder, elsewhere = opened(out, workspace.root / "reports")
    names, faults = _known(workspace, workloads or workspace.workloads)
    if not names and not faults:
        click.echo(words("no-workloads"), err=True)
        return frame.Status.BAD_INPUT
    if since is not None:
        names = only_touched(workspace, names, since, folder)
    told = _Told(only_drift, strict, decided, release is not None)
    with ExitStack() as stack:
        history = stack.enter_context(history_of(workspace))
        history.prepare()
        if head_file is not None:
            _refuse_other_head(history, head_file)
            stack.callback(_keep_head, history, head_file)
        recorded_as = partial(name_of, release=release, simulated=workspace.simulated)
        if rest:
            names = _not_yet(workspace, names, history, recorded_as)
        _tell_unended(names, history, recorded_as, workspace)
        how = _How(
            folder,
            elsewhere,
            chosen_engine(engine),
            timeout,
            jobs or processors(),
            scheduler,
            occasion,
            release,
            " ".join(artifacts),
            environment,
            fresh,
        )
        try:
            _recheck(stack, workspace, names, history, how, style, told)
        except KeyboardInterrupt:
            done = _done(names, told, history, recorded_as)
            key = "recheck.interrupted" if done else "recheck.interrupted-early"
            click.echo(words(key, done=done, of=len(names)), err=True)
            return frame.Status.INTERRUPTED
        except NoScheduler as gone:
            click.echo(tell(gone.why), err=True)
            click.echo(
                words("recheck.broken-off", done=_done(names, told, history, recorded_as), of=len(names)), err=True
            )
            return frame.Status.NOT_ASSESSED
        late = _overdue(workspace, names, told, history) if release is None and not workspace.simulated else []
    faults += told.faults
    frame.show_faults(faults)
    click.echo(_summary(len(names), told))
    if workspace.simulated:
        click.echo(words("recheck.simulated", today=workspace.today))
        told.changed.clear()  # nobody is told of what is not so
    for line in late:
        click.echo(line)
    reports = folder if elsewhere is None else elsewhere.shown
    failures = notify_all(
        workspace, told.changed, notify, reports, current_language(), only_worse=only_drift
    )  # a channel that fails is told, and fails nothing
    for lost in failures:
        click.echo(tell(lost), err=True)
    return frame.worst([*told.statuses, *([frame.Status.BAD_INPUT] if faults else [])])


def _check_options(
    jobs: int | None, scheduler: str | None, notify: str | None, occasion: str | None, release: str | None
) -> None:
    from orr.fleet.notify import is_channel, signs_in

    if notify is not None and (refused := signs_in(notify)) is not None:
        raise frame.Stop(frame.Status.BAD_INPUT, refused)
    wrong = None
    if jobs is not None and scheduler is not None:
        wrong = "either"
    elif notify is not None and not is_channel(notify):
        wrong = "address"
    elif occasion == Occasion.CHANGE.value and not (release and _RELEASE.fullmatch(release)):
        wrong = "release-needed"
    elif release is not None and _is_ours(release):
        wrong = "release-ours"
    elif release is not None and occasion != Occasion.CHANGE.value:
        wrong = "release-alone"
    if wrong is not None:
        raise frame.Stop(frame.Status.BAD_INPUT, say(f"cli.recheck.{wrong}"))


def _is_ours(release: str) -> bool:
    """Whether a release's folder would replace a file or folder of the workload."""
    from orr.evidence.checks.notebook import KEPT_IN
    from orr.report.publish import ASSESSMENT, CALENDAR, FAILED, HTML, NOTEBOOK, PDF

    return release.casefold() in (HTML, NOTEBOOK, ASSESSMENT, CALENDAR, PDF, FAILED, KEPT_IN)


def _refuse_other_head(history: History, path: Path) -> None:
    """Fail where the history lacks the kept head, before anything hides that."""
    kept = path.read_text(encoding="utf-8", errors="replace").strip() if exists(path) else None
    if kept is not None and not history.has_head(kept.lower()):
        raise frame.Stop(frame.Status.NOT_ASSESSED, say("cli.recheck.other-head", path=str(path), head=kept[:80]))


def _keep_head(history: History, path: Path) -> None:
    from orr.system.atomic import write_atomically

    write_atomically(path.absolute(), f"{history.head()}\n".encode())


# Which workloads


def _known(workspace: Workspace, names: tuple[str, ...]) -> tuple[list[str], list[Fault]]:
    """Names of workloads without repetition, and the faults of unknown names."""
    from orr.source.faults import FaultyInput

    faults: list[Fault] = []
    known = []
    for name in dict.fromkeys(names):
        if name in workspace.workloads:
            known.append(name)
            continue
        try:
            workspace.case(name)
        except FaultyInput as faulty:
            faults += faulty.faults
    return known, faults


def _not_yet(workspace: Workspace, names: list[str], history: History, recorded_as: RecordedAs) -> list[str]:
    """Those without an assessment for this day."""
    last = history.trends(1)
    done = {name for name, trend in last.items() if trend[-1][0] == workspace.today and trend[-1][1] is not None}
    names = [name for name in names if recorded_as(name) not in done]
    if not names:
        click.echo(words("recheck.complete", today=workspace.today), err=True)
    return names


def _done(names: list[str], told: _Told, history: History, recorded_as: RecordedAs) -> int:
    """Count the recorded runs, also after an interrupt."""
    if told.begun is None:
        return told.done
    left = {name for name, start in history.unended().items() if start.record == told.begun}
    return sum(recorded_as(name) not in left for name in names)


def _tell_unended(names: list[str], history: History, recorded_as: RecordedAs, workspace: Workspace) -> None:
    """Warn about workloads that a killed re-check left behind."""
    unended = history.unended()
    left = [unended[name] for one in names if (name := recorded_as(one)) in unended]
    if left:
        at = max(start.recorded_at for start in left).astimezone(workspace.timezone)
        click.echo(words("recheck.unended", at=at, n=len(left)), err=True)


def _overdue(workspace: Workspace, names: list[str], told: _Told, history: History) -> list[str]:
    """Lines about the workloads that nobody looked at for longer than their cadence."""
    from orr.fleet.cadence import overdue

    if len(names) == len(workspace.workloads) and not told.lost:
        return []
    every = {
        name: workspace.rate(workload).policy.recheck
        for name in workspace.workloads
        if (workload := workspace.workload(name)) is not None
    }
    found = [
        one
        for one in overdue(every, history.last_assessed(), workspace.today)
        if one.last is not None or one.workload not in names  # that its first run failed was told
    ]
    if not found:
        return []
    lines = [words("recheck.overdue", n=len(found))]
    for one in found[:LISTED]:
        key = "recheck.overdue-never" if one.last is None else "recheck.overdue-one"
        lines.append("  - " + words(key, **one._asdict()))
    more = len(found) - LISTED
    return [*lines, *(["  " + words("recheck.more", n=more)] if more > 0 else [])]


# Doing it


@dataclass(frozen=True)
class _How:
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
class _Told:
    """What has been printed so far."""

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


def _recheck(
    stack: ExitStack,
    workspace: Workspace,
    names: list[str],
    history: History,
    how: _How,
    style: str,
    told: _Told,
) -> None:
    from orr.fleet.recheck import name_of, record

    keys = _keys(workspace, history, how)
    asked = len(names)
    if keys is not None:
        stack.callback(keys.save)
        same = history.record_unchanged(keys.held(names, believe=not how.fresh), workspace.today, datetime.now(UTC))
        told.statuses += [status_in(one._asdict(), strict=told.strict, decided=told.decided) for one in same.values()]
        told.done = told.same = len(same)
        names = [name for name in names if name not in same]
    results = _results(stack, workspace, names, how)
    simulated = workspace.simulated
    recorded_as = (name_of(name, how.release, simulated=simulated) for name in names)
    begun = history.start(recorded_as, workspace.today, datetime.now(UTC))
    told.begun = begun
    progress = stack.enter_context(Progress("recheck", style))
    today, language = workspace.today, current_language()
    for one in record(results, history, today, language, how.release, begun, simulated=simulated):
        result = one.result
        told.done += 1
        told.firsts += one.is_first
        told.faults += result.faults
        told.lost += result.assessment is None
        progress.clear()
        sent = frame.Status.GOOD
        if not result.faults:  # where files are faulty, the report is still that of another day
            name = name_of(result.workload, how.release)
            sent = send(how.elsewhere, how.out / name, name, printed=False)
            told.statuses.append(sent)
        if result.assessment is not None and result.assessment["decision"] != "pending" and not simulated:
            _keep(workspace, result, how)
        if keys is not None and result.assessment is not None and sent is frame.Status.GOOD:
            keys.keep(result.workload, result.assessment, one.before.number)
        told.statuses.append(_tell(one, told))
        told.changed += [one] if (one.regressions or one.recovers if told.only_drift else one.says) else []
        verdict = result.assessment["verdict"] if result.assessment is not None else None
        progress(told.done, asked, failed=told.lost, workload=result.workload, verdict=verdict)


def _keep(workspace: Workspace, result: Result, how: _How) -> None:
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


def _keys(workspace: Workspace, history: History, how: _How) -> Keys | None:
    """Keys of unchanged workloads; none under options or on another day."""
    from orr.fleet.unchanged.keys import Keys

    if how.occasion or how.artifact or how.environment or workspace.simulated:
        return None
    sent_to = how.elsewhere.shown if how.elsewhere is not None else None
    return Keys(workspace, history, how.out, current_language(), sent_to)


def _results(stack: ExitStack, workspace: Workspace, names: list[str], how: _How) -> Iterator[Result]:
    from orr.fleet import pool as fleet

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
            open_pool, width = stack.enter_context(fleet.cluster(how.scheduler, root=workspace.root, warn=_warn))
        except fleet.NoScheduler as none:
            status = frame.Status.NOT_ASSESSED if none.installed else frame.Status.BAD_INPUT
            raise frame.Stop(status, none.why) from None
    return stack.enter_context(closing(fleet.over(fleet.report_on, calls, open_pool, width)))


def _warn(what: Message) -> None:
    click.echo(tell(what), err=True)


def _tell(one: Rechecked, told: _Told) -> frame.Status:
    """Print what changed, and what could not be assessed; give the status."""
    result = one.result
    said = one.regressions if told.only_drift else one.says
    # The first verdict is news by itself, and so is one on a release: mostly there is no run before it to compare.
    is_news = (one.is_first and not told.only_drift) or told.of_release
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
    return status_in(result.assessment, strict=told.strict, decided=told.decided)


def _summary(checked: int, told: _Told) -> str:
    line = words("recheck.checked", n=checked)
    counts = {"first": told.firsts, "same": told.same, "lost": told.lost}
    line += "".join(words(f"recheck.{key}", n=n) for key, n in counts.items() if n)
    changed = len(told.changed)
    return line + (words("recheck.changed", n=changed) if changed else words("recheck.unchanged"))
