"""Structure that a history must have before its chain can be followed.

SQLite keeps in any column whatever it is given, and a table can be replaced by a view.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from orr.history.tables import Tables
from orr.messages import Message, say

LONGEST = 2**24
"""The longest text or document, in characters or bytes: what is longer is not read."""

_TEXT = "typeof({0}) <> 'text'"
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_MOMENT = _DAY + " [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*"
_WRONG = {
    "Boolean": "typeof({0}) <> 'integer' OR {0} NOT IN (0, 1)",
    "Integer": "typeof({0}) <> 'integer'",
    "DateTime": f"{_TEXT} OR {{0}} NOT GLOB '{_MOMENT}' OR datetime({{0}}, '+0 days') IS NOT substr({{0}}, 1, 19)",
    "Date": f"{_TEXT} OR date({{0}}, '+0 days') IS NOT {{0}}",
    "String": _TEXT,
    "LargeBinary": "typeof({0}) <> 'blob'",
}
"""By the type of a column what its values must not be in SQLite; a subclass counts as the first that is named."""


def is_there(connection: Any, tables: Tables) -> bool:
    """Whether a database holds anything of a history."""
    found = sa.inspect(connection)
    names = {*found.get_table_names(), *found.get_view_names()}
    return any(table.name in names for table in tables.metadata.sorted_tables)


def faults_of(connection: Any, *some: Any) -> list[Message]:
    """Deviations from orr's own tables; values are checked only in correct tables."""
    return list(_of_tables(connection, some)) or list(_of_values(connection, some))


def _of_tables(connection: Any, some: tuple[Any, ...]) -> Iterator[Message]:
    found = sa.inspect(connection)
    real, views = set(found.get_table_names()), set(found.get_view_names())
    for table in some:
        if table.name not in real:
            key = "view" if table.name in views else "gone"
            yield say(f"fleet.verify.table-{key}", table=table.name)
            continue
        kinds = {column["name"]: column["type"] for column in found.get_columns(table.name)}
        for column in table.columns:
            if column.name not in kinds:
                yield say("fleet.verify.column-gone", table=table.name, column=column.name)
            elif connection.dialect.name == "postgresql":
                told, made = (one.compile(connection.dialect) for one in (kinds[column.name], column.type))
                if told != made:
                    yield say("fleet.verify.type", table=table.name, column=column.name, record="–")


def _of_values(connection: Any, some: tuple[Any, ...]) -> Iterator[Message]:
    is_sqlite = connection.dialect.name == "sqlite"
    for table in some:
        for column in table.columns:
            told = {"table": table.name, "column": column.name}
            if is_sqlite and (record := _misfit(connection, table, column)) is not None:
                yield say("fleet.verify.type", record=str(record)[:40], **told)
            if isinstance(column.type, (sa.String, sa.LargeBinary)):
                length = connection.execute(sa.select(sa.func.max(sa.func.length(column)))).scalar() or 0
                if length > LONGEST:
                    yield say("fleet.verify.long", length=length, limit=LONGEST, **told)


def _misfit(connection: Any, table: Any, column: Any) -> Any:
    """First key or record with a value of a wrong type; else None."""
    wrong = next(wrong for kind, wrong in _WRONG.items() if isinstance(column.type, getattr(sa, kind)))
    wrong = f"({wrong.format(column.name)})"
    where = f"{column.name} IS NOT NULL AND {wrong}" if column.nullable else f"{column.name} IS NULL OR {wrong}"
    at: Any = sa.literal_column("record" if "record" in table.columns else column.name)
    return connection.execute(sa.select(at).select_from(table).where(sa.text(where)).limit(1)).scalar()
