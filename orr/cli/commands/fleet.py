"""`orr fleet`: the fleet's report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.cli.options import Folder, OutFolder, opened, send_file
from orr.cli.progress import STYLES, Progress
from orr.cli.statuses import status_in
from orr.system.paths import shown_as

if TYPE_CHECKING:
    from orr.fleet.standing import Standing


@frame.command("fleet")
@frame.option("--out", type=OutFolder(), help="fleet.out")
@frame.option("--csv", type=Folder(), help="fleet.csv")
@frame.option("--progress", "style", type=click.Choice(STYLES), default="auto", help="recheck.progress")
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--decided", is_flag=True, help="option.decided")
def command(
    today: date | None, out: Path | str | None, csv: Path | None, style: str, strict: bool, decided: bool
) -> int:
    """Assess the fleet, print where it stands and write its page."""
    from orr.fleet.page.gather import gather
    from orr.fleet.page.report import FleetReport
    from orr.fleet.text.standings import as_text
    from orr.system.atomic import write_atomically

    workspace = frame.open_workspace(today)
    if not workspace.workloads:
        click.echo(words("no-workloads"), err=True)
        return frame.Status.BAD_INPUT
    folder, elsewhere = opened(out, workspace.root / "reports")
    with Progress("fleet", style) as progress:
        failed = 0

        def show_one(standing: Standing, done: int) -> None:
            nonlocal failed
            failed += standing.assessment is None
            verdict = standing.assessment.verdict.value if standing.assessment is not None else None
            progress(done, len(workspace.workloads), failed=failed, workload=standing.workload, verdict=verdict)

        gathered = gather(workspace, folder, show_one)
    if gathered.no_history is not None:
        click.echo(words("fleet.no-trend", why=gathered.no_history), err=True)
    click.echo(as_text(gathered.standings, workspace.today, current_language()))
    report = FleetReport(
        gathered.standings,
        workspace.today,
        current_language(),
        gathered.weeks,
        gathered.no_history is not None,
        simulated=workspace.simulated,
    )
    path = folder / "fleet.html"
    report.save(path)
    click.echo("\n" + words("fleet.wrote", path=shown_as(path)))
    if csv is not None:
        for name, text in report.csv().items():
            write_atomically(csv.absolute() / f"{name}.csv", text.encode())
        click.echo(words("fleet.wrote", path=shown_as(csv.absolute())))
    frame.show_faults(gathered.faults)
    sent = send_file(elsewhere, path)
    return frame.worst([sent, *(_status(standing, strict, decided) for standing in gathered.standings)])


def _status(standing: Standing, strict: bool, decided: bool) -> frame.Status:
    if standing.assessment is not None:
        found = {"verdict": standing.assessment.verdict, "decision": standing.assessment.decision}
        return status_in(found, strict=strict, decided=decided)
    return frame.Status.BAD_INPUT if standing.faulty else frame.Status.NOT_ASSESSED
