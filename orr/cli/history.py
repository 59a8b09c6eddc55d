"""`orr history`: the runs of a workload and their trend."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING

import click

from orr.cli import frame

if TYPE_CHECKING:
    from orr.history import History
    from orr.workspace import Workspace


@contextmanager
def history_of(workspace: Workspace) -> Iterator[History]:
    """Use the history that `orr.yaml` names; where it fails, the command ends and says why."""
    from orr.history import History, HistoryUnavailable

    try:
        with closing(History(workspace.settings.history, workspace.root)) as history:
            yield history
    except HistoryUnavailable as error:
        status = frame.Status.BAD_INPUT if error.by_choice else frame.Status.NOT_ASSESSED
        raise frame.Stop(status, error.why) from None


@frame.command("history")
@click.argument("workload")
@frame.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="check.format")
@frame.option("--last", type=click.IntRange(min=1), metavar="N", help="history.last")
def command(workload: str, today: date | None, form: str, last: int | None) -> int:
    """Print the runs of a workload, and what drifted between them."""
    from orr.formats.history import as_json, as_text

    workspace = frame.open_workspace(today)
    with history_of(workspace) as history:
        runs = history.runs(workload, None if last is None else last + 1)
    if not runs and workload not in workspace.workloads:
        workspace.case(workload)  # says that there is none, and which there are
    if form == "json":
        data = as_json(workload, runs, last, frame.language())
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(as_text(workload, runs, last, workspace.timezone, frame.language()))
    return frame.Status.GOOD
