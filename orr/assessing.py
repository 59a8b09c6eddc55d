"""Assess one workload: read its files, collect evidence, apply the rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from orr.evaluate import Case, Evaluation, evaluate

if TYPE_CHECKING:
    from orr.model.checklist import Occasion
    from orr.model.finding import Evidence
    from orr.workspace.workspace import Workspace

Progress = Callable[[int, int], None]
"""Called with how many checks are done, and of how many."""


def assess(
    workspace: Workspace,
    name: str,
    *,
    occasion: Occasion | None = None,
    release: str | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Read a workload's files, collect its evidence and evaluate it.

    Parameters
    ----------
    name
        The workload.
    occasion
        The occasion to assess for; that of the review where it is not given.
    release
        The release that the review of a change is about.
    progress
        Called after each check.

    Raises
    ------
    FaultyInput
        If a file that the workload needs is faulty.
    """
    case = workspace.case(name).on(occasion, release)
    return evaluate(case, evidence_of(workspace, case, progress=progress), workspace.today)


def evidence_of(
    workspace: Workspace, case: Case, today: date | None = None, progress: Progress | None = None
) -> Evidence:
    """Collect the evidence that the items of a case ask for.

    Parameters
    ----------
    today
        The day of the checks; that of the workspace where it is not given.
    progress
        Called after each check.
    """
    from orr.evidence.collect import collect  # a form shows its answers before anything is collected

    return collect(case, workspace.places(case), workspace.settings, today or workspace.today, progress)
