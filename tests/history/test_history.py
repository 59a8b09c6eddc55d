"""Runs in real databases: SQLite always, PostgreSQL where its programs are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, timedelta, timezone
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable
from support.fleet_sample import TODAY, assessed, make_workspace
from support.history_sample import NOW, Where, assessment, history, postgresql, run_of, run_sql, unguarded, where
from support.lanes import package
from support.permissions import like_anybody

from orr.history import SCHEMA, History, HistoryUnavailable, Run
from orr.history.past_runs import last_runs
from orr.history.tables import tables
from orr.history.writing import AT_ONCE

__all__ = ["history", "postgresql", "where"]


@pytest.fixture
def record(tmp_path: Path) -> dict[str, Any]:
    return assessed(make_workspace(tmp_path / "ws", "shop"), "shop")


def test_a_run_comes_back_as_it_was_recorded(history: History, record: dict[str, Any]) -> None:
    run = run_of({**record, "title": "结账 “checkout” 🛒"})
    history.record(run)
    assert history.runs("shop") == [run]


def test_the_moment_of_recording_is_kept_in_utc(history: History, record: dict[str, Any]) -> None:
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    history.record(Run("shop", TODAY, shanghai, record))
    (run,) = history.runs("shop")
    assert run.recorded_at == NOW
    assert run.recorded_at.tzinfo is UTC


def test_runs_come_oldest_first_and_only_the_last_where_asked(history: History, record: dict[str, Any]) -> None:
    days = [TODAY + timedelta(days=number) for number in range(4)]
    for day in days:
        history.record(run_of(record, today=day))
    history.record(run_of(record, workload="other"))
    assert [run.today for run in history.runs("shop")] == days
    assert [run.today for run in history.runs("shop", last=2)] == days[2:]


def test_recording_says_what_was_known_before(history: History, record: dict[str, Any]) -> None:
    good = run_of(record)
    failed = Run("shop", TODAY, NOW, None, "its kernel died")
    assert history.record(good).assessed is None
    assert history.record(failed).assessed == good
    after = history.record(run_of(record, today=TODAY + timedelta(days=1)))
    assert after.failed
    assert after.assessed == good
    assert not history.record(good).failed


def test_a_failed_run_is_kept_and_has_no_verdict(history: History, record: dict[str, Any]) -> None:
    history.record(run_of(record))
    history.record(Run("shop", TODAY, NOW, None, "its kernel died"))
    assert [run.failure for run in history.runs("shop")] == [None, "its kernel died"]
    assert history.trends(9) == {"shop": [(TODAY, record["verdict"]), (TODAY, None)]}


def test_a_trend_holds_the_last_runs_of_each_workload(history: History, record: dict[str, Any]) -> None:
    for number in range(5):
        for name in ("shop", "stock"):
            history.record(run_of(record, workload=name, today=TODAY + timedelta(days=number)))
    trends = history.trends(3)
    assert sorted(trends) == ["shop", "stock"]
    assert [day for day, _ in trends["shop"]] == [TODAY + timedelta(days=number) for number in (2, 3, 4)]


@pytest.mark.parametrize("failure", [None, "and yet it failed"])
def test_a_run_is_either_assessed_or_failed(history: History, record: dict[str, Any], failure: str | None) -> None:
    history.record(run_of(record))
    neither_or_both = Run("shop", TODAY, NOW, record if failure else None, failure)
    with pytest.raises(HistoryUnavailable):
        history.record(neither_or_both)
    assert len(history.runs("shop")) == 1


def write_many(url: str, root: str, name: str, number: int, record: dict[str, Any]) -> list[bool]:
    """What each of the writers does; whether it saw a run of its own before each of its runs."""
    with closing(History(url, Path(root))) as history:
        return [history.record(run_of(record, workload=name)).assessed is not None for _ in range(number)]


@pytest.mark.slow
def test_writers_side_by_side_lose_nothing(where: Where, record: dict[str, Any]) -> None:
    url, root = where
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(write_many, url, str(root), f"w{place}", 15, record) for place in range(4)]
        saw = [future.result() for future in futures]
    assert saw == [[False] + [True] * 14] * 4
    with closing(History(url, root)) as history:
        assert {name: len(trend) for name, trend in history.trends(99).items()} == {f"w{n}": 15 for n in range(4)}
        found = history.verify()
        assert (found.records, found.findings) == (60, ())


def statements_of(history: History, run: Run) -> int:
    """How often a database is asked or told something to record a run."""
    count = 0

    def hear(*_: Any) -> None:
        nonlocal count
        count += 1

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", hear)
    try:
        history.record(run)
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", hear)
    return count


def test_many_items_are_recorded_with_no_more_questions_than_few(history: History) -> None:
    history.prepare()
    few = statements_of(history, run_of(assessment({"a/b": "met"}, workload="few")))
    states = {f"a/item-{number}": "met" for number in range(300)}
    for workload in ("many", "again"):
        assert statements_of(history, run_of(assessment(states, workload=workload))) <= few


def test_names_are_numbered_however_many_there_are(history: History) -> None:
    names = [f"w{number}" for number in range(2 * AT_ONCE + 1)]
    history.record(run_of(assessment(workload="w7")))
    history.start(names, TODAY, NOW)
    (start,) = history.starts("w7")
    assert len(history.unended()) == len(names)
    assert history.verify().findings == ()
    assert start.today == TODAY


def test_asking_makes_no_database(tmp_path: Path) -> None:
    with closing(History("sqlite:///reports/history.db", tmp_path)) as history:
        assert history.runs("shop") == []
        assert history.trends(3) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_has_no_runs(history: History) -> None:
    assert history.runs("shop") == []


def test_tables_that_are_half_made_are_no_history_yet_and_are_completed(where: Where, record: dict[str, Any]) -> None:
    # MySQL makes each table for good at once: a process that is killed leaves those that it got to.
    for table in (tables().schema, tables().head, tables().runs):
        run_sql(where, str(CreateTable(table).compile(dialect=sa.create_engine(where[0]).dialect)))
    with closing(History(*where)) as history:
        assert history.runs("shop") == []
        history.record(run_of(record))
        assert (history.verify().records, history.verify().findings) == (1, ())


def test_a_history_whose_schema_was_removed_is_not_taken_for_none(where: Where, record: dict[str, Any]) -> None:
    with closing(History(*where)) as history:
        history.record(run_of(record))
    run_sql(where, *unguarded(where, "orr_schema"), "DELETE FROM orr_schema")
    with closing(History(*where)) as history:
        for use in (lambda: history.runs("shop"), lambda: history.record(run_of(record))):
            with pytest.raises(HistoryUnavailable, match="schema 0"):
                use()


@pytest.mark.parametrize("name", ["mysql", "mariadb"])
def test_nothing_that_is_hashed_is_cut_short_or_taken_for_another_in_mysql(name: str) -> None:
    dialect = sa.engine.url.make_url(f"{name}+pymysql://x").get_dialect()()
    for table in tables().metadata.tables.values():
        for column in table.columns:
            kind = column.type.compile(dialect)
            assert not kind.startswith("DATETIME") or kind == "DATETIME(6)"
            assert not kind.startswith(("VARCHAR", "LONGTEXT")) or kind.endswith("COLLATE utf8mb4_bin")
            assert kind not in ("TEXT", "BLOB")


def test_a_history_of_a_newer_version_is_left_alone(tmp_path: Path, record: dict[str, Any]) -> None:
    url = "sqlite:///history.db"
    with closing(History(url, tmp_path)) as history:
        history.record(run_of(record))
    run_sql((url, tmp_path), f"INSERT INTO orr_schema VALUES ({SCHEMA + 1})")
    with closing(History(url, tmp_path)) as history:
        for use in (lambda: history.runs("shop"), lambda: history.record(run_of(record))):
            with pytest.raises(HistoryUnavailable, match=f"schema {SCHEMA + 1}") as refused:
                use()
            assert refused.value.by_choice


@pytest.mark.parametrize(
    ("url", "says", "by_choice"),
    [
        pytest.param("reports/history.db", "no database URL", True, id="no-url"),
        pytest.param("postgresql+psycopg://u@127.0.0.1:abc/x", "no database URL", True, id="no-port"),
        pytest.param("oracel://somewhere", "no database URL", True, id="unknown-database"),
        pytest.param("mysql+pymysql_of_no_one://x/y", "no database URL", True, id="unknown-driver"),
        pytest.param("sqlite:///orr.yaml", "file is not a database", False, id="no-database-file"),
        pytest.param("sqlite:///orr.yaml/history.db", "orr.yaml", False, id="no-folder"),
    ],
)
def test_a_history_that_cannot_be_used_says_why(tmp_path: Path, url: str, says: str, by_choice: bool) -> None:
    make_workspace(tmp_path, "shop")
    with pytest.raises(HistoryUnavailable, match=says) as refused, closing(History(url, tmp_path)) as history:
        history.prepare()
    assert refused.value.by_choice is by_choice


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:hush-hush@127.0.0.1:1/none?connect_timeout=2",
        "postgresql+psycopg://127.0.0.1:1/none?user=me&password=hush-hush&connect_timeout=2",
        "postgresql+psycopg://me:un@hush-hush@127.0.0.1:1/none?connect_timeout=2",
    ],
    ids=["who signs in", "a parameter", "an @ that is not escaped"],
)
def test_a_password_is_never_shown(tmp_path: Path, url: str) -> None:
    package("psycopg")
    with pytest.raises(HistoryUnavailable) as refused, closing(History(url, tmp_path)) as history:
        history.prepare()
    assert "127.0.0.1" in str(refused.value)
    assert "hush-hush" not in str(refused.value)


@pytest.mark.slow
def test_a_driver_that_is_not_installed_is_named(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, "shop", settings="history: postgresql+psycopg://me@localhost/x\n")
    program = "import sys; sys.modules['psycopg'] = None; from orr.cli import main; sys.exit(main(['history', 'shop']))"
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "psycopg" in done.stderr
    assert "Traceback" not in done.stderr


# Where nothing may be written


@pytest.fixture
def closed(tmp_path: Path, record: dict[str, Any]) -> Iterator[Path]:
    """A history with a run, in a folder with an odd name in which nobody may write."""
    folder = tmp_path / "100% #1? ü"
    folder.mkdir()
    with closing(History("sqlite:///h.db", folder)) as kept:
        kept.record(run_of(record))
    (folder / "h.db").chmod(0o444)
    folder.chmod(0o555)
    with like_anybody():
        yield folder
    folder.chmod(0o755)


def test_a_history_that_may_only_be_read_is_read_and_left_alone(closed: Path) -> None:
    with closing(History("sqlite:///h.db", closed)) as kept:
        assert [run.today for run in kept.runs("shop")] == [TODAY]
        assert kept.verify().findings == ()
        assert kept.trends(1) == {"shop": [(TODAY, "go")]}
        with pytest.raises(HistoryUnavailable, match="readonly"):
            kept.record(Run("shop", TODAY, NOW, None, "x"))
    assert [run.verdict for run in last_runs("sqlite:///h.db", closed, "shop", TODAY)] == ["go"]
    assert [path.name for path in closed.iterdir()] == ["h.db"]


def test_a_history_that_somebody_else_writes_while_it_is_read_is_not_believed(closed: Path) -> None:
    with (
        closing(History("sqlite:///h.db", closed)) as kept,
        pytest.raises(HistoryUnavailable, match="while it was read"),
        kept._database.reading(),
    ):
        os.utime(closed / "h.db", (1, 1))


def test_what_somebody_else_has_not_merged_yet_is_not_passed_over(closed: Path) -> None:
    closed.chmod(0o755)
    (closed / "h.db-wal").write_bytes(b"what another process logged")
    closed.chmod(0o555)
    with closing(History("sqlite:///h.db", closed)) as kept, pytest.raises(HistoryUnavailable, match="cannot be used"):
        kept.runs("shop")
