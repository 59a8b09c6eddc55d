"""Assess workloads for commands, and map an assessment to an exit status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orr.assessing import assess
from orr.cli.frame import Status
from orr.cli.progress import Progress
from orr.evaluate import Evaluation, Verdict
from orr.formats.unread import Outcome, Unread
from orr.model.release import Release
from orr.source.faults import Fault, FaultyInput, without_repeats
from orr.workspace.workspace import Workspace


def assess_all(workspace: Workspace, names: Iterable[str], release: Release | None = None) -> Iterator[Outcome]:
    """Assess workloads one after the other: thousands of assessments take gigabytes.

    Parameters
    ----------
    release
        What is released where, before what the reviews say.

    Yields
    ------
    Outcome
        The assessment of a workload, or why it could not be read.
    """
    for name in dict.fromkeys(names):
        try:
            with Progress(name) as progress:
                outcome: Outcome = assess(workspace, name, release=release, progress=progress)
        except FaultyInput as faulty:
            outcome = Unread(name, tuple(faulty.faults))
        yield outcome


def faults_of(unread: Iterable[Unread]) -> list[Fault]:
    """Every fault of workloads that could not be read, once."""
    return without_repeats(fault for one in unread for fault in one.faults)


def status_of(assessment: Evaluation, *, strict: bool = False, decided: bool = False) -> Status:
    """The exit status of one assessment; see `status_in`."""
    record = {"verdict": assessment.verdict.value, "decision": assessment.decision.value if decided else None}
    return status_in(record, strict=strict, decided=decided)


def status_in(record: Mapping[str, Any], *, strict: bool = False, decided: bool = False) -> Status:
    """The exit status of an assessment in the form `orr.assessment/1`.

    Parameters
    ----------
    strict
        Conditional go counts as no-go.
    decided
        The decision counts as well: pending and no-go are 1.
    """
    good = {Verdict.GO.value} if strict else {Verdict.GO.value, Verdict.CONDITIONAL_GO.value}
    said = [record["verdict"], *([record["decision"]] if decided else [])]
    return Status.GOOD if all(one in good for one in said) else Status.NO_GO
