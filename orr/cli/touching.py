"""`--since REV`: only the workloads that changed files touch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame

if TYPE_CHECKING:
    from orr.workspace import Workspace


def only_touched(workspace: Workspace, names: Iterable[str], rev: str, out: Path) -> list[str]:
    """Those of the names that changes since a revision touch; how many, and what is in doubt, is told.

    Raises
    ------
    Stop
        If git cannot tell.
    """
    from orr.git import NoRevision
    from orr.touched import touched

    try:
        found = touched(workspace, rev, out)
    except NoRevision as none:
        raise frame.Stop(frame.Status.BAD_INPUT, none.why) from None
    for note in found.notes:
        click.echo(frame.tell(note), err=True)
    left = [name for name in names if name in found.workloads]
    key = "recheck.touched" if left else "recheck.untouched"
    click.echo(frame.words(key, rev=rev, n=len(left)), err=True)
    return left
