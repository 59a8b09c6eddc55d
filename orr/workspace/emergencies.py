"""Ask for, approve and close an exception by which a release passes in an emergency."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from orr.messages import say
from orr.model.person import alike
from orr.model.review import Emergency, Review
from orr.model.validation import read
from orr.source.faults import with_nearest
from orr.workspace.editing import Refused


def ask(
    review: Review, reason: str, by: str, at: datetime, hours: int, environment: str | None
) -> tuple[Review, Emergency]:
    """Add an exception that nobody has approved yet, as the next free `E-<number>`."""
    numbers = [int(match[1]) for one in review.emergencies if (match := re.fullmatch(r"E-(\d+)", one.emergency))]
    told = {"emergency": f"E-{max(numbers, default=0) + 1}", "reason": reason, "environment": environment}
    asked = read(Emergency, {**told, "requested_by": by, "requested_at": at, "hours": hours})
    return replace(review, emergencies=(*review.emergencies, asked)), asked


def approve(review: Review, name: str, by: str, at: datetime, signature: str | None = None) -> Review:
    """Approve an exception from now on, with the signature of who does, where there is one.

    Raises
    ------
    Refused
        If there is none, it is approved or closed already, or the same person asked for it.
    """
    found = named(review, name)
    if found.closed_on is not None:
        raise Refused(say("file.edit.emergency-closed", emergency=name, on=found.closed_on))
    if found.approved_by is not None:
        raise Refused(say("file.edit.approved", waiver=name, by=found.approved_by))
    if alike(found.requested_by, by):
        raise Refused(say("file.edit.own-emergency", asked=found.requested_by))
    return _replaced(review, replace(found, approved_by=by, approved_at=at, signature=signature))


def close(review: Review, name: str, by: str, at: datetime) -> Review:
    """Close an exception: what it stood for was looked at.

    Raises
    ------
    Refused
        If there is none, or it is closed already.
    """
    found = named(review, name)
    if found.closed_on is not None:
        raise Refused(say("file.edit.emergency-closed", emergency=name, on=found.closed_on))
    return _replaced(review, replace(found, closed_by=by, closed_on=at.date()))


def named(review: Review, name: str) -> Emergency:
    """An exception by its name.

    Raises
    ------
    Refused
        If there is none.
    """
    found = next((one for one in review.emergencies if one.emergency == name), None)
    if found is None:
        known = with_nearest(name, (one.emergency for one in review.emergencies))
        raise Refused(say("file.edit.no-emergency", emergency=name, known=known))
    return found


def _replaced(review: Review, changed: Emergency) -> Review:
    found = tuple(changed if one.emergency == changed.emergency else one for one in review.emergencies)
    return replace(review, emergencies=found)
