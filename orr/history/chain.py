"""Hash chain over the records, and its verification.

A record is a run with the changes of item states, waivers and votes that it wrote, or the
start of a re-check with the workloads that it set out to look at. The head says how many
records there are and the hash of the last. So a record that was changed, removed or put in
does not fit its neighbours, and one that was cut off at the end does not fit the head.

What a chain cannot show: whoever may write to the database can compute all of it anew,
head included. That shows only against a head that was noted elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from orr.history import altered, guards
from orr.history.hashes import START, STATED, hash_of, hash_of_start, plain, shown
from orr.history.records import NOTHING, HistoryUnavailable, Kept, changes, kept, unpacked
from orr.history.rows import moment, vote_of, waiver_of
from orr.history.tables import Tables
from orr.messages import Message, say

_AT_ONCE = 2000
_BYTES_AT_ONCE = 2**24
"""How much of the documents is held at once; a single one may be as long."""
_RUN = ("workload", "number", "today")


# What another place can verify: the records of some workloads whole, and of the others their links alone


def exported(
    connection: Any, tables: Tables, workloads: Collection[str]
) -> Iterator[tuple[dict[str, Any], bytes | None]]:
    """Records in JSON types, each with its document.

    Of other workloads only the hash and the one before.
    """
    reader = _Reader(connection, tables)
    for one in reader.records():
        told: dict[str, Any] = {"record": one.record, "previous": one.previous.hex(), "hash": one.hash.hex()}
        document = None
        if one.run is not None and one.run["workload"] in workloads:
            run = {key: plain(one.run[key]) for key in (*_RUN, *STATED, "open_items", "failure", "unchanged_since")}
            told["run"] = {**run, "recorded_at": moment(one.run["recorded_at"]).isoformat(), "begun": one.run["begun"]}
            told["written"] = {
                "items": dict(one.written.items),
                "waivers": {name: list(map(plain, waiver)) for name, waiver in one.written.waivers.items()},
                "votes": {str(place): list(map(plain, vote or ())) for place, vote in one.written.votes.items()},
            }
            document = reader._documents(one.record, one.record)[one.record]
        yield told, document


# Verifying


class Finding(NamedTuple):
    """Something in a history that is not as it was written.

    Attributes
    ----------
    record
        The place in the history; None where no single record is meant.
    what
        What is wrong, in words.
    """

    record: int | None
    what: Message


@dataclass(frozen=True)
class Verified:
    """What a look at the whole chain brought.

    Attributes
    ----------
    records
        How many there are, runs and starts of re-checks.
    head
        The hash of the last, to be noted elsewhere; None where the chain cannot be followed.
    findings
        What is wrong; none where the history is whole.
    compared
        Whether a head that was noted elsewhere was looked for.
    runs
        How many of the records are runs.
    """

    records: int
    head: str | None
    findings: tuple[Finding, ...]
    compared: bool = False
    runs: int = 0


def verify(connection: Any, tables: Tables, noted: str | None = None) -> Verified:
    """Read every record, and hold it against its hash, its neighbours and the head.

    Parameters
    ----------
    noted
        A head that somebody noted: it has to be a record of the chain.
    """
    try:
        return _followed(connection, tables, noted)
    except (ValueError, TypeError, OverflowError) as error:  # of a value that no column of orr's holds
        problem = f"{type(error).__name__}: {error}"[:200]
        return Verified(0, None, (Finding(None, say("fleet.verify.unreadable", problem=problem)),))


def _followed(connection: Any, tables: Tables, noted: str | None) -> Verified:
    head = connection.execute(sa.select(tables.head)).first()
    reader = _Reader(connection, tables)
    lacking = guards.lacking(connection, tables)
    findings = [Finding(None, say("fleet.verify.unguarded", triggers=lacking, n=len(lacking)))] if lacking else []
    last, previous, seen = 0, START, {shown(START)}
    numbers: dict[str, int] = {}
    runs = 0
    for one in reader.records():
        place = {"record": one.record, "which": one.which}
        if one.record != last + 1:
            findings.append(Finding(last + 1, say("fleet.verify.removed", first=last + 1, last=one.record - 1)))
        elif one.previous != previous:
            findings.append(Finding(one.record, say("fleet.verify.neighbour", before=last, **place)))
        if one.expected != one.hash:
            findings.append(Finding(one.record, say("fleet.verify.altered", what=reader.suspects(one), **place)))
        if one.run is not None:
            runs += 1
            number = numbers.get(one.run["workload"], 0) + 1
            if one.run["number"] != number:
                findings.append(Finding(one.record, say("fleet.verify.number", expected=number, **place)))
            numbers[one.run["workload"]] = one.run["number"]
        last, previous = one.record, one.hash
        if noted is not None:
            seen.add(shown(previous))
    findings += [Finding(record, say("fleet.verify.stray", record=record, table=name)) for record, name in reader.stray]
    findings += _at_the_end(head, last, previous)
    if noted is not None and noted.lower() not in seen:
        findings.append(Finding(None, say("fleet.verify.not-noted", head=noted)))
    in_order = sorted(findings, key=lambda one: (one.record is None, one.record or 0))
    return Verified(last, shown(previous), tuple(in_order), noted is not None, runs)


def altered_since(connection: Any, workload: str, number: int) -> int | None:
    """First run, from one on, that was altered or fits no neighbour; else None."""
    return altered.altered_since(
        lambda query, **given: connection.execute(sa.text(query), given).mappings(), workload, number
    )


def lost(connection: Any, tables: Tables) -> int:
    """How many records more there should be by the head."""
    held = [
        connection.execute(sa.select(sa.func.count()).select_from(one)).scalar() for one in (tables.runs, tables.starts)
    ]
    return int((connection.execute(sa.select(sa.func.max(tables.head.c.record))).scalar() or 0) - sum(held))


def nothing(noted: str | None = None) -> Verified:
    """Result for a history that does not exist."""
    lost = noted is not None and noted.lower() != shown(START)
    findings = (Finding(None, say("fleet.verify.not-noted", head=noted)),) if lost else ()
    return Verified(0, shown(START), findings, noted is not None)


def head(connection: Any, tables: Tables) -> str:
    """The hash of the last record."""
    found = connection.execute(sa.select(tables.head.c.hash)).scalar()
    return shown(found if found is not None else START)


def has_head(connection: Any, tables: Tables, noted: str) -> bool:
    """Whether a noted head is the hash of a record."""
    if not re.fullmatch("sha256:[0-9a-f]{64}", noted):
        return False
    digest = bytes.fromhex(noted.removeprefix("sha256:"))
    records = (tables.runs, tables.starts)
    return any(connection.execute(sa.select(one.c.record).where(one.c.hash == digest)).first() for one in records)


def _at_the_end(head: Any, last: int, previous: bytes) -> list[Finding]:
    if head is None:
        return [Finding(None, say("fleet.verify.no-head"))]
    if head.record > last:
        return [Finding(last + 1, say("fleet.verify.cut", first=last + 1, last=head.record))]
    if head.record < last:
        return [Finding(head.record + 1, say("fleet.verify.added", first=head.record + 1, last=last))]
    if bytes(head.hash) != previous:
        return [Finding(last or None, say("fleet.verify.head", record=last))]
    return []


class _Record(NamedTuple):
    """A stored record beside the hash that its content yields."""

    record: int
    previous: bytes
    hash: bytes
    expected: bytes
    which: Message
    run: Mapping[str, Any] | None
    written: Kept


class _Reader:
    """Reads records in order, some thousands at once, with what each wrote."""

    def __init__(self, connection: Any, tables: Tables) -> None:
        self._connection, self._tables = connection, tables
        self._workloads = {row.id: row.name for row in connection.execute(sa.select(tables.workloads))}
        self._items = {row.id: row.name for row in connection.execute(sa.select(tables.items))}
        self.stray: list[tuple[int, str]] = []

    def records(self) -> Iterator[_Record]:
        runs, start = self._tables.runs, -(2**62)
        columns = [column for column in runs.c if column is not runs.c.document]
        size = sa.func.coalesce(sa.func.length(runs.c.document), 0).label("size")
        while True:
            query = sa.select(*columns, size).where(runs.c.record > start).order_by(runs.c.record).limit(_AT_ONCE)
            rows = [dict(row) for row in self._connection.execute(query).mappings()]
            end = rows[-1]["record"] if len(rows) == _AT_ONCE else 2**62
            written = self._written(start, end, {row["record"]: row["workload"] for row in rows})
            found = [self._run(row, written.get(row["record"], NOTHING)) for row in self._with_documents(rows)]
            yield from sorted([*found, *self._starts(start, end)], key=lambda one: one.record)
            if end == 2**62:
                return
            start = end

    def _with_documents(self, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Rows with their documents, loaded a few at a time."""
        left = list(rows)
        while left:
            some, size = 1, left[0].pop("size")
            while some < len(left) and size + left[some]["size"] <= _BYTES_AT_ONCE:
                size += left[some].pop("size")
                some += 1
            documents = self._documents(left[0]["record"], left[some - 1]["record"])
            for row in left[:some]:
                yield {**row, "document": documents.get(row["record"])}
            del left[:some]

    def _documents(self, first: int, last: int) -> dict[int, bytes | None]:
        runs = self._tables.runs.c
        query = sa.select(runs.record, runs.document).where(runs.record.between(first, last))
        return {record: document for record, document in self._connection.execute(query)}  # noqa: C416 - no pairs

    def _run(self, row: dict[str, Any], written: Kept) -> _Record:
        row["workload"] = self._name(row["workload"])
        which = say("fleet.verify.run", workload=row["workload"], number=row["number"], today=row["today"])
        hashes = bytes(row["previous"]), bytes(row["hash"]), hash_of(row, written)
        del row["document"]
        return _Record(row["record"], *hashes, which, row, written)

    def _starts(self, start: int, end: int) -> Iterator[_Record]:
        starts, started = self._tables.starts, self._tables.started
        names: dict[int, list[str]] = {}
        for row in self._connection.execute(
            sa.select(started).where(started.c.record > start, started.c.record <= end)
        ):
            names.setdefault(row.record, []).append(self._name(row.workload))
        query = sa.select(starts).where(starts.c.record > start, starts.c.record <= end)
        for row in self._connection.execute(query).mappings():
            expected = hash_of_start(row, sorted(names.pop(row["record"], ())))
            which = say("fleet.verify.start", today=row["today"])
            hashes = bytes(row["previous"]), bytes(row["hash"]), expected
            yield _Record(row["record"], *hashes, which, None, NOTHING)
        self.stray += [(record, started.name) for record in names]

    def _name(self, workload: int) -> str:
        return str(self._workloads.get(workload, f"#{workload}"))

    def _written(self, start: int, end: int, known: Mapping[int, int]) -> dict[int, Kept]:
        found: dict[int, Kept] = {record: Kept({}, {}, {}) for record in known}
        for table in (self._tables.states, self._tables.waivers, self._tables.votes):
            query = sa.select(table).where(table.c.record > start, table.c.record <= end)
            for row in self._connection.execute(query):
                if known.get(row.record) != row.workload:  # of no run, or of another workload than its run
                    self.stray.append((row.record, table.name))
                elif table is self._tables.states:
                    found[row.record].items[self._items.get(row.item, f"#{row.item}")] = row.state  # type: ignore[index]
                elif table is self._tables.waivers:
                    found[row.record].waivers[row.waiver] = waiver_of(row)  # type: ignore[index]
                else:
                    found[row.record].votes[row.place] = vote_of(row)  # type: ignore[index]
        return found

    def suspects(self, one: _Record) -> Sequence[Message]:
        """Which parts of an altered record contradict its assessment; in doubt any of it."""
        try:
            found = self._contradicting(one.run, one.written) if one.run is not None else []
            return found or [say("fleet.verify.part.any")]
        except HistoryUnavailable:
            return [say("fleet.verify.part.document")]

    def _contradicting(self, row: Mapping[str, Any], written: Kept) -> list[Message]:
        document = self._documents(row["record"], row["record"])[row["record"]]
        if document is None:
            parts = (written.items, written.waivers, written.votes)
            return [say(f"fleet.verify.part.{name}") for name, part in zip(Kept._fields, parts, strict=True) if part]
        told = unpacked(document)
        wrong = [key for key in STATED if plain(row[key]) != told.get(key)]
        wrong += ["today"] if row["today"].isoformat() != told.get("today") else []
        expected = changes(self._before(row), kept(told))
        differ = [name for name in Kept._fields if dict(getattr(expected, name)) != dict(getattr(written, name))]
        return [say("fleet.verify.part.column", column=key) for key in wrong] + [
            say(f"fleet.verify.part.{name}") for name in differ
        ]

    def _before(self, row: Mapping[str, Any]) -> Kept:
        runs, workloads = self._tables.runs, self._tables.workloads
        query = (
            sa.select(runs.c.document)
            .join(workloads, workloads.c.id == runs.c.workload)
            .where(workloads.c.name == row["workload"], runs.c.record < row["record"], runs.c.document.is_not(None))
            .order_by(runs.c.record.desc())
            .limit(1)
        )
        document = self._connection.execute(query).scalar()
        return kept(unpacked(document)) if document is not None else NOTHING
