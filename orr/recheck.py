"""Looking again at many workloads: report, record, and say what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from orr.drift import Drift, drift
from orr.fleet import Result, faulty
from orr.history import Before, History, Run
from orr.messages import Message, render, say


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
    """

    result: Result
    before: Before
    drift: Drift | None

    @property
    def is_first(self) -> bool:
        """Whether nothing had been recorded of it before."""
        return self.before.assessed is None and not self.before.failed

    @property
    def says(self) -> tuple[Message, ...]:
        """What changed, in words; nothing where nothing did, or where it is the first run."""
        if self.result.assessment is None:
            lost = not self.before.failed and self.before.assessed is not None
            return (say("fleet.drift.lost", why=_why(self.result)),) if lost else ()
        again = (say("fleet.drift.recovered"),) if self.before.failed else ()
        return again + (self.drift.says if self.drift is not None else ())


def record(results: Iterable[Result], history: History, today: date, language: str) -> Iterator[Rechecked]:
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
    """
    for result in results:
        failure = render(_why(result), language) if result.assessment is None else None
        before = history.record(Run(result.workload, today, datetime.now(UTC), result.assessment, failure))
        changes = None
        if result.assessment is not None and before.assessed is not None and before.assessed.assessment is not None:
            changes = drift(before.assessed.assessment, result.assessment)
        yield Rechecked(result, before, changes)


def _why(result: Result) -> Message:
    if result.failure is not None:
        return result.failure
    return faulty(result.faults)
