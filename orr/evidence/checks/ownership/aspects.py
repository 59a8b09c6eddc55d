"""Result of one aspect of ownership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from orr.evaluate.states import severity_of
from orr.messages import Said
from orr.model.finding import Outcome


@dataclass
class OwnershipResult:
    """What is good and bad of one side of ownership.

    Attributes
    ----------
    outcome, says
        As in a finding.
    rows
        What was judged, its owner, and what is wrong with it.
    holds_until
        The last day on which it holds.
    content
        What else it was decided on: where that stands, and its text.
    """

    name: str
    outcome: Outcome
    says: Said
    rows: list[tuple[Said, Said, Said]] = field(default_factory=list)
    holds_until: date | None = None
    content: list[tuple[str, str]] = field(default_factory=list)
    nothing: bool = False

    @property
    def severity_of(self) -> int:
        """How bad it is, for ordering."""
        return severity_of(self.outcome)


def share(good: int, of: int) -> Outcome:
    """Outcome of a share: all met, some partial, none not met, empty unknown."""
    if of == 0:
        return Outcome.UNKNOWN
    if good == of:
        return Outcome.MET
    return Outcome.PARTIAL if good else Outcome.NOT_MET


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """The worst of several."""
    return max(outcomes, key=severity_of)
