"""`orr impact`: which live workloads fall short under changed checklists."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.given import File
from orr.faults import shown_as
from orr.messages import say

if TYPE_CHECKING:
    from orr.evaluate import Case
    from orr.faults import Fault
    from orr.impact import Change, Compared, Impact
    from orr.revision import OldChecklists
    from orr.workspace import Workspace


@frame.command("impact")
@click.argument("rev")
@frame.workloads
@frame.form("json", "markdown", "html")
@frame.option("--out", type=File(), help="impact.out")
def command(rev: str, workloads: tuple[str, ...], today: date | None, form: str, out: Path | None) -> int:
    """Compare the checklists of the working tree with those at a revision."""
    from orr.evaluate import Verdict
    from orr.impact import changes, impact
    from orr.revision import NoRevision, checklists_at
    from orr.saving import write_atomically

    workspace = frame.open_workspace(today)
    try:
        old = checklists_at(workspace, rev)
    except NoRevision as none:
        raise frame.Stop(frame.Status.BAD_INPUT, none.why) from None
    comparable = [checklist for name, checklist in workspace.checklists.items() if name not in old.faulty]
    changed = changes(old.checklists.values(), comparable)
    compared, faults, crashed = _compare_all(workspace, workloads, old, changed)
    faults = [fault for read in workspace.checklist_files for fault in read.faults] + faults
    found = impact(comparable, changed, compared, workspace.today)
    language = frame.language()
    text = _written(form, found, old, workspace.today)
    if out is None:
        click.echo(text)
    else:
        write_atomically(out.absolute(), (text.rstrip("\n") + "\n").encode())
        click.echo(frame.words("fleet.wrote", path=shown_as(out.absolute())), err=True)
    for note in old.notes:
        click.echo(frame.tell(note), err=True)
    for fault in old.faults:
        click.echo(frame.tell(say("fleet.impact.old-fault", fault=fault.in_words(language))), err=True)
    from orr.faults import once

    frame.show_faults(once(faults))
    falls = any(one.after is Verdict.NO_GO for one in found.verdicts)
    statuses = [frame.Status.NO_GO if falls else frame.Status.GOOD]
    statuses += [frame.Status.BAD_INPUT] if faults or old.faults else []
    return frame.worst([*statuses, *([frame.Status.NOT_ASSESSED] if crashed else [])])


def _written(form: str, found: Impact, old: OldChecklists, today: date) -> str:
    from orr.formats import impact as formats

    language = frame.language()
    if form == "json":
        return json.dumps(formats.as_json(found, old, today, language), ensure_ascii=False, indent=2)
    if form == "html":
        from orr.report.impact import html

        return html(found, old, today, language)
    write = formats.as_markdown if form == "markdown" else formats.as_text
    return write(found, old, today, language)


def _compare_all(
    workspace: Workspace, names: tuple[str, ...], old: OldChecklists, changed: dict[str, Change]
) -> tuple[list[Compared], list[Fault], bool]:
    """Compare every live workload; one that cannot be is told, and does not stop the others."""
    from orr.evaluate.applies import is_live
    from orr.faults import FaultyInput
    from orr.fleet import crashed

    compared: list[Compared] = []
    faults: list[Fault] = []
    any_crashed = False
    for name in dict.fromkeys(names or workspace.workloads):
        try:
            case = workspace.case(name)
            if is_live(case.workload, workspace.today):
                compared.append(_compare(workspace, case, old, changed))
            elif names:
                click.echo(frame.tell(say("fleet.impact.not-live", workload=name)), err=True)
        except FaultyInput as faulty:
            faults += faulty.faults
        except Exception as error:
            any_crashed = True
            click.echo(frame.words("recheck.failed", workload=name, why=crashed(error)), err=True)
    return compared, faults, any_crashed


def _compare(workspace: Workspace, case: Case, old: OldChecklists, changed: dict[str, Change]) -> Compared:
    from dataclasses import replace

    from orr.evidence.collect import collect
    from orr.finding import Evidence
    from orr.impact import compare, enforced, old_case, to_collect

    # A checklist whose old form cannot be read says nothing, before or after.
    case = replace(case, checklists=tuple(one for one in case.checklists if one.checklist not in old.faulty))
    before = old_case(case, {name: one for name, one in old.checklists.items() if name not in old.faulty})
    places = workspace.places(case)
    # What is not in force yet would not be looked at; here it is asked about.
    in_force = enforced(case, changed)
    evidence = collect(in_force, places, workspace.settings, workspace.today)
    otherwise = to_collect(before, in_force, evidence)
    then = evidence
    if otherwise is not None:
        again = collect(otherwise, places, workspace.settings, workspace.today)
        then = Evidence({**evidence.findings, **again.findings}, {**evidence.missing, **again.missing})
    return compare(case, evidence, before, then, workspace.today, changed)
