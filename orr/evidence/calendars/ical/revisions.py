"""The revision of an event that counts, as RFC 5546 has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orr.evidence.calendars.ical.parts import Event
from orr.evidence.calendars.ical.recurrence import Refused
from orr.messages import say


def newest(revisions: Sequence[Event]) -> Event:
    """Return the revision of the highest SEQUENCE; of several, the latest.

    Raises
    ------
    Refused
        If several say different things, and nothing tells which is the latest.
    """
    top = max(one.sequence for one in revisions)
    last = [one for one in revisions if one.sequence == top]
    found = max(last, key=lambda one: (one.stamped or datetime.min, one.changed or datetime.min))
    if all(other == found or is_newer(found, other) for other in last):
        return found
    raise Refused(say("calendar.ics.contested", lines=[one.line for one in last[:5]], sequence=top))


def is_newer(one: Event, other: Event) -> bool:
    """Whether a revision is newer than another for sure; stamps that contradict each other tell nothing."""
    if one.sequence != other.sequence:
        return one.sequence > other.sequence
    pairs = [(one.stamped, other.stamped), (one.changed, other.changed)]
    known = [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None and mine != theirs]
    return bool(known) and all(mine > theirs for mine, theirs in known)
