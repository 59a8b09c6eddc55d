"""`orr assign`: ask a person to see to items."""

from __future__ import annotations

from datetime import date

import click

from orr.cli import completion, frame
from orr.cli.language import tell, words
from orr.cli.options import check_items


@frame.command("assign")
@frame.workload()
@click.argument("items", nargs=-1, required=True, metavar="ITEM…", shell_complete=completion.items)
@frame.option("--to", metavar="NAME", help="assign.to")
@frame.option("--due", metavar="YYYY-MM-DD", callback=frame.day, help="assign.due")
@frame.option("--nobody", is_flag=True, help="assign.nobody")
@frame.by
def command(
    workload: str, items: tuple[str, ...], to: str | None, due: date | None, nobody: bool, by: str, today: date | None
) -> int:
    """Assign items of a workload to a person, or to nobody any more."""
    from orr.model.review import Assignment, Review
    from orr.source.faults import name_fault
    from orr.workspace.challenges import assigned, past_due
    from orr.workspace.editing import Refused, edit_review

    if nobody == (to is not None) or (nobody and due is not None):
        raise click.UsageError(words("assign.either"))
    if to is not None and (fault := name_fault(to, "--to")) is not None:
        raise click.UsageError(tell(fault))
    workspace = frame.open_workspace_to_write(today)
    workspace.case(workload)
    check_items(workspace, items)
    assignment = None if to is None else Assignment(to=to, due=due, by=by)
    if assignment is not None and (why := past_due(assignment, workspace.today)) is not None:
        raise Refused(why)

    def change(review: Review) -> Review:
        for item in items:
            review = assigned(review, item, assignment)
        return review

    edit_review(workspace, workload, change)
    click.echo(words("assign.cleared" if to is None else "assign.done", n=len(items), to=to or ""))
    return frame.Status.GOOD
