"""`orr import`: checklists and answers from other systems' forms."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import completion, frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import File, Folder
from orr.messages import Message, in_language, say
from orr.messages.errors import BadArgument
from orr.system.paths import exists, shown_as

if TYPE_CHECKING:
    from orr.model.checklist import Checklist
    from orr.model.fields import Moment
    from orr.source.faults import Fault
    from orr.workspace.importing import Brought
    from orr.workspace.incoming import Change, Comparison, Incoming
    from orr.workspace.workspace import Workspace

FORMATS = ("lens", "answers", "table", "markdown", "azure", "sheet", "register", "review")
RISKS = ("high", "medium", "low")
TOOL = "wa"
"""Stands in the place of a file for the Well-Architected Tool, whose workload's id follows."""
_MARKS = {"new": "+", "other": "~", "left": "=", "gone": "-"}


def _risks(_ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Read `--risk`: what a word means, or the risk of questions without any."""
    found = {word.strip().lower(): risk.strip() for word, _, risk in (value.rpartition("=") for value in values)}
    for risk in found.values():
        if risk not in RISKS:
            raise click.BadParameter(words("import.no-risk", value=risk, known=list(RISKS)), param=param)
    return found


def _existing(ctx: click.Context, param: click.Parameter, files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Refuse files that are not there; `wa ID` names none."""
    if len(files) == 2 and str(files[0]) == TOOL and not exists(files[0]):
        return files
    return tuple(File(exists=True).convert(str(file), param, ctx) for file in files)


@frame.command("import")
@click.argument("files", type=File(), nargs=-1, required=True, metavar="FILE…|wa ID", callback=_existing)
@frame.option("--from", "form", type=click.Choice(FORMATS), metavar="FORMAT", help="import.from")
@frame.option("--out", type=Folder(), help="import.out")
@frame.option("--checklist", metavar="NAME", help="import.checklist")
@frame.option("--workload", metavar="WORKLOAD", help="import.workload", shell_complete=completion.workloads)
@frame.option("--risk", "risks", metavar="[WORD=]RISK", multiple=True, callback=_risks, help="import.risk")
@frame.option("--force", is_flag=True, help="import.force")
@frame.option("--on", metavar="YYYY-MM-DD", callback=frame.day, help="import.on")
@frame.by
def command(
    files: tuple[Path, ...],
    form: str | None,
    out: Path | None,
    checklist: str | None,
    workload: str | None,
    risks: dict[str, str],
    force: bool,
    on: date | None,
    by: str,
    today: date | None,
) -> int:
    """Import checklists and answers; list every change of a review, and overwrite only with `--force`."""
    from orr.source.faults import FaultyInput
    from orr.workspace.importing import Given, read_brought

    workspace = frame.open_workspace_to_write(today)
    now = datetime.now(workspace.timezone).replace(microsecond=0)
    moment = on or (now if now.date() == workspace.today else workspace.today)
    if on is not None and on > workspace.today:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.import.future", on=on))
    if str(files[0]) == TOOL and not exists(files[0]):
        return _from_tool(workspace, workload, str(files[1]), by, on, moment, force)
    brought: list[Brought] = []
    faults = []
    for file in files:
        given = Given(file, file.read_bytes(), checklist, workload, by, moment, current_language(), risks)
        try:
            found = read_brought(workspace, given, form)
            if "" not in risks and any(note.wrong.key == "exchange.table.no-risk" for note in found.notes) and _asks():
                risks[""] = click.prompt(words("import.ask-risk"), type=click.Choice(RISKS), default="high", err=True)
                found = read_brought(workspace, given, form)
            brought.append(found)
        except FaultyInput as faulty:
            faults += faulty.faults
        except BadArgument as bad:
            raise frame.Stop(frame.Status.BAD_INPUT, bad.why) from None
    if faults:
        raise FaultyInput(faults)
    folder = out or workspace.root / "checklists"
    made = {folder / f"{one.checklist}.yaml": one for each in brought for one in each.checklists}
    known = {one.file.path.resolve(): one.model for one in workspace.checklist_files if one.file is not None}
    there = {path: known.get(path.resolve()) for path in made if exists(path)}
    for path, old in there.items():
        for line in _differences(made[path], old):
            click.echo(line)
    _print_notes(note for one in brought for note in one.notes)
    other = [path for path, old in there.items() if made[path] != old]
    if other and not force:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.import.exists", paths=list(map(str, other))))
    status = _review(workspace, [one.incoming for one in brought if one.incoming is not None], force)
    for path, one in made.items():
        if path in other or path not in there:
            _write(path, one)
    return status


def _print_notes(notes: Iterable[Fault]) -> None:
    """Print notes on standard error, each repeated one once with all places."""
    by_words: dict[tuple[str, ...], list[Fault]] = {}
    for note in notes:
        by_words.setdefault((note.path, str(note.wrong), str(note.remedy)), []).append(note)
    for first, *others in by_words.values():
        frame.show_faults([first])
        if others:
            places = [f"{one.place.line}:{one.place.column}" for one in others]
            click.echo("\n".join(_indented(say("cli.import.too", n=len(others), places=places), "  ", "  ")), err=True)


def _asks() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _from_tool(
    workspace: Workspace, workload: str | None, tool_id: str, by: str, on: date | None, moment: Moment, force: bool
) -> frame.Status:
    """Import answers from the Well-Architected Tool, with remarks as comments."""
    from orr.workspace.well_architected import read_reviews, remark

    if workload is None:
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.import.which-workload", path=f"{TOOL} {tool_id}"))
    incoming, found = read_reviews(workspace, workload, tool_id, by, on, current_language())
    _print_notes(found.notes)
    status = _review(workspace, [incoming], force)
    for item, text in remark(workspace, workload, found.remarks, by, moment):
        click.echo(words("import.remark", item=item, text=text))
    return status


def _differences(made: Checklist, old: Checklist | None) -> Iterator[str]:
    """Changes of a checklist against the present one: a summary, then by item."""
    from orr.formats.lines import wrap

    here, there = (
        {item.item: item for section in one.sections for item in section.items} if one is not None else {}
        for one in (old, made)
    )
    if made == old:
        yield words("import.same", workload=made.checklist)
        return
    fates = {
        "new": [one for name, one in there.items() if name not in here],
        "other": [one for name, one in there.items() if name in here and here[name] != one],
        "gone": [one for name, one in here.items() if name not in there],
    }
    new, changed, gone = map(len, fates.values())
    yield words("import.differences", checklist=made.checklist, new=new, changed=changed, gone=gone)
    for fate, items in fates.items():
        for item in items:
            said = words("import.item", item=item.item, ask=in_language(item.ask, current_language()))
            yield from wrap(said, f"  {_MARKS[fate]} ", "    ", 80)


def _write(path: Path, checklist: Checklist) -> None:
    from orr.formats.checklist import checklist_yaml
    from orr.system.atomic import write_atomically

    write_atomically(path, checklist_yaml(checklist).encode())
    click.echo(words("wrote", path=shown_as(path)))


def _review(workspace: Workspace, incoming: Sequence[Incoming], force: bool) -> frame.Status:
    """List what goes into which review, then save it unless that would overwrite."""
    from orr.workspace.incoming import Fate, compared, take
    from orr.workspace.uncounted import uncounted

    by_workload: dict[str, list[Incoming]] = {}
    for one in incoming:
        by_workload.setdefault(one.review.review, []).append(one)
    found = {name: compared(workspace, name, them) for name, them in by_workload.items()}
    for name, comparison in found.items():
        _list(name, comparison)
        for why in uncounted(workspace, name, comparison):
            click.echo("\n".join(_indented(why, "  ! ", "    ")))
    if not force and (n := sum(len(one.of(Fate.OTHER)) for one in found.values())):
        raise frame.Stop(frame.Status.BAD_INPUT, say("cli.import.overwrites", n=n))
    for name, comparison in found.items():
        if comparison.after != comparison.before:
            take(workspace, name, comparison, by_workload[name])
            n = len([*comparison.of(Fate.NEW), *comparison.of(Fate.OTHER)])
            click.echo(words("import.taken", n=n, workload=name))
    left = any(comparison.of(Fate.LEFT) for comparison in found.values())
    return frame.Status.BAD_INPUT if left else frame.Status.GOOD


def _list(name: str, comparison: Comparison) -> None:
    click.echo(words("import.changes" if comparison.changes else "import.same", workload=name))
    for change in comparison.changes:
        for line in _lines(change):
            click.echo(line)
    if comparison.absent:
        absent = say("cli.import.absent", n=len(comparison.absent), items=comparison.absent[:5])
        click.echo("\n".join(_indented(absent, "", "  ")))


def _lines(change: Change) -> Iterator[str]:
    yield from _indented(change.says, f"  {_MARKS[change.fate]} ", "    ")
    for detail in change.details:
        yield from _indented(detail, "      ", "        ")


def _indented(what: Message, first: str, rest: str) -> list[str]:
    from orr.formats.lines import wrap

    return wrap(tell(what), first, rest, 80)
