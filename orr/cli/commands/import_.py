"""`orr import`: checklists and answers from other systems' forms."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.cli.options import File, Folder
from orr.messages import say
from orr.model.checklist import Checklist
from orr.model.review import Review
from orr.source.faults import Fault
from orr.source.yaml import decode
from orr.system.paths import exists, shown_as
from orr.workspace.workspace import Workspace

SHEETS = (".csv", ".tsv", ".xlsx", ".xls")


@frame.command("import")
@click.argument("file", type=File(exists=True))
@frame.option("--out", type=Folder(), help="import.out")
@frame.option("--checklist", metavar="NAME", help="import.checklist")
@frame.option("--workload", metavar="WORKLOAD", help="import.workload")
@frame.option("--force", is_flag=True, help="import.force")
@frame.by
def command(
    file: Path,
    out: Path | None,
    checklist: str | None,
    workload: str | None,
    force: bool,
    by: str,
    today: date | None,
) -> int:
    """Import a custom lens, answers of a lens review, or a spreadsheet."""
    workspace = frame.open_workspace_to_write(today)
    raw = file.read_bytes()
    if file.suffix.lower() in SHEETS:
        from orr.formats.lens.names import kebab
        from orr.formats.spreadsheet import import_sheet

        sheet = import_sheet(raw, str(file), checklist or kebab(file.stem) or "checklist")
        return _write(workspace, [sheet.checklist], sheet.notes, out, force)
    text = decode(raw, str(file))
    if _is_lens(text):
        from orr.formats.lens.importing import import_lens

        lens = import_lens(text, str(file), checklist)
        return _write(workspace, lens.checklists, lens.notes, out, force)
    if workload is None:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.import.which-workload", path=str(file)))
    return _answers(workspace, text, file, workload, by)


def _is_lens(text: str) -> bool:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return True  # the lens reader says where it is broken
    return isinstance(data, dict) and ("pillars" in data or "schemaVersion" in data)


def _write(
    workspace: Workspace, checklists: Iterable[Checklist], notes: Iterable[Fault], out: Path | None, force: bool
) -> int:
    from orr.formats.checklist import checklist_yaml
    from orr.system.atomic import write_atomically

    folder = out or workspace.root / "checklists"
    made = {folder / f"{checklist.checklist}.yaml": checklist for checklist in checklists}
    there = [str(path) for path in made if exists(path)]
    if there and not force:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.import.exists", paths=there))
    for path, checklist in made.items():
        write_atomically(path, checklist_yaml(checklist).encode())
        click.echo(words("wrote", path=shown_as(path)))
    frame.show_faults(notes)
    return frame.Status.GOOD


def _answers(workspace: Workspace, text: str, file: Path, workload: str, by: str) -> int:
    from orr.formats.lens.answers import import_answers
    from orr.workspace.editing import edit_review

    checklists = workspace.case(workload).checklists
    found = import_answers(text, str(file), checklists, by, workspace.today, current_language())

    def add(review: Review) -> Review:
        return replace(review, answers={**review.answers, **found.answers})

    edit_review(workspace, workload, add)
    click.echo(words("import.answered", n=len(found.answers), workload=workload))
    frame.show_faults(found.notes)
    return frame.Status.GOOD
