"""An assessment as a page.

The report notebook opens a `Report` and shows its parts one by one; an exporter turns the
notebook that was run into one HTML file. `import orr.report` is cheap: what is heavy is
imported when a report is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orr.report.report import Report

__all__ = ["Report", "open"]


def open(  # noqa: A001 - the notebook's cell reads `orr.report.open(...)`
    workload: str,
    workspace: str | Path = ".",
    today: str | date | None = None,
    language: str | None = None,
    occasion: str | None = None,
    release: str | None = None,
    artifact: str | Iterable[str] | None = None,
    environment: str | None = None,
) -> Report:
    """Load a workload, collect its evidence and assess it.

    Parameters
    ----------
    workload
        The workload's name.
    workspace
        The workspace, or a folder somewhere in it.
    today
        The day to assess for, `YYYY-MM-DD`; the present day in the workspace's time zone
        where it is not given.
    language
        `en` or `zh-CN`; that of `orr.yaml` where it is not given.
    occasion
        `launch`, `change` or `recurring`; that of the review where it is not given.
    release
        The release that the review of a change is about.
    artifact, environment
        What is released where, before what the review says: `sha256:…`, `registry/name@sha256:…` or `git:COMMIT`,
        several in a list or with spaces between.

    Raises
    ------
    FaultyInput
        If a file that the workload needs is faulty.
    BadArgument
        If a parameter is not what it should be.
    """
    from orr.assessing import assess, named_release, open_workspace, recorded_as
    from orr.history.past_runs import LastRun, compared_runs, last_runs
    from orr.report.parts.changes import Before
    from orr.report.report import Report
    from orr.workspace.discussion import read_discussion

    about = named_release(release, artifact, environment)
    opened, chosen = open_workspace(workspace, today, language)
    assessment = assess(opened, workload, occasion=occasion, release=about)

    def runs() -> tuple[LastRun, ...]:
        return last_runs(opened.settings.history, opened.root, workload, opened.today)

    def before() -> Before:
        name = recorded_as(assessment.case)
        return compared_runs(opened.settings.history, opened.root, name, opened.today)

    return Report(assessment, chosen, runs, read_discussion(opened, workload), before)


def __getattr__(name: str) -> Any:
    if name == "Report":
        from orr.report.report import Report

        return Report
    raise AttributeError(name)
