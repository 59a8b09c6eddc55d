"""A history whose tables somebody changed: told what is wrong, whatever stands in them."""

from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.history_sample import Where, assessment, history, postgresql, run_of, run_sql, unguarded, where

from orr.history import History, HistoryUnavailable
from orr.history.records import LARGEST, packed
from orr.history.structure import LONGEST

__all__ = ["history", "postgresql", "where"]

IN_POSTGRESQL = [pytest.param("postgresql", marks=pytest.mark.database)]
WAIVER = {"waiver": "W-1", "active": True, "items": ["basics/owner"], "expires": "2027-11-01"}
VOTE = {"role": "lead", "by": "bo", "vote": "go", "valid": True, "on": "2026-11-20", "digest": "sha256:" + "ab" * 32}


@pytest.fixture
def filled(history: History) -> History:
    history.start(["shop"], run_of(assessment()).today, run_of(assessment()).recorded_at)
    history.record(run_of(assessment(waivers=[WAIVER], sign_offs=[VOTE])))
    return history


@pytest.fixture
def in_sqlite(tmp_path: Path) -> Where:
    here = "sqlite:///h.db", tmp_path
    with closing(History(*here)) as made:
        made.start(["shop"], run_of(assessment()).today, run_of(assessment()).recorded_at)
        made.record(run_of(assessment(waivers=[WAIVER], sign_offs=[VOTE])))
    return here


def says(where: Where) -> list[str]:
    with closing(History(*where)) as opened:
        return [str(one.what) for one in opened.verify().findings if one.what.key != "fleet.verify.unguarded"]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("orr_runs", "recorded_at", "'x'"),
        ("orr_runs", "recorded_at", "20261123"),
        ("orr_runs", "recorded_at", "'2026-13-45 10:00:00.000000'"),
        ("orr_runs", "recorded_at", "'2026-02-30 10:00:00.000000'"),
        ("orr_runs", "today", "'2026-02-30'"),
        ("orr_runs", "today", "1.5"),
        ("orr_runs", "valid_until", "x'00'"),
        ("orr_runs", "number", "'one'"),
        ("orr_runs", "verdict", "x'07'"),
        ("orr_runs", "document", "'text'"),
        ("orr_runs", "hash", "5"),
        ("orr_runs", "previous", "'abc'"),
        ("orr_runs", "begun", "'begun'"),
        ("orr_item_states", "state", "'met'"),
        ("orr_waivers", "active", "'yes'"),
        ("orr_waivers", "expires", "9"),
        ("orr_votes", "valid", "2"),
        ("orr_votes", "voted_on", "'soon'"),
        ("orr_starts", "today", "''"),
        ("orr_started", "workload", "'shop'"),
        ("orr_workloads", "name", "x'ff'"),
        ("orr_head", "hash", "'0'"),
    ],
)
def test_a_value_of_another_type_is_named(in_sqlite: Where, table: str, column: str, value: str) -> None:
    run_sql(in_sqlite, *unguarded(in_sqlite, table), f"UPDATE {table} SET {column} = {value}")
    (told,) = says(in_sqlite)
    assert told.startswith(f"{column} of {table} holds what is not of its type (first at ")


@pytest.mark.parametrize("where", IN_POSTGRESQL, indirect=True)
def test_a_column_of_another_type_is_named(filled: History, where: Where) -> None:
    run_sql(where, "ALTER TABLE orr_runs ALTER COLUMN recorded_at TYPE text")
    assert says(where) == [
        "recorded_at of orr_runs holds what is not of its type (first at –); the chain was not followed"
    ]


TABLES = {"orr_schema", "orr_head", "orr_runs", "orr_started", "orr_keys"}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_view_in_the_place_of_a_table_is_named(filled: History, where: Where, table: str) -> None:
    filled.close()
    run_sql(where, f"ALTER TABLE {table} RENAME TO kept", f"CREATE VIEW {table} AS SELECT * FROM kept")
    assert says(where) == [f"{table} is a view, which shows what somebody likes, and no table"]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_table_that_is_gone_is_named(filled: History, where: Where, table: str) -> None:
    filled.close()
    run_sql(where, f"DROP TABLE {table}")
    assert says(where) == [f"the table {table} is gone"]


def test_a_column_that_is_gone_is_named(filled: History, where: Where) -> None:
    filled.close()
    run_sql(where, "ALTER TABLE orr_votes DROP COLUMN voter")
    assert says(where) == ["the table orr_votes has no column voter"]


# Triggers


def unguarded_by(history: History) -> list[str]:
    found = [one.what for one in history.verify().findings if one.what.key == "fleet.verify.unguarded"]
    return [name for what in found for name in what.values["triggers"]]


def assert_named_and_put_back(history: History, where: Where, trigger: str, *statements: str) -> None:
    assert unguarded_by(history) == []
    run_sql(where, *statements)
    assert unguarded_by(history) == [trigger]
    history.guard()
    assert history.verify().findings == ()


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("trigger", "instead"),
    [
        pytest.param("orr_runs_no_UPDATE", [], id="dropped"),
        pytest.param(
            "orr_head_forwards",
            ["CREATE TRIGGER orr_head_forwards BEFORE UPDATE ON orr_head BEGIN SELECT 1; END"],
            id="replaced",
        ),
    ],
)
def test_a_trigger_of_sqlite_that_does_not_guard_is_named_and_put_back(
    filled: History, where: Where, trigger: str, instead: list[str]
) -> None:
    assert_named_and_put_back(filled, where, trigger, f"DROP TRIGGER {trigger}", *instead)


@pytest.mark.parametrize("where", IN_POSTGRESQL, indirect=True)
@pytest.mark.parametrize(
    ("trigger", "statements"),
    [
        pytest.param("orr_runs_kept", ["DROP TRIGGER orr_runs_kept ON orr_runs"], id="dropped"),
        pytest.param("orr_votes_kept", ["ALTER TABLE orr_votes DISABLE TRIGGER orr_votes_kept"], id="off"),
        pytest.param(
            "orr_runs_kept",
            [
                "DROP TRIGGER orr_runs_kept ON orr_runs",
                "CREATE TRIGGER orr_runs_kept BEFORE DELETE ON orr_runs FOR EACH ROW"
                " EXECUTE FUNCTION orr_append_only()",
            ],
            id="for-less",
        ),
        pytest.param(
            "orr_head_forwards",
            [
                "CREATE OR REPLACE FUNCTION orr_forwards() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RETURN NEW; END $$"
            ],
            id="another-function",
        ),
    ],
)
def test_a_trigger_of_postgresql_that_does_not_guard_is_named_and_put_back(
    filled: History, where: Where, trigger: str, statements: list[str]
) -> None:
    assert_named_and_put_back(filled, where, trigger, *statements)


# Size


NOT_ONE = [
    pytest.param(
        lambda: zlib.compress(b'{"x": "' + b"a" * (6 * LARGEST) + b'"}', 1), id="bomb", marks=pytest.mark.slow
    ),
    pytest.param(lambda: zlib.compress(b"[" * 100_000), id="deep"),
    pytest.param(lambda: zlib.compress(b'{"format": "orr.assessment/1"}'), id="empty"),
    pytest.param(lambda: zlib.compress(b"[]"), id="list"),
    pytest.param(lambda: packed(assessment())[:-5], id="cut"),
    pytest.param(lambda: b"\x00", id="nothing"),
]


@pytest.mark.parametrize("document", NOT_ONE)
def test_a_document_that_is_no_assessment_is_refused_in_little_memory(
    in_sqlite: Where, document: Callable[[], bytes]
) -> None:
    written = f"UPDATE orr_runs SET document = x'{document().hex()}'"
    run_sql(in_sqlite, *unguarded(in_sqlite, "orr_runs"), written)
    tracemalloc.start()
    try:
        assert says(in_sqlite) == ["record 2 (run 1 of shop, 2026-11-23) was altered: the assessment"]
        with closing(History(*in_sqlite)) as opened:
            for read in (lambda: opened.runs("shop"), lambda: opened.record(run_of(assessment()))):
                with pytest.raises(HistoryUnavailable, match="orr history --verify says which"):
                    read()
        assert tracemalloc.get_traced_memory()[1] < 4 * LARGEST
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "value"), [("document", f"zeroblob({LONGEST + 2})"), ("failure", f"hex(zeroblob({LONGEST // 2 + 1}))")]
)
def test_a_value_longer_than_any_that_is_written_is_not_read(in_sqlite: Where, column: str, value: str) -> None:
    statement = f"UPDATE orr_runs SET {column} = {value}"
    run_sql(in_sqlite, *unguarded(in_sqlite, "orr_runs"), "PRAGMA ignore_check_constraints = ON", statement)
    tracemalloc.start()
    try:
        (told,) = says(in_sqlite)
        assert tracemalloc.get_traced_memory()[1] < LONGEST
    finally:
        tracemalloc.stop()
    assert told.startswith(f"{column} of orr_runs holds {LONGEST + 2} characters or bytes at once")


def test_an_assessment_too_large_to_be_read_again_is_not_recorded(history: History) -> None:
    with pytest.raises(HistoryUnavailable, match="it was not recorded"):
        history.record(run_of(assessment(), title="x" * LARGEST))
    assert history.runs("shop") == []


def test_documents_of_many_records_are_looked_at_in_turn(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orr.history.chain._BYTES_AT_ONCE", 900)
    for number in range(7):
        history.record(run_of(assessment({f"basics/i{one}": "met" for one in range(5 * number + 1)})))
    assert (history.verify().records, history.verify().findings) == (7, ())
