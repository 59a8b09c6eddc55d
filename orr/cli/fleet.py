"""`orr fleet`: the fleet's report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.assess import assess, status_of
from orr.cli.outfolder import OutFolder, opened, send_file
from orr.cli.progress import Progress

if TYPE_CHECKING:
    from orr.standing import Standing, Trend
    from orr.workspace import Workspace
    from orr.yamlfile import Fault

RUNS = 12
"""How many of its last runs are shown of each workload."""


@frame.command("fleet")
@frame.option("--out", type=OutFolder(), help="fleet.out")
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--decided", is_flag=True, help="option.decided")
def command(today: date | None, out: Path | str | None, strict: bool, decided: bool) -> int:
    """Assess the fleet, print where it stands and write its page."""
    from orr.formats.fleet import as_text
    from orr.report.fleet import page
    from orr.saving import write_atomically
    from orr.standing import worst_first

    workspace = frame.open_workspace(today)
    if not workspace.workloads:
        click.echo(frame.words("no-workloads"), err=True)
        return frame.Status.BAD_INPUT
    folder, elsewhere = opened(out, workspace.root / "reports")
    trends = _trends(workspace)
    standings: list[Standing] = []
    faults: list[Fault] = []
    with Progress("fleet") as progress:
        for done, name in enumerate(workspace.workloads, 1):
            standing, found = _standing(workspace, name, trends.get(name, ()))
            standings.append(standing)
            faults += found
            progress(done, len(workspace.workloads))
    standings = worst_first(standings)
    click.echo(as_text(standings, workspace.today, frame.language()))
    path = folder / "fleet.html"
    write_atomically(path, page(standings, workspace.today, frame.language()).encode())
    click.echo("\n" + frame.words("fleet.wrote", path=workspace.shown_as(path)))
    frame.show_faults(faults)
    sent = send_file(elsewhere, path)
    return frame.worst([sent, *(_status(standing, strict, decided) for standing in standings)])


def _trends(workspace: Workspace) -> dict[str, Trend]:
    """The last runs of all; without a history that can be read there are none, and it is told."""
    from orr.cli.history import history_of

    try:
        with history_of(workspace) as history:
            return dict(history.trends(RUNS))
    except frame.Stop as stop:
        click.echo(frame.words("fleet.no-trend", why=stop.message), err=True)
        return {}


def _standing(workspace: Workspace, name: str, trend: Trend) -> tuple[Standing, list[Fault]]:
    """Assess one workload; whatever goes wrong with it is its own row."""
    from orr.fleet import crashed, faulty
    from orr.standing import Standing
    from orr.yamlfile import FaultyInput

    try:
        return Standing(name, assess(workspace, name), trend=trend), []
    except FaultyInput as wrong:
        return Standing(name, None, faulty(wrong.faults), True, trend), list(wrong.faults)
    except Exception as error:
        return Standing(name, None, crashed(error), False, trend), []


def _status(standing: Standing, strict: bool, decided: bool) -> frame.Status:
    if standing.assessment is not None:
        return status_of(standing.assessment, strict=strict, decided=decided)
    return frame.Status.BAD_INPUT if standing.faulty else frame.Status.NOT_ASSESSED
