"""What stricter rules ask of an older workspace, and the answering line."""

from __future__ import annotations

from collections.abc import Iterator

from orr.evaluate.case import Case
from orr.evaluate.items import stops_launch
from orr.evaluate.states import unapproved
from orr.evaluate.waivers import ineffective
from orr.source.faults import Fault, FaultyInput
from orr.workspace.workspace import Workspace


def stricter(workspace: Workspace) -> Iterator[Fault]:
    """Missing tiers, agreements and states of waivers; none is a fault."""
    for name in workspace.workloads:
        try:
            case = workspace.case(name)
        except FaultyInput:
            continue  # which is told as such
        yield from _of(workspace, name, case)


def _of(workspace: Workspace, name: str, case: Case) -> Iterator[Fault]:
    files = workspace.signed_files(case)
    file, review = files["workload.yaml"], files["review.yaml"]
    if file is not None and not case.rating.founded:
        yield file.fault_at(("tier",), "cross.no-tier", workload=name, tier=case.tier)
    if review is None:
        return
    stopping = stops_launch(case)
    for item, answer in (case.as_written or case).review.answers.items():
        if unapproved(answer) and case.renaming.ids.get(item, item) in stopping:
            yield review.fault_at(("answers", item), "cross.not-agreed", workload=name, item=item)
    for place, waiver in enumerate(case.review.waivers):
        lacking = [item for item in waiver.items if item not in waiver.states]
        if lacking and ineffective(waiver, case.policy, workspace.today) is None:
            yield review.fault_at(("waivers", place), "cross.no-states", waiver=waiver.waiver, items=lacking)
