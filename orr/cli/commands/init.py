"""`orr init`: a new workload folder, and a workspace where there is none."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.cli.options import Folder
from orr.system.paths import exists


@frame.command("init")
@click.argument("name")
@frame.option("--repository", type=Folder(exists=True), help="init.repository")
def command(name: str, repository: Path | None, today: date | None) -> int:
    """Create a workload, filled in as far as its repository allows."""
    from orr.messages import say
    from orr.messages.errors import OrrError
    from orr.source.faults import FaultyInput
    from orr.workspace.scaffold import make_workload, make_workspace
    from orr.workspace.trust import SETTINGS, foreign, trust
    from orr.workspace.workspace import find_root

    if not re.fullmatch(r"[^/\\\x00-\x1f.][^/\\\x00-\x1f]{0,127}", name):
        raise click.UsageError(words("init.bad-name", name=name))
    here = Path.cwd()
    try:
        root = find_root(here)
        frame.open_workspace(today)
    except FaultyInput:
        if exists(here / SETTINGS) or any(
            exists(place / SETTINGS) and foreign(place) is None for place in here.parents
        ):
            raise  # one of another user above is nothing to this one
        root, doubt = here, foreign(here)
        if doubt is not None:
            raise FaultyInput([doubt]) from None
        repository = repository or _own_repository(here)
        for path in make_workspace(root, repository, current_language()):
            click.echo(words("init.wrote", path=path.relative_to(root)))
        with suppress(OrrError, OSError):  # it allows nothing yet, so it is as good without
            trust(root.resolve(), ())
    try:
        path = make_workload(root, name, repository, current_language())
    except FileExistsError:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.init.exists", name=name)) from None
    click.echo(words("init.wrote", path=path.relative_to(root)))
    workspace = frame.open_workspace_to_write(today)
    workspace.case(name)  # a repository that orr.yaml does not allow is told here, not at the first check
    click.echo(words("init.next", name=name))
    return frame.Status.GOOD


def _own_repository(here: Path) -> Path | None:
    """The folder itself, where it holds anything yet: then the workspace is in the repository."""
    return here if any(path.name != ".git" for path in here.iterdir()) else None
