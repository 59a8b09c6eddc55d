"""Append-only triggers in the database.

Triggers of SQLite and PostgreSQL refuse to change or remove rows, whoever asks. Other databases
have none; there orr itself never does so, and the chain shows where somebody else did.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orr.history.tables import Tables

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {name}_no_{verb} BEFORE {verb} ON {name}
BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"""
_SQLITE_HEAD = """CREATE TRIGGER IF NOT EXISTS {name}_forwards BEFORE UPDATE ON {name} WHEN NEW.record <= OLD.record
BEGIN SELECT RAISE(ABORT, '{name} only goes forwards'); END"""
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION orr_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$""",
    """CREATE OR REPLACE FUNCTION orr_forwards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
IF NEW.record <= OLD.record THEN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' only goes forwards';
END IF;
RETURN NEW;
END $$""",
)


def set_up(connection: Any, tables: Tables) -> None:
    """Put the triggers on the tables that have none yet."""
    with_triggers = {"sqlite": _sqlite, "postgresql": _postgresql}.get(connection.dialect.name)
    for statement in with_triggers(tables) if with_triggers is not None else ():
        connection.exec_driver_sql(statement)


def _sqlite(tables: Tables) -> Iterator[str]:
    for table in tables.append_only:
        yield _SQLITE.format(name=table.name, verb="UPDATE")
        yield _SQLITE.format(name=table.name, verb="DELETE")
    yield _SQLITE.format(name=tables.head.name, verb="DELETE")
    yield _SQLITE_HEAD.format(name=tables.head.name)


def _postgresql(tables: Tables) -> Iterator[str]:
    yield from _POSTGRESQL
    guard = "EXECUTE FUNCTION orr_append_only()"
    for table in (*tables.append_only, tables.head):
        verbs = "DELETE" if table is tables.head else "UPDATE OR DELETE"
        yield from _trigger(table.name, "kept", verbs, f"FOR EACH ROW {guard}")
        yield from _trigger(table.name, "not_emptied", "TRUNCATE", f"FOR EACH STATEMENT {guard}")
    yield from _trigger(tables.head.name, "forwards", "UPDATE", "FOR EACH ROW EXECUTE FUNCTION orr_forwards()")


def _trigger(table: str, name: str, verbs: str, does: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"
    yield f"CREATE TRIGGER {table}_{name} BEFORE {verbs} ON {table} {does}"
