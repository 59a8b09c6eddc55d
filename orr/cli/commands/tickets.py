"""`orr tickets`: a ticket for what is open, in the tracker that `orr.yaml` names."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import File
from orr.messages import say

if TYPE_CHECKING:
    from orr.fleet.trackers import Tracker
    from orr.formats.tickets import Ticket
    from orr.workspace.workspace import Workspace

TARGETS = ("github", "gitlab", "csv")


@frame.command("tickets")
@frame.workloads
@frame.option("--to", "target", type=click.Choice(TARGETS), required=True, help="tickets.to")
@frame.option("--per", type=click.Choice(("item", "owner")), help="tickets.per")
@frame.option("--apply", "applies", is_flag=True, help="tickets.apply")
@frame.option("--out", type=File(), help="export.out")
def command(
    workloads: tuple[str, ...], today: date | None, target: str, per: str | None, applies: bool, out: Path | None
) -> int:
    """Print what would be done with tickets; with `--apply` do it."""
    from orr.cli.statuses import assess_all, faults_of
    from orr.formats.tickets import JIRA, MARKDOWN, tickets_of
    from orr.formats.unread import Unread, noting

    if (target == "csv" and applies) or (target != "csv" and out is not None):
        raise click.UsageError(words("tickets.either"))
    workspace = frame.open_workspace(today)
    if applies and workspace.simulated:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.tickets.another-day", day=workspace.today))
    tracker = None if target == "csv" else _tracker(workspace, target)
    names = workloads or workspace.workloads
    unread: list[Unread] = []
    outcomes = noting(assess_all(workspace, names), unread)
    form = JIRA if target == "csv" else MARKDOWN
    tickets = list(tickets_of(outcomes, per or workspace.settings.tickets.per, current_language(), form))
    frame.show_faults(faults_of(unread))
    for one in tickets:
        if one.lost:
            click.echo(words("tickets.cut", key=one.key, n=one.lost, limit=form.longest), err=True)
    if tracker is None:
        _print_csv(tickets, workspace.settings.tickets.label, out)
    else:
        lost = {one.workload for one in unread}
        _bring_together(tracker, tickets, [name for name in names if name not in lost], applies)
    return frame.Status.BAD_INPUT if unread else frame.Status.GOOD


def _tracker(workspace: Workspace, target: str) -> Tracker:
    """The tracker that `orr.yaml` names, which it may only where the user trusted it with `tickets`."""
    from orr.fleet.trackers import GitHub, GitLab

    settings = workspace.settings.tickets
    if "tickets" not in workspace.settings.allow:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.tickets.not-allowed"))
    if workspace.untrusted is not None:
        raise frame.Stop(frame.Status.BAD_INPUT, workspace.untrusted)
    if target == "github" and settings.github is not None:
        return GitHub(settings.github, settings.label)
    if target == "gitlab" and settings.gitlab is not None:
        return GitLab(settings.gitlab, settings.label)
    raise frame.Stop(frame.Status.BAD_INPUT, say("cli.tickets.no-target", target=target))


def _bring_together(tracker: Tracker, tickets: list[Ticket], read: list[str], applies: bool) -> None:
    from orr.fleet.tickets import carry_out, plan

    found = plan(tickets, list(tracker.listed()), read)
    click.echo(words("tickets.head" if applies else "tickets.dry", target=tracker.name))
    if applies:
        for move, where in carry_out(found, tracker):
            click.echo(f"  {tell(move.says)}: {where}")
    else:
        for move in found.moves:
            click.echo(f"  {tell(move.says)}")
    click.echo("  " + words("tickets.unchanged", n=found.unchanged))
    for note in found.notes:
        click.echo(f"  ! {tell(note)}")


def _print_csv(tickets: list[Ticket], label: str, out: Path | None) -> None:
    from orr.formats.tickets import tickets_csv
    from orr.system.atomic import write_atomically

    text = tickets_csv(tickets, label)
    if out is not None:
        write_atomically(out, text.encode())
        click.echo(words("wrote", path=str(out)))
    else:
        frame.print_utf8()
        click.echo(text, nl=False)
