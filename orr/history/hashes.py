"""Hashes of records, which chain each to the one before it; they need no SQLAlchemy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from orr.history.records import Kept
from orr.history.rows import moment

START = bytes(32)
"""What stands for the hash before the first record."""

STATED = ("occasion", "verdict", "decision", "valid_until", "digest")
"""The columns of a run that its assessment states."""


def hash_of(row: Mapping[str, Any], written: Kept) -> bytes:
    """The hash of a record.

    Parameters
    ----------
    row
        The row of the run, with the name of its workload, and `previous`.
    written
        The changes that it wrote.
    """
    document = row["document"]
    content = [
        bytes(row["previous"]).hex(),
        row["record"],
        row["workload"],
        row["number"],
        moment(row["recorded_at"]).isoformat(),
        plain(row["today"]),
        *(plain(row[key]) for key in (*STATED, "open_items", "failure", "unchanged_since")),
        hashlib.sha256(document).hexdigest() if document is not None else None,
        sorted(written.items.items()),
        sorted((name, *map(plain, waiver)) for name, waiver in written.waivers.items()),
        sorted((place, *map(plain, vote or ())) for place, vote in written.votes.items()),
    ]
    if row["begun"] is not None:  # earlier versions had no starts, and their hashes hold
        content.append(row["begun"])
    return _hashed(content)


def hash_of_start(row: Mapping[str, Any], workloads: Sequence[str]) -> bytes:
    """Hash of a start's record, its workloads in the order of their names."""
    at = moment(row["recorded_at"]).isoformat()
    return _hashed(["start", bytes(row["previous"]).hex(), row["record"], at, plain(row["today"]), *workloads])


def _hashed(content: Sequence[Any]) -> bytes:
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).digest()


def shown(digest: bytes) -> str:
    """A hash as people see it."""
    return f"sha256:{bytes(digest).hex()}"


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value


def hash_of_exported(told: Mapping[str, Any], document: bytes | None) -> bytes:
    """The hash of a record that `exported` gave whole."""
    run, written = told["run"], told["written"]
    row = {
        **run,
        "previous": bytes.fromhex(told["previous"]),
        "record": told["record"],
        "recorded_at": datetime.fromisoformat(run["recorded_at"]),
        "today": date.fromisoformat(run["today"]),
        "document": document,
    }
    waivers = {name: tuple(waiver) for name, waiver in written["waivers"].items()}
    votes = {int(place): tuple(vote) for place, vote in written["votes"].items()}
    return hash_of(row, Kept(written["items"], waivers, votes))  # type: ignore[arg-type]  # their values as data
