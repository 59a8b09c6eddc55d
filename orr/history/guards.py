"""Append-only triggers in the database.

Triggers of SQLite and PostgreSQL refuse to change or remove rows, whoever asks. Other databases
have none; there orr itself never does so, and the chain shows where somebody else did.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orr.history.tables import Tables

_SQLITE = """CREATE TRIGGER {trigger} BEFORE {verb} ON {name}
BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"""
_SQLITE_HEAD = """CREATE TRIGGER {trigger} BEFORE UPDATE ON {name} WHEN NEW.record <= OLD.record
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

_ROW, _DELETE, _UPDATE, _TRUNCATE = 1 | 2, 8, 16, 2 | 32
"""When a trigger is called, as `pg_trigger.tgtype` has it; all of them before."""
_SEEN = """SELECT c.relname, t.tgname, t.tgtype::integer, p.proname, p.prosrc FROM pg_trigger t
JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid AND pg_table_is_visible(c.oid)
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL"""


def set_up(connection: Any, tables: Tables) -> None:
    """Put the triggers on the tables, in the place of what bears their names."""
    if connection.dialect.name == "sqlite":
        for name, statement in _sqlite(tables).items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)
    elif connection.dialect.name == "postgresql":
        for statement in _postgresql(tables):
            connection.exec_driver_sql(statement)


def lacking(connection: Any, tables: Tables) -> list[str]:
    """The triggers that are gone, switched off or replaced."""
    if connection.dialect.name == "sqlite":
        there = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        expected = _sqlite(tables).items() - {(name, sql) for name, sql in there}
        return sorted(name for name, _ in expected)
    if connection.dialect.name == "postgresql":
        there = connection.exec_driver_sql(_SEEN).all()
        return sorted(name for _, name, *_ in _seen(tables) - {tuple(row) for row in there})
    return []


def _sqlite(tables: Tables) -> dict[str, str]:
    found = {}
    for table in (*tables.append_only, tables.head):
        for verb in ("UPDATE", "DELETE"):
            name = f"{table.name}_no_{verb}"
            found[name] = _SQLITE.format(trigger=name, name=table.name, verb=verb)
    del found[f"{tables.head.name}_no_UPDATE"]
    name = f"{tables.head.name}_forwards"
    return found | {name: _SQLITE_HEAD.format(trigger=name, name=tables.head.name)}


def _seen(tables: Tables) -> set[tuple[str, str, int, str, str]]:
    """The triggers as `_SEEN` shows them: table, name, moment, function and what that does."""
    appends, forwards = (statement.split("$$")[1] for statement in _POSTGRESQL)
    head = tables.head.name
    found = {(head, f"{head}_forwards", _ROW | _UPDATE, "orr_forwards", forwards)}
    for table in (*tables.append_only, tables.head):
        verbs = _ROW | _DELETE | (0 if table is tables.head else _UPDATE)
        for name, moment in (("kept", verbs), ("not_emptied", _TRUNCATE)):
            found.add((table.name, f"{table.name}_{name}", moment, "orr_append_only", appends))
    return found


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
