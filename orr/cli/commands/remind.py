"""`orr remind`: tell people what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import Whole
from orr.cli.statuses import assess_all, faults_of

if TYPE_CHECKING:
    from orr.evaluate.tasks import Due
    from orr.formats.unread import Unread
    from orr.workspace.workspace import Workspace


@frame.command("remind")
@frame.workloads
@frame.option("--within", type=Whole(), default=3, show_default=True, metavar="DAYS", help="remind.within")
@frame.option("--dry-run", is_flag=True, help="remind.dry-run")
def command(workloads: tuple[str, ...], within: int, dry_run: bool, today: date | None) -> int:
    """Remind people of what they have due within some days."""
    from orr.fleet.notify import NotNotified, send
    from orr.fleet.reminders import lines_of, notice_of, reminders

    workspace = frame.open_workspace(today)
    unread: list[Unread] = []
    found = reminders(workspace.settings, _due(workspace, workloads or workspace.workloads, within, unread))
    status = frame.Status.GOOD
    for one in found:
        channel = one.channel
        language = channel.language or current_language() if channel is not None else current_language()
        key = "remind.nowhere" if channel is None else "remind.to"
        click.echo(words(key, to=one.to, n=len(one.due)))
        for line in lines_of(one, current_language()):
            click.echo(f"  {line}")
        if channel is None or dry_run or workspace.simulated:
            continue
        try:
            send(channel.to, notice_of(one, workspace.today, language))
        except NotNotified as lost:
            click.echo(words("remind.lost", to=one.to, why=tell(lost.why)), err=True)
            status = frame.Status.NOT_ASSESSED
    if not found:
        click.echo(words("remind.nothing", n=within))
    elif dry_run or workspace.simulated or all(one.channel is None for one in found):
        click.echo(words("remind.not-sent"))
    faults = faults_of(unread)
    frame.show_faults(faults)
    return frame.worst([status, *([frame.Status.BAD_INPUT] if faults else [])])


def _due(
    workspace: Workspace, names: tuple[str, ...], within: int, unread: list[Unread]
) -> Iterator[tuple[str, str, Due]]:
    from orr.evaluate import Evaluation
    from orr.evaluate.tasks import due_within

    for outcome in assess_all(workspace, names):
        if isinstance(outcome, Evaluation):
            workload = outcome.case.workload
            yield from ((workload.workload, workload.owner.team, one) for one in due_within(outcome, within))
        else:
            unread.append(outcome)
