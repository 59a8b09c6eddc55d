"""`orr export`: checklists and assessments in other systems' forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from orr.cli import completion, frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import File
from orr.messages import say
from orr.workspace.workspace import Workspace

FORMS = ("lens", "csv", "markdown", "items", "path")


@frame.command("export")
@click.argument("form", type=click.Choice(FORMS))
@click.argument("names", nargs=-1, metavar="[NAME]…", shell_complete=completion.exported)
@frame.option("--out", type=File(), help="export.out")
def command(form: str, names: tuple[str, ...], out: Path | None, today: date | None) -> int:
    """Write checklists (lens, csv, markdown), or of workloads the items or the path to go (both as CSV)."""
    from orr.system.atomic import write_atomically

    workspace = frame.open_workspace(today)
    of_workloads = form in ("items", "path")
    text, status = _workloads(workspace, form, names) if of_workloads else (_checklists(workspace, form, names), 0)
    if out is not None:
        write_atomically(out, text.encode())
        click.echo(words("wrote", path=str(out)))
    else:
        click.echo(text, nl=not text.endswith("\n"))
    return status


def _workloads(workspace: Workspace, form: str, names: tuple[str, ...]) -> tuple[str, int]:
    from orr.cli.statuses import assess_all
    from orr.formats.listing import assessment_csv, path_csv
    from orr.source.faults import Fault, without_repeats

    faults: list[Fault] = []
    write = path_csv if form == "path" else assessment_csv
    text = write(assess_all(workspace, names or workspace.workloads, faults), current_language())
    frame.show_faults(without_repeats(faults))
    return text, frame.Status.BAD_INPUT if faults else frame.Status.GOOD


def _checklists(workspace: Workspace, form: str, names: tuple[str, ...]) -> str:
    from orr.source.faults import FaultyInput, with_nearest

    faults = [fault for read in workspace.checklist_files for fault in read.faults]
    if faults:
        raise FaultyInput(faults)
    unknown = [name for name in names if name not in workspace.checklists]
    if unknown:
        known = with_nearest(unknown[0], sorted(workspace.checklists))
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.unknown", names=unknown, known=known))
    checklists = [workspace.checklists[name] for name in names or workspace.checklists]
    language = current_language()
    if form == "lens":
        from orr.formats.lens.exporting import export_lens

        lens = export_lens(checklists, language=language)
        for note in lens.notes:
            click.echo(tell(note), err=True)
        return lens.text
    from orr.formats.listing import checklist_csv, checklist_markdown

    if form == "markdown":
        return "\n".join(checklist_markdown(checklist, language) for checklist in checklists)
    if len(checklists) != 1:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.one", known=sorted(workspace.checklists)))
    return checklist_csv(checklists[0], language)
