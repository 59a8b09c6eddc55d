"""`orr sign`: vote on the assessment for a role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.keeping import keep_what_belongs
from orr.cli.language import tell, words
from orr.cli.options import Signing, release_named, release_options, signing_options

if TYPE_CHECKING:
    from orr.evaluate import Evaluation
    from orr.model.review import SignOff

SCREEN = 20
"""How many changes are printed at most."""


@frame.command("sign")
@frame.workload()
@click.argument("role")
@click.argument("vote", type=click.Choice(["go", "no-go"]))
@frame.option("--digest", metavar="DIGEST", help="sign.digest")
@release_options
@signing_options
@frame.by
def command(
    workload: str,
    role: str,
    vote: str,
    digest: str | None,
    artifacts: tuple[str, ...],
    environment: str | None,
    signing: Signing,
    by: str,
    today: date | None,
) -> int:
    """Assess a workload and vote on just that assessment."""
    from orr.assessing import assess
    from orr.evaluate.proofs import of_vote
    from orr.evaluate.votes import last_vote
    from orr.messages import say
    from orr.model.digest import normal_digest
    from orr.model.review import Vote
    from orr.workspace.editing import edit_review, new_vote, with_vote

    release = release_named(artifacts, environment)
    workspace = frame.open_workspace_to_write(today)
    assessment = assess(workspace, workload, release=release, compared=False)
    if digest is not None and normal_digest(digest) != assessment.digest:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.sign.changed", digest=assessment.digest))
    before = last_vote(assessment.case, role)
    given = new_vote(assessment, role, by, Vote(vote))
    pen = signing.pen(workspace, needed=given.vote is Vote.GO)  # a vote for no-go counts in any case
    signature = pen(of_vote(workload, given).statement, assessment.case.policy)
    edit_review(workspace, workload, lambda review: with_vote(review, replace(given, signature=signature)))
    voted = assess(workspace, workload, release=release, compared=False)
    click.echo(
        words(
            "sign.done",
            by=by,
            role=role,
            vote=Vote(vote),
            verdict=assessment.verdict,
            digest=assessment.digest,
            decision=voted.decision,
        )
    )
    keep_what_belongs(workspace, voted.case, voted.digest, voted.evidence.collected)
    for one in voted.votes:
        if (one.sign_off.role, one.sign_off.by) == (role, by) and one.why is not None:
            click.echo(words("sign.void", why=one.why))
    for line in _since(assessment, before):
        click.echo(line)
    return frame.Status.GOOD


def _since(assessment: Evaluation, before: SignOff | None) -> Iterator[str]:
    """What changed since the role voted before."""
    from orr.evaluate.ballot_changes import in_a_word
    from orr.evaluate.votes import changes_of
    from orr.messages import say
    from orr.model.digest import normal_digest

    if before is None:
        return
    about = {"role": before.role, "by": before.by, "on": before.on}
    if normal_digest(before.digest) == assessment.digest:
        yield words("sign.same", **about)
        return
    changed = changes_of(before, assessment.ballot, assessment.known)
    yield words("sign.since" if changed else "sign.since-somehow", **about)
    shown = changed if len(changed) <= SCREEN else changed[: SCREEN - 1]
    for one in shown:
        yield f"  - {tell(in_a_word(one))}"
    if len(changed) > len(shown):
        yield f"    {tell(say('evidence.more', n=len(changed) - len(shown)))}"
