"""What stricter rules ask of an older workspace, and the answering line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orr.evaluate.case import Case
from orr.evaluate.items import stops_launch
from orr.evaluate.objections import NO_OBJECTIONS
from orr.evaluate.states import unapproved
from orr.evaluate.waivers import ineffective
from orr.model.review import Reply
from orr.source.faults import Fault, FaultyInput
from orr.workspace.workspace import Workspace


def stricter(workspace: Workspace, known: Callable[[Case], Case]) -> Iterator[Fault]:
    """Missing tiers, agreements and states of waivers; none is a fault.

    Parameters
    ----------
    known
        Adds to a case what git and the runs hold.
    """
    for name in workspace.workloads:
        try:
            case = workspace.case(name)
        except FaultyInput:
            continue  # which is told as such
        yield from _of(workspace, name, case, known)


def _of(workspace: Workspace, name: str, case: Case, known: Callable[[Case], Case]) -> Iterator[Fault]:
    files = workspace.signed_files(case)
    file, review = files["workload.yaml"], files["review.yaml"]
    if file is not None and not case.rating.founded:
        yield file.fault_at(("tier",), "cross.no-tier", workload=name, tier=case.tier)
    if review is None:
        return
    stopping, agreed = stops_launch(case), []
    for item, answer in (case.as_written or case).review.answers.items():
        if case.renaming.ids.get(item, item) not in stopping:
            continue
        if unapproved(answer):
            yield review.fault_at(("answers", item), "cross.not-agreed", workload=name, item=item)
        elif answer.answer is Reply.NOT_APPLICABLE and answer.agreed_to is None:
            agreed.append((item, answer))
    objections = known(case).formerly.objections if agreed else NO_OBJECTIONS
    for item, answer in agreed:
        if objections.is_unknown(case.renaming.ids.get(item, item), "workload", answer):
            at = ("answers", item, "approved_by")
            yield review.fault_at(at, "cross.unknown-agreement", workload=name, item=item, by=answer.approved_by)
    for place, waiver in enumerate(case.review.waivers):
        lacking = [item for item in waiver.items if item not in waiver.states]
        if lacking and ineffective(waiver, case.policy, workspace.today) is None:
            yield review.fault_at(("waivers", place), "cross.no-states", waiver=waiver.waiver, items=lacking)
