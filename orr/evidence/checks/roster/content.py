"""What of a roster votes are on: its shifts around the launch, clipped to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import islice

from orr.evidence.calendars.clock import clock
from orr.evidence.calendars.spans import Span
from orr.evidence.checks.roster.opening import Around
from orr.evidence.checks.roster.reading import shifts_of
from orr.evidence.checks.roster.shifts import MAX_SHIFTS, Reading, Shift
from orr.evidence.checks.roster.times import DAY
from orr.model.content import canonical

NAMES = (".csv", ".tsv", ".xlsx", ".ics", ".json")
"""How the names of rosters end."""

DAYS, BEFORE = 30, 1
"""For how long from the launch on, and before it, a roster counts where no check says so."""

MAX_BYTES = 4_000_000


def clipped(shifts: Iterable[Shift], launch: Span, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """The shifts around a launch as far as they lie there, each with its file."""
    for shift in shifts:
        span = shift.span.cut(launch)
        if span is not None:
            yield shift.path, f"{clock(span.start, zone)} – {clock(span.end, zone)} {shift.role}: {shift.person}"


def content_of(raw: bytes, path: str, around: Around) -> str | None:
    """Part of a roster that concerns the days around the launch.

    None for no roster, or one without these days.
    """
    launch = around.launch_window
    if launch is None or len(raw) > MAX_BYTES:
        return None
    try:
        reading = Reading(around.zone, Span(launch.start - 15 * DAY, launch.end + 15 * DAY))
        shifts = list(islice(shifts_of(raw, path, reading), MAX_SHIFTS + 1))
        lines = sorted(
            f"{line} {'vacant' if shift.vacant is not None else 'in doubt' if shift.doubt is not None else ''}"
            for shift in shifts
            for _, line in clipped([shift], launch, around.zone)
        )
    except Exception:  # whatever it is, it is then bound byte by byte
        return None
    return canonical(lines) if lines and len(shifts) <= MAX_SHIFTS else None
