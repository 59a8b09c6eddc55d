"""The fleet page: where all workloads stand, and what needs a decision.

`notebooks/fleet.ipynb` opens it and shows its parts; `orr fleet` writes the same page.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orr.fleet.page.report import FleetReport

__all__ = ["open"]


def open(  # noqa: A001 - the notebook's cell reads `orr.fleet.page.open(...)`
    workspace: str | Path = ".",
    today: str | date | None = None,
    language: str | None = None,
    reports: str | Path | None = None,
) -> FleetReport:
    """Assess every workload and open the fleet's report.

    Parameters
    ----------
    workspace
        The workspace, or a folder somewhere in it.
    today
        The day to assess for, `YYYY-MM-DD`; the present day in the workspace's time zone
        where it is not given.
    language
        `en` or `zh-CN`; that of `orr.yaml` where it is not given.
    reports
        The folder of the reports that are linked to, in which the page stands; `reports/`
        in the workspace where it is not given.

    Raises
    ------
    FaultyInput
        If there is no workspace, or its `orr.yaml` is faulty.
    BadArgument
        If a parameter is not what it should be.
    """
    from orr.assessing import open_workspace
    from orr.fleet.page.gather import gather
    from orr.fleet.page.report import FleetReport

    opened, chosen = open_workspace(workspace, today, language)
    gathered = gather(opened, opened.root / "reports" if reports is None else Path(reports))
    return FleetReport(
        gathered.standings,
        opened.today,
        chosen,
        gathered.weeks,
        gathered.no_history is not None,
        simulated=opened.simulated,
    )
