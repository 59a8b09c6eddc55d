"""`orr history`: list runs, trend and waivers of a workload; verify the history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.cli.options import Whole
from orr.messages import say
from orr.messages.cleaning import json_text

if TYPE_CHECKING:
    from orr.history import History
    from orr.workspace.workspace import Workspace


PRINT = "print"
"""What `--head` is without a head."""


@contextmanager
def history_of(workspace: Workspace) -> Iterator[History]:
    """Open the history that `orr.yaml` names, or end the command with the cause."""
    from orr.history import History, HistoryUnavailable

    try:
        with closing(History(workspace.settings.history, workspace.root)) as history:
            yield history
    except HistoryUnavailable as error:
        status = frame.Status.BAD_INPUT if error.by_choice else frame.Status.NOT_ASSESSED
        raise frame.Stop(status, error.why) from None


@frame.command("history")
@frame.workload(required=False)
@frame.form("json", "csv")
@frame.option("--last", type=Whole(), metavar="N", help="history.last")
@frame.option("--verify", is_flag=True, help="history.verify")
@frame.option("--head", metavar="[SHA256]", is_flag=False, flag_value=PRINT, help="history.noted")
@frame.option("--migrate", is_flag=True, help="history.migrate")
def command(
    workload: str | None,
    today: date | None,
    form: str,
    last: int | None,
    verify: bool,
    head: str | None,
    migrate: bool,
) -> int:
    """Print the runs of a workload and their drift; or verify the history."""
    workspace = frame.open_workspace(today)
    if head is not None and verify is (head == PRINT):
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.history.noted-alone"))
    if (workload is None) != (verify or migrate or head is not None):
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.history.what" if workload is None else "cli.history.alone"))
    with history_of(workspace) as history:
        if migrate:
            history.prepare()
            history.guard()
        elif head == PRINT:
            click.echo(history.head())
            return frame.Status.GOOD
        if verify or workload is None:
            return _verified(history, head, form)
        return _shown(workspace, history, workload, form, last)


def _shown(workspace: Workspace, history: History, workload: str, form: str, last: int | None) -> int:
    from orr.fleet.recheck import SIMULATED
    from orr.fleet.text.history import as_csv, as_json, as_text

    runs = history.runs(workload, None if last is None else last + 1)
    if not runs and workload not in workspace.workloads:
        workspace.case(workload)  # says that there is none, and which there are
    unended = [start for start in history.starts(workload) if not start.ended]
    lives = history.waivers(workload)
    if form == "json":
        click.echo(json_text(as_json(workload, runs, unended, lives, last, current_language())))
    elif form == "csv":
        click.echo(as_csv(runs, last), nl=False)
    else:
        click.echo(as_text(workload, runs, unended, lives, last, workspace.timezone, current_language()))
    if form == "text" and not runs and workload in workspace.workloads:
        for name in _earlier_names(workspace, workload):
            if n := len(history.summaries(name)):
                click.echo("\n" + words("history.formerly", n=n, workload=workload, name=name))
    simulated = workload + SIMULATED
    if form == "text" and (n := len(history.summaries(simulated))):
        click.echo("\n" + words("history.simulated", n=n, name=simulated))
    return frame.Status.GOOD


def _earlier_names(workspace: Workspace, workload: str) -> tuple[str, ...]:
    """Names that a workload's folder had before."""
    from orr.assessing import with_records, with_terms

    return with_terms(workspace, with_records(workspace, workspace.case(workload))).formerly.names


def _verified(history: History, head: str | None, form: str) -> int:
    from orr.fleet.text.verified import as_json, as_text

    found = history.verify(head)
    if form == "json":
        click.echo(json_text(as_json(found, current_language())))
    else:
        click.echo(as_text(found, current_language()))
    return frame.Status.NO_GO if found.findings else frame.Status.GOOD
