"""Find where answers and waivers stand under ids that other items have replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orr.model.review import OrganizationAnswers, Review, TeamAnswers
from orr.source.faults import Fault
from orr.system.paths import files_in, is_folder
from orr.workspace.reading import Read, read_file
from orr.workspace.workspace import Workspace


def replaced(workspace: Workspace) -> Iterator[Fault]:
    """Each such place with what to write there; none is a fault by itself."""
    ids = workspace.catalogue.renaming.ids
    for file, model in ((read.file, read.model) for read in _answers(workspace)):
        if file is None or model is None:
            continue
        places: list[tuple[tuple[str | int, ...], str]] = [(("answers", name), name) for name in model.answers]
        for w, waiver in enumerate(getattr(model, "waivers", ())):
            places += [(("waivers", w, "items", i), name) for i, name in enumerate(waiver.items)]
        for at, name in places:
            if name in ids:
                yield file.fault_at(at, "cross.replaced", name=name, new=ids[name])


def _answers(workspace: Workspace) -> Iterator[Read[Any]]:
    root, teams = workspace.root, workspace.root / "teams"
    yield read_file(root / "organization.yaml", OrganizationAnswers, root)
    for path in files_in(teams, ".yaml") if is_folder(teams) else ():
        yield read_file(path, TeamAnswers, root)
    for name in workspace.workloads:
        yield read_file(workspace.folder(name) / "review.yaml", Review, root)
