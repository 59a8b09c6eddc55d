"""The time zones that a calendar names: those everybody knows, and those it brings along."""

from __future__ import annotations

import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple, Protocol

_WITHOUT_SUMMER = ("EST", "MST", "HST")
"""Names that the tz database knows for a standard time only, which is hardly what a calendar means by them."""


class Zone(Protocol):
    """How times on a wall become moments, and moments times on a wall."""

    def utc(self, wall: datetime) -> datetime:
        """The moment that the clock shows."""

    def wall(self, moment: datetime) -> datetime:
        """What the clock shows at a moment, without an offset."""


class KnownZone:
    """A time zone of Python's.

    Parameters
    ----------
    zone
        The time zone.
    """

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone

    def utc(self, wall: datetime) -> datetime:
        """The moment that the clock shows: the first of two, and counted from before a gap."""
        return wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)

    def wall(self, moment: datetime) -> datetime:
        """What the clock shows at a moment."""
        return moment.astimezone(self.zone).replace(tzinfo=None, fold=0)


class Change(NamedTuple):
    """The clocks change: when, and the offsets from UTC before and after."""

    at: datetime
    before: timedelta
    after: timedelta


class OwnZone:
    """A time zone that a calendar defines.

    Parameters
    ----------
    changes
        When its clocks change, at least once.
    """

    def __init__(self, changes: Iterable[Change]) -> None:
        self.changes = sorted(changes)
        self._moments = [change.at for change in self.changes]
        # A wall time belongs to a new offset only once the clock cannot show it by the old one any more.
        self._walls = [(one.at + max(one.before, one.after)).replace(tzinfo=None) for one in self.changes]

    def utc(self, wall: datetime) -> datetime:
        """The moment that the clock shows: the first of two, and counted from before a gap."""
        return (wall - self._offset(bisect_right(self._walls, wall))).replace(tzinfo=UTC)

    def wall(self, moment: datetime) -> datetime:
        """What the clock shows at a moment."""
        return (moment + self._offset(bisect_right(self._moments, moment))).replace(tzinfo=None)

    def _offset(self, passed: int) -> timedelta:
        return self.changes[passed - 1].after if passed else self.changes[0].before


def known_zone(name: str) -> tzinfo | None:
    """The time zone of a name, also of one with a prefix or one of Windows; None for no known one."""
    names = [name.strip()]
    # Globally unique names such as /citadel.org/20210101_1/Europe/Berlin end with the plain one.
    parts = name.strip("/ ").split("/")
    names += ["/".join(parts[-number:]) for number in (3, 2) if len(parts) >= number]
    try:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON
    except ImportError:
        windows = None
    else:
        windows = WINDOWS_TO_OLSON.get(names[0])
    return next((found for one in (*names, windows) if one and (found := _zone(one)) is not None), None)


def _zone(name: str) -> tzinfo | None:
    if name in ("UTC", "Z", "GMT", "Etc/UTC"):
        return UTC
    if name in _WITHOUT_SUMMER:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
