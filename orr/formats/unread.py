"""Workloads that could not be read: an error in every output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orr.evaluate import Evaluation
from orr.messages import render, say
from orr.source.faults import Fault


@dataclass(frozen=True, slots=True)
class Unread:
    """A workload whose files could not be read.

    Attributes
    ----------
    workload
        Its name, as it was asked for.
    faults
        Why.
    """

    workload: str
    faults: tuple[Fault, ...]

    def lines(self, language: str) -> list[str]:
        """Every fault with its place and remedy, a line each."""
        return [fault.in_words(language) for fault in self.faults]

    def headline(self, language: str) -> str:
        """That it could not be read, on one line."""
        return render(say("formats.unread", n=len(self.faults)), language)


Outcome = Evaluation | Unread
"""What became of a workload."""


def noting(outcomes: Iterable[Outcome], unread: list[Unread]) -> Iterator[Outcome]:
    """Pass outcomes on, and collect those of unreadable workloads in `unread`."""
    for one in outcomes:
        if isinstance(one, Unread):
            unread.append(one)
        yield one


def readable(outcomes: Iterable[Outcome]) -> Iterator[Evaluation]:
    """The assessments among what became of workloads, one after the other."""
    return (one for one in outcomes if not isinstance(one, Unread))
