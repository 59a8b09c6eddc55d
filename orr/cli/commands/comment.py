"""`orr comment`: say something about an item."""

from __future__ import annotations

from datetime import date, datetime

import click

from orr.cli import completion, frame
from orr.cli.language import words
from orr.cli.options import check_items
from orr.messages import say


@frame.command("comment")
@frame.workload()
@click.argument("item", shell_complete=completion.items)
@click.argument("text")
@frame.option("--reply-to", metavar="ID", help="comment.reply-to")
@frame.by
def command(workload: str, item: str, text: str, reply_to: str | None, by: str, today: date | None) -> int:
    """Add a comment to the discussion of a workload."""
    from orr.workspace.discussion import add_comment, read_discussion

    if not text.strip():
        raise click.UsageError(words("comment.empty"))
    workspace = frame.open_workspace_to_write(today)
    workspace.case(workload)
    check_items(workspace, [item])
    if reply_to is not None:
        known = [one.id for one in read_discussion(workspace, workload).comments if one.item == item]
        if reply_to not in known:
            raise click.UsageError(words("comment.no-comment", id=reply_to, known=known or say("words.none")))
    now = datetime.now(workspace.timezone).replace(microsecond=0)
    comment = add_comment(workspace, workload, item, by, now, text, reply_to)
    click.echo(words("comment.done", id=comment.id, item=item))
    return frame.Status.GOOD
