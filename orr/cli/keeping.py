"""Keep what belongs to assessments that were voted on, for audits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli.language import words
from orr.messages.errors import OrrError

if TYPE_CHECKING:
    from orr.evaluate.case import Case
    from orr.model.finding import Collected
    from orr.workspace.workspace import Workspace


def keep_what_belongs(
    workspace: Workspace, case: Case, digest: str, collected: Collected | None, reports: Path | None = None
) -> None:
    """Keep the files of an assessment, and print what could not be kept.

    Parameters
    ----------
    case, digest, collected, reports
        See `orr.proof.belonging.keep`.
    """
    from orr.proof.belonging import keep

    try:
        fallen = keep(workspace, case, digest, collected, reports)
    except (OSError, OrrError) as error:  # what was voted or recorded stands all the same
        click.echo(words("store.failed", problem=str(error)), err=True)
        return
    if fallen:
        click.echo(words("store.fell-out", which=fallen), err=True)
