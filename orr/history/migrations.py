"""Migrate the schema of an earlier version, step by step.

A history has few schemas and its steps move data into a chain of hashes, so the steps are
written out here, and are tested with histories as earlier versions wrote them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from orr.history import guards
from orr.history.records import HistoryUnavailable, Run, kept
from orr.history.rows import moment
from orr.history.tables import SCHEMA, Tables
from orr.history.writing import Writer, begin
from orr.messages import say


def create(connection: Any, tables: Tables) -> None:
    """Make the tables of this schema where there are none."""
    tables.metadata.create_all(connection)
    begin(connection, tables)
    connection.execute(tables.schema.insert(), {"version": SCHEMA})
    guards.set_up(connection, tables)


def migrate(connection: Any, tables: Tables, found: int) -> None:
    """Bring a history of an earlier schema to this one.

    Parameters
    ----------
    found
        Its schema, which is one of `STEPS`.
    """
    for version in range(found, SCHEMA):
        STEPS[version](connection, tables)
    connection.execute(tables.schema.insert(), {"version": SCHEMA})
    guards.set_up(connection, tables)


def _chain_the_runs(connection: Any, tables: Tables) -> None:
    """Migrate schema 1: one table, a run per row, no chain."""
    connection.exec_driver_sql("ALTER TABLE orr_runs RENAME TO orr_runs_1")
    old = sa.Table(
        "orr_runs_1",
        sa.MetaData(),
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("workload", sa.String(128)),
        sa.Column("recorded_at", sa.DateTime(timezone=True)),
        sa.Column("today", sa.Date),
        sa.Column("assessment", sa.Text),
        sa.Column("failure", sa.Text),
    )
    tables.metadata.create_all(connection)
    begin(connection, tables)
    query = sa.select(old).order_by(old.c.id).limit(500)
    writer, last = Writer(connection, tables), None
    while rows := connection.execute(query if last is None else query.where(old.c.id > last)).all():
        for row in rows:
            assessment = _assessment(row)
            writer.add(Run(row.workload, row.today, moment(row.recorded_at), assessment, row.failure))
        last = rows[-1].id
    writer.finish()
    old.drop(connection)


def _assessment(row: Any) -> dict[str, Any] | None:
    if row.assessment is None:
        return None
    try:
        found = json.loads(row.assessment)
        kept(found)
    except (ValueError, KeyError, TypeError):
        why = say("fleet.history.unreadable", number=row.id, workload=row.workload)
        raise HistoryUnavailable(why, by_choice=True) from None
    return dict(found)


def _know_what_began(connection: Any, tables: Tables) -> None:
    """Schema 2 had runs alone: what was begun and never ended left no trace."""
    tables.metadata.create_all(connection)
    begun = tables.runs.c.begun
    if begun.name not in {column["name"] for column in sa.inspect(connection).get_columns(tables.runs.name)}:
        kind = begun.type.compile(connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE {tables.runs.name} ADD COLUMN {begun.name} {kind}")


def _keep_keys(connection: Any, tables: Tables) -> None:
    """Schema 3 had no keys: they were in a file beside the reports."""
    tables.keys.create(connection, checkfirst=True)


STEPS: Mapping[int, Callable[[Any, Tables], None]] = MappingProxyType(
    {1: _chain_the_runs, 2: _know_what_began, 3: _keep_keys}
)
"""By schema the step to the next one."""
