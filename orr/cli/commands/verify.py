"""`orr verify`: whether an attestation is to be believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import words
from orr.cli.options import File, release_named, release_options, signer_options

if TYPE_CHECKING:
    from orr.messages import Message
    from orr.proof.attestation import Attested
    from orr.proof.signing import Signers


@frame.command("verify", dated=False)
@click.argument("file", type=File(exists=True))
@release_options
@signer_options
@frame.option("--signature", type=File(exists=True), help="verify.signature")
@frame.option("--history", is_flag=True, help="verify.history")
@frame.option("--head", metavar="SHA256", help="verify.head")
def command(
    file: Path,
    today: date | None,
    artifacts: tuple[str, ...],
    environment: str | None,
    signers: Signers,
    signature: Path | None,
    history: bool,
    head: str | None,
) -> int:
    """Check an attestation or a pack, at the moment of reading."""
    from orr.proof.unpack import is_pack

    at = datetime.now(UTC)
    if today is not None:  # a later day may be asked about; an earlier one would revive what has lapsed
        at = max(at, datetime.combine(today, time(), UTC))
    if is_pack(file):
        return _verified_pack(file, signers, head, at)
    from orr.messages import moment
    from orr.proof.attestation import about_problems, read_attestation, subject_in_words

    release = release_named(artifacts, environment)
    found = read_attestation(file, signers, at, signature)
    asked = release if artifacts or environment is not None else None
    problems = [
        *([found.unproven] if found.unproven is not None else []),
        *found.problems,
        *about_problems(found, None, asked),
        *(_recorded(found) if history and found.statement is not None else ()),
    ]
    for problem in problems:
        click.echo(words("verify.refused", file=str(file), because=problem))
    if problems:
        return _refused(problems)
    if found.statement is not None:
        about = {"about": subject_in_words(found.statement), "signed": found.signed}
        term = words("verify.no-end") if found.expires is None else words("verify.until", until=moment(found.expires))
        click.echo(words("verify.good", file=str(file), decision=found.decision, term=term, **about))
    return frame.Status.GOOD


def _verified_pack(file: Path, signers: Signers, head: str | None, at: datetime) -> int:
    from orr.proof.unpack import verify_pack

    found = verify_pack(file, signers, head, at)
    problems = [*found.findings, *([found.unproven] if found.unproven is not None else [])]
    for problem in problems:
        click.echo(words("verify.refused", file=str(file), because=problem))
    if problems:
        return _refused(problems)
    if found.proven is None:
        click.echo(words("verify.origin", file=str(file)))
        return frame.Status.NO_GO
    click.echo(words("verify.pack", file=str(file), proven=found.proven))
    if found.unbound:
        click.echo(words("verify.unbound", n=found.unbound))
    return frame.Status.GOOD


def _refused(problems: Iterable[Message]) -> frame.Status:
    """Whether it is not to be believed, or nobody gave what to judge it by."""
    from orr.proof.signing import UNJUDGED

    return frame.Status.NOT_ASSESSED if all(one.key in UNJUDGED for one in problems) else frame.Status.NO_GO


def _recorded(found: Attested) -> Iterator[Message]:
    from orr.cli.commands.history import history_of
    from orr.proof.attested_run import not_recorded

    workspace = frame.open_workspace(None)
    with history_of(workspace) as history:
        yield from not_recorded(found, history)
