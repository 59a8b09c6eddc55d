"""Histories as earlier versions wrote them: brought up to date when first written, and told until then."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from support.fleet_sample import TODAY
from support.history_sample import NOW, Where, assessment, postgresql, run_of, run_sql, unguarded, where

from orr.history import SCHEMA, History, HistoryUnavailable, Run, UnchangedRun

__all__ = ["postgresql", "where"]

RUNS_1 = """CREATE TABLE orr_runs (
    id {key} NOT NULL, workload VARCHAR(128) NOT NULL, recorded_at {moment} NOT NULL, today DATE NOT NULL,
    occasion VARCHAR(16), verdict VARCHAR(16), decision VARCHAR(16), valid_until DATE, digest VARCHAR(80),
    assessment TEXT, failure TEXT, PRIMARY KEY (id),
    CONSTRAINT orr_runs_one_of_both CHECK ((assessment IS NULL) <> (failure IS NULL)),
    CONSTRAINT orr_runs_verdict CHECK ((assessment IS NULL) = (verdict IS NULL)))"""


def make_schema_1(where: Where, *, failing: bool = False) -> list[dict[str, object]]:
    """A history of schema 1, as the version that wrote it did: four runs of two workloads."""
    sqlite = where[0].startswith("sqlite")
    kinds = {"key": "INTEGER", "moment": "DATETIME"} if sqlite else {"key": "BIGSERIAL", "moment": "TIMESTAMPTZ"}
    records = [
        assessment({"basics/owner": "met", "basics/dashboard": "stale"}),
        assessment({"basics/owner": "not-met"}, workload="stock", verdict="no-go"),
        None,
        assessment({"basics/owner": "met", "basics/dashboard": "met"}, today=TODAY + timedelta(days=7)),
    ]
    records[0]["waivers"] = [{"waiver": "W-1", "active": True, "why": "approved by bo"}]  # type: ignore[index]
    rows = []
    for number, record in enumerate(records, 1):
        told = dict.fromkeys(("occasion", "verdict", "decision", "digest")) if record is None else record
        stated = ", ".join(_quoted(told[key]) for key in ("occasion", "verdict", "decision", "digest"))
        day = TODAY + timedelta(days=0 if number < 3 else 7)
        at = NOW + timedelta(minutes=number)
        moment = at.strftime("%Y-%m-%d %H:%M:%S.%f") + ("" if sqlite else "+00")
        document = _quoted(json.dumps(record) if record is not None else None)
        if failing and number == 4:
            document = "'[no json'"
        name = "stock" if number == 2 else "shop"
        failure = "'its kernel died'" if record is None else "NULL"
        rows.append(
            f"INSERT INTO orr_runs (id, workload, recorded_at, today, occasion, verdict, decision, digest, assessment,"
            f" failure) VALUES ({number}, '{name}', '{moment}', '{day}', {stated}, {document}, {failure})"
        )
    run_sql(
        where,
        "CREATE TABLE orr_schema (version INTEGER NOT NULL, PRIMARY KEY (version))",
        RUNS_1.format(**kinds),
        "CREATE INDEX orr_runs_by_workload ON orr_runs (workload, id)",
        "INSERT INTO orr_schema VALUES (1)",
        *rows,
    )
    return records  # type: ignore[return-value]


def _quoted(value: object) -> str:
    return "NULL" if value is None else "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


def test_the_runs_of_schema_1_are_kept_and_chained_when_something_is_written(where: Where) -> None:
    records = make_schema_1(where)
    with closing(History(*where)) as history:
        before = history.record(run_of(assessment(today=TODAY + timedelta(days=14)), today=TODAY + timedelta(days=14)))
        assert before.assessed is not None
        assert before.assessed.assessment == records[3]
        runs = history.runs("shop")
        assert [run.assessment for run in runs[:3]] == [records[0], None, records[3]]
        assert [run.failure for run in runs] == [None, "its kernel died", None, None]
        assert [run.today for run in runs[:3]] == [TODAY, TODAY + timedelta(days=7), TODAY + timedelta(days=7)]
        assert [run.recorded_at for run in runs[:3]] == [NOW + timedelta(minutes=n) for n in (1, 3, 4)]
        assert [run.assessment for run in history.runs("stock")] == [records[1]]
        assert [(one.stage.value, one.number) for one in history.waivers("shop")[0].steps] == [
            ("active", 1), ("gone", 3)
        ]  # fmt: skip
        found = history.verify()
        assert (found.records, found.findings) == (5, ())
    with pytest.raises(Exception, match="append-only"):
        run_sql(where, "DELETE FROM orr_runs")


def test_until_then_reading_says_what_to_do_and_changes_nothing(where: Where) -> None:
    make_schema_1(where)
    with closing(History(*where)) as history:
        with pytest.raises(HistoryUnavailable, match="orr history --migrate") as told:
            history.runs("shop")
        assert told.value.by_choice
    run_sql(where, "INSERT INTO orr_runs SELECT 9, workload, recorded_at, today, occasion, verdict, decision,"
            " valid_until, digest, assessment, failure FROM orr_runs WHERE id = 1")  # fmt: skip


def test_a_migration_that_fails_leaves_the_history_as_it_was(where: Where) -> None:
    make_schema_1(where, failing=True)
    with closing(History(*where)) as history, pytest.raises(HistoryUnavailable, match="Run 4 of the earlier"):
        history.prepare()
    run_sql(
        where, "UPDATE orr_runs SET assessment = '" + json.dumps(assessment()).replace("%", "%%") + "' WHERE id = 4"
    )
    with closing(History(*where)) as history:
        history.prepare()
        assert len(history.runs("shop")) == 3


def test_writers_that_meet_at_an_old_history_migrate_it_once(where: Where) -> None:
    make_schema_1(where)

    def write(name: str) -> None:
        with closing(History(*where)) as history:
            history.record(run_of(assessment(), workload=name))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, ["a", "b", "c", "d"]))
    with closing(History(*where)) as history:
        found = history.verify()
        assert (found.records, found.findings) == (8, ())


HEAD_2 = "sha256:dbab814399ad9502ae0127bd1a42c73423f8bcd1b9cf76897552c32f7f3cc29d"
"""The head of three records as the version with schema 2 wrote them."""


def make_schema_2(where: Where) -> None:
    """A history of schema 2: what it had, and not what came later."""
    with closing(History(*where)) as history:
        history.record(run_of(assessment({"basics/owner": "met", "basics/dashboard": "stale"})))
        history.record(Run("stock", TODAY, NOW, None, "its kernel died"))
        history.record_unchanged({"shop": UnchangedRun(1, "sha256:" + "ab" * 32)}, TODAY + timedelta(days=7), NOW)
    run_sql(
        where,
        "DROP TABLE orr_keys",
        "DROP TABLE orr_started",
        "DROP TABLE orr_starts",
        "ALTER TABLE orr_runs DROP COLUMN begun",
        *unguarded(where, "orr_schema"),
        "UPDATE orr_schema SET version = 2",
    )


def test_the_runs_of_schema_2_keep_their_hashes_and_starts_are_chained_after_them(where: Where) -> None:
    make_schema_2(where)
    with closing(History(*where)) as history:
        with pytest.raises(HistoryUnavailable, match="schema 2; this one writes 4"):
            history.verify()
        history.prepare()
        found = history.verify()
        assert (found.records, found.head, found.findings) == (3, HEAD_2, ())
        begun = history.start(["shop", "till"], TODAY, NOW)
        history.record(replace(run_of(assessment()), begun=begun))
        assert (history.verify().records, history.verify().findings) == (5, ())
        assert list(history.unended()) == ["till"]
    for table in ("orr_runs", "orr_starts", "orr_started"):
        with pytest.raises(Exception, match="append-only"):
            run_sql(where, f"DELETE FROM {table}")


def test_schema_3_gains_a_place_for_keys_and_keeps_its_chain(where: Where) -> None:
    with closing(History(*where)) as history:
        history.record(run_of(assessment()))
        before = history.verify()
    run_sql(where, "DROP TABLE orr_keys", *unguarded(where, "orr_schema"), "UPDATE orr_schema SET version = 3")
    with closing(History(*where)) as history:
        with pytest.raises(HistoryUnavailable, match="schema 3; this one writes 4"):
            history.keys("here")
        history.keep_keys("here", {"shop": "{}"}, TODAY)
        assert history.keys("here") == {"shop": "{}"}
        assert history.verify() == before


@pytest.mark.parametrize("version", [0, SCHEMA + 1])
def test_a_schema_that_is_not_known_is_refused_in_words(where: Where, version: int) -> None:
    run_sql(
        where,
        "CREATE TABLE orr_schema (version INTEGER NOT NULL, PRIMARY KEY (version))",
        f"INSERT INTO orr_schema VALUES ({version})",
    )
    with closing(History(*where)) as history:
        for use in (lambda: history.runs("shop"), history.prepare):
            with pytest.raises(HistoryUnavailable, match=f"schema {version}") as refused:
                use()
            assert refused.value.by_choice
