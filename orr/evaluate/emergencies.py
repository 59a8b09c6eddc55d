"""Exceptions by which a release passes in an emergency: of two persons, for hours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo

from orr.messages import Message, moment, say
from orr.model.fields import Moment
from orr.model.person import alike
from orr.model.release import Release, Subject, SubjectKind
from orr.model.review import Emergency

LONGEST = timedelta(hours=24)
"""For how long an exception lets anything pass."""


def moment_of(written: Moment, timezone: tzinfo) -> datetime:
    """Moment that a file names: a day's start, or local time without offset."""
    if not isinstance(written, datetime):
        return datetime.combine(written, time(), timezone)
    return written if written.tzinfo is not None else written.replace(tzinfo=timezone)


def ends(emergency: Emergency, timezone: tzinfo) -> datetime | None:
    """When an exception ends; None where nobody approved it."""
    if emergency.approved_at is None:
        return None
    approved = moment_of(emergency.approved_at, timezone)
    return min(approved + timedelta(hours=emergency.hours), approved + LONGEST)


def why_not(emergency: Emergency, now: datetime, timezone: tzinfo, release: Release) -> Message | None:
    """Why an exception lets nothing pass at a moment; None where it does.

    Parameters
    ----------
    emergency
        What was asked for, and by whom it was approved.
    now
        The moment, with an offset.
    timezone
        In which moments without offset are.
    release
        What is to pass.
    """
    about = {"emergency": emergency.emergency}
    until = ends(emergency, timezone)
    if emergency.approved_by is None or emergency.approved_at is None or until is None:
        return say("rule.emergency.not-approved", **about)
    if alike(emergency.requested_by, emergency.approved_by):
        return say("rule.emergency.one-person", by=emergency.approved_by, **about)
    if emergency.closed_on is not None or emergency.closed_by is not None:
        return say("rule.emergency.closed", **about)
    if now < moment_of(emergency.approved_at, timezone):
        return say("rule.emergency.ahead", at=moment(moment_of(emergency.approved_at, timezone)), **about)
    if now >= until:
        return say("rule.emergency.over", at=moment(until.astimezone(timezone)), **about)
    if emergency.environment is not None and not _is(release, emergency.environment):
        return say("rule.emergency.environment", environment=emergency.environment, **about)
    return None


def _is(release: Release, environment: str) -> bool:
    return release.is_about(Subject(SubjectKind.ENVIRONMENT, environment, ""))


def _in_a_row(emergency: Emergency, others: Iterable[Emergency], timezone: tzinfo) -> datetime | None:
    """Start of one approver's consecutive exceptions within a day; None if unapproved."""
    if emergency.approved_at is None:
        return None
    began = moment_of(emergency.approved_at, timezone)
    earlier = [
        (moment_of(one.approved_at, timezone), until)
        for one in others
        if one.approved_at is not None
        and alike(str(one.approved_by), str(emergency.approved_by))
        and (until := ends(one, timezone)) is not None
    ]
    for start, until in sorted(earlier, reverse=True):
        if start < began <= until + LONGEST:
            began = start
    return began


def passing(
    emergencies: Iterable[Emergency],
    now: datetime,
    timezone: tzinfo,
    release: Release,
    known: Sequence[Emergency] = (),
) -> tuple[Emergency | None, tuple[Message, ...]]:
    """The first exception that lets a release pass, and why the others do not.

    Exceptions that one person approved one after another last no longer than one: a day from the first approval.

    Parameters
    ----------
    emergencies, now, timezone, release
        See `why_not`.
    known
        Those too that were taken out of the files.
    """
    refused: list[Message] = []
    every = list(emergencies)
    for one in every:
        why, began = why_not(one, now, timezone, release), _in_a_row(one, (*every, *known), timezone)
        if why is None and began is not None and now >= began + LONGEST:
            at = moment(began.astimezone(timezone))
            why = say("rule.emergency.in-a-row", emergency=one.emergency, by=one.approved_by or "—", at=at)
        if why is None:
            return one, tuple(refused)
        refused.append(why)
    return None, tuple(refused)


def unclosed(emergencies: Sequence[Emergency]) -> tuple[Emergency, ...]:
    """Those that were approved and that nobody has closed, however long ago they ended."""
    return tuple(one for one in emergencies if one.approved_by is not None and one.closed_on is None)


def in_words(emergency: Emergency, timezone: tzinfo) -> Message:
    """An exception for a reader: who, why, until when."""
    until = ends(emergency, timezone)
    if emergency.approved_by is None:
        about = {"emergency": emergency.emergency, "reason": emergency.reason, "asked": emergency.requested_by}
        return say("rule.emergency.asked", **about)
    return say(
        "rule.emergency.says",
        emergency=emergency.emergency,
        reason=emergency.reason,
        asked=emergency.requested_by,
        by=emergency.approved_by,
        until="—" if until is None else moment(until.astimezone(timezone)),
    )
