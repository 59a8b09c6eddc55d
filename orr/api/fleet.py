"""All workloads' assessments, as a card and pandas frames.

import orr

fleet = orr.assess_fleet()
fleet.to_frame().groupby("team", observed=True)["verdict"].value_counts()
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orr.evaluate import Verdict
from orr.fleet.page import open as open_report
from orr.fleet.page.report import FleetReport
from orr.fleet.standing import counted
from orr.messages import render, say

if TYPE_CHECKING:
    from pandas import DataFrame


def assess_fleet(
    workspace: str | Path = ".",
    *,
    today: str | date | None = None,
    language: str | None = None,
    reports: str | Path | None = None,
) -> Fleet:
    """Collect the evidence of every workload and assess them all.

    A workload that cannot be assessed has a row without a verdict, which says why.

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
        The folder of the reports that are linked to; `reports/` in the workspace where it
        is not given.

    Raises
    ------
    FaultyInput
        If there is no workspace, or its `orr.yaml` is faulty.
    BadArgument
        If a parameter is not what it should be.
    """
    return Fleet(open_report(workspace, today, language, reports))


class Fleet:
    """How ready all workloads are on one day; `orr.assess_fleet` returns it.

    In a notebook it shows itself as the verdicts and what waits for a decision. The columns
    of its frames are those of `orr.fleet.page.tables.COLUMNS`.

    Parameters
    ----------
    report
        The report of the fleet.
    """

    def __init__(self, report: FleetReport) -> None:
        self._report = report

    @property
    def today(self) -> date:
        """The day that it is assessed for."""
        return self._report.today

    @property
    def language(self) -> str:
        """The language of its sentences: `en` or `zh-CN`."""
        return self._report.language

    @property
    def counts(self) -> Mapping[str, int]:
        """How many workloads have which verdict, `none` included."""
        return {verdict.value if verdict else "none": n for verdict, n in self._counted().items()}

    def to_frame(self) -> DataFrame:
        """A row per workload, worst first."""
        return self._report.frame("workloads")

    def launches(self) -> DataFrame:
        """A row per launch that slipped or lies within 30 days, those in doubt first."""
        return self._report.frame("launches")

    def teams(self) -> DataFrame:
        """A row per team, with counts of its workloads by verdict."""
        return self._report.frame("teams")

    def blockers(self) -> DataFrame:
        """A row per item that keeps workloads from go, most workloads first."""
        return self._report.frame("blockers")

    def waivers(self) -> DataFrame:
        """A row per waiver that ends within 30 days."""
        return self._report.frame("waivers")

    def owners(self) -> DataFrame:
        """A row per owner of open items, most overdue first."""
        return self._report.frame("owners")

    def unchecked(self) -> DataFrame:
        """A row per workload not assessed, or overdue for a re-check."""
        return self._report.frame("unchecked")

    def heat_map(self) -> DataFrame:
        """A row per workload and checklist, with counts of items."""
        return self._report.frame("heat_map")

    def over_time(self) -> DataFrame:
        """A row per week, with counts of verdicts; today last."""
        return self._report.frame("over_time")

    def report(self) -> FleetReport:
        """The whole report, to show below a cell or to `save(path)`."""
        return self._report

    def __repr__(self) -> str:
        said = [self._said(say("api.fleet.none" if one is None else "api.fleet.verdict", n=n, verdict=one))
                for one, n in self._counted().items() if n]  # fmt: skip
        return self._said(say("api.fleet" if said else "api.fleet.empty", n=len(self._report.standings), said=said))

    def _repr_html_(self) -> str:
        return self._report.card()._repr_html_()

    def _counted(self) -> Mapping[Verdict | None, int]:
        return counted(self._report.standings)

    def _said(self, what: object) -> str:
        return render(what, self.language)
