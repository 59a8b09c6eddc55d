"""Re-check many workloads: report, record, and compare with the last run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from orr.fleet.pool import Result, faulty
from orr.formats.record import without_texts
from orr.history import Before, History, Run
from orr.history.comparison import Record, alike, like_with_like
from orr.history.drift import Drift
from orr.messages import Message, render, say

SIMULATED = "/@simulated"
"""What the name ends with under which runs for another day than the clock's are recorded."""

LOOK_BACK = 20
"""Among how many runs the last on the same checklists is looked for."""


@dataclass(frozen=True)
class Rechecked:
    """A result beside what was known before it.

    Attributes
    ----------
    result
        What became of the workload now.
    before
        What was recorded last.
    drift
        What changed since its last assessment; None where there was none, or is none.
    release
        The release that the review of a change is about.
    """

    result: Result
    before: Before
    drift: Drift | None
    release: str | None = None

    @property
    def is_first(self) -> bool:
        """Whether nothing had been recorded of it before."""
        return self.before.assessed is None and not self.before.failed

    @property
    def is_lost(self) -> bool:
        """Whether it could be assessed before, and cannot be now."""
        return self.result.assessment is None and not self.before.failed and self.before.assessed is not None

    @property
    def says(self) -> tuple[Message, ...]:
        """Changes in words; empty for none and for the first run."""
        if self.result.assessment is None:
            return (say("fleet.drift.lost", why=why(self.result)),) if self.is_lost else ()
        again = (say("fleet.drift.recovered"),) if self.before.failed else ()
        return again + (self.drift.says if self.drift is not None else ())

    @property
    def regressions(self) -> tuple[Message, ...]:
        """Only what got worse, in words."""
        if self.result.assessment is None:
            return self.says
        return self.drift.regressions if self.drift is not None else ()

    @property
    def recovers(self) -> bool:
        """Return whether a recovery should be announced to those notified before."""
        assessed = self.result.assessment is not None
        return assessed and (self.before.failed or (self.drift is not None and self.drift.recovers))

    @property
    def verdict_before(self) -> str | None:
        """The verdict of the last assessment before."""
        was = self.before.assessed.assessment if self.before.assessed is not None else None
        return str(was["verdict"]) if was is not None else None


def name_of(workload: str, release: str | None, *, simulated: bool = False) -> str:
    """Name under which runs are recorded, distinct for releases and simulations.

    A workload's name holds no slash and a release's no `@`, so none is taken for another; and
    whatever asks for a workload's runs never finds a simulated one.
    """
    name = workload if release is None else f"{workload}/{release}"
    return f"{name}{SIMULATED}" if simulated else name


def record(
    results: Iterable[Result],
    history: History,
    today: date,
    language: str,
    release: str | None = None,
    begun: int | None = None,
    *,
    simulated: bool = False,
) -> Iterator[Rechecked]:
    """Record every result as it comes, so that an interrupt loses none that was finished.

    Parameters
    ----------
    results
        What became of the workloads.
    history
        Where it is recorded; a workload that could not be assessed as well, so that its
        history never looks as if it had passed.
    today, language
        The day that was asked for, and the language of the words that are kept.
    release
        The release that a review of a change is about.
    begun
        The record of the start that the results come of.
    simulated
        Whether the day is another than the clock's.
    """
    for result in results:
        name = name_of(result.workload, release, simulated=simulated)
        failure = render(why(result), language) if result.assessment is None else None
        # A page that is made after midnight calls the day of the re-check another one.
        told = None if result.assessment is None else {**without_texts(result.assessment), "simulated": simulated}
        before = history.record(Run(name, today, datetime.now(UTC), told, failure, begun=begun))
        changes = None
        if result.assessment is not None and before.assessed is not None and before.assessed.assessment is not None:
            last = before.assessed.assessment
            earlier = None if alike(last, result.assessment) else _earlier(history, name, result.assessment)
            changes = like_with_like(last, result.assessment, earlier)
        yield Rechecked(result, before, changes, release)


def why(result: Result) -> Message:
    """Why a result has no assessment."""
    if result.failure is not None:
        return result.failure
    return faulty(result.faults)


def _earlier(history: History, name: str, now: Any) -> Record | None:
    """The last run on the same checklists, before the one that was just recorded."""
    runs = history.runs(name, LOOK_BACK)[:-1]
    found = (run.assessment for run in reversed(runs) if run.assessment is not None)
    return next((one for one in found if alike(one, now)), None)
