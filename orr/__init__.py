"""Operational readiness reviews kept as code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from orr.api.roster import Roster


def review(
    workload: str | None = None,
    workspace: str | Path = ".",
    *,
    by: str | None = None,
    language: str | None = None,
    today: str | date | None = None,
) -> None:
    """Show the form of a workload's review below the notebook's cell.

    Parameters
    ----------
    workload
        The workload; it may be left out where there is only one.
    workspace
        A folder somewhere in the workspace.
    by
        Who answers; else `$ORR_BY`, else the form asks once.
    language
        `en` or `zh-CN`; that of `orr.yaml` where it is not given.
    today
        The day to assess for; the present day where it is not given.
    """
    from orr.form import show

    show(workload, workspace, by, language, today)


def roster(workload: str, workspace: str | Path = ".", *, today: str | date | None = None, **parameters: Any) -> Roster:
    """Read who is on call for a workload, as pandas frames.

    Parameters
    ----------
    workload
        The workload.
    workspace
        A folder somewhere in the workspace.
    today
        The day from which on is looked; the present day where it is not given.
    parameters
        Those of the check `roster` that say what is read: `path`, `days`, `before`,
        `secondary`, `hours`, `timezone`, `handover`, `primary_named`, `secondary_named`,
        `policy`.
        Where they are not given, what the workload's checklists say.

    Returns
    -------
    Roster
        Its methods `shifts`, `hours`, `gaps` and `nights` give a frame each.
    """
    from datetime import date

    from orr.api.roster import open_roster

    day = date.fromisoformat(today) if isinstance(today, str) else today
    return open_roster(workload, workspace, day, parameters)
