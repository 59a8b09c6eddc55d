"""`orr gate`: whether a release may pass now, for pipelines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, tell
from orr.cli.options import Age, File, release_named, release_options, signer_options
from orr.messages import say
from orr.messages.cleaning import json_text

if TYPE_CHECKING:
    from orr.model.release import Release
    from orr.proof.passage import Passage
    from orr.proof.signing import Signers


@frame.command("gate", dated=False)
@frame.workload()
@release_options
@frame.option("--verdict-only", is_flag=True, help="gate.verdict-only")
@frame.option("--max-age", type=Age(), metavar="AGE", help="gate.max-age")
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--attestation", type=File(exists=True), help="gate.attestation")
@signer_options
def command(
    workload: str,
    today: date | None,
    artifacts: tuple[str, ...],
    environment: str | None,
    verdict_only: bool,
    max_age: timedelta | None,
    strict: bool,
    attestation: Path | None,
    signers: Signers,
) -> int:
    """Print in a line and as JSON whether a release may pass."""
    release = release_named(artifacts, environment)
    if attestation is not None:
        if today is not None or verdict_only:
            raise frame.Stop(frame.Status.BAD_INPUT, say("cli.gate.attested-alone"))
        found = _by_attestation(workload, release, attestation, signers, strict, max_age)
    else:
        found = _by_workspace(workload, release, today, verdict_only, strict, max_age)
    click.echo(tell(found.says), err=True)
    click.echo(json_text(found.as_json(current_language())))
    return frame.Status(found.status)


def _by_workspace(
    workload: str, release: Release, today: date | None, verdict_only: bool, strict: bool, max_age: timedelta | None
) -> Passage:
    from orr.proof.gate import gate

    workspace = frame.open_workspace(today)
    if workspace.simulated:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.gate.today"))
    case = workspace.case(workload, None, release)
    _refuse_nothing(case.release, workload)
    return gate(workspace, case, datetime.now(UTC), verdict_only=verdict_only, strict=strict, max_age=max_age)


def _by_attestation(
    workload: str, release: Release, path: Path, signers: Signers, strict: bool, max_age: timedelta | None
) -> Passage:
    from orr.proof.attestation import read_attestation
    from orr.proof.passage import NOT_ASSESSED, Passage, by_attestation

    _refuse_nothing(release, workload)
    now = datetime.now(UTC)
    found = read_attestation(path, signers, now)
    return by_attestation(found, Passage(workload, release, now, NOT_ASSESSED), strict, max_age)


def _refuse_nothing(release: Release, workload: str) -> None:
    if release.commit is None and not release.images:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.gate.no-artifact", workload=workload))
