"""Tables behind the fleet page. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from orr.evaluate import Verdict
from orr.fleet.cadence import overdue
from orr.fleet.standing import Assessed, Blocker, Standing, counted
from orr.messages import in_language, render
from orr.model.finding import Outcome
from orr.model.person import identity
from orr.system.frames import DAY

Row = Mapping[str, Any]

COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "launches": {
            "on": DAY,
            "days": "Int64",
            "workload": "string",
            "team": "category",
            "verdict": "category",
            "decision": "category",
            "calendar": "category",
            "calendar_says": "string",
            "in_doubt": "bool",
            "open": "Int64",
            "next": "string",
        },
        "teams": {
            "team": "string",
            "workloads": "int64",
            **dict.fromkeys((*(verdict.value for verdict in Verdict), "none"), "int64"),
            "overdue": "int64",
            "launch": DAY,
        },
        "blockers": {
            "item": "string",
            "ask": "string",
            "owner": "category",
            "risk": "category",
            "stops": "int64",
            "conditions": "int64",
            "workloads": "object",
        },
        "waivers": {
            "ends": DAY,
            "days": "int64",
            "waiver": "string",
            "workload": "string",
            "team": "category",
            "items": "object",
            "approved_by": "string",
            "verdict": "category",
            "without": "category",
        },
        "owners": {"owner": "string", "overdue": "int64", "earliest": DAY, "open": "int64", "workloads": "int64"},
        "unchecked": {
            "workload": "string",
            "team": "category",
            "last": DAY,
            "every": "Int64",
            "days": "Int64",
            "problem": "string",
        },
        "over_time": {"on": DAY, **dict.fromkeys((*(verdict.value for verdict in Verdict), "none"), "int64")},
        "heat_map": {
            "workload": "category",
            "verdict": "category",
            "checklist": "category",
            "stopping": "int64",
            "open": "int64",
            "applying": "int64",
        },
        "workloads": {
            "workload": "string",
            "title": "string",
            "team": "category",
            "tier": "Int64",
            "tier_because": "string",
            "verdict": "category",
            "headline": "string",
            "decision": "category",
            "release": "string",
            "launch": DAY,
            "live_since": DAY,
            "valid_until": DAY,
            "open": "Int64",
            "applying": "Int64",
            "asked": "Int64",
            "asked_of": "Int64",
            "last_verdict": "category",
            "since": DAY,
            "next": "string",
        },
    }
)
"""By table its columns and their types as a frame."""

AHEAD_DAYS = 30
_NO = (None, Verdict.NO_GO.value)


class Tables:
    """Tables of a fleet, each computed on demand.

    Parameters
    ----------
    standings
        The fleet, worst first.
    today
        The day.
    language
        Of the sentences in the tables; their keys are the same in all languages.
    weeks
        By the last day of past weeks how many workloads had which verdict.
    """

    def __init__(
        self, standings: Sequence[Standing], today: date, language: str, weeks: Mapping[date, Mapping[str | None, int]]
    ) -> None:
        self.standings, self.today, self.language, self._weeks = standings, today, language, weeks

    def rows(self, name: str) -> list[Row]:
        """The rows of a table, by its name."""
        if name not in COLUMNS:
            raise KeyError(name)
        return list(getattr(self, f"_{name}")())

    def _assessed(self) -> Iterator[tuple[Standing, Assessed]]:
        for standing in self.standings:
            if standing.assessment is not None:
                yield standing, standing.assessment

    def _launches(self) -> list[Row]:
        """Launches that slipped or lie within 30 days, those in doubt first.

        In doubt is a launch that is no-go, cannot be assessed, or lies where its calendar is not open, and one
        whose day went by without the workload going live.
        """
        rows = []
        for standing in self.standings:
            found, on = standing.assessment, standing.launch_day
            if on is None or standing.live or (days := (on - self.today).days) > AHEAD_DAYS:
                continue
            calendar = found.calendar if found is not None else None
            verdict = found.verdict.value if found is not None else None
            rows.append(
                {
                    "on": on,
                    "days": days,
                    "workload": standing.workload,
                    "team": standing.team,
                    "verdict": verdict,
                    "decision": found.decision.value if found is not None else None,
                    "calendar": calendar[0].value if calendar is not None else None,
                    "calendar_says": render(calendar[1], self.language) if calendar is not None else None,
                    "in_doubt": days < 0 or verdict in _NO or (calendar is not None and calendar[0] is not Outcome.MET),
                    "open": standing.open if found is not None else None,
                    "next": render(standing.next, self.language),
                }
            )
        return sorted(rows, key=lambda row: (not row["in_doubt"], row["on"]))  # the standings are worst first

    def _teams(self) -> list[Row]:
        """The teams, those with most workloads that are not assessed or no-go first."""
        found: dict[str, list[Standing]] = {}
        for one in self.standings:
            found.setdefault(one.team or "", []).append(one)
        rows = []
        for team, own in found.items():
            counts = {verdict.value if verdict is not None else "none": n for verdict, n in counted(own).items()}
            launches = [one.launch_day for one in own if one.launches_in is not None and one.launch_day is not None]
            ahead = [steps for one in own if one.assessment is not None for steps in one.assessment.ahead]
            rows.append(
                {
                    "team": team,
                    "workloads": len(own),
                    **counts,
                    "overdue": sum(len(steps.overdue) for steps in ahead),
                    "launch": min(launches, default=None),
                }
            )
        return sorted(rows, key=lambda row: (-row["none"] - row["no-go"], -row["conditional-go"], row["team"]))

    def _blockers(self) -> list[Row]:
        """The items that keep most workloads from go: those that stop before those that condition."""
        found: dict[str, _Blocked] = {}
        for standing, assessment in self._assessed():
            for blocker in assessment.blockers:
                one = found.setdefault(blocker.item, _Blocked(blocker))
                (one.stops if blocker.stopping else one.conditions).append(standing.workload)
        order = sorted(found.values(), key=lambda one: (-len(one.stops), -len(one.conditions), one.blocker.item))
        return [
            {
                "item": one.blocker.item,
                "ask": in_language(one.blocker.ask, self.language),
                "owner": one.blocker.owner,
                "risk": one.blocker.risk.value,
                "stops": len(one.stops),
                "conditions": len(one.conditions),
                "workloads": [*one.stops, *one.conditions],
            }
            for one in order
        ]

    def _waivers(self) -> list[Row]:
        """Active waivers that end within 30 days, those that hold up verdicts first."""
        rows = []
        for standing, found in self._assessed():
            for waiver in found.waivers:
                days = (waiver.expires - self.today).days
                if days <= AHEAD_DAYS:
                    rows.append(
                        {
                            "ends": waiver.expires,
                            "days": days,
                            "waiver": waiver.waiver,
                            "workload": standing.workload,
                            "team": standing.team,
                            "items": list(waiver.items),
                            "approved_by": waiver.approved_by,
                            "verdict": found.verdict.value,
                            "without": found.without_waivers.value,
                        }
                    )
        return sorted(
            rows, key=lambda row: (row["without"] == row["verdict"], row["ends"], row["workload"], row["waiver"])
        )

    def _owners(self) -> list[Row]:
        """Who has to act, most steps past their day first."""
        found: dict[str, _Owner] = {}
        for _, assessment in self._assessed():
            for steps in assessment.ahead:
                owner = found.setdefault(identity(steps.owner), _Owner(steps.owner))
                owner.open += steps.steps
                owner.workloads += 1
                owner.overdue += steps.overdue
        rows = [
            {
                "owner": one.name,
                "overdue": len(one.overdue),
                "earliest": min(one.overdue, default=None),
                "open": one.open,
                "workloads": one.workloads,
            }
            for one in found.values()
        ]
        return sorted(rows, key=lambda row: (-row["overdue"], -row["open"], row["owner"]))

    def _unchecked(self) -> list[Row]:
        """Workloads that could not be assessed, or are overdue for a re-check."""
        every = {one.workload: one.every for one in self.standings if one.every is not None}
        last = {one.workload: one.last for one in self.standings if one.last is not None}
        silent = {one.workload for one in overdue(every, last, self.today)}
        rows = []
        for one in self.standings:
            if one.workload not in silent and one.assessment is not None and one.failure is None:
                continue
            problem = one.problem if one.problem is not None else one.failure
            rows.append(
                {
                    "workload": one.workload,
                    "team": one.team,
                    "last": one.last,
                    "every": one.every,
                    "days": (self.today - one.last).days if one.last is not None else None,
                    "problem": render(problem, self.language) if problem is not None else None,
                }
            )
        return sorted(rows, key=lambda row: (row["problem"] is None, row["last"] or date.min, row["workload"]))

    def _over_time(self) -> list[Row]:
        """Workloads by verdict at the end of the last weeks, and today."""
        now = [one.assessment.verdict.value if one.assessment is not None else None for one in self.standings]
        columns = [*sorted(self._weeks.items()), (self.today, Counter(now))]
        keys = (*(verdict.value for verdict in Verdict), None)
        return [{"on": on, **{key or "none": counts.get(key, 0) for key in keys}} for on, counts in columns]

    def _heat_map(self) -> list[Row]:
        """Per workload and checklist: how many items apply, are open, and stop it."""
        rows: list[Row] = []
        for standing, found in self._assessed():
            rows += [
                {
                    "workload": standing.workload, "verdict": found.verdict.value, "checklist": cell.checklist,
                    "stopping": cell.stopping, "open": cell.open, "applying": cell.applying,
                }
                for cell in found.cells
            ]  # fmt: skip
        return rows

    def _workloads(self) -> Iterable[Row]:
        """Every workload, worst first."""
        for standing in self.standings:
            found, file, rating = standing.assessment, standing.file, standing.rating
            yield {
                "workload": standing.workload,
                "title": in_language(file.title, self.language) if file is not None else standing.workload,
                "team": standing.team,
                "tier": rating.tier if rating is not None else None,
                "tier_because": render(rating.says, self.language) if rating is not None else None,
                "verdict": found.verdict.value if found is not None else None,
                "headline": render(found.headline, self.language) if found is not None else None,
                "decision": found.decision.value if found is not None else None,
                "release": render(found.release, self.language) if found is not None and found.release else None,
                "launch": standing.launch_day,
                "live_since": file.live_since if file is not None else None,
                "valid_until": found.valid_until if found is not None else None,
                "open": standing.open if found is not None else None,
                "applying": standing.applying if found is not None else None,
                "asked": found.asked[0] if found is not None else None,
                "asked_of": found.asked[1] if found is not None else None,
                "last_verdict": standing.trend[-1][1] if standing.trend else None,
                "since": standing.since,
                "next": render(standing.next, self.language),
            }


@dataclass
class _Blocked:
    blocker: Blocker
    stops: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)


@dataclass
class _Owner:
    name: str
    open: int = 0
    overdue: list[date] = field(default_factory=list)
    workloads: int = 0
