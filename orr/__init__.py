"""Operational readiness reviews kept as code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

__version__ = "0.1.0"


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
