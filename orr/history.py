"""Runs in a database: SQLite in the workspace by default, any URL of SQLAlchemy where it is shared.

Needs the extra `orr[history]`. A run is written in one transaction together with the
look at the run before it, so writers side by side neither lose a run nor see half of one.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from orr.messages import Message, say

try:
    import sqlalchemy as sa
except ModuleNotFoundError:  # an extra: told in words when somebody asks for history
    sa = None  # type: ignore[assignment]

SCHEMA = 1
BUSY_SECONDS = 30


class HistoryUnavailable(Exception):  # noqa: N818 - a fact, not a mistake
    """The history cannot be read or written.

    Attributes
    ----------
    why
        The reason, in words.
    by_choice
        True where installation or settings have to change; False where the database
        failed.
    """

    def __init__(self, why: Message, *, by_choice: bool) -> None:
        self.why, self.by_choice = why, by_choice
        super().__init__(str(why))


@dataclass(frozen=True)
class Run:
    """A recorded assessment, or the record that there was none.

    Attributes
    ----------
    workload, today
        What was assessed, and for which day.
    recorded_at
        When, in UTC.
    assessment
        The assessment in the form `orr.assessment/1`; None where there was none.
    failure
        Why there was none; None where there was one.
    """

    workload: str
    today: date
    recorded_at: datetime
    assessment: Mapping[str, Any] | None
    failure: str | None = None


@dataclass(frozen=True)
class Before:
    """What was known of a workload before a run.

    Attributes
    ----------
    assessed
        Its last run that has an assessment.
    failed
        Whether its very last run failed.
    """

    assessed: Run | None = None
    failed: bool = False


def _tables() -> Any:
    metadata = sa.MetaData()
    sa.Table("orr_schema", metadata, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
    sa.Table(
        "orr_runs",
        metadata,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("workload", sa.String(128), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("today", sa.Date, nullable=False),
        sa.Column("occasion", sa.String(16)),
        sa.Column("verdict", sa.String(16)),
        sa.Column("decision", sa.String(16)),
        sa.Column("valid_until", sa.Date),
        sa.Column("digest", sa.String(80)),
        sa.Column("assessment", sa.Text().with_variant(sa.Text(2**24), "mysql", "mariadb")),
        sa.Column("failure", sa.Text),
        sa.CheckConstraint("(assessment IS NULL) <> (failure IS NULL)", name="orr_runs_one_of_both"),
        sa.CheckConstraint("(assessment IS NULL) = (verdict IS NULL)", name="orr_runs_verdict"),
        sa.Index("orr_runs_by_workload", "workload", "id"),
    )
    return metadata


class History:
    """The runs of all workloads.

    Parameters
    ----------
    url
        As `history` of `orr.yaml` says.
    root
        The workspace: where a relative path of SQLite starts.

    Raises
    ------
    HistoryUnavailable
        If SQLAlchemy or a driver is missing, the URL is none, the database does not
        answer, or a newer version of orr wrote it.
    """

    def __init__(self, url: str, root: Path) -> None:
        if sa is None:
            raise HistoryUnavailable(say("fleet.history.no-sqlalchemy"), by_choice=True)
        try:
            self._url = sa.make_url(url)
        except sa.exc.ArgumentError:
            raise HistoryUnavailable(say("fleet.history.bad-url"), by_choice=True) from None
        self._file = _file_of(self._url, root)
        if self._file is not None:
            self._url = self._url.set(database=str(self._file))
        self._metadata = _tables()
        self._runs = self._metadata.tables["orr_runs"]
        self._versions = self._metadata.tables["orr_schema"]
        with self._told():
            self._engine = self._connect()
        self._ready = False

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    # Writing

    def prepare(self) -> None:
        """Make the tables where there are none, so that what cannot be recorded is known before the work."""
        if self._ready:
            return
        with self._told():
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._create()
            except sa.exc.SQLAlchemyError:
                self._create()  # somebody else created it at the same moment; then this finds it
        self._ready = True

    def record(self, run: Run) -> Before:
        """Add a run, and say what was known before it: both in one transaction."""
        self.prepare()
        found = run.assessment or {}
        valid_until = found.get("valid_until")
        row = {
            "workload": run.workload,
            "recorded_at": run.recorded_at.astimezone(UTC),
            "today": run.today,
            **{key: found.get(key) for key in ("occasion", "verdict", "decision", "digest")},
            "valid_until": date.fromisoformat(valid_until) if valid_until else None,
            "assessment": json.dumps(found, ensure_ascii=False, sort_keys=True) if found else None,
            "failure": run.failure,
        }
        with self._told(), self._engine.connect().execution_options(orr_writes=True) as connection, connection.begin():
            before = self._before(connection, run.workload)
            connection.execute(self._runs.insert(), row)
        return before

    # Reading

    def runs(self, workload: str, last: int | None = None) -> list[Run]:
        """The runs of a workload, oldest first; only the last so many where asked."""
        query = sa.select(self._runs).where(self._runs.c.workload == workload).order_by(self._runs.c.id.desc())
        if not self._exists():
            return []
        with self._told(), self._engine.connect() as connection:
            rows = connection.execute(query.limit(last) if last is not None else query).all()
        return [_run(row) for row in reversed(rows)]

    def trends(self, last: int) -> dict[str, list[tuple[date, str | None]]]:
        """Per workload the days and verdicts of its last so many runs, oldest first; a failed run has none."""
        if not self._exists():
            return {}
        runs = self._runs.c
        place = sa.func.row_number().over(partition_by=runs.workload, order_by=runs.id.desc()).label("place")
        numbered = sa.select(runs.workload, runs.today, runs.verdict, runs.id, place).subquery()
        query = sa.select(numbered).where(numbered.c.place <= last).order_by(numbered.c.workload, numbered.c.id)
        trends: dict[str, list[tuple[date, str | None]]] = {}
        with self._told(), self._engine.connect() as connection:
            for row in connection.execute(query):
                trends.setdefault(row.workload, []).append((row.today, row.verdict))
        return trends

    # Within

    def _connect(self) -> Any:
        if self._url.get_backend_name() != "sqlite":
            return sa.create_engine(self._url, pool_pre_ping=True)
        engine = sa.create_engine(self._url, connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(engine, "connect", _sqlite_connected)
        sa.event.listen(engine, "begin", _sqlite_begins)
        return engine

    def _before(self, connection: Any, workload: str) -> Before:
        query = sa.select(self._runs).where(self._runs.c.workload == workload).order_by(self._runs.c.id.desc()).limit(1)
        last = connection.execute(query).first()
        if last is None or last.failure is None:
            return Before(_run(last) if last is not None else None, False)
        assessed = connection.execute(query.where(self._runs.c.failure.is_(None))).first()
        return Before(_run(assessed) if assessed is not None else None, True)

    def _exists(self) -> bool:
        """Whether there is a database with runs at all: reading makes none."""
        if self._file is not None and not self._file.exists():
            return False
        with self._told(), self._engine.connect() as connection:
            if not sa.inspect(connection).has_table("orr_schema"):
                return False
            self._check_version(connection)
        return True

    def _create(self) -> None:
        with self._engine.connect().execution_options(orr_writes=True) as connection, connection.begin():
            if not sa.inspect(connection).has_table("orr_schema"):
                self._metadata.create_all(connection)
                connection.execute(self._versions.insert(), {"version": SCHEMA})
            self._check_version(connection)

    def _check_version(self, connection: Any) -> None:
        version = connection.execute(sa.select(sa.func.max(self._versions.c.version))).scalar()
        if version != SCHEMA:
            why = say("fleet.history.version", found=str(version), known=SCHEMA)
            raise HistoryUnavailable(why, by_choice=True)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the database says into words, without the password of its URL."""
        where = self._url.render_as_string(hide_password=True)
        try:
            yield
        except sa.exc.NoSuchModuleError:
            raise HistoryUnavailable(say("fleet.history.bad-url"), by_choice=True) from None
        except ModuleNotFoundError as missing:
            why = say("fleet.history.no-driver", where=where, module=missing.name or "?")
            raise HistoryUnavailable(why, by_choice=True) from None
        except (sa.exc.SQLAlchemyError, OSError) as error:
            problem = " ".join(str(getattr(error, "orig", None) or error).split())
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


def _run(row: Any) -> Run:
    at = row.recorded_at
    return Run(
        workload=row.workload,
        today=row.today,
        recorded_at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC),
        assessment=json.loads(row.assessment) if row.assessment is not None else None,
        failure=row.failure,
    )
