"""Findings: the common result of all checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from orr.messages import Message, Said, say
from orr.model.checklist import ANY_OF
from orr.model.content import Content
from orr.model.release import Subject

if TYPE_CHECKING:
    from orr.model.picture import Picture


class Outcome(StrEnum):
    """Outcome of a check; `unknown` never counts as good."""

    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows behind a finding, for a reader who wants to see them.

    Attributes
    ----------
    columns
        The columns' titles.
    rows
        Cells as strings or messages, as many a row as there are columns.
    """

    columns: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]


class Where(NamedTuple):
    """Path of a file in the repository, and a line from 1 if known."""

    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes
    ----------
    check
        The kind of check.
    outcome
        What it says about the item.
    says
        One sentence that names the figures and the file behind them.
    holds_until
        The last day on which the finding holds, or None if it does not age. After it
        the item is stale.
    collected
        When it was collected.
    table
        The rows behind it, if a reader may want them.
    seconds
        How long the check took.
    picture
        The same as labels and numbers to draw, where that helps a reader (`orr.model.picture`).
    content
        What it decided on, beside its bounds: votes hold for just that. None for what was measured or counted.
    subjects
        What the evidence behind it says that it is about: which commit, image or environment.
    nothing
        Whether it is not met only because there is nothing to judge; what is there and is not
        as it should be is something wrong, which no other source outweighs.
    where
        What decided it, where that is a file of the repository.
    """

    check: str
    outcome: Outcome
    says: Said
    holds_until: date | None = None
    collected: datetime | None = None
    table: Table | None = None
    seconds: float = 0.0
    picture: Picture | None = None
    content: tuple[Content, ...] = ()
    subjects: tuple[Subject, ...] = ()
    nothing: bool = False
    where: Where | None = None

    @property
    def kind(self) -> str:
        """The kind of check, for people; empty for a group, whose words name its sources."""
        return "" if self.check == ANY_OF else self.check

    @property
    def label(self) -> Said:
        """Its outcome in a word or two: nothing found is not the same as not met."""
        return say("words.outcome.nothing" if self.nothing else f"words.outcome.{self.outcome.value}")


@dataclass(frozen=True, slots=True)
class Collected:
    """What findings were made from, so that a later reader sees whether it is still so.

    Attributes
    ----------
    read
        By folder, relative to the workspace, the SHA-256 of each file that a check read whole.
    found
        By folder, for each pattern that was looked for a digest of what it matched; empty where that was nothing.
    allowed
        What the settings of the workspace let checks do and ask.
    daily
        The items with a finding that may be another one each day.
    """

    read: Mapping[str, Mapping[str, str]]
    found: Mapping[str, Mapping[str, str]]
    allowed: tuple[str, ...]
    daily: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """All that was collected for one workload.

    Attributes
    ----------
    findings
        By item (`checklist/item`), one finding for each check of the item, in order.
    missing
        By item, why entries of the answer's `evidence` do not hold: the file is gone, or
        its content is not what its `sha256` says.
    hollow
        By item, why files that are there prove nothing: an empty one, a folder, the
        review's own data.
    sums
        By item, the SHA-256 of each file of the answer's `evidence`, by its path.
    texts
        By item, what those of them say that are texts, from their beginning.
    attached
        By item, what the files of the answer's evidence say that they are about.
    collected
        What the findings were made from; None where nothing was collected.
    """

    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    missing: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    hollow: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    sums: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    attached: Mapping[str, tuple[Subject, ...]] = field(default_factory=dict)
    collected: Collected | None = None

    def __repr__(self) -> str:
        return f"<Evidence on {len(self.findings)} items>"
