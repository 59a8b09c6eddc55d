"""`orr attest`: write a decision as statements that others verify."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from orr.cli import frame
from orr.cli.options import Folder, release_named, release_options
from orr.messages import say
from orr.messages.cleaning import one_line


@frame.command("attest")
@frame.workload()
@release_options
@frame.option("--key", required=True, metavar="FILE", help="attest.key")
@frame.option("--out", type=Folder(), help="attest.out")
@frame.by
def command(
    workload: str,
    today: date | None,
    artifacts: tuple[str, ...],
    environment: str | None,
    key: str,
    out: Path | None,
    by: str,
) -> int:
    """Attest what the newest run for a release and the files come to now."""
    from orr.proof.attesting import attest
    from orr.proof.passage import NOT_ASSESSED
    from orr.proof.statements import NoSubject

    release = release_named(artifacts, environment)
    workspace = frame.open_workspace(today)
    if workspace.simulated:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.gate.today"))
    folder = out if out is not None else workspace.root / "reports" / workload
    try:
        passage, written = attest(workspace, workload, release, datetime.now(UTC), key, by, folder.absolute())
    except NoSubject as none:
        raise frame.Stop(frame.Status.BAD_INPUT, none.why) from None
    if passage.status == NOT_ASSESSED:
        raise frame.Stop(frame.Status.NOT_ASSESSED, passage.says)
    for path in written:
        click.echo(one_line(str(path)))
    return frame.Status.GOOD
