"""`orr challenge`: doubt an answer, or lift a challenge."""

from __future__ import annotations

from datetime import date

import click

from orr.cli import completion, frame
from orr.cli.language import tell, words
from orr.cli.options import Signing, check_items, signing_options


@frame.command("challenge")
@frame.workload()
@click.argument("item", shell_complete=completion.items)
@click.argument("why")
@frame.option("--lift", "lifts", is_flag=True, help="challenge.lift")
@signing_options
@frame.by
def command(workload: str, item: str, why: str, lifts: bool, signing: Signing, by: str, today: date | None) -> int:
    """Challenge the answer that counts for an item, wherever it stands; with `--lift` end that."""
    from orr.assessing import with_terms
    from orr.model.checklist import Scope
    from orr.workspace.challenges import challenge, lift
    from orr.workspace.shared_answers import inheriting

    if signing != Signing() and not lifts:
        raise click.UsageError(words("signing.only-lift"))
    workspace = frame.open_workspace_to_write(today)
    workspace.case(workload)
    check_items(workspace, [item])
    told = (item, by, workspace.today, why)
    if lifts:
        home = lift(workspace, with_terms(workspace, workspace.case(workload)), *told, signing.pen(workspace))
    else:
        home = challenge(workspace, workload, *told)
    click.echo(words("challenge.lifted" if lifts else "challenge.done", by=by, item=item))
    if home.scope is not Scope.WORKLOAD:
        names = inheriting(workspace, home, item)
        click.echo(words("challenge.shared", home=tell(home.in_words), n=len(names), names=list(names)))
    return frame.Status.GOOD
