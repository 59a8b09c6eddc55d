"""The last recorded runs, read without SQLAlchemy where possible.

A report must not wait for SQLAlchemy to load where the history is a file of SQLite, as it is by
default: that would take longer than the report. So such a file is read directly, and only read.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

from orr.system.open_files import read_only
from orr.system.paths import exists

SHOWN = 12
_SQLITE = "sqlite:///"
_SCHEMA = 4
_QUERY = """SELECT today, verdict, open_items FROM orr_runs
WHERE workload = (SELECT id FROM orr_workloads WHERE name = ?) AND today <= ? ORDER BY number DESC LIMIT ?"""


class Unreadable(Exception):
    """The history cannot be read."""


class LastRun(NamedTuple):
    """A run: its day, its verdict (None where it could not be assessed), and how many items were open."""

    today: date
    verdict: str | None
    open_items: int | None


def last_runs(url: str, root: Path, workload: str, today: date) -> tuple[LastRun, ...]:
    """The last runs for days up to today, oldest first; none where there is no history.

    Raises
    ------
    Unreadable
        If there is a history and it cannot be read, for whatever reason.
    """
    path = url.removeprefix(_SQLITE)
    try:
        if url.startswith(_SQLITE) and "?" not in url and path and not path.startswith((":memory:", "file:")):
            return _from_file(Path(root, path), workload, today)
        return _from_database(url, root, workload, today)
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _from_file(path: Path, workload: str, today: date) -> tuple[LastRun, ...]:
    if not exists(path):
        return ()
    with closing(sqlite3.connect(read_only(path.resolve()), uri=True, timeout=5)) as connection:
        (schema,) = connection.execute("SELECT max(version) FROM orr_schema").fetchone()
        if schema != _SCHEMA:
            raise ValueError(f"schema {schema}")
        rows = connection.execute(_QUERY, (workload, today.isoformat(), SHOWN)).fetchall()
    return tuple(LastRun(date.fromisoformat(day), verdict, count) for day, verdict, count in reversed(rows))


def _from_database(url: str, root: Path, workload: str, today: date) -> tuple[LastRun, ...]:
    from orr.history import History

    with closing(History(url, root)) as history:
        runs = [run for run in history.summaries(workload) if run.today <= today]
    return tuple(LastRun(run.today, run.verdict, run.open_items) for run in runs[-SHOWN:])
