"""`orr gate`: whether a release may pass now, for pipelines."""

from __future__ import annotations

from datetime import date, timedelta

import click

from orr.cli import frame
from orr.cli.language import current_language, tell
from orr.cli.options import Age, release_named, release_options
from orr.messages import say
from orr.messages.cleaning import json_text


@frame.command("gate")
@frame.workload()
@release_options
@frame.option("--verdict-only", is_flag=True, help="gate.verdict-only")
@frame.option("--max-age", type=Age(), metavar="AGE", help="gate.max-age")
@frame.option("--strict", is_flag=True, help="option.strict")
def command(
    workload: str,
    today: date | None,
    artifacts: tuple[str, ...],
    environment: str | None,
    verdict_only: bool,
    max_age: timedelta | None,
    strict: bool,
) -> int:
    """Print in a line and as JSON whether a release may pass."""
    from orr.proof.gate import gate, present

    release = release_named(artifacts, environment)
    workspace = frame.open_workspace(today)
    if workspace.simulated:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.gate.today"))
    case = workspace.case(workload, None, release)
    if case.release.commit is None and not case.release.images:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.gate.no-artifact", workload=workload))
    found = gate(workspace, workload, release, present(), verdict_only=verdict_only, strict=strict, max_age=max_age)
    click.echo(tell(found.says), err=True)
    click.echo(json_text(found.as_json(current_language())))
    return frame.Status(found.status)
