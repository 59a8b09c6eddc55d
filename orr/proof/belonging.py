"""What belongs to the assessment of a workload: its own files, the evidence, the report."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from orr.evaluate.case import Case
from orr.evidence.attachments import Verifier
from orr.evidence.errors import Undetermined
from orr.evidence.repository.repository import Repository
from orr.model.checklist import item_id
from orr.model.finding import Collected
from orr.proof.store import Store, place_of
from orr.system.paths import is_file
from orr.workspace.workspace import Workspace

MAX_EVIDENCE = 200_000_000
"""How large a file of evidence may be to be read at all."""


def keep(workspace: Workspace, case: Case, digest: str, collected: Collected | None, reports: Path | None) -> list[str]:
    """Keep what belongs to an assessment, as it is now.

    Parameters
    ----------
    case, digest, collected
        The assessment: what was written down, what votes are bound to, and what its evidence was made from.
    reports
        The folder of the workload's report; None where there is none of it.

    Returns
    -------
    list
        What fell out of the store to make room.
    """
    files = dict(own_files(workspace, case))
    files |= dict(evidence_files(workspace, case, collected))
    if reports is not None:
        files |= dict(_report(workspace, reports, digest))
    return Store(place_of(workspace.settings.history, workspace.root)).keep(case.workload.workload, digest, files)


def own_paths(workspace: Workspace, case: Case) -> dict[str, Path]:
    """The files of a review by their paths: settings, checklists, workload, review, team, organization."""
    folder, root = workspace.folder(case.workload.workload), workspace.root
    team = root / "teams" / f"{case.workload.owner.team}.yaml"
    fixed = (root / "orr.yaml", root / "organization.yaml", team, folder / "workload.yaml", folder / "review.yaml")
    found = {shown(workspace, str(path)): path for path in fixed if is_file(path)}
    asked = {one.checklist for one in case.checklists}
    for read in workspace.checklist_files:
        if read.file is not None and read.model is not None and read.model.checklist in asked:
            name = shown(workspace, str(read.file.path))
            found[f"checklists that come with orr/{read.file.path.name}" if name.startswith("../") else name] = (
                read.file.path
            )
    return found


def own_files(workspace: Workspace, case: Case) -> Iterator[tuple[str, bytes]]:
    """Each file of a review by its path from the workspace."""
    for name, path in own_paths(workspace, case).items():
        yield name, path.read_bytes()


def evidence_files(workspace: Workspace, case: Case, collected: Collected | None) -> Iterator[tuple[str, bytes]]:
    """Files that a check read whole and an answer names, by workspace path."""
    places = workspace.places(case)
    read = collected.read if collected is not None else {}
    looked_in = (workspace.root, places.repository, *places.shared.values())
    for folder, root in {shown(workspace, str(root)): root for root in looked_in}.items():
        reader = Repository(root)
        for path in read.get(folder, ()):
            try:
                yield _joined(folder, path), reader.read(path, MAX_EVIDENCE)
            except Undetermined:
                continue
    for real in _attached(workspace, case):
        if Path(real).stat().st_size <= MAX_EVIDENCE:
            yield shown(workspace, real), Path(real).read_bytes()


def shown(workspace: Workspace, real: str) -> str:
    """A path as it is named from the workspace."""
    return os.path.relpath(os.path.realpath(real), os.path.realpath(workspace.root)).replace(os.sep, "/")


def _attached(workspace: Workspace, case: Case) -> Iterable[str]:
    verifier = Verifier(workspace.places(case))
    found: dict[str, None] = {}
    for checklist in case.checklists:
        for item in (item for section in checklist.sections for item in section.items):
            answer, answer_from = case.answer(item.scope, item_id(checklist.checklist, item.item))
            for entry in answer.evidence if answer is not None else ():
                real = verifier.locate(entry.path, answer_from or "") if entry.path is not None else None
                if real is not None:
                    found[real] = None
    return found


def _report(workspace: Workspace, reports: Path, digest: str) -> Iterator[tuple[str, bytes]]:
    """The report's files, if they are of the very assessment."""
    record = reports / "assessment.json"
    if not is_file(record) or json.loads(record.read_bytes()).get("digest") != digest:
        return
    for name in ("assessment.json", "report.html"):
        if is_file(reports / name):
            yield shown(workspace, str(reports / name)), (reports / name).read_bytes()


def _joined(folder: str, path: str) -> str:
    return path if folder == "." else f"{folder}/{path}"
