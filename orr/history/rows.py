"""Convert database rows to Python types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orr.history.records import Stage, VoteRow, WaiverRow


def moment(at: datetime) -> datetime:
    """A moment in UTC; SQLite keeps no offset."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def waiver_of(row: Any) -> WaiverRow:
    """A row as a waiver."""
    values = {name: getattr(row, name) for name in WaiverRow._fields}
    try:
        stage = Stage(row.stage)
    except ValueError:  # not written by us: the chain tells
        stage = row.stage
    return WaiverRow(**{**values, "stage": stage, "active": bool(row.active)})


def vote_of(row: Any) -> VoteRow | None:
    """A row as a vote; None for one that was taken back."""
    if row.role is None:
        return None
    values = {name: getattr(row, name) for name in VoteRow._fields}
    return VoteRow(**{**values, "valid": bool(row.valid)})
