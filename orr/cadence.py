"""Which workloads nobody looked at for longer than they should go unseen: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple


class Overdue(NamedTuple):
    """A workload that was not re-checked within its cadence.

    Attributes
    ----------
    workload
        Which.
    last
        The day of its last run that has an assessment; None where there is none.
    every
        Within how many days it is to be re-checked.
    """

    workload: str
    last: date | None
    every: int


def overdue(
    every: Mapping[str, int], trends: Mapping[str, Sequence[tuple[date, str | None]]], today: date
) -> list[Overdue]:
    """Find the workloads that are not heard from, the longest silence first.

    Parameters
    ----------
    every
        Per workload, within how many days it is to be re-checked.
    trends
        Per workload, the days and verdicts of its last runs, oldest first; a run that
        failed has no verdict, and looked at nothing.
    today
        The day.
    """
    found = []
    for workload, days in every.items():
        last = last_assessed(trends.get(workload, ()))
        if last is None or (today - last).days > days:
            found.append(Overdue(workload, last, days))
    return sorted(found, key=lambda one: (one.last or date.min, one.workload))


def last_assessed(trend: Sequence[tuple[date, str | None]]) -> date | None:
    """The latest day of a run that has a verdict."""
    return max((day for day, verdict in trend if verdict is not None), default=None)
