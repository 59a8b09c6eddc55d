"""`orr lint`: every fault of every file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import words
from orr.messages import say
from orr.system.paths import exists, shown_as

if TYPE_CHECKING:
    from orr.source.faults import Fault
    from orr.workspace.workspace import Workspace


@frame.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
def command(paths: tuple[Path, ...], today: date | None) -> int:
    """Print the faults of the whole workspace, or of the files and folders named."""
    from orr.source.faults import FaultyInput

    workspace = frame.open_workspace(today, despite_faults=True)
    missing = [path for path in paths if not exists(path)]
    if missing:
        raise click.UsageError(words("lint.no-path", paths=[str(path) for path in missing]))
    wanted = [path.resolve() for path in paths]
    outside = [path for path in wanted if not path.is_relative_to(workspace.root)]
    if outside:
        raise click.UsageError(words("lint.outside", paths=[str(path) for path in outside]))

    def concerned(fault: Fault) -> bool:
        place = Path(fault.path).resolve()
        return not wanted or any(place.is_relative_to(path) for path in wanted)

    faults = [fault for fault in [*_channels(workspace), *workspace.faults()] if concerned(fault)]
    if faults or workspace.settings_faults:  # with a faulty `orr.yaml` no file is known to be good
        raise FaultyInput([*workspace.settings_faults, *faults])
    click.echo(words("lint.clean", n=len(workspace.workloads)))
    return frame.Status.GOOD


def _channels(workspace: Workspace) -> list[Fault]:
    """Addresses of `notify` that nothing can be sent to."""
    from orr.fleet.notify import unusable
    from orr.source.file import InputFile
    from orr.workspace.trust import SETTINGS

    path = workspace.root / SETTINGS
    raw = workspace.as_read(path)
    if raw is None or not workspace.settings.notify:
        return []
    file, do = InputFile(path, shown_as(path), raw), say("fleet.notify.do")
    why = {team: unusable(channel.to) for team, channel in workspace.settings.notify.items()}
    return [file.fault(("notify", team, "to"), wrong, do) for team, wrong in why.items() if wrong is not None]
