"""`orr report`: papermill runs the template notebook, a report per workload."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path

import click

from orr.cli import engine as engines
from orr.cli import frame
from orr.cli.outfolder import OutFolder, opened, send
from orr.faults import shown_as


@frame.command("report")
@frame.workloads
@frame.option("--out", type=OutFolder(), help="report.out")
@engines.timeout
@engines.option
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--decided", is_flag=True, help="option.decided")
def command(
    workloads: tuple[str, ...],
    today: date | None,
    out: Path | str | None,
    timeout: float,
    engine: str | None,
    strict: bool,
    decided: bool,
) -> int:
    """Write the reports of workloads; of all where none is named."""
    from orr.cli.assess import status_in
    from orr.evaluate import Verdict
    from orr.faults import Fault, FaultyInput
    from orr.report.engine import ReportFailed, run_report

    workspace = frame.open_workspace(today)
    names = dict.fromkeys(workloads or workspace.workloads)
    folder, elsewhere = opened(out, workspace.root / "reports")
    statuses: list[int] = []
    faults: list[Fault] = []
    chosen = engines.chosen(engine)
    left = dict(names)
    for name in names:
        try:
            workspace.case(name)
            click.echo(frame.words("report.running", workload=name), err=True)
            record = run_report(
                workspace.root, name, folder / name, workspace.today, frame.language(), timeout, engine=chosen
            )
        except KeyboardInterrupt:
            done = len(names) - len(left)
            rest = " ".join(map(shlex.quote, left))
            click.echo(frame.words("report.interrupted", done=done, of=len(names), rest=rest), err=True)
            return frame.Status.INTERRUPTED
        except FaultyInput as faulty:
            faults += faulty.faults
            statuses.append(frame.Status.BAD_INPUT)
        except ReportFailed as failed:
            click.echo(
                frame.words("report.failed", workload=name, why=failed.cause, path=failed.page or folder / name),
                err=True,
            )
            statuses.append(frame.Status.NOT_ASSESSED)
            send(elsewhere, folder / name, name)
        else:
            page = shown_as((folder / name / "report.html").resolve())
            click.echo(frame.words("report.done", workload=name, verdict=Verdict(record["verdict"]), path=page))
            statuses.append(status_in(record, strict=strict, decided=decided))
            statuses.append(send(elsewhere, folder / name, name))
        del left[name]
    if not names:
        click.echo(frame.words("no-workloads"), err=True)
        return frame.Status.BAD_INPUT
    frame.show_faults(faults)
    return frame.worst(statuses)
