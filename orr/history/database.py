"""Open the database of a history and explain its errors."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa

from orr.history import guards, migrations
from orr.history.records import HistoryUnavailable
from orr.history.tables import SCHEMA, tables
from orr.messages import say
from orr.system import open_files as locked
from orr.system.addresses import shown_address, without_secrets_of
from orr.system.paths import exists

BUSY_SECONDS = 30
TRY_SECONDS = 2
"""How long it is tried to make tables that others make at the same moment."""


class Database:
    """A database that may not be there yet.

    Parameters
    ----------
    url
        As `history` of `orr.yaml` says.
    root
        The workspace: where a relative path of SQLite starts.

    Raises
    ------
    HistoryUnavailable
        If a driver is missing, or the URL is none.
    """

    def __init__(self, url: str, root: Path) -> None:
        try:
            self._url = sa.make_url(url)
        except (sa.exc.ArgumentError, ValueError):  # a port that is none
            raise HistoryUnavailable(say("fleet.history.bad-url"), by_choice=True) from None
        self._written = url
        self._file = _file_of(self._url, root)
        if self._file is not None:
            self._url = self._url.set(database=str(self._file))
        self.tables = tables()
        self._still = False
        with self._errors():
            self._engine = self._connect()
        self._open = contextlib.ExitStack()
        if self._file is not None:
            locked.hold(self._file)
            self._open.callback(locked.release, self._file)
        self._open.callback(self._engine.dispose)
        self._ready = False

    def close(self) -> None:
        """Let go of the database."""
        self._open.close()

    def prepare(self) -> None:
        """Create missing tables, and migrate those of an earlier version.

        Raises
        ------
        HistoryUnavailable
            If the database does not answer, or a newer version of orr wrote it.
        """
        if self._ready:
            return
        with self._errors():
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            until = time.monotonic() + TRY_SECONDS
            with self._engine.connect().execution_options(orr_writes=True) as connection:
                while not self._ready:
                    try:
                        with connection.begin():
                            self._create(connection)
                        self._ready = True
                    except sa.exc.SQLAlchemyError:
                        if time.monotonic() > until:
                            raise
                        time.sleep(0.1)  # somebody else does it at the same moment; then this finds it done

    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        """A connection whose transaction is committed at the end."""
        self.prepare()
        with (
            self._errors(),
            self._engine.connect().execution_options(orr_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def guard(self) -> None:
        """Put the triggers on the tables, in the place of what bears their names."""
        with self.writing() as connection:
            guards.set_up(connection, self.tables)

    @contextlib.contextmanager
    def looking(self) -> Iterator[Any]:
        """A connection that sees one state of whatever is there; None where there is no database."""
        if self._file is not None and not exists(self._file):
            yield None
            return
        before = self._stamp()
        with self._errors(), self._snapshot() as connection:
            yield connection
        if self._stamp() != before:
            raise HistoryUnavailable(say("fleet.history.moved"), by_choice=False)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Any]:
        """Connection with one consistent view of the history; None where there is none."""
        with self.looking() as connection:
            yield connection if connection is not None and self.is_of_this_version(connection) else None

    def is_of_this_version(self, connection: Any) -> bool:
        """Whether there is a history; one of another version is refused."""
        version = self._version(connection)
        if version is None:
            return False
        self._refuse_newer(version)
        if version < SCHEMA:
            raise HistoryUnavailable(say("fleet.history.older", found=version, known=SCHEMA), by_choice=True)
        return True

    # Within

    def _stamp(self) -> tuple[int, int] | None:
        """Stamp that shows whether an immutable SQLite file was written after all."""
        if not self._still or self._file is None:
            return None
        found = self._file.stat()
        return found.st_mtime_ns, found.st_size

    def _snapshot(self) -> Any:
        connection = self._engine.connect()
        if connection.dialect.name == "postgresql":
            return connection.execution_options(isolation_level="REPEATABLE READ")
        return connection

    def _connect(self) -> Any:
        if self._url.get_backend_name() != "sqlite":
            return sa.create_engine(self._url, pool_pre_ping=True)
        url = self._url
        if self._file is not None and exists(self._file) and not locked.is_writable(self._file):
            name, _, how = locked.read_only(self._file).partition("?")
            url = url.set(database=name, query={**dict(parse_qsl(how)), "uri": "true"})
        self._still = url.query.get("immutable") is not None
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(engine, "connect", _sqlite_connected)
        sa.event.listen(engine, "begin", _sqlite_begins)
        return engine

    def _create(self, connection: Any) -> None:
        version = self._version(connection)
        if version is None:
            migrations.create(connection, self.tables)
            return
        self._refuse_newer(version)
        if version == SCHEMA:
            return
        if connection.dialect.name == "postgresql":  # SQLite's writer is alone already
            connection.exec_driver_sql("LOCK TABLE orr_schema IN EXCLUSIVE MODE")
            version = self._version(connection) or version
        if version < SCHEMA:
            migrations.migrate(connection, self.tables, version)

    def _version(self, connection: Any) -> int | None:
        """The schema of the history; None where there is no history."""
        schema, head = self.tables.schema, self.tables.head
        there = sa.inspect(connection)
        if not there.has_table(schema.name):
            return None
        version = connection.execute(sa.select(sa.func.max(schema.c.version))).scalar()
        if version is not None:
            return int(version)
        # MySQL shows each table as soon as it is made: without a head, a history is not whole yet.
        return 0 if there.has_table(head.name) and connection.execute(sa.select(head)).first() else None

    def _refuse_newer(self, version: int) -> None:
        if version != SCHEMA and version not in migrations.STEPS:
            why = say("fleet.history.version", found=str(version), known=SCHEMA)
            raise HistoryUnavailable(why, by_choice=True)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Convert a database error into a message without the password."""
        where = shown_address(self._written if self._file is None else str(self._url))
        try:
            yield
        except sa.exc.NoSuchModuleError:
            raise HistoryUnavailable(say("fleet.history.bad-url"), by_choice=True) from None
        except ModuleNotFoundError as missing:
            why = say("fleet.history.no-driver", where=where, module=missing.name or "?")
            raise HistoryUnavailable(why, by_choice=True) from None
        except (sa.exc.SQLAlchemyError, OSError) as error:
            problem = without_secrets_of(self._written, " ".join(str(getattr(error, "orig", None) or error).split()))
            raise HistoryUnavailable(
                say("fleet.history.failed", where=where, problem=problem), by_choice=False
            ) from error


def _file_of(url: Any, root: Path) -> Path | None:
    """The file of an SQLite database; None for one in memory and for other databases."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":memory:", "file:")):
        return None
    return Path(root, url.database).resolve()


def _sqlite_connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own; `_sqlite_begins` does
    cursor = connection.cursor()
    with contextlib.suppress(Exception):  # locked right now, or a file system without shared memory: slower, as safe
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def _sqlite_begins(connection: Any) -> None:
    # A writer takes its lock before it reads, so that nobody writes in between.
    writes = connection.get_execution_options().get("orr_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
