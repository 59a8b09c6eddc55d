"""`orr lint`: every fault of every file."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.messages import say
from orr.messages.cleaning import one_line
from orr.system.paths import exists, shown_as

if TYPE_CHECKING:
    from orr.source.faults import Fault
    from orr.workspace.workspace import Workspace


NAMES = 5
"""How many workloads are named for each change."""


@frame.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
@frame.option("--since", "rev", metavar="REV", help="lint.since")
def command(paths: tuple[Path, ...], rev: str | None, today: date | None) -> int:
    """Print the faults of the whole workspace, or of the files and folders named."""
    from orr.source.faults import FaultyInput
    from orr.workspace.replaced import replaced

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

    from orr.assessing import with_terms
    from orr.workspace.discussion import discussion_faults
    from orr.workspace.sharing import shared_repositories
    from orr.workspace.stricter import stricter
    from orr.workspace.topics import unread_topics
    from orr.workspace.weak_rules import weak_rules

    found = [*_channels(workspace), *workspace.faults(), *discussion_faults(workspace)]
    for fault in (
        *shared_repositories(workspace),
        *unread_topics(workspace),
        *stricter(workspace, partial(with_terms, workspace)),
    ):
        if concerned(fault):
            click.echo(fault.in_words(current_language()))
    unknown = False
    if rev is not None:
        more, unknown = _since(workspace, rev)
        found += more
    faults = [fault for fault in found if concerned(fault)]
    if faults or workspace.settings_faults:  # with a faulty `orr.yaml` no file is known to be good
        raise FaultyInput([*workspace.settings_faults, *faults])
    for one in (*replaced(workspace), *weak_rules(workspace)):
        if concerned(one):
            click.echo(one.in_words(current_language()))
    click.echo(words("lint.clean", n=len(workspace.workloads)))
    return frame.Status.NOT_ASSESSED if unknown else frame.Status.GOOD


def _since(workspace: Workspace, rev: str) -> tuple[list[Fault], bool]:
    """Print what became milder; return unversioned changes, and whether all was compared."""
    from orr.workspace.git import NoRevision
    from orr.workspace.since import since

    try:
        found = since(workspace, rev)
    except NoRevision as none:
        raise frame.Stop(frame.Status.BAD_INPUT, none.why) from None
    if found.changes:
        click.echo(words("lint.milder", rev=rev, commit=found.commit))
        for change, names, place in found.changes:
            shown = names[:NAMES] if len(names) <= NAMES else [*names[:NAMES], words("lint.more", n=len(names) - NAMES)]
            line = words("lint.change", change=change, workloads=shown)
            click.echo(one_line(line if place is None else words("lint.change-at", place=place, line=line.strip(" -"))))
    else:
        click.echo(words("lint.nothing-milder", rev=rev, commit=found.commit))
    for name, why in found.unknown:
        click.echo(one_line(words("lint.not-compared", workload=name, why=why)), err=True)
    return found.faults, bool(found.unknown)


def _channels(workspace: Workspace) -> list[Fault]:
    """Addresses of `notify` and `people` that nothing can be sent to."""
    from orr.fleet.notify import unusable
    from orr.source.file import InputFile
    from orr.workspace.trust import SETTINGS

    path = workspace.root / SETTINGS
    raw = workspace.as_read(path)
    if raw is None:
        return []
    file, do = InputFile(path, shown_as(path), raw), say("fleet.notify.do")
    held = {"notify": workspace.settings.notify, "people": workspace.settings.people}
    why = {(key, name): unusable(one.to) for key, channels in held.items() for name, one in channels.items()}
    return [file.fault((*keys, "to"), wrong, do) for keys, wrong in why.items() if wrong is not None]
