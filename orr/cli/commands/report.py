"""`orr report`: papermill runs the template notebook, a report per workload."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import (
    OutFolder,
    chosen_engine,
    engine_option,
    opened,
    release_named,
    release_options,
    send,
    timeout_option,
)
from orr.system.paths import shown_as

if TYPE_CHECKING:
    from orr.report.pdf import Printer


@frame.command("report")
@frame.workloads
@frame.option("--out", type=OutFolder(), help="report.out")
@timeout_option
@engine_option
@release_options
@frame.option("--pdf", is_flag=True, help="report.pdf")
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--decided", is_flag=True, help="option.decided")
def command(
    workloads: tuple[str, ...],
    today: date | None,
    out: Path | str | None,
    timeout: float,
    engine: str | None,
    artifacts: tuple[str, ...],
    environment: str | None,
    pdf: bool,
    strict: bool,
    decided: bool,
) -> int:
    """Write the reports of workloads; of all where none is named."""
    from orr.cli.statuses import status_in
    from orr.evaluate import Verdict
    from orr.report.run import ReportFailed, run_report
    from orr.source.faults import Fault, FaultyInput

    release_named(artifacts, environment)
    workspace = frame.open_workspace(today)
    names = dict.fromkeys(workloads or workspace.workloads)
    folder, elsewhere = opened(out, workspace.root / "reports")
    printer = _printer() if pdf else None
    statuses: list[int] = []
    faults: list[Fault] = []
    chosen = chosen_engine(engine)
    left = dict(names)
    for name in names:
        try:
            workspace.case(name)
            click.echo(words("report.running", workload=name), err=True)
            record = run_report(
                workspace.root,
                name,
                folder / name,
                workspace.today,
                current_language(),
                timeout,
                engine=chosen,
                artifact=" ".join(artifacts),
                environment=environment,
            )
        except KeyboardInterrupt:
            done = len(names) - len(left)
            rest = " ".join(map(shlex.quote, left))
            click.echo(words("report.interrupted", done=done, of=len(names), rest=rest), err=True)
            return frame.Status.INTERRUPTED
        except FaultyInput as faulty:
            faults += faulty.faults
            statuses.append(frame.Status.BAD_INPUT)
        except ReportFailed as failed:
            click.echo(
                words("report.failed", workload=name, why=failed.cause, path=failed.page or folder / name),
                err=True,
            )
            statuses.append(frame.Status.NOT_ASSESSED)
            send(elsewhere, folder / name, name)
        else:
            page = shown_as((folder / name / "report.html").resolve())
            click.echo(words("report.done", workload=name, verdict=Verdict(record["verdict"]), path=page))
            statuses.append(status_in(record, strict=strict, decided=decided))
            statuses.append(_print(printer, folder / name, name))
            statuses.append(send(elsewhere, folder / name, name))
        del left[name]
    if not names:
        click.echo(words("no-workloads"), err=True)
        return frame.Status.BAD_INPUT
    frame.show_faults(faults)
    return frame.worst(statuses)


def _printer() -> Printer:
    """Browser that prints until the command ends; fail first where none exists."""
    from orr.report.pdf import CannotPrint, Printer

    try:
        return click.get_current_context().with_resource(Printer())
    except CannotPrint as none:
        status = frame.Status.BAD_INPUT if none.by_choice else frame.Status.NOT_ASSESSED
        raise frame.Stop(status, none.why) from None


def _print(printer: Printer | None, folder: Path, name: str) -> int:
    if printer is None:
        return frame.Status.GOOD
    from orr.report.pdf import CannotPrint
    from orr.report.publish import HTML, PDF

    click.echo(words("report.printing", workload=name), err=True)
    try:
        printer.print(folder / HTML, folder / PDF)
    except CannotPrint as failed:
        click.echo(tell(failed.why), err=True)
        return frame.Status.NOT_ASSESSED
    click.echo(words("report.printed", workload=name, path=shown_as((folder / PDF).resolve())))
    return frame.Status.GOOD
