"""The roster of a workload as pandas frames.

    import orr

    roster = orr.roster("checkout", days="90d")
    roster.hours().pivot(index="person", columns="week", values="hours")

Days are `datetime64`, moments are in the roster's time zone, and what repeats is a category.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from orr.assessing import open_workspace
from orr.evaluate.case import Case
from orr.evidence.calendars.spans import Span
from orr.evidence.checks.roster.opening import Opened, opened
from orr.evidence.checks.roster.shifts import PRIMARY, SECONDARY
from orr.evidence.checks.roster.times import support
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.kind import Kind
from orr.evidence.kinds.registry import kind_named
from orr.evidence.sentences import in_short
from orr.messages import say
from orr.messages.errors import BadArgument
from orr.model.checklist import CheckSpec
from orr.system.frames import DAY, MOMENT, frame

if TYPE_CHECKING:
    from pandas import DataFrame

READ_BY = (
    "path", "days", "before", "secondary", "hours", "timezone", "handover", "primary_named", "secondary_named",
    "policy",
)  # fmt: skip
"""The parameters of the check that say what is read; the others say what is asked of it."""

SHIFTS: Mapping[str, str] = MappingProxyType(
    {
        "role": "category",
        "person": "category",
        "start": MOMENT,
        "end": MOMENT,
        "hours": "float64",
        "file": "category",
        "row": "int64",
    }
)
"""The columns of `Roster.shifts` and their types, moments as they are before they get the roster's time zone."""

HOURS: Mapping[str, str] = MappingProxyType({"person": "category", "week": DAY, "hours": "float64"})
"""The columns of `Roster.hours` and their types."""

GAPS: Mapping[str, str] = MappingProxyType({"role": "category", "start": MOMENT, "end": MOMENT, "hours": "float64"})
"""The columns of `Roster.gaps` and their types, moments as they are before they get the roster's time zone."""

NIGHTS: Mapping[str, str] = MappingProxyType({"person": "category", "nights": "int64", "first": DAY})
"""The columns of `Roster.nights` and their types."""


@dataclass(frozen=True, repr=False)
class Roster:
    """Who is on call around a launch, measured as the check `roster` measures it.

    Attributes
    ----------
    workload
        Whose it is.
    opened
        What was read.
    window
        The days that matter.
    required
        The hours of them that must be covered.
    roles
        The roles that are needed.
    """

    workload: str
    opened: Opened
    window: Span
    required: Sequence[Span]
    roles: tuple[str, ...]

    def __repr__(self) -> str:
        last = self.window.end - timedelta(seconds=1)
        days = f"{self.window.start:%Y-%m-%d} to {last:%Y-%m-%d}"
        return f"Roster of {self.workload}, {days}: {', '.join(self.opened.files)}"

    def shifts(self) -> DataFrame:
        """Row per shift that the days touch, as written; the columns are `SHIFTS`."""
        rows = [
            {
                "role": shift.role,
                "person": self.opened.measures.names[shift.key],
                **_span(shift.span),
                "file": shift.path,
                "row": shift.row,
            }
            for shift in self.opened.measures.within([self.window])
        ]
        return self._local(frame(rows, SHIFTS))

    def hours(self) -> DataFrame:
        """Row per person and week on call, from Monday; the columns are `HOURS`."""
        weeks = self.opened.measures.per_week(self.window)
        rows = [
            {"person": person, "week": week, "hours": held}
            for person, own in weeks.items()
            for week, held in sorted(own.items())
        ]
        return frame(rows, HOURS)

    def gaps(self) -> DataFrame:
        """Row per time without the required cover; the columns are those of `GAPS`."""
        rows = [
            {"role": role, **_span(gap)}
            for role in self.roles
            for gap in self.opened.measures.gaps(role, self.required)
        ]
        return self._local(frame(rows, GAPS))

    def nights(self) -> DataFrame:
        """Row per person with the longest run of nights, longest first, as `NIGHTS`."""
        found = [(person, *row) for person, row in self.opened.measures.nights(self.window).items()]
        rows = [
            {"person": person, "nights": nights, "first": first}
            for person, nights, first in sorted(found, key=lambda one: (-one[1], one[0]))
        ]
        return frame(rows, NIGHTS)

    def _local(self, table: DataFrame) -> DataFrame:
        zone = self.opened.around.zone
        return table.assign(start=table["start"].dt.tz_convert(zone), end=table["end"].dt.tz_convert(zone))


def roster(workload: str, workspace: str | Path = ".", *, today: str | date | None = None, **parameters: Any) -> Roster:
    """Read who is on call for a workload, as pandas frames.

    Parameters
    ----------
    workload
        The workload.
    workspace
        The workspace, or a folder somewhere in it.
    today
        The day from which on is looked, `YYYY-MM-DD`; the present day where it is not given.
    parameters
        Those of the check `roster` that say what is read: `path`, `days`, `before`,
        `secondary`, `hours`, `timezone`, `handover`, `primary_named`, `secondary_named`,
        `policy`. Where they are not given, what the workload's checklists say.

    Returns
    -------
    Roster
        Its methods `shifts`, `hours`, `gaps` and `nights` give a frame each.

    Raises
    ------
    FaultyInput
        If there is no such workload, or a file that it needs is faulty.
    Undetermined
        If there is no roster, or it cannot be read.
    BadArgument
        If a parameter is not what it should be.
    """
    for name in parameters:
        if name not in READ_BY:
            raise BadArgument(say("argument.roster", name=name, known=READ_BY))
    space, _ = open_workspace(workspace, today)
    case = space.case(workload)
    kind = kind_named("roster")
    asked = kind.moved(CheckSpec("roster", _asked(case)), case.workload.paths).parameters
    read = _parameters(kind, {**asked, **parameters}, workload)
    context = Context.of(case.rated_workload, space.places(case), space.today, case.timezone, space.settings)
    secondary, hours = read.pop("secondary"), read.pop("hours")
    try:
        found = opened(context, **read)
    finally:
        context.reader.close()
    if found is None:
        raise Undetermined(say("roster.none", patterns=in_short(read["path"])))
    window = found.around.window(space.today)
    roles = (PRIMARY, SECONDARY) if secondary else (PRIMARY,)
    doubts = [one.doubt for one in found.doubts if one.role in roles and one.span.meets(window)]
    if doubts:
        raise Undetermined(say("roster.doubt", doubts=doubts[:1]))
    return Roster(workload, found, window, support(hours, window, found.around.zone), roles)


def _asked(case: Case) -> dict[str, Any]:
    """Parameters of the workload's first check for cover at every hour, else any roster."""
    specs = [spec.parameters for one in case.checklists for spec in one.specs if spec.check == "roster"]
    specs.sort(key=lambda given: given.get("coverage") is False)
    return {name: value for name, value in (specs[0] if specs else {}).items() if name in READ_BY}


def _parameters(kind: Kind, given: Mapping[str, Any], workload: str) -> dict[str, Any]:
    if not given.get("path"):
        raise Undetermined(say("roster.no-check", workload=workload))
    for _, wrong, remedy in kind.faults(CheckSpec("roster", dict(given))):
        raise Undetermined(say("evidence.cannot", wrong=wrong, remedy=remedy))
    defaults = {one.name: one.default for one in kind.signature.parameters if one.name in READ_BY}
    return {**defaults, **kind.signature.read(given)}


def _span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "hours": span.hours}
