"""`orr sign`: vote on the assessment for a role."""

from __future__ import annotations

from datetime import date

import click

from orr.cli import frame
from orr.cli.language import words


@frame.command("sign")
@click.argument("workload")
@click.argument("role")
@click.argument("vote", type=click.Choice(["go", "no-go"]))
@frame.option("--digest", metavar="DIGEST", help="sign.digest")
@frame.by
def command(workload: str, role: str, vote: str, digest: str | None, by: str, today: date | None) -> int:
    """Assess a workload and vote on just that assessment."""
    from orr.assessing import assess
    from orr.evaluate.votes import normal_digest
    from orr.messages import say
    from orr.model.review import Vote
    from orr.workspace.editing import edit_review, sign_off

    workspace = frame.open_workspace_to_write(today)
    assessment = assess(workspace, workload, compared=False)
    if digest is not None and normal_digest(digest) != assessment.digest:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.sign.changed", digest=assessment.digest))
    edit_review(workspace, workload, lambda review: sign_off(review, assessment, role, by, Vote(vote)))
    decision = assess(workspace, workload, compared=False).decision
    click.echo(
        words(
            "sign.done",
            by=by,
            role=role,
            vote=Vote(vote),
            verdict=assessment.verdict,
            digest=assessment.digest,
            decision=decision,
        )
    )
    return frame.Status.GOOD
