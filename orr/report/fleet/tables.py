"""The tables behind the fleet's report: pure, plain values, sorted by what needs a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from orr.cadence import overdue
from orr.evaluate import Assessment, State, Verdict
from orr.evaluate.applies import is_live
from orr.evaluate.case import ItemAssessment
from orr.evaluate.verdict import conditions, stops
from orr.finding import Finding, Outcome
from orr.messages import in_language, render
from orr.model import Risk
from orr.standing import Standing

Row = Mapping[str, Any]

AHEAD_DAYS = 30
WEEKS = 12
_RISKS = tuple(Risk)
_OUTCOMES = (Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.PARTIAL, Outcome.MET)


class Tables:
    """Every table of a fleet, each worked out when it is first asked for.

    Parameters
    ----------
    standings
        The fleet, worst first.
    today
        The day.
    language
        Of the sentences in the tables; their keys are the same in all languages.
    """

    def __init__(self, standings: Sequence[Standing], today: date, language: str) -> None:
        self.standings, self.today, self.language = standings, today, language
        self.names: Mapping[str, tuple[str, ...]] = {
            "launches": ("on", "days", "workload", "team", "verdict", "calendar", "calendar_says", "open", "next"),
            "blockers": ("item", "ask", "owner", "risk", "stops", "conditions", "workloads"),
            "waivers": ("ends", "days", "waiver", "workload", "team", "items", "approved_by", "verdict", "without"),
            "owners": ("owner", "overdue", "earliest", "open", "workloads"),
            "unheard": ("workload", "team", "last", "every", "days", "problem"),
            "over_time": ("on", *(verdict.value for verdict in Verdict), "none"),
            "heat_map": ("workload", "verdict", "checklist", "stopping", "open", "applying"),
            "workloads": (
                "workload", "title", "team", "tier", "verdict", "decision", "launch", "live_since", "valid_until",
                "open", "applying", "since", "next",
            ),
        }  # fmt: skip

    def rows(self, name: str) -> list[Row]:
        """The rows of a table, by its name."""
        if name not in self.names:
            raise KeyError(name)
        return list(getattr(self, f"_{name}")())

    def _assessed(self) -> Iterator[tuple[Standing, Assessment]]:
        for standing in self.standings:
            if standing.assessment is not None:
                yield standing, standing.assessment

    def _launches(self) -> list[Row]:
        """The launches of the next 30 days, soonest first; of one day the worst verdict first."""
        rows = []
        for standing, found in self._assessed():
            day = found.case.launch_day
            if day is None or is_live(found.case.workload, self.today):
                continue
            if 0 <= (day - self.today).days <= AHEAD_DAYS:
                calendar = _calendar(found)
                rows.append(
                    {
                        "on": day,
                        "days": (day - self.today).days,
                        "workload": standing.workload,
                        "team": standing.team,
                        "verdict": found.verdict.value,
                        "calendar": calendar.outcome.value if calendar is not None else None,
                        "calendar_says": render(calendar.says, self.language) if calendar is not None else None,
                        "open": standing.open,
                        "next": render(standing.next, self.language),
                    }
                )
        return sorted(rows, key=lambda row: (row["on"], tuple(Verdict).index(Verdict(row["verdict"]))))

    def _blockers(self) -> list[Row]:
        """The items that keep most workloads from go: those that stop before those that condition."""
        found: dict[str, _Blocker] = {}
        for standing, assessment in self._assessed():
            policy = assessment.case.policy
            for item in assessment.items:
                if item.open and conditions(item, policy):
                    blocker = found.setdefault(item.name, _Blocker(item))
                    stopping = stops(item, policy) and item.covered_by is None
                    (blocker.stops if stopping else blocker.conditions).append(standing.workload)
        order = sorted(found.values(), key=lambda one: (-len(one.stops), -len(one.conditions), one.item.name))
        return [
            {
                "item": one.item.name,
                "ask": in_language(one.item.ask, self.language),
                "owner": one.item.checklist.owner,
                "risk": one.item.risk.value,
                "stops": len(one.stops),
                "conditions": len(one.conditions),
                "workloads": [*one.stops, *one.conditions],
            }
            for one in order
        ]

    def _waivers(self) -> list[Row]:
        """The waivers that work today and end within 30 days, soonest first."""
        rows = []
        for standing, found in self._assessed():
            active = {status.name: status for status in found.waivers if status.active}
            for waiver in found.case.review.waivers:
                days = (waiver.expires - self.today).days
                if waiver.waiver in active and days <= AHEAD_DAYS:
                    rows.append(
                        {
                            "ends": waiver.expires,
                            "days": days,
                            "waiver": waiver.waiver,
                            "workload": standing.workload,
                            "team": standing.team,
                            "items": sorted(active[waiver.waiver].items),
                            "approved_by": waiver.approved_by,
                            "verdict": found.verdict.value,
                            "without": found.verdict_without_waivers.value,
                        }
                    )
        return sorted(rows, key=lambda row: (row["ends"], row["workload"], row["waiver"]))

    def _owners(self) -> list[Row]:
        """Who has to act, most steps past their day first."""
        found: dict[str, _Owner] = {}
        for standing, assessment in self._assessed():
            for step in assessment.path_to_go:
                owner = found.setdefault(step.owner, _Owner())
                owner.open += 1
                owner.workloads.add(standing.workload)
                if step.due is not None and step.due < self.today:
                    owner.overdue.append(step.due)
        rows = [
            {
                "owner": name,
                "overdue": len(one.overdue),
                "earliest": min(one.overdue, default=None),
                "open": one.open,
                "workloads": len(one.workloads),
            }
            for name, one in found.items()
        ]
        return sorted(rows, key=lambda row: (-row["overdue"], -row["open"], row["owner"]))

    def _unheard(self) -> list[Row]:
        """The workloads that could not be assessed, now or last time, or were not re-checked within their cadence."""
        by_name = {standing.workload: standing for standing in self.standings}
        every = {name: one.every for name, one in by_name.items() if one.every is not None}
        silent = {one.workload: one for one in overdue(every, {n: o.trend for n, o in by_name.items()}, self.today)}
        rows = []
        for name, one in by_name.items():
            if name not in silent and one.assessment is not None and one.failure is None:
                continue
            last = max((day for day, verdict in one.trend if verdict is not None), default=None)
            problem = render(one.problem, self.language) if one.problem is not None else one.failure
            rows.append(
                {
                    "workload": name,
                    "team": one.team,
                    "last": last,
                    "every": one.every,
                    "days": (self.today - last).days if last is not None else None,
                    "problem": problem,
                }
            )
        return sorted(rows, key=lambda row: (row["problem"] is None, row["last"] or date.min, row["workload"]))

    def _over_time(self) -> list[Row]:
        """How many workloads had which verdict at the end of each of the last weeks; the last row is today."""
        rows = []
        for weeks in range(WEEKS - 1, 0, -1):
            on = self.today - timedelta(weeks=weeks)
            known = [last for one in self.standings if (last := _verdict_on(one, on)) is not None]
            if known:
                rows.append(_counted(on, known))
        now = [one.assessment.verdict.value if one.assessment is not None else "none" for one in self.standings]
        return [*rows, _counted(self.today, now)]

    def _heat_map(self) -> list[Row]:
        """Per workload and checklist: how many items apply, are open, and stop it."""
        rows: list[Row] = []
        for standing, found in self._assessed():
            policy = found.case.policy
            cells: dict[str, list[int]] = {one.checklist: [0, 0, 0] for one in found.case.checklists}
            for item in found.items:
                cell = cells[item.checklist.checklist]
                cell[0] += item.open and stops(item, policy) and item.covered_by is None
                cell[1] += item.open
                cell[2] += item.state is not State.NOT_APPLICABLE
            rows += [
                {
                    "workload": standing.workload, "verdict": found.verdict.value, "checklist": name,
                    "stopping": cell[0], "open": cell[1], "applying": cell[2],
                }
                for name, cell in cells.items()
            ]  # fmt: skip
        return rows

    def _workloads(self) -> Iterable[Row]:
        """Every workload, worst first."""
        for standing in self.standings:
            found = standing.assessment
            workload = found.case.workload if found is not None else None
            verdict = found.verdict.value if found is not None else None
            yield {
                "workload": standing.workload,
                "title": in_language(workload.title, self.language) if workload is not None else standing.workload,
                "team": standing.team,
                "tier": workload.tier if workload is not None else None,
                "verdict": verdict,
                "decision": found.decision.value if found is not None else None,
                "launch": found.case.launch_day if found is not None else None,
                "live_since": workload.live_since if workload is not None else None,
                "valid_until": found.valid_until if found is not None else None,
                "open": standing.open if found is not None else None,
                "applying": standing.applying if found is not None else None,
                "since": _since(standing, verdict),
                "next": render(standing.next, self.language),
            }


@dataclass
class _Blocker:
    item: ItemAssessment
    stops: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)


@dataclass
class _Owner:
    open: int = 0
    overdue: list[date] = field(default_factory=list)
    workloads: set[str] = field(default_factory=set)


def _calendar(found: Assessment) -> Finding | None:
    """What the checks of change calendars say about the launch: the worst of them."""
    said = [
        finding
        for item in found.items
        for part in (item.choices or (item,))
        for finding in part.findings
        if finding.check == "calendar"
    ]
    return min(said, key=lambda finding: _OUTCOMES.index(finding.outcome), default=None)


def _verdict_on(standing: Standing, day: date) -> str | None:
    """What the last run up to a day said; None where there was none yet."""
    said = [verdict or "none" for on, verdict in standing.trend if on <= day]
    return said[-1] if said else None


def _since(standing: Standing, verdict: str | None) -> date | None:
    """Since which recorded day the verdict is what it is; None where the last run said otherwise."""
    since = None
    for on, said in reversed(standing.trend):
        if said != verdict:
            break
        since = on
    return since


def _counted(on: date, verdicts: Sequence[str]) -> Row:
    return {"on": on, **{key: verdicts.count(key) for key in (*(verdict.value for verdict in Verdict), "none")}}
