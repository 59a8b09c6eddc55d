"""Common model of scan and test results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from orr.messages import Message

MAX_WORDS = 200


class Status(StrEnum):
    """Status of one result; only `passed` is a pass."""

    FAILED = "failed"
    ERROR = "error"
    INCONCLUSIVE = "inconclusive"
    NOT_REVIEWED = "not-reviewed"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not-applicable"
    PASSED = "passed"


UNDECIDED = (Status.INCONCLUSIVE, Status.NOT_REVIEWED, Status.SKIPPED)


class Severity(StrEnum):
    """Severity of a finding, worst first; `unrated` where absent."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"
    UNRATED = "unrated"


class Waiver(NamedTuple):
    """Waiver, suppression or exception in the file; it excuses nothing.

    Attributes
    ----------
    reason
        Reason given in the file.
    expires
        Its last day, where it has one.
    granted
        Whether it counted when the tool ran: not only asked for, refused or over already.
    """

    reason: str
    expires: date | None = None
    granted: bool = True

    def in_force(self, today: date) -> bool:
        """Whether it still counts for the tool."""
        return self.granted and (self.expires is None or today <= self.expires)


class Attestation(NamedTuple):
    """A person's word in place of a test.

    Attributes
    ----------
    by
        Who gave it.
    since, until
        The first and the last day on which it holds; None where that cannot be read, and it never holds.
    """

    by: str
    since: date | None
    until: date | None

    def in_force(self, today: date) -> bool:
        """Whether it holds on a day."""
        return self.since is not None and self.until is not None and self.since <= today <= self.until


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that a tool looked at.

    Attributes
    ----------
    id
        The tool's name for it: a rule, a control, a test.
    status, severity
        What the tool says.
    where
        The object that it is about, as the file names it.
    line
        The line of the result file; 0 where the format has no lines worth naming.
    waiver
        What the file says to excuse it.
    attestation
        The person's word that its status comes from.
    """

    id: str
    status: Status
    severity: Severity = Severity.UNRATED
    where: str = ""
    line: int = 0
    waiver: Waiver | None = None
    attestation: Attestation | None = None

    @property
    def is_finding(self) -> bool:
        """Whether it counts against the bounds: it failed, or a waiver skipped it."""
        return self.status is Status.FAILED or (self.waiver is not None and self.status in UNDECIDED)


@dataclass(frozen=True, slots=True)
class Report:
    """One result file.

    Attributes
    ----------
    format
        The name of its format.
    tool
        What wrote it, as it says itself.
    results
        All that it lists.
    more_passed
        How many passes it counts without listing them.
    days
        The days that it was written on; None among them where a part does not say.
    expires
        The last day on which it holds by its own words.
    trouble
        Why it is not the whole truth: a run that broke off, totals that do not fit.
    bare
        Parts of it that list nothing, which may mean that nothing was found, or that nothing was looked at.
    """

    format: str
    tool: str
    results: tuple[Result, ...]
    more_passed: int = 0
    days: tuple[date | None, ...] = ()
    expires: date | None = None
    trouble: tuple[Message, ...] = ()
    bare: tuple[Message, ...] = ()

    @property
    def ran(self) -> date | None:
        """Oldest day of the parts; None where one has none."""
        known = [day for day in self.days if day is not None]
        return min(known) if known and len(known) == len(self.days) else None

    @property
    def is_bare(self) -> bool:
        """Whether it lists no result that applies."""
        return not self.more_passed and all(one.status is Status.NOT_APPLICABLE for one in self.results)

    def as_of(self, today: date) -> Report:
        """Report on a day, with lapsed attestations as not reviewed."""
        results = (
            replace(one, status=Status.NOT_REVIEWED) if one.attestation and not one.attestation.in_force(today) else one
            for one in self.results
        )
        return replace(self, results=tuple(results))


def named(results: Iterable[Result]) -> dict[str, str]:
    """Names that a tool gives its results, by what became of them.

    Found, excused, attested or left undecided; times, runs and passes are left out.
    """
    lines: dict[str, set[str]] = {}
    for one in results:
        if one.status is Status.NOT_APPLICABLE or (one.status is Status.PASSED and not (one.waiver or one.attestation)):
            continue
        words = [one.severity.value, one.status.value, one.where]
        words += [one.waiver.reason] if one.waiver else []
        words += [one.attestation.by] if one.attestation else []
        lines.setdefault(one.id, set()).add(" · ".join(filter(None, words)))
    return {name: "\n".join(sorted(lines[name])) for name in sorted(lines)}


_WORDS = {
    **dict.fromkeys(("critical", "blocker", "fatal", "very high"), Severity.CRITICAL),
    **dict.fromkeys(("high", "major", "important", "severe"), Severity.HIGH),
    **dict.fromkeys(("medium", "moderate", "warning"), Severity.MEDIUM),
    **dict.fromkeys(("low", "minor", "very low", "negligible"), Severity.LOW),
    **dict.fromkeys(("info", "informational", "information", "none", "note"), Severity.INFO),
}


def severity_of(word: object) -> Severity:
    """The severity that a word names."""
    return _WORDS.get(word.strip().casefold(), Severity.UNRATED) if isinstance(word, str) else Severity.UNRATED


def worst(severities: Iterable[Severity]) -> Severity:
    """Worst of several severities; only critical is worse than unrated."""
    found = set(severities) or {Severity.UNRATED}
    for one in (Severity.CRITICAL, Severity.UNRATED):
        if one in found:
            return one
    return min(found, key=list(Severity).index)


def scored(score: object, critical: float, high: float, medium: float) -> Severity:
    """Severity of a score, by the least score of each.

    Below zero, or no number, is unrated.
    """
    if isinstance(score, str):
        try:
            score = float(score)
        except ValueError:
            return Severity.UNRATED
    if not isinstance(score, (int, float)) or isinstance(score, bool) or not score >= 0:
        return Severity.UNRATED
    steps = ((critical, Severity.CRITICAL), (high, Severity.HIGH), (medium, Severity.MEDIUM))
    return next((name for least, name in steps if score >= least), Severity.LOW if score > 0 else Severity.INFO)


def moment(value: object, timezone: tzinfo) -> datetime | None:
    """Parse a time in ISO 8601, or in seconds or milliseconds since 1970.

    None if it is neither.
    """
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value.strip())
            return read.replace(tzinfo=timezone) if read.tzinfo is None else read.astimezone(timezone)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC).astimezone(timezone)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def day_of(value: object, timezone: tzinfo) -> date | None:
    """The day of a time."""
    read = moment(value, timezone)
    return read.date() if read else None


def last_day(value: object, timezone: tzinfo) -> date | None:
    """The last day before an end; a plain date is itself the last day."""
    if isinstance(value, str) and len(value.strip()) == 10:
        return day_of(value, timezone)
    read = moment(value, timezone)
    try:
        return (read - timedelta(microseconds=1)).date() if read else None
    except OverflowError:
        return None


def brief(*words: object) -> str:
    """The first of several that is text, on one line and not too long."""
    for one in words:
        if isinstance(one, str) and one.strip():
            line = " ".join(one[: 4 * MAX_WORDS].split())
            return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"
    return ""


def earliest(days: Iterable[date | None]) -> date | None:
    """The first of several days."""
    return min((day for day in days if day is not None), default=None)
