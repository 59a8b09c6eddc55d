"""Assess every workload and add what the history knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from orr.assessing import assess
from orr.evaluate.states import launch_day
from orr.fleet.pool import crashed, faulty
from orr.fleet.standing import SHOWN, Assessed, Standing, Trend, worst_first
from orr.history import History, HistoryUnavailable
from orr.messages import Message, Said, say
from orr.source.faults import Fault, FaultyInput
from orr.system.paths import is_file
from orr.workspace.workspace import Workspace

WEEKS = 12
"""How many weeks are looked back."""
Weeks = Mapping[date, Mapping[str | None, int]]
"""By the last day of a week, how many workloads had which verdict; None counts those of which none was known."""


@dataclass(frozen=True)
class Gathered:
    """A fleet on a day.

    Attributes
    ----------
    standings
        Worst first.
    faults
        Of the files that could not be used.
    weeks
        The verdicts of the same workloads in the last weeks, as far as runs reach.
    no_history
        Why there are no runs, where the history cannot be read.
    """

    standings: list[Standing]
    faults: list[Fault]
    weeks: Weeks
    no_history: Said | None


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
    known = _known(workspace)
    standings: list[Standing] = []
    faults: list[Fault] = []
    for done, name in enumerate(workspace.workloads, 1):
        standing, found = _standing(workspace, name, reports, known)
        standings.append(standing)
        faults += found
        told(standing, done)
    return Gathered(worst_first(standings), faults, known.weeks, known.no_history)


@dataclass(frozen=True)
class _Known:
    """What the history holds, by workload."""

    trends: Mapping[str, Trend] = field(default_factory=dict)
    last: Mapping[str, date] = field(default_factory=dict)
    since: Mapping[str, date] = field(default_factory=dict)
    failures: Mapping[str, Message | str] = field(default_factory=dict)
    weeks: Weeks = field(default_factory=dict)
    no_history: Said | None = None


def _known(workspace: Workspace) -> _Known:
    names = workspace.workloads
    days = [workspace.today - timedelta(weeks=weeks) for weeks in range(WEEKS - 1, 0, -1)]
    try:
        with closing(History(workspace.settings.history, workspace.root)) as history:
            trends = history.trends(SHOWN, names)
            failed = [name for name, trend in trends.items() if trend[-1][1] is None]
            failures: dict[str, Message | str] = {name: history.runs(name, 1)[0].failure or "" for name in failed}
            for name, start in history.unended().items():
                failures[name] = say("fleet.history.unended", at=start.recorded_at.astimezone(workspace.timezone))
            every = {name: within for name in names if (within := _cadence(workspace, name)) is not None}
            told = history.verdicts_over_time(days, names, every)
            weeks: dict[date, Counter[str | None]] = {day: told[day] for day in days if told[day]}
            return _Known(trends, history.last_assessed(), history.unbroken(), failures, weeks)
    except HistoryUnavailable as error:
        return _Known(no_history=error.why)


def _cadence(workspace: Workspace, name: str) -> int | None:
    workload = workspace.workload(name)
    return workspace.rate(workload).policy.recheck if workload is not None else None


def _standing(workspace: Workspace, name: str, reports: Path, known: _Known) -> tuple[Standing, list[Fault]]:
    assessment: Assessed | None = None
    problem: Message | None = None
    faults: list[Fault] = []
    try:
        assessment = Assessed.of(assess(workspace, name, compared=False))
    except FaultyInput as wrong:
        faults = list(wrong.faults)
        problem = faulty(faults)
    except Exception as error:
        problem = crashed(error)
    file = workspace.workload(name)
    standing = Standing(
        name,
        workspace.today,
        assessment,
        problem,
        bool(faults),
        file=file,
        rating=workspace.rate(file) if file is not None else None,
        launch_day=launch_day(file, workspace.timezone) if file is not None else None,
        every=_cadence(workspace, name),
        trend=known.trends.get(name, ()),
        last=known.last.get(name),
        since=known.since.get(name),
        failure=known.failures.get(name),
        has_report=is_file(reports / name / "report.html"),
    )
    return standing, faults
