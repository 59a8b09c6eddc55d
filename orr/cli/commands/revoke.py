"""`orr revoke`: end a waiver today."""

from __future__ import annotations

from datetime import date

import click

from orr.cli import frame
from orr.cli.language import words


@frame.command("revoke")
@frame.workload()
@click.argument("waiver")
def command(workload: str, waiver: str, today: date | None) -> int:
    """Revoke a waiver of a workload."""
    from orr.workspace.editing import edit_review, revoke_waiver

    workspace = frame.open_workspace_to_write(today)
    edit_review(workspace, workload, lambda review: revoke_waiver(review, waiver, workspace.today))
    click.echo(words("revoke.done", waiver=waiver, on=workspace.today))
    return frame.Status.GOOD
