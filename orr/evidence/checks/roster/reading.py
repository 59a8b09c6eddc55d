"""Read a roster file of any supported form."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from orr.evidence.checks.roster import icalendar as rota
from orr.evidence.checks.roster import pagerduty, table
from orr.evidence.checks.roster.grid import read_grid
from orr.evidence.checks.roster.shifts import MAX_SHIFTS, Reading, Shift
from orr.evidence.context import Context
from orr.evidence.documents.formats import format_of, other_format
from orr.evidence.errors import Undetermined
from orr.messages import say

READS = ("CSV", "Excel", "PagerDuty schedules", "iCalendar")
_BOM = b"\xef\xbb\xbf"


def read_shifts(context: Context, path: str, reading: Reading) -> list[Shift]:
    """The shifts of a file, in order.

    Raises
    ------
    Undetermined
        If it cannot be read, or holds more than can be looked at.
    """
    shifts = list(islice(shifts_of(context.read(path), path, reading), MAX_SHIFTS + 1))
    if len(shifts) > MAX_SHIFTS:
        raise Undetermined(say("roster.too-long", path=path, limit=MAX_SHIFTS))
    return sorted(shifts, key=lambda shift: (shift.span, shift.role, shift.row))


def shifts_of(raw: bytes, path: str, reading: Reading) -> Iterable[Shift]:
    """The shifts of a file's bytes."""
    head = raw.removeprefix(_BOM).lstrip()[:15]
    if not head:
        raise Undetermined(say("roster.empty", paths=[path]))
    seen = format_of(raw, path)
    if seen is not None and seen not in READS:
        raise other_format(path, seen, READS)
    if head[:4] == b"PK\x03\x04":
        return table.shifts_of(read_grid(raw, path), reading)
    if head.upper() == b"BEGIN:VCALENDAR":
        return rota.shifts_of(raw, path, reading)
    if head[:1] in (b"{", b"["):
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise Undetermined(say("evidence.ground.not-utf8", path=path, line=line)) from None
        return pagerduty.shifts_of(text, path, reading)
    if b"\0" in raw:
        raise Undetermined(say("evidence.ground.binary", path=path))
    return table.shifts_of(read_grid(raw, path), reading)
