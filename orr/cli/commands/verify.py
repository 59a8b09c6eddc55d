"""`orr verify`: whether an attestation is to be believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
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


@frame.command("verify")
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

    if is_pack(file):
        return _verified_pack(file, signers, head)
    from orr.proof.attestation import about_problems, read_attestation, subject_in_words

    del today  # keys and statements hold now or not
    release = release_named(artifacts, environment)
    found = read_attestation(file, signers, datetime.now(UTC), signature)
    asked = release if artifacts or environment is not None else None
    problems = [
        *([found.unproven] if found.unproven is not None else []),
        *found.problems,
        *about_problems(found, None, asked),
        *(_recorded(found) if history and found.statement is not None else ()),
    ]
    for problem in problems:
        click.echo(words("verify.refused", file=str(file), because=problem))
    if not problems and found.statement is not None:
        until = found.expires or words("verify.no-end")
        about = subject_in_words(found.statement)
        click.echo(words("verify.good", file=str(file), decision=found.decision, about=about, until=until))
    return frame.Status.NO_GO if problems else frame.Status.GOOD


def _verified_pack(file: Path, signers: Signers, head: str | None) -> int:
    from orr.proof.unpack import verify_pack

    found = verify_pack(file, signers, head, datetime.now(UTC))
    problems = [*found.findings, *([found.unproven] if found.unproven is not None else [])]
    for problem in problems:
        click.echo(words("verify.refused", file=str(file), because=problem))
    if problems:
        return frame.Status.NO_GO
    if found.proven is None:
        click.echo(words("verify.origin", file=str(file)))
        return frame.Status.NO_GO
    click.echo(words("verify.pack", file=str(file), proven=found.proven))
    if found.unbound:
        click.echo(words("verify.unbound", n=found.unbound))
    return frame.Status.GOOD


def _recorded(found: Attested) -> Iterator[Message]:
    from orr.cli.commands.history import history_of
    from orr.proof.attested_run import not_recorded

    workspace = frame.open_workspace(None)
    with history_of(workspace) as history:
        yield from not_recorded(found, history)
