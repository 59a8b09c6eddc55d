"""`orr recheck`: report on the fleet, record the runs, print what drifted."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
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
    timeout_option,
)
from orr.cli.progress import STYLES
from orr.cli.rechecking import How, Tally, recheck
from orr.messages import say
from orr.model.checklist import Occasion
from orr.system.paths import exists
from orr.system.processes import processors

if TYPE_CHECKING:
    from orr.history import History
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
    from orr.fleet.cluster import NoScheduler
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
    tally = Tally(only_drift, strict, decided, release is not None)
    with ExitStack() as stack:
        history = stack.enter_context(history_of(workspace))
        history.prepare()
        if head_file is not None:
            _refuse_other_head(history, head_file)
            stack.callback(_keep_head, history, head_file)
        recorded_as = partial(name_of, release=release, simulated=workspace.simulated)
        if rest:
            names = _not_yet(workspace, names, history, recorded_as)
        _warn_of_unended(names, history, recorded_as, workspace)
        how = How(
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
            recheck(stack, workspace, names, history, how, style, tally)
        except KeyboardInterrupt:
            done = _done(names, tally, history, recorded_as)
            key = "recheck.interrupted" if done else "recheck.interrupted-early"
            click.echo(words(key, done=done, of=len(names)), err=True)
            return frame.Status.INTERRUPTED
        except NoScheduler as gone:
            click.echo(tell(gone.why), err=True)
            click.echo(
                words("recheck.broken-off", done=_done(names, tally, history, recorded_as), of=len(names)), err=True
            )
            return frame.Status.NOT_ASSESSED
        late = _overdue(workspace, names, tally, history) if release is None and not workspace.simulated else []
    faults += tally.faults
    frame.show_faults(faults)
    click.echo(_summary(len(names), tally))
    if workspace.simulated:
        click.echo(words("recheck.simulated", today=workspace.today))
        tally.changed.clear()  # nobody is told of what is not so
    for line in late:
        click.echo(line)
    reports = folder if elsewhere is None else elsewhere.shown
    failures = notify_all(
        workspace, tally.changed, notify, reports, current_language(), only_worse=only_drift
    )  # a channel that fails is reported, and fails nothing
    for lost in failures:
        click.echo(tell(lost), err=True)
    return frame.worst([*tally.statuses, *([frame.Status.BAD_INPUT] if faults else [])])


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


def _done(names: list[str], tally: Tally, history: History, recorded_as: RecordedAs) -> int:
    """Count the recorded runs, also after an interrupt."""
    if tally.begun is None:
        return tally.done
    left = {name for name, start in history.unended().items() if start.record == tally.begun}
    return sum(recorded_as(name) not in left for name in names)


def _warn_of_unended(names: list[str], history: History, recorded_as: RecordedAs, workspace: Workspace) -> None:
    """Warn about workloads that a killed re-check left behind."""
    unended = history.unended()
    left = [unended[name] for one in names if (name := recorded_as(one)) in unended]
    if left:
        at = max(start.recorded_at for start in left).astimezone(workspace.timezone)
        click.echo(words("recheck.unended", at=at, n=len(left)), err=True)


def _overdue(workspace: Workspace, names: list[str], tally: Tally, history: History) -> list[str]:
    """Lines about the workloads that nobody looked at for longer than their cadence."""
    from orr.fleet.cadence import overdue

    if len(names) == len(workspace.workloads) and not tally.lost:
        return []
    every = {
        name: workspace.rate(workload).policy.recheck
        for name in workspace.workloads
        if (workload := workspace.workload(name)) is not None
    }
    found = [
        one
        for one in overdue(every, history.last_assessed(), workspace.today)
        if one.last is not None or one.workload not in names  # that its first run failed was printed
    ]
    if not found:
        return []
    lines = [words("recheck.overdue", n=len(found))]
    for one in found[:LISTED]:
        key = "recheck.overdue-never" if one.last is None else "recheck.overdue-one"
        lines.append("  - " + words(key, **one._asdict()))
    more = len(found) - LISTED
    return [*lines, *(["  " + words("recheck.more", n=more)] if more > 0 else [])]


def _summary(checked: int, tally: Tally) -> str:
    line = words("recheck.checked", n=checked)
    counts = {"first": tally.firsts, "same": tally.same, "lost": tally.lost}
    line += "".join(words(f"recheck.{key}", n=n) for key, n in counts.items() if n)
    changed = len(tally.changed)
    return line + (words("recheck.changed", n=changed) if changed else words("recheck.unchanged"))
