"""Life of each waiver over the runs. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from orr.history.reading import Summary
from orr.history.records import Stage, WaiverRow


class Step(NamedTuple):
    """A stage that a run found a waiver in."""

    stage: Stage
    today: date
    number: int


@dataclass(frozen=True)
class WaiverLife:
    """A waiver and its stages, in the order of the runs that found them.

    Attributes
    ----------
    workload, waiver
        Which waiver.
    last
        What it said when it was last seen.
    steps
        Its stages; a run that found the same stage as the one before adds none.
    """

    workload: str
    waiver: str
    last: WaiverRow
    steps: tuple[Step, ...]

    @property
    def items(self) -> list[str]:
        """What it waives."""
        return [str(item) for item in json.loads(self.last.items)]


def lives(rows: Iterable[tuple[Summary, str, WaiverRow]]) -> list[WaiverLife]:
    """Put the changes of waivers together, a life each, in the order in which they began."""
    found: dict[tuple[str, str], tuple[WaiverRow, list[Step]]] = {}
    for run, name, row in rows:
        last, steps = found.get((run.workload, name), (row, []))
        if not steps or steps[-1].stage is not row.stage:
            steps = [*steps, Step(row.stage, run.today, run.number)]
        found[run.workload, name] = (last if row.stage is Stage.GONE else row, steps)
    return [WaiverLife(*key, last, tuple(steps)) for key, (last, steps) in found.items()]
