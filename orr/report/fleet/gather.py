"""Assessing a fleet: every workload anew, beside what the history knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from orr.evaluate import Assessment, evaluate
from orr.evidence.collect import collect
from orr.faults import Fault, FaultyInput
from orr.fleet import crashed, faulty
from orr.history import History, HistoryUnavailable
from orr.messages import Message
from orr.standing import Standing, Trend, worst_first
from orr.workspace import Workspace

RUNS = 100
"""How many of its last runs are looked at of each workload: a run a day for twelve weeks, and some more."""


@dataclass(frozen=True)
class Gathered:
    """A fleet on a day.

    Attributes
    ----------
    standings
        Worst first.
    faults
        Of the files that could not be used.
    no_history
        Why there are no runs, where the history cannot be read.
    """

    standings: list[Standing]
    faults: list[Fault]
    no_history: Message | None


def gather(
    workspace: Workspace, reports: Path, told: Callable[[Standing, int], None] = lambda _one, _done: None
) -> Gathered:
    """Assess every workload; whatever goes wrong with one is its own row.

    Parameters
    ----------
    workspace
        Whose workloads.
    reports
        Where their reports are.
    told
        Is called after each workload.
    """
    trends, failures, no_history = _runs(workspace)
    standings: list[Standing] = []
    faults: list[Fault] = []
    for done, name in enumerate(workspace.workloads, 1):
        standing, found = _standing(workspace, name, reports, trends.get(name, ()), failures.get(name))
        standings.append(standing)
        faults += found
        told(standing, done)
    return Gathered(worst_first(standings), faults, no_history)


def _runs(workspace: Workspace) -> tuple[Mapping[str, Trend], dict[str, str], Message | None]:
    """The last runs of all, and why those failed whose very last did."""
    try:
        with closing(History(workspace.settings.history, workspace.root)) as history:
            trends = history.trends(RUNS)
            failures = {}
            for name, trend in trends.items():
                if trend[-1][1] is None and name in workspace.workloads:
                    (last,) = history.runs(name, 1)
                    failures[name] = last.failure or ""
            return trends, failures, None
    except HistoryUnavailable as error:
        return {}, {}, error.why


def _standing(
    workspace: Workspace, name: str, reports: Path, trend: Trend, failure: str | None
) -> tuple[Standing, list[Fault]]:
    assessment: Assessment | None = None
    problem: Message | None = None
    faults: list[Fault] = []
    try:
        case = workspace.case(name)
        evidence = collect(case, workspace.places(case), workspace.settings, workspace.today)
        assessment = evaluate(case, evidence, workspace.today)
    except FaultyInput as wrong:
        faults = list(wrong.faults)
        problem = faulty(faults)
    except Exception as error:
        problem = crashed(error)
    workload = workspace.workload(name)
    standing = Standing(
        name,
        assessment,
        problem,
        bool(faults),
        trend,
        team=workload.owner.team if workload is not None else None,
        every=workspace.policy_of(workload).recheck if workload is not None else None,
        failure=failure,
        has_report=(reports / name / "report.html").is_file(),
    )
    return standing, faults
