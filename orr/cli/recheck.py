"""`orr recheck`: report on the fleet, record the runs, say what drifted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orr.cli import engine as engines
from orr.cli import frame
from orr.cli.assess import status_in
from orr.cli.outfolder import OutFolder, opened, send
from orr.cli.progress import Progress
from orr.messages import say

if TYPE_CHECKING:
    from orr.fleet import Result
    from orr.recheck import Rechecked
    from orr.workspace import Workspace
    from orr.yamlfile import Fault


@frame.command("recheck")
@frame.workloads
@frame.option("--fresh", is_flag=True, help="recheck.fresh")
@frame.option("--jobs", type=click.IntRange(min=1), metavar="N", help="recheck.jobs")
@frame.option("--scheduler", metavar="ADDRESS", help="recheck.scheduler")
@engines.option
@frame.option("--notify", metavar="URL", envvar="ORR_NOTIFY", help="recheck.notify")
@frame.option("--out", type=OutFolder(), help="report.out")
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--decided", is_flag=True, help="option.decided")
def command(
    workloads: tuple[str, ...],
    today: date | None,
    fresh: bool,
    jobs: int | None,
    scheduler: str | None,
    engine: str | None,
    notify: str | None,
    out: Path | str | None,
    strict: bool,
    decided: bool,
) -> int:
    """Re-check workloads; all where none is named."""
    from orr.cli.history import history_of
    from orr.notify import is_web_address
    from orr.recheck import record
    from orr.unchanged import Keys

    if jobs is not None and scheduler is not None:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.recheck.either"))
    if notify is not None and not is_web_address(notify):
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.recheck.address"))
    workspace = frame.open_workspace(today)
    names, faults = _known(workspace, workloads or workspace.workloads)
    statuses = [frame.Status.BAD_INPUT] if faults else []
    changed: list[Rechecked] = []
    firsts = 0
    folder, elsewhere = opened(out, workspace.root / "reports")
    with ExitStack() as stack:
        history = stack.enter_context(history_of(workspace))
        history.prepare()
        keys = Keys(workspace, folder, frame.language(), out if isinstance(out, str) else None)
        stack.callback(keys.save)
        same = history.record_unchanged(keys.held(names, believe=not fresh), workspace.today, datetime.now(UTC))
        statuses += [status_in(one._asdict(), strict=strict, decided=decided) for one in same.values()]
        changed_names = [name for name in names if name not in same]
        results = _results(stack, workspace, changed_names, folder, jobs or _processors(), scheduler, engine)
        progress = stack.enter_context(Progress("recheck"))
        rechecked = record(results, history, workspace.today, frame.language())
        for done, one in enumerate(rechecked, len(same) + 1):
            progress.clear()
            sent = frame.Status.GOOD
            if not one.result.faults:  # where files are faulty, the report is still that of another day
                sent = send(elsewhere, folder / one.result.workload, one.result.workload)
                statuses.append(sent)
            if one.result.assessment is not None and sent is frame.Status.GOOD:
                keys.keep(one.result.workload, one.result.assessment, one.before.number)
            faults += one.result.faults
            statuses.append(_told(one, strict, decided))
            firsts += one.is_first
            changed += [one] if one.says else []
            progress(done, len(names))
    frame.show_faults(faults)
    if not names and not faults:
        click.echo(frame.words("no-workloads"), err=True)
        return frame.Status.BAD_INPUT
    click.echo(_summary(len(names), len(changed), firsts, len(same)))
    if notify is not None and changed:
        statuses.append(_notified(notify, changed, workspace.today, folder))
    return frame.worst(statuses)


def _known(workspace: Workspace, names: tuple[str, ...]) -> tuple[list[str], list[Fault]]:
    """The names of workloads, once each, and the faults of names that are none: those are not recorded."""
    from orr.yamlfile import FaultyInput

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


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _results(
    stack: ExitStack,
    workspace: Workspace,
    names: list[str],
    out: Path,
    jobs: int,
    scheduler: str | None,
    engine: str | None,
) -> Iterator[Result]:
    from orr import fleet

    chosen = engines.chosen(engine)
    calls = fleet.calls_for(workspace.root, names, out, workspace.today, frame.language(), chosen)
    open_pool = fleet.pool_for(chosen)
    width = max(1, min(jobs, len(names)))
    if scheduler is not None:
        try:
            open_pool, width = stack.enter_context(fleet.cluster(scheduler))
        except fleet.NoScheduler as none:
            status = frame.Status.NOT_ASSESSED if none.installed else frame.Status.BAD_INPUT
            raise frame.Stop(status, none.why) from None
    return stack.enter_context(closing(fleet.over(fleet.report_on, calls, open_pool, width)))


def _told(one: Rechecked, strict: bool, decided: bool) -> frame.Status:
    """Print what changed, and what could not be assessed; give the status."""
    result = one.result
    said = one.says
    if said:
        verdict = frame.words("recheck.none")
        if result.assessment is not None:
            from orr.evaluate import Verdict

            verdict = frame.tell(Verdict(result.assessment["verdict"]))
        head = frame.words("recheck.head", workload=result.workload, verdict=verdict)
        click.echo("\n".join([head, *(f"  - {frame.tell(line)}" for line in said)]))
    if result.failure is not None:
        click.echo(frame.words("recheck.failed", workload=result.workload, why=result.failure), err=True)
        return frame.Status.NOT_ASSESSED
    if result.assessment is None:
        return frame.Status.BAD_INPUT
    return status_in(result.assessment, strict=strict, decided=decided)


def _summary(checked: int, changed: int, firsts: int, same: int) -> str:
    words = frame.words("recheck.checked", n=checked)
    first = frame.words("recheck.first", n=firsts) if firsts else ""
    drifted = frame.words("recheck.changed", n=changed) if changed else frame.words("recheck.unchanged")
    spared = frame.words("recheck.same", n=same) if same else ""
    return words + first + spared + drifted


def _notified(url: str, changed: list[Rechecked], today: date, out: Path) -> frame.Status:
    from orr.notify import NotNotified, post

    about = [_about(one, out) for one in changed]
    text = "\n".join(f"{one['workload']}: {'; '.join(one['changes'])}" for one in about)
    try:
        post(url, {"format": "orr.drift/1", "today": today.isoformat(), "text": text, "workloads": about})
    except NotNotified as lost:
        click.echo(frame.words("recheck.not-notified", why=lost.why), err=True)
        return frame.Status.NOT_ASSESSED
    return frame.Status.GOOD


def _about(one: Rechecked, out: Path) -> dict[str, Any]:
    """One changed workload, for a notification."""
    now = one.result.assessment
    was = one.before.assessed.assessment if one.before.assessed is not None else None
    told: dict[str, Any] = {"workload": one.result.workload}
    for key in ("verdict", "decision", "valid_until"):
        told[key] = now[key] if now is not None else None
    told["verdict_before"] = was["verdict"] if was is not None else None
    told["changes"] = [frame.tell(line) for line in one.says]
    told["report"] = str(out / one.result.workload / "report.html") if now is not None else None
    return told
