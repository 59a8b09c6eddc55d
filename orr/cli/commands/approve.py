"""`orr approve`: agree to what another person asked for."""

from __future__ import annotations

from datetime import date

import click

from orr.cli import frame
from orr.cli.language import words
from orr.cli.options import Signing, check_items, signing_options
from orr.messages import say

_NAMELESS = "tier-exception"
KINDS = ("leave-out", _NAMELESS, "not-applicable", "challenge")


@frame.command("approve")
@frame.workload()
@click.argument("what", type=click.Choice(KINDS))
@click.argument("name", required=False)
@frame.option("--why", help="approve.why")
@signing_options
@frame.by
def command(
    workload: str, what: str, name: str | None, why: str | None, signing: Signing, by: str, today: date | None
) -> int:
    """Approve leave, a tier exception or "not applicable", or lift a challenge."""
    from orr.assessing import with_terms
    from orr.system.paths import shown_as
    from orr.workspace.approvals import Approvable, approve
    from orr.workspace.challenges import lift

    if (name is None) is not (what == _NAMELESS):
        raise click.UsageError(words("approve.name"))
    if (why is None) is (what == "challenge"):
        raise click.UsageError(words("approve.only-why"))
    workspace = frame.open_workspace_to_write(today)
    pen, case = signing.pen(workspace), with_terms(workspace, workspace.case(workload))
    if what in ("not-applicable", "challenge"):
        check_items(workspace, [name or ""])
    if what == "challenge":
        path = lift(workspace, case, name or "", by, workspace.today, why or "", pen).path
    else:
        kind = Approvable(what.replace("-", "_"))
        path = approve(workspace, case, kind, name or "", by, workspace.today, pen)
    about = say("cli.approve.of-tier", workload=workload) if name is None else name
    click.echo(words("approve.done", by=by, what=about, path=shown_as(path)))
    item = workspace.catalogue.items.get(name or "") if what == "not-applicable" else None
    if item is not None and item.checks:
        click.echo(words("approve.checks", item=name), err=True)
    return frame.Status.GOOD
