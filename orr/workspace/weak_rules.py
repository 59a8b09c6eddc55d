"""Find what is questionable in the risk rules of a workspace's checklists."""

from __future__ import annotations

from collections.abc import Iterator

from orr.evaluate.riskproofs import weaknesses
from orr.messages import say
from orr.source.faults import Fault
from orr.workspace.workspace import Workspace


def weak_rules(workspace: Workspace) -> Iterator[Fault]:
    """Each such place with what to do; none is a fault by itself."""
    for read in workspace.checklist_files:
        if read.file is None or read.model is None:
            continue
        for s, section in enumerate(read.model.sections):
            names = [item.item for item in section.items]
            for wrong in weaknesses(section.section, names, section.risk_rules):
                yield read.file.fault(("sections", s, "risk_rules"), wrong, say(f"{wrong.key}.do"))
