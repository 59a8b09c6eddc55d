"""Queries over the history of one workload."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from orr.history.records import Run, Start, VoteRow, WaiverRow, unpacked
from orr.history.rows import moment, vote_of, waiver_of
from orr.history.tables import Tables


class Summary(NamedTuple):
    """A run without its assessment.

    Attributes
    ----------
    workload, number, record
        Whose run, which of its runs (from 1), and its place in the whole history.
    recorded_at, today
        When it was recorded, and for which day.
    occasion, verdict, decision, valid_until, digest, open_items
        As assessed; None where it could not be.
    failure
        Why it could not be assessed.
    unchanged_since
        The number of the run whose assessment still held.
    """

    workload: str
    number: int
    record: int
    recorded_at: datetime
    today: date
    occasion: str | None
    verdict: str | None
    decision: str | None
    valid_until: date | None
    digest: str | None
    open_items: int | None
    failure: str | None
    unchanged_since: int | None


def last_runs(connection: Any, tables: Tables, workload: int, *, with_document: bool = True) -> tuple[Any, Any, int]:
    """Last row of a workload, its last row with an assessment, and the row count."""
    runs = tables.runs.c
    columns = [column for column in runs if with_document or column is not runs.document]
    query = sa.select(*columns).where(runs.workload == workload).order_by(runs.number.desc()).limit(1)
    last = connection.execute(query).first()
    if last is None:
        return None, None, 0
    assessed = last
    if last.unchanged_since is not None:
        assessed = connection.execute(query.where(runs.number == last.unchanged_since)).first()
    elif last.failure is not None:
        assessed = connection.execute(query.where(runs.verdict.is_not(None))).first()
        if assessed is not None and assessed.unchanged_since is not None:
            assessed = connection.execute(query.where(runs.number == assessed.unchanged_since)).first()
    return last, assessed, last.number


def run_of(row: Any, workload: str, assessment: Mapping[str, Any] | None = None) -> Run:
    """A row as a run; `assessment` where the row has none of its own."""
    if row.document is not None:
        assessment = unpacked(row.document)
    elif assessment is not None:
        assessment = {**assessment, "today": row.today.isoformat()}
    return Run(
        workload,
        row.today,
        moment(row.recorded_at),
        assessment,
        row.failure,
        row.unchanged_since,
        row.begun,
        number=row.number,
        record=row.record,
    )


def runs(connection: Any, tables: Tables, workload: str, last: int | None) -> list[Run]:
    """Runs of a workload, oldest first; unchanged ones share an earlier assessment."""
    columns = tables.runs.c
    mine = columns.workload == id_of(tables.workloads, workload)
    query = sa.select(tables.runs).where(mine).order_by(columns.number.desc())
    rows = connection.execute(query.limit(last) if last is not None else query).all()
    documents = {row.number: row.document for row in rows if row.document is not None}
    missing = {row.unchanged_since for row in rows if row.unchanged_since is not None} - set(documents)
    if missing:
        earlier = sa.select(columns.number, columns.document).where(mine, columns.number.in_(missing))
        documents.update({row.number: row.document for row in connection.execute(earlier)})
    held = {number: unpacked(documents[number]) for number in {row.unchanged_since for row in rows} & set(documents)}
    return [run_of(row, workload, held.get(row.unchanged_since)) for row in reversed(rows)]


def last_document(
    connection: Any, tables: Tables, workload: str, today: date, *, decided: bool
) -> tuple[int, bytes] | None:
    """Last packed assessment up to a day, with its run; optionally the last decided."""
    runs = tables.runs.c
    query = sa.select(runs.number, runs.document).where(
        runs.workload == id_of(tables.workloads, workload), runs.today <= today, runs.document.is_not(None)
    )
    query = query.where(runs.decision != "pending") if decided else query
    row = connection.execute(query.order_by(runs.number.desc()).limit(1)).first()
    return None if row is None else (row.number, row.document)


def documents(connection: Any, tables: Tables, workload: str, digests: Collection[str]) -> list[bytes]:
    """The packed assessments of a workload with some digests, oldest first."""
    runs = tables.runs.c
    query = sa.select(runs.document).where(
        runs.workload == id_of(tables.workloads, workload), runs.digest.in_(digests), runs.document.is_not(None)
    )
    return list(connection.execute(query.order_by(runs.number)).scalars())


def documents_in_order(connection: Any, tables: Tables, workload: str) -> list[tuple[datetime, bytes]]:
    """The packed assessments of a workload, oldest first, each with when it was recorded."""
    runs = tables.runs.c
    query = sa.select(runs.recorded_at, runs.document).where(
        runs.workload == id_of(tables.workloads, workload), runs.document.is_not(None)
    )
    return [(row.recorded_at, row.document) for row in connection.execute(query.order_by(runs.number))]


def starts(connection: Any, tables: Tables, workload: str | None = None) -> list[Start]:
    """Re-checks started for one workload, or for any, in recording order."""
    names, all_starts, started, all_runs = tables.workloads, tables.starts, tables.started, tables.runs
    came = sa.select(all_runs.c.workload, all_runs.c.begun).where(all_runs.c.begun.is_not(None))
    query = (
        sa.select(names.c.id, names.c.name, all_starts.c.record, all_starts.c.recorded_at, all_starts.c.today)
        .join(started, started.c.workload == names.c.id)
        .join(all_starts, all_starts.c.record == started.c.record)
        .order_by(all_starts.c.record, names.c.name)
    )
    if workload is not None:
        came = came.where(all_runs.c.workload == id_of(names, workload))
        query = query.where(names.c.name == workload)
    ended = {tuple(row) for row in connection.execute(came)}
    return [
        Start(row.name, row.record, moment(row.recorded_at), row.today, (row.id, row.record) in ended)
        for row in connection.execute(query)
    ]


def summaries(connection: Any, tables: Tables, workload: str | None = None) -> list[Summary]:
    """The runs of one workload, or of all, in the order of their recording."""
    query = summary_query(tables).order_by(tables.runs.c.record)
    if workload is not None:
        query = query.where(tables.runs.c.workload == id_of(tables.workloads, workload))
    return [as_summary(row) for row in connection.execute(query)]


# Waivers and votes


def waiver_rows(connection: Any, tables: Tables, workload: str | None = None) -> list[tuple[Summary, str, WaiverRow]]:
    """Changes of waivers, each with the run that found it, in recording order."""
    rows = _of_runs(connection, tables, tables.waivers, workload)
    return [(run, row.waiver, waiver_of(row)) for run, row in rows]


def vote_rows(
    connection: Any, tables: Tables, workload: str | None = None
) -> list[tuple[Summary, int, VoteRow | None]]:
    """The changes of votes, likewise; None where a vote was taken back."""
    rows = _of_runs(connection, tables, tables.votes, workload)
    return [(run, row.place, vote_of(row)) for run, row in rows]


def _of_runs(connection: Any, tables: Tables, table: Any, workload: str | None) -> Iterable[tuple[Summary, Any]]:
    query = sa.select(table).order_by(table.c.record)
    runs_of = summary_query(tables).where(tables.runs.c.record.in_(sa.select(table.c.record)))
    if workload is not None:
        one = id_of(tables.workloads, workload)
        query, runs_of = query.where(table.c.workload == one), runs_of.where(tables.runs.c.workload == one)
    found = {row.record: as_summary(row) for row in connection.execute(runs_of)}
    return [(found[row.record], row) for row in connection.execute(query) if row.record in found]


# Within


def id_of(table: Any, name: str) -> Any:
    """Subquery for the id of a workload or an item."""
    return sa.select(table.c.id).where(table.c.name == name).scalar_subquery()


def summary_query(tables: Tables) -> Any:
    """Query for the runs of all workloads without their assessments."""
    own = [tables.runs.c[name] for name in Summary._fields if name != "workload"]
    both = tables.runs.join(tables.workloads, tables.runs.c.workload == tables.workloads.c.id)
    return sa.select(tables.workloads.c.name.label("workload"), *own).select_from(both)


def as_summary(row: Any) -> Summary:
    """A row of `summary_query` as a summary."""
    summary = Summary(*row)
    return summary._replace(recorded_at=moment(summary.recorded_at))
