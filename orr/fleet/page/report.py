"""The fleet report: its parts, frames and CSV files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from orr.fleet.page import decisions as decide
from orr.fleet.page import survey
from orr.fleet.page.tables import COLUMNS, Tables
from orr.fleet.page.words import FleetWords
from orr.fleet.standing import Standing
from orr.report.base import BaseReport
from orr.report.fragment import RECORD, Fragment
from orr.report.html import Html, tag
from orr.report.marks import section
from orr.report.page import FLEET
from orr.report.styles import fleet_style
from orr.source.table import write_csv
from orr.system.frames import frame

if TYPE_CHECKING:
    from pandas import DataFrame

Part = Callable[[Tables, FleetWords], Html]


class FleetReport(BaseReport):
    """A fleet as leaders see it.

    Parameters
    ----------
    standings
        Every workload, worst first.
    today
        The day.
    language
        One of `orr.messages.LANGUAGES`.
    weeks
        By the last day of past weeks how many workloads had which verdict.
    no_history
        Whether the history cannot be read, so that there are no runs.
    simulated
        Whether the day is another than the one on which the fleet is assessed.
    """

    def __init__(
        self,
        standings: Iterable[Standing],
        today: date,
        language: str,
        weeks: Mapping[date, Mapping[str | None, int]] = MappingProxyType({}),
        no_history: bool = False,
        *,
        simulated: bool = False,
    ) -> None:
        self.standings = tuple(standings)
        self.today, self.language = today, language
        self.tables = Tables(self.standings, today, language, weeks)
        self._words = FleetWords(language, frozenset(one.workload for one in self.standings if one.has_report))
        self._no_history, self._simulated = no_history, simulated
        self._digest: str | None = None

    def __repr__(self) -> str:
        return f"{self._words('title')}, {self.today}"

    # What people look at

    def summary(self) -> Fragment:
        """How many workloads have which verdict, and what waits for a decision."""
        shown = decide.summary(self.tables, self._words)
        return self._fragment("summary", None, shown)

    def card(self) -> Fragment:
        """The summary to show alone, without links to other parts."""
        return self._fragment("summary", None, decide.card(self.tables, FleetWords(self.language)))

    def launches(self) -> Fragment:
        """Launches of 30 days and slipped ones, against their verdict and change calendar."""
        return self._part("launches", decide.launches)

    def teams(self) -> Fragment:
        """The verdicts team by team."""
        return self._part("teams", decide.teams)

    def blockers(self) -> Fragment:
        """What keeps most workloads from go."""
        return self._part("blockers", decide.blockers)

    def waivers(self) -> Fragment:
        """The waivers that end within 30 days."""
        return self._part("waivers", decide.waivers)

    def owners(self) -> Fragment:
        """Who has most steps past their day."""
        return self._part("owners", decide.owners)

    def unchecked(self) -> Fragment:
        """Workloads overdue for a re-check, or not assessable."""
        return self._part("unchecked", decide.unchecked)

    def over_time(self) -> Fragment:
        """Verdicts now and week by week."""
        return self._part("over-time", survey.over_time)

    def heat_map(self) -> Fragment:
        """Workloads by checklists."""
        return self._part("heat-map", survey.heat_map)

    def workloads(self) -> Fragment:
        """Every workload, worst first."""
        return self._part("workloads", survey.workloads)

    def record(self) -> Fragment:
        """The fleet as data, for programs."""
        line = self._words("foot", today=self.today)
        if self._no_history:
            line += " " + self._words("no-history")  # why may name a database
        about = {**self._about(), "page-title": repr(self)}
        return Fragment("record", None, tag("p", line, class_="record"), line, about, {RECORD: self.to_json()})

    def parts(self) -> tuple[Fragment, ...]:
        """All parts in the order of the report, the record last."""
        return (
            self.summary(),
            self.launches(),
            self.teams(),
            self.unchecked(),
            self.waivers(),
            self.blockers(),
            self.owners(),
            self.over_time(),
            self.heat_map(),
            self.workloads(),
            self.record(),
        )

    # What programs read

    def frame(self, name: str) -> DataFrame:
        """The table behind a part as a frame; columns: `COLUMNS`."""
        return frame(self.tables.rows(name), COLUMNS[name])

    def frames(self) -> dict[str, DataFrame]:
        """The tables behind all parts, by name."""
        return {name: self.frame(name) for name in COLUMNS}

    def csv(self) -> dict[str, str]:
        """The same as CSV, by name."""
        return {
            name: write_csv(columns, ([row[key] for key in columns] for row in self.tables.rows(name)))
            for name, columns in COLUMNS.items()
        }

    def to_json(self) -> dict[str, Any]:
        """The form `orr.fleet/1`: the day, the counts, and every workload."""
        rows = [{key: _plain(value) for key, value in row.items()} for row in self.tables.rows("workloads")]
        (now,) = self.tables.rows("over_time")[-1:]
        counts = {key: value for key, value in now.items() if key != "on"}
        day = {"today": self.today.isoformat(), "simulated": self._simulated}
        return {"format": FLEET, **day, "counts": counts, "workloads": rows, "digest": self._about()["digest"]}

    # Within

    def _part(self, name: str, part: Part) -> Fragment:
        title = self._words(f"{name}.title")
        return self._fragment(name, title, section(name, title, part(self.tables, self._words)))

    def _fragment(self, name: str, title: str | None, html: Html) -> Fragment:
        said = title or self._words("title")
        return Fragment(name, title, tag("div", html, class_="fleet"), said, self._about(), extra_style=fleet_style())

    def _about(self) -> Mapping[str, Any]:
        if self._digest is None:
            told = [(one.workload, one.assessment and one.assessment.verdict, one.open) for one in self.standings]
            content = json.dumps([self.today.isoformat(), told])
            self._digest = "sha256:" + hashlib.sha256(content.encode()).hexdigest()
        return {"today": self.today.isoformat(), "digest": self._digest, "language": self.language}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
