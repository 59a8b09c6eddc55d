"""`orr export`: checklists and assessments in other systems' forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import completion, frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import File
from orr.formats.outputs import CHECKLISTS, OUTPUTS
from orr.messages import Message, say
from orr.system.paths import exists
from orr.workspace.workspace import Workspace

if TYPE_CHECKING:
    from orr.formats.lens.exporting import ExportedLens
    from orr.model.checklist import Checklist

SHEET, TOOL = "sheet", "wa"


@frame.command("export")
@click.argument("form", type=click.Choice([*CHECKLISTS, *OUTPUTS, SHEET, TOOL]), metavar="FORMAT")
@click.argument("names", nargs=-1, metavar="[NAME]…", shell_complete=completion.exported)
@frame.option("--out", type=File(), help="export.out")
@frame.option("--check", is_flag=True, help="export.check")
@frame.option("--id", "tool_id", metavar="ID", help="export.id")
@frame.option("--apply", "applies", is_flag=True, help="export.apply")
@frame.option("--force", is_flag=True, help="export.force")
def command(
    form: str,
    names: tuple[str, ...],
    out: Path | None,
    check: bool,
    tool_id: str | None,
    applies: bool,
    force: bool,
    today: date | None,
) -> int:
    """Write checklists, or what became of workloads, in another form; of all where none is named."""
    from orr.system.atomic import write_atomically

    workspace = frame.open_workspace(today)
    if form == TOOL or tool_id is not None or applies:
        return _to_tool(workspace, form, names, tool_id, applies)
    if check:
        return _check_lens(workspace, form, names)
    if form == SHEET:
        return _sheet(workspace, names, out, force)
    text, status = (_checklists(workspace, form, names), 0) if form in CHECKLISTS else _results(workspace, form, names)
    if out is not None:
        write_atomically(out, text.encode())
        click.echo(words("wrote", path=str(out)))
    else:
        frame.print_utf8()
        click.echo(text, nl=not text.endswith("\n"))
    return status


def _results(workspace: Workspace, form: str, names: tuple[str, ...]) -> tuple[str, int]:
    """Write what became of workloads, and show the faults of those that could not be read.

    Raises
    ------
    Stop
        If there is one, and the form has no place for it.
    """
    from orr.cli.statuses import assess_all, faults_of
    from orr.formats.unread import Unread, noting

    unread: list[Unread] = []
    output = OUTPUTS[form]
    outcomes = noting(assess_all(workspace, names or workspace.workloads), unread)
    text = output.write(outcomes, workspace.today, current_language())
    frame.show_faults(faults_of(unread))
    if unread and not output.holds_unread:
        lost = [one.workload for one in unread]
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.no-place", form=form, names=lost))
    return text, frame.Status.BAD_INPUT if unread else frame.Status.GOOD


def _to_tool(workspace: Workspace, form: str, names: tuple[str, ...], tool_id: str | None, applies: bool) -> int:
    """Print what differs from the Well-Architected Tool; with `applies` write it there."""
    from orr.assessing import assess
    from orr.fleet.well_architected import carry_out, plan
    from orr.workspace import well_architected

    if form != TOOL or tool_id is None or len(names) != 1:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.one-in-tool"))
    if applies and workspace.simulated:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.another-day", day=workspace.today))
    tool = well_architected.client_of(workspace, workspace.case(names[0]))
    found = plan(assess(workspace, names[0]), tool, tool_id, current_language())
    for note in found.notes:
        click.echo(tell(note), err=True)
    click.echo(words("tickets.head" if applies else "tickets.dry", target=f"{TOOL} {tool_id}"))
    for line in found.says or [say("cli.export.no-difference")]:
        click.echo(f"  {tell(line)}")
    if applies:
        carry_out(found, tool, tool_id)
    return frame.Status.GOOD


def _sheet(workspace: Workspace, names: tuple[str, ...], out: Path | None, force: bool) -> int:
    """Write the answer sheet of one workload, in the form that the file's name asks for."""
    from orr.assessing import assess
    from orr.formats.sheet.markdown import sheet_markdown
    from orr.formats.sheet.rows import rows_of
    from orr.formats.sheet.table import sheet_csv
    from orr.system.atomic import write_atomically

    suffix = ".md" if out is None else out.suffix.lower()
    if suffix not in (".md", ".csv", ".xlsx"):
        raise frame.Stop(frame.Status.BAD_INPUT, say("exchange.sheet.suffix", path=str(out)))
    if len(names) != 1:
        known = list(workspace.workloads) or say("words.none")
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.one-workload", known=known))
    language = current_language()
    case = workspace.case(names[0])
    rows = list(rows_of(case, workspace.today))
    if suffix == ".xlsx":
        from orr.formats.sheet.workbook import sheet_workbook

        content = sheet_workbook(assess(workspace, names[0]), rows, language)
    else:
        text = sheet_csv(rows, language) if suffix == ".csv" else sheet_markdown(case, rows, language)
        content = text.encode()
    if out is None:
        frame.print_utf8()
        click.echo(content.decode(), nl=False)
    elif not force and exists(out) and out.read_bytes() != content:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.sheet-exists", path=str(out)))
    else:
        write_atomically(out, content)
        click.echo(words("wrote", path=str(out)))
    return frame.Status.GOOD


def _lens(checklists: Sequence[Checklist]) -> ExportedLens:
    """The lens that checklists become; what is to know of it is printed on standard error."""
    from orr.formats.lens.exporting import export_lens

    lens = export_lens(checklists, language=current_language())
    _print_notes(lens.notes)
    return lens


def _check_lens(workspace: Workspace, form: str, names: tuple[str, ...]) -> int:
    """Print what is questionable in the risk rules of the lens, and write none."""
    if form != "lens":
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.check-lens"))
    found = list(_lens(_named(workspace, names)).weaknesses())
    for weakness in found:
        click.echo(tell(weakness))
    if not found:
        click.echo(words("export.checked"))
    return frame.Status.BAD_INPUT if found else frame.Status.GOOD


def _named(workspace: Workspace, names: tuple[str, ...]) -> list[Checklist]:
    """The checklists of these names, of all where none is named."""
    from orr.source.faults import FaultyInput, with_nearest

    faults = [fault for read in workspace.checklist_files for fault in read.faults]
    if faults:
        raise FaultyInput(faults)
    unknown = [name for name in names if name not in workspace.checklists]
    if unknown:
        known = with_nearest(unknown[0], sorted(workspace.checklists))
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.unknown", names=unknown, known=known))
    return [workspace.checklists[name] for name in names or workspace.checklists]


def _checklists(workspace: Workspace, form: str, names: tuple[str, ...]) -> str:
    """Write checklists as text in one of `CHECKLISTS`."""
    checklists = _named(workspace, names)
    language = current_language()
    if form == "lens":
        return _lens(checklists).text
    from orr.formats.listing import checklist_csv, checklist_markdown, lost

    if form == "markdown":
        _print_notes(lost(checklists))
        return "\n".join(checklist_markdown(checklist, language) for checklist in checklists)
    if len(checklists) != 1:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.export.one", known=sorted(workspace.checklists)))
    _print_notes(lost(checklists))
    return checklist_csv(checklists[0], language)


def _print_notes(notes: Iterable[Message]) -> None:
    from orr.formats.lines import wrap

    for note in notes:
        click.echo("\n".join(wrap(tell(note), "", "  ", 80)), err=True)
