"""Append records under the lock of the chain's head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from orr.history.hashes import START, hash_of, hash_of_start
from orr.history.reading import Summary, last_runs, run_of
from orr.history.records import NOTHING, Before, Kept, Run, changes, kept, packed
from orr.history.tables import Tables

_CLOSED = frozenset({"met", "not-applicable"})
AT_ONCE = 500
"""Fewer than the values that any database takes in one question."""


def begin(connection: Any, tables: Tables) -> None:
    """Write the head of an empty history."""
    connection.execute(tables.head.insert(), {"id": 1, "record": 0, "hash": START})


class Writer:
    """Adds records in one transaction; nobody else does until it ends.

    Parameters
    ----------
    connection
        In a transaction that writes.
    """

    def __init__(self, connection: Any, tables: Tables) -> None:
        self._connection, self._tables = connection, tables
        head = connection.execute(sa.select(tables.head).with_for_update()).one()
        self._began = self._record = int(head.record)
        self._hash = bytes(head.hash)

    def finish(self) -> None:
        """Move the head to the last record."""
        if self._record > self._began:
            self._connection.execute(self._tables.head.update(), {"record": self._record, "hash": self._hash})

    def start(self, workloads: Iterable[str], today: date, at: datetime) -> int:
        """Append the start of a re-check; return its number."""
        names = sorted(set(workloads))
        known = numbers_of(self._connection, self._tables.workloads, names)
        self._record += 1
        row = {"record": self._record, "recorded_at": at.astimezone(UTC), "today": today, "previous": self._hash}
        self._hash = row["hash"] = hash_of_start(row, names)
        self._connection.execute(self._tables.starts.insert(), row)
        self._insert(self._tables.started, [{"workload": known[name], "record": self._record} for name in names])
        return self._record

    def add(self, run: Run) -> Before:
        """Add a run with an assessment or a failure."""
        workload = numbers_of(self._connection, self._tables.workloads, [run.workload])[run.workload]
        last, assessed, number = last_runs(self._connection, self._tables, workload)
        before = Before(
            run_of(assessed, run.workload) if assessed is not None else None,
            last is not None and last.failure is not None,
            number + 1,
        )
        written = NOTHING
        if run.assessment is not None:
            known = before.assessed.assessment if before.assessed is not None else None
            written = changes(kept(known) if known is not None else NOTHING, kept(run.assessment))
        self._write(run, workload, number + 1, _stated(run.assessment or {}), written)
        return before

    def add_unchanged(self, workload: str, since: int, digest: str, today: date, at: datetime) -> Summary | None:
        """Add a run of a workload whose assessment of an earlier run still holds.

        Returns
        -------
        Summary
            What was recorded; None, and nothing is recorded, where the run `since` with this
            digest is not the workload's last assessment, or its last run failed.
        """
        table = self._tables.workloads
        key = self._connection.execute(sa.select(table.c.id).where(table.c.name == workload)).scalar()
        if key is None:
            return None
        last, assessed, number = last_runs(self._connection, self._tables, key, with_document=False)
        if last is None or last.failure is not None or assessed is None:
            return None
        if assessed.number != since or assessed.digest != digest:
            return None
        columns = ("occasion", "verdict", "decision", "valid_until", "digest", "open_items")
        stated = {name: getattr(assessed, name) for name in columns}
        self._write(Run(workload, today, at, None, None, since), key, number + 1, stated, NOTHING)
        return Summary(workload, number + 1, self._record, at, today, failure=None, unchanged_since=since, **stated)

    def _write(self, run: Run, workload: int, number: int, stated: Mapping[str, Any], written: Kept) -> None:
        self._record += 1
        row = {
            "record": self._record,
            "workload": run.workload,
            "number": number,
            "recorded_at": run.recorded_at.astimezone(UTC),
            "today": run.today,
            **stated,
            "failure": _text(run.failure),
            "unchanged_since": run.unchanged_since,
            "begun": run.begun,
            "document": packed(run.assessment) if run.assessment else None,
            "previous": self._hash,
        }
        self._hash = row["hash"] = hash_of(row, written)
        self._connection.execute(self._tables.runs.insert(), {**row, "workload": workload})
        of_run = {"record": self._record, "workload": workload}
        numbers = numbers_of(self._connection, self._tables.items, sorted(written.items))
        self._insert(
            self._tables.states,
            [{**of_run, "item": numbers[name], "state": state} for name, state in sorted(written.items.items())],
        )
        self._insert(
            self._tables.waivers,
            [{**of_run, "waiver": name, **waiver._asdict()} for name, waiver in written.waivers.items()],
        )
        empty = dict.fromkeys(("role", "voter", "vote", "valid", "voted_on", "digest"))
        self._insert(
            self._tables.votes,
            [
                {**of_run, "place": place, **(vote._asdict() if vote else empty)}
                for place, vote in written.votes.items()
            ],
        )

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)


def numbers_of(connection: Any, table: Any, names: Sequence[str]) -> dict[str, int]:
    """Numbers of names in bulk, assigned to new ones."""
    numbers: dict[str, int] = {}
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        asked = sa.select(table.c.name, table.c.id).where(table.c.name.in_(some))
        for _ in range(2):
            numbers.update((row.name, row.id) for row in connection.execute(asked))
            without = [{"name": name} for name in some if name not in numbers]
            if not without:
                break
            connection.execute(table.insert(), without)
    return numbers


def _stated(assessment: Mapping[str, Any]) -> dict[str, Any]:
    valid_until = assessment.get("valid_until")
    items: Iterable[Mapping[str, Any]] = assessment.get("items", ())
    return {
        **{key: assessment.get(key) for key in ("occasion", "verdict", "decision", "digest")},
        "valid_until": date.fromisoformat(valid_until) if valid_until else None,
        "open_items": sum(item["state"] not in _CLOSED for item in items) if assessment else None,
    }


def _text(text: str | None) -> str | None:
    """A text that every database takes."""
    if text is None:
        return None
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
