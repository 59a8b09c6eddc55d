"""`orr audit`: one file with all that an auditor needs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from orr.cli import frame
from orr.cli.language import words
from orr.cli.options import File
from orr.messages.cleaning import one_line


@frame.command("audit")
@frame.workloads
@frame.option("--since", metavar="YYYY-MM-DD", callback=frame.day, help="audit.since")
@frame.option("--out", type=File(), required=True, help="audit.out")
@frame.option("--key", metavar="FILE", help="audit.key")
def command(workloads: tuple[str, ...], since: date | None, out: Path, key: str | None, today: date | None) -> int:
    """Pack the reviews of workloads with their runs and evidence; of all where none is named."""
    from orr.cli.commands.history import history_of
    from orr.proof.index_page import index
    from orr.proof.pack import INDEX, packed, zipped
    from orr.system.atomic import write_atomically

    workspace = frame.open_workspace(today)
    names = workloads or workspace.workloads
    if not names:
        click.echo(words("no-workloads"), err=True)
        return frame.Status.BAD_INPUT
    with history_of(workspace) as history:
        pack = packed(workspace, set(names), since, history)
    pack.members[INDEX] = index(pack)
    write_atomically(out.absolute(), zipped(pack, key))
    click.echo(one_line(str(out)))
    for name, told in pack.workloads.items():
        for run in told["runs"]:
            if not run["kept"]:
                click.echo(words("audit.not-kept", workload=name, number=run["number"], day=run["today"]))
            for path, one in run["files"].items():
                if one.get("left_out") in ("secret", "large") or (one.get("left_out") and run["kept"]):
                    why = words(f"audit.{one['left_out'].replace(' ', '-')}-file")
                    about = {"path": path, "number": run["number"], "digest": one["sha256"], "why": why}
                    click.echo(words("audit.left-out", **about))
    click.echo(words("audit.head", head=pack.head))
    return frame.Status.GOOD
