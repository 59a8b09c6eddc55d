"""Workloads that are overdue for a re-check. Pure."""

from __future__ import annotations

from collections.abc import Mapping
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


def overdue(every: Mapping[str, int], last: Mapping[str, date], today: date) -> list[Overdue]:
    """Workloads overdue for a re-check, longest silence first.

    Parameters
    ----------
    every
        Per workload, within how many days it is to be re-checked.
    last
        Per workload, the day of its last run that has a verdict; one that failed looked at
        nothing.
    today
        The day.
    """
    found = [
        Overdue(workload, last.get(workload), days)
        for workload, days in every.items()
        if workload not in last or (today - last[workload]).days > days
    ]
    return sorted(found, key=lambda one: (one.last or date.min, one.workload))
