"""Take what Azure's queries found as answers whose evidence is the file of the results."""

from __future__ import annotations

import hashlib
from pathlib import Path

from orr.formats.azure import read_results
from orr.formats.questions import fault
from orr.messages import render, say
from orr.model.fields import Moment
from orr.model.review import Answer, EvidenceEntry, Review
from orr.source.faults import Fault, Place
from orr.source.yaml import decode
from orr.workspace.incoming import Incoming
from orr.workspace.workspace import Workspace


def query_answers(
    workspace: Workspace, name: str, path: Path, shown: str, raw: bytes, by: str, on: Moment
) -> tuple[Incoming, tuple[Fault, ...]]:
    """Answer the items whose names are the ids of checks that were queried.

    Parameters
    ----------
    workspace, name
        The workload that is answered for.
    path, shown, raw
        The file, its name for faults, and its bytes, which the evidence is bound to.
    by, on
        Who answers, and when, where the file does not say when its queries ran.

    Returns
    -------
    tuple
        The answers, and what of the results is none.

    Raises
    ------
    FaultyInput
        If the file or the workload has faults.
    """
    results = read_results(decode(raw, shown), shown)
    case = workspace.case(name)
    language = workspace.settings.language
    items = {
        item.item.lower(): f"{checklist.checklist}/{item.item}"
        for checklist in case.checklists
        for section in checklist.sections
        for item in section.items
    }
    folders = (workspace.repository(case.workload), workspace.folder(name))
    place = next((place for folder in folders if (place := _below(folder, path)) is not None), None)
    notes = [] if place else [fault(shown, Place(1, 1), "azure.elsewhere", workload=name)]
    if results.ran_on is None:
        notes.append(fault(shown, Place(1, 1), "azure.undated", on=on))
    given = min(results.ran_on, workspace.today) if results.ran_on is not None else on
    entry = EvidenceEntry(
        title=render(say("exchange.azure.evidence"), language),
        path=place,
        sha256=hashlib.sha256(raw).hexdigest() if place else None,
        collected=results.ran_on if results.ran_on is not None and results.ran_on <= workspace.today else None,
    )
    answers: dict[str, Answer] = {}
    for guid, result in results.by_guid.items():
        if guid not in items:
            notes.append(fault(shown, result.place, "azure.not-asked", guid=guid, workload=name))
        elif result.reply is None:
            notes.append(fault(shown, result.place, "azure.unclear", name=items[guid], n=result.unclear))
        else:
            says = result.says(language)
            answers[items[guid]] = Answer(answer=result.reply, note=says, evidence=(entry,), by=by, on=given)
    return Incoming(Review(review=name, answers=answers)), tuple(notes)


def _below(folder: Path, path: Path) -> str | None:
    """The file as evidence names it, where it lies below a folder."""
    real, there = path.resolve(), folder.resolve()
    return real.relative_to(there).as_posix() if real.is_relative_to(there) else None
