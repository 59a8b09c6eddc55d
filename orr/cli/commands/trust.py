"""`orr trust`: trust a workspace, its checks and what its `orr.yaml` allows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from orr.cli import frame
from orr.cli.language import words
from orr.messages import say
from orr.system.paths import exists


@frame.command("trust", dated=False)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@frame.option("--list", "listing", is_flag=True, help="trust.list")
@frame.option("--revoke", is_flag=True, help="trust.revoke")
def command(path: Path, listing: bool, revoke: bool, today: date | None) -> int:
    """Put a workspace on the user's list of trusted ones, remove, or list."""
    from orr.model.settings import Settings
    from orr.source.faults import FaultyInput
    from orr.workspace.reading import read_file
    from orr.workspace.trust import SETTINGS, find_root, trust, trusted

    del today
    if listing:
        for folder, kinds in sorted(trusted().items()):
            click.echo(words("trust.line", folder=folder, kinds=kinds or say("words.none")))
    elif revoke:
        known = [folder for folder in (path.resolve(), *path.resolve().parents) if str(folder) in trusted()]
        if not known:
            raise frame.Stop(frame.Status.BAD_INPUT, say("cli.trust.not-trusted", folder=str(path.resolve())))
        trust(known[0], None)
        click.echo(words("trust.revoked", folder=str(known[0])))
    else:
        try:
            root = find_root(path)
        except FaultyInput:
            root = path.resolve()  # another's, which is named as such
            if not exists(root / SETTINGS):
                raise
        read = read_file(root / SETTINGS, Settings)
        if read.model is None:
            raise FaultyInput(list(read.faults))
        trust(root, read.model.allow)
        click.echo(words("trust.done", folder=str(root), kinds=sorted(read.model.allow) or say("words.none")))
    return frame.Status.GOOD
