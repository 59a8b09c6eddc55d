"""Collecting and evaluating for commands: with progress, and on with the rest after a fault."""

from __future__ import annotations

from collections.abc import Iterable

from orr.cli.frame import Status
from orr.cli.progress import Progress
from orr.evaluate import Assessment, Decision, Verdict, evaluate
from orr.evidence.collect import collect
from orr.workspace import Workspace
from orr.yamlfile import Fault, FaultyInput, once


def assess(workspace: Workspace, name: str) -> Assessment:
    """Collect a workload's evidence and evaluate it.

    Raises
    ------
    FaultyInput
        If a file that the workload needs is faulty.
    """
    case = workspace.case(name)
    with Progress(name) as progress:
        evidence = collect(case, workspace.places(case), workspace.settings, workspace.today, progress)
    return evaluate(case, evidence, workspace.today)


def assess_all(workspace: Workspace, names: Iterable[str]) -> tuple[list[Assessment], list[Fault]]:
    """Assess what can be assessed.

    Returns
    -------
    tuple
        The assessments of the workloads without a fault, and the faults of the others.
    """
    assessments: list[Assessment] = []
    faults: list[Fault] = []
    for name in dict.fromkeys(names):
        try:
            assessments.append(assess(workspace, name))
        except FaultyInput as faulty:
            faults += faulty.faults
    return assessments, once(faults)


def status_of(assessment: Assessment, *, strict: bool = False, decided: bool = False) -> Status:
    """The exit status of one assessment.

    Parameters
    ----------
    strict
        Conditional go counts as no-go.
    decided
        The decision counts as well: pending and no-go are 1.
    """
    verdicts: list[str] = [assessment.verdict]
    if decided:
        verdicts.append(assessment.decision)
    bad: set[str] = {Verdict.NO_GO, Decision.PENDING}
    if strict:
        bad.add(Verdict.CONDITIONAL_GO)
    return Status.NO_GO if any(verdict in bad for verdict in verdicts) else Status.GOOD
