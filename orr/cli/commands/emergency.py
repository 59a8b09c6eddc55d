"""`orr emergency`: ask for, approve or close an exception by which a release passes the gate."""

from __future__ import annotations

from datetime import date, datetime

import click

from orr.cli import frame
from orr.cli.language import words


@frame.command("emergency")
@frame.workload()
@frame.option("--reason", help="emergency.reason")
@frame.option("--environment", metavar="NAME", help="emergency.environment")
@frame.option("--hours", type=click.IntRange(1, 24), default=24, show_default=True, help="emergency.hours")
@frame.option("--approve", metavar="EMERGENCY", help="emergency.approve")
@frame.option("--close", metavar="EMERGENCY", help="emergency.close")
@frame.option("--key", metavar="FILE|agent", help="signing.key")
@frame.by
def command(
    workload: str,
    reason: str | None,
    environment: str | None,
    hours: int,
    approve: str | None,
    close: str | None,
    key: str | None,
    by: str,
    today: date | None,
) -> int:
    """Request an emergency exception with a reason, approve one as another person, or close it."""
    from orr.cli.options import Signing
    from orr.evaluate.emergencies import in_words
    from orr.evaluate.proofs import of_emergency
    from orr.model.review import Emergency, Review
    from orr.workspace import emergencies
    from orr.workspace.editing import edit_review

    if sum(one is not None for one in (reason, approve, close)) != 1:
        raise click.UsageError(words("emergency.either"))
    signing = Signing(key)
    workspace = frame.open_workspace_to_write(today)
    now = datetime.now(workspace.timezone).replace(microsecond=0)
    asked: list[Emergency] = []

    if signing != Signing() and approve is None:
        raise click.UsageError(words("signing.only-approve"))
    case = workspace.case(workload)
    signature = None
    if approve is not None:
        approved = emergencies.named(emergencies.approve(case.review, approve, by, now), approve)
        signature = signing.pen(workspace)(of_emergency(workload, approved).statement, case.policy)

    def change(review: Review) -> Review:
        if approve is not None:
            return emergencies.approve(review, approve, by, now, signature)
        if close is not None:
            return emergencies.close(review, close, by, now)
        changed, made = emergencies.ask(review, reason or "", by, now, hours, environment)
        asked.append(made)
        return changed

    review = edit_review(workspace, workload, change)
    name = approve or close or asked[-1].emergency
    done = "approved" if approve else "closed" if close else "asked"
    (one,) = (one for one in review.emergencies if one.emergency == name)
    click.echo(words(f"emergency.{done}", says=in_words(one, workspace.timezone), emergency=name, workload=workload))
    return frame.Status.GOOD
