"""`orr impact`: which live workloads fall short under changed checklists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.language import current_language, tell, words
from orr.cli.options import File
from orr.messages import say
from orr.messages.cleaning import json_text
from orr.system.paths import shown_as

if TYPE_CHECKING:
    from orr.evaluate import Case
    from orr.fleet.impact import Change, Compared, Impact
    from orr.source.faults import Fault
    from orr.workspace.revision import OldChecklists
    from orr.workspace.workspace import Workspace


@frame.command("impact")
@click.argument("rev")
@frame.workloads
@frame.form("json", "markdown", "html")
@frame.option("--out", type=File(), help="impact.out")
def command(rev: str, workloads: tuple[str, ...], today: date | None, form: str, out: Path | None) -> int:
    """Compare the checklists of the working tree with those at a revision."""
    from orr.evaluate import Verdict
    from orr.fleet.impact import changes, impact
    from orr.source.faults import without_repeats
    from orr.system.atomic import write_atomically
    from orr.workspace.revision import NoRevision, checklists_at

    workspace = frame.open_workspace(today)
    try:
        old = checklists_at(workspace, rev)
    except NoRevision as none:
        raise frame.Stop(frame.Status.BAD_INPUT, none.why) from None
    comparable = [checklist for name, checklist in workspace.checklists.items() if name not in old.faulty]
    changed = changes(old.checklists.values(), comparable)
    compared, faults, unassessed, crashed = _compare_all(workspace, workloads, old, changed)
    faults = without_repeats([*(fault for read in workspace.checklist_files for fault in read.faults), *faults])
    found = impact(comparable, changed, compared, workspace.today)
    found = replace(found, unassessed=tuple(unassessed), faults=tuple(faults))
    language = current_language()
    text = _written(form, found, old, workspace.today)
    if out is None:
        click.echo(text)
    else:
        write_atomically(out.absolute(), (text.rstrip("\n") + "\n").encode())
        click.echo(words("fleet.wrote", path=shown_as(out.absolute())), err=True)
    for note in old.notes:
        click.echo(tell(note), err=True)
    for fault in old.faults:
        click.echo(tell(say("fleet.impact.old-fault", fault=fault.in_words(language))), err=True)
    frame.show_faults(faults)
    falls = any(one.after is Verdict.NO_GO for one in found.verdicts)
    statuses = [frame.Status.NO_GO if falls else frame.Status.GOOD]
    statuses += [frame.Status.BAD_INPUT] if faults or old.faults else []
    return frame.worst([*statuses, *([frame.Status.NOT_ASSESSED] if crashed else [])])


def _written(form: str, found: Impact, old: OldChecklists, today: date) -> str:
    from orr.fleet.text import impact as formats

    language = current_language()
    if form == "json":
        return json_text(formats.as_json(found, old, today, language))
    if form == "html":
        from orr.fleet.page.impact import html

        return html(found, old, today, language)
    write = formats.as_markdown if form == "markdown" else formats.as_text
    return write(found, old, today, language)


def _compare_all(
    workspace: Workspace, names: tuple[str, ...], old: OldChecklists, changed: dict[str, Change]
) -> tuple[list[Compared], list[Fault], list[str], bool]:
    """Compare live workloads; return comparisons, faults, failed names, and whether one crashed."""
    from orr.assessing import with_terms
    from orr.evaluate.applies import is_live
    from orr.fleet.pool import crashed
    from orr.source.faults import FaultyInput

    compared: list[Compared] = []
    faults: list[Fault] = []
    unassessed: list[str] = []
    any_crashed = False
    for name in dict.fromkeys(names or workspace.workloads):
        try:
            case = with_terms(workspace, workspace.case(name))
            if is_live(case.workload, workspace.today):
                compared.append(_compare(workspace, case, old, changed))
            elif names:
                click.echo(tell(say("fleet.impact.not-live", workload=name)), err=True)
        except FaultyInput as faulty:
            faults += faulty.faults
            workload = workspace.workload(name) if name in workspace.workloads else None
            if workload is None or is_live(workload, workspace.today):
                unassessed.append(name)
        except Exception as error:
            any_crashed = True
            unassessed.append(name)
            click.echo(words("recheck.failed", workload=name, why=crashed(error)), err=True)
    return compared, faults, unassessed, any_crashed


def _compare(workspace: Workspace, case: Case, old: OldChecklists, changed: dict[str, Change]) -> Compared:
    from orr.assessing import evidence_of
    from orr.fleet.impact import compare, enforced, old_case, to_collect
    from orr.model.finding import Evidence

    # A checklist of which one form cannot be read says nothing, before or after.
    case = replace(
        case,
        checklists=tuple(one for one in case.checklists if one.checklist not in old.faulty),
        not_asked={name: one for name, one in case.not_asked.items() if name not in old.faulty},
    )
    before = old_case(case, {name: one for name, one in old.checklists.items() if name not in old.faulty})
    # What is not in force yet would not be looked at; here it is asked about.
    in_force = enforced(case, changed)
    evidence = evidence_of(workspace, in_force)
    otherwise = to_collect(before, in_force, evidence)
    then = evidence
    if otherwise is not None:
        again = evidence_of(workspace, otherwise)
        then = Evidence(
            {**evidence.findings, **again.findings},
            {**evidence.missing, **again.missing},
            {**evidence.hollow, **again.hollow},
            {**evidence.sums, **again.sums},
            {**evidence.texts, **again.texts},
            {**evidence.attached, **again.attached},
        )
    return compare(case, evidence, before, then, workspace.today, changed)
