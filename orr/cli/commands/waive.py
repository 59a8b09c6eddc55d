"""`orr waive`: ask for a waiver, or approve one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import click

from orr.cli import completion, frame
from orr.cli.language import tell, words
from orr.cli.options import Signing, check_items, signing_options


@frame.command("waive")
@frame.workload()
@click.argument("items", nargs=-1, metavar="[ITEM]…", shell_complete=completion.items)
@frame.option("--reason", help="waive.reason")
@frame.option("--compensating", help="waive.compensating")
@frame.option("--expires", metavar="YYYY-MM-DD", callback=frame.day, help="waive.expires")
@frame.option("--approve", metavar="WAIVER", help="waive.approve")
@signing_options
@frame.by
def command(
    workload: str,
    items: tuple[str, ...],
    reason: str | None,
    compensating: str | None,
    expires: date | None,
    approve: str | None,
    signing: Signing,
    by: str,
    today: date | None,
) -> int:
    """With items ask for a waiver; with `--approve` approve one."""
    from orr.assessing import assess
    from orr.evaluate.proofs import of_waiver
    from orr.model.review import Review
    from orr.workspace.editing import (
        approve_waiver,
        ask_for_waiver,
        edit_review,
        signed_waiver,
        too_long_in_a_row,
        waiver_named,
    )

    workspace = frame.open_workspace_to_write(today)
    if approve is not None:
        if items or reason or expires or compensating:
            raise click.UsageError(words("waive.either"))
        assessment = assess(workspace, workload, compared=False)
        held = approve_waiver(assessment.case.review, assessment, approve, by)
        approved = waiver_named(held, approve)
        signature = signing.pen(workspace)(of_waiver(workload, approved).statement, assessment.case.policy)
        edit_review(workspace, workload, lambda review: signed_waiver(review, approved, signature))
        click.echo(words("waive.approved", waiver=approve, by=by))
        return frame.Status.GOOD
    if signing != Signing():
        raise click.UsageError(words("signing.only-approve"))
    if not items or reason is None or expires is None:
        raise click.UsageError(words("waive.incomplete"))
    workspace.case(workload)
    check_items(workspace, items)
    assessment = assess(workspace, workload, compared=False)
    names: list[str] = []

    def ask(review: Review) -> Review:
        changed, name = ask_for_waiver(review, items, reason, compensating, by, expires, assessment)
        names.append(name)
        return changed

    review = edit_review(workspace, workload, ask)
    click.echo(words("waive.asked", waiver=names[-1], workload=workload))
    long = too_long_in_a_row(waiver_named(review, names[-1]), replace(assessment.case, review=review), workspace.today)
    if long is not None:
        click.echo(words("waive.long", why=tell(long)), err=True)
    return frame.Status.GOOD
