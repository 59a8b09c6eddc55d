"""The chain: whoever changes, removes or puts in a record is noticed, in both databases."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.fleet_sample import TODAY
from support.history_sample import NOW, Where, assessment, history, postgresql, run_of, run_sql, unguarded, where

from orr.history import History, HistoryUnavailable, Run, UnchangedRun
from orr.history.chain import Verified
from orr.history.hashes import START, hash_of, shown
from orr.history.records import packed

__all__ = ["history", "postgresql", "where"]

WAIVER = {
    "waiver": "W-1", "active": True, "items": ["basics/dashboard"], "requested_by": "ann", "approved_by": "bo",
    "approved_on": "2026-11-01", "expires": "2027-11-01", "revoked_on": None,
}  # fmt: skip
VOTE = {"role": "lead", "by": "bo", "vote": "go", "valid": True, "on": "2026-11-20", "digest": "sha256:" + "ab" * 32}


@pytest.fixture
def filled(history: History) -> History:
    """Eight records: five runs of shop (the fourth failed, the last unchanged), three of stock."""
    states = [{"basics/owner": "met", "basics/dashboard": state} for state in ("stale", "met", "stale")]
    for place, state in enumerate(states):
        day = TODAY + timedelta(days=place)
        history.record(run_of(assessment(state, today=day, waivers=[WAIVER], sign_offs=[VOTE]), today=day))
        history.record(run_of(assessment(state, today=day), workload="stock", today=day))
    history.record(Run("shop", TODAY + timedelta(days=3), NOW, None, "its kernel died"))
    history.record(run_of(assessment(states[0], today=TODAY + timedelta(days=4)), today=TODAY + timedelta(days=4)))
    assert history.record_unchanged({"shop": UnchangedRun(5, "sha256:" + "ab" * 32)}, TODAY + timedelta(days=5), NOW)
    return history


def findings(history: History, noted: str | None = None) -> list[tuple[int | None, str]]:
    """What is found, but for the triggers that a test took away to change something."""
    found = history.verify(noted).findings
    return [(one.record, str(one.what)) for one in found if one.what.key != "fleet.verify.unguarded"]


def test_a_history_as_it_was_written_is_whole(filled: History) -> None:
    found = filled.verify()
    assert (found.records, found.findings) == (9, ())
    assert filled.verify(found.head).findings == ()


def test_a_history_of_nothing_is_whole(history: History) -> None:
    for noted in (None, shown(START)):
        assert replace(history.verify(noted), compared=False) == Verified(0, shown(START), ())
    assert history.head() == shown(START)
    history.prepare()
    assert history.verify(shown(START)).findings == ()


TAMPERED = [
    pytest.param("orr_runs", "UPDATE orr_runs SET verdict = 'no-go' WHERE record = 3",
        [(3, "record 3 (run 2 of shop, 2026-11-24) was altered: verdict")], id="verdict"),
    pytest.param("orr_runs", "UPDATE orr_runs SET today = '2026-01-01' WHERE record = 3",
        [(3, "record 3 (run 2 of shop, 2026-01-01) was altered: today")], id="day"),
    pytest.param("orr_runs", "UPDATE orr_runs SET recorded_at = '2026-01-01 00:00:00.000000+00:00' WHERE record = 3",
        [(3, "record 3 (run 2 of shop, 2026-11-24) was altered: its content")], id="moment"),
    pytest.param("orr_runs",
        "UPDATE orr_runs SET document = (SELECT document FROM orr_runs WHERE record = 1) WHERE record = 3",
        [(3, "record 3 (run 2 of shop, 2026-11-24) was altered: today, item states")], id="document"),
    pytest.param("orr_runs", "UPDATE orr_runs SET failure = 'a cosmic ray' WHERE record = 7",
        [(7, "record 7 (run 4 of shop, 2026-11-26) was altered: its content")], id="failure"),
    pytest.param("orr_runs", "UPDATE orr_runs SET unchanged_since = 3 WHERE record = 9",
        [(9, "record 9 (run 6 of shop, 2026-11-28) was altered: its content")], id="unchanged-since"),
    pytest.param("orr_item_states", "UPDATE orr_item_states SET state = 6 WHERE record = 1 AND state = 3",
        [(1, "record 1 (run 1 of shop, 2026-11-23) was altered: item states")], id="state"),
    pytest.param("orr_item_states", "DELETE FROM orr_item_states WHERE record = 5",
        [(5, "record 5 (run 3 of shop, 2026-11-25) was altered: item states")], id="state-removed"),
    pytest.param("orr_item_states", "INSERT INTO orr_item_states (record, workload, item, state) VALUES (9, 1, 1, 6)",
        [(9, "record 9 (run 6 of shop, 2026-11-28) was altered: item states")], id="state-put-in"),
    pytest.param("orr_waivers", "UPDATE orr_waivers SET expires = '2030-01-01' WHERE record = 1",
        [(1, "record 1 (run 1 of shop, 2026-11-23) was altered: waivers")], id="waiver"),
    pytest.param("orr_votes", "UPDATE orr_votes SET vote = 'no-go' WHERE record = 1",
        [(1, "record 1 (run 1 of shop, 2026-11-23) was altered: votes")], id="vote"),
    pytest.param("orr_votes", "DELETE FROM orr_votes WHERE record = 1",
        [(1, "record 1 (run 1 of shop, 2026-11-23) was altered: votes")], id="vote-removed"),
    pytest.param("orr_runs", "DELETE FROM orr_runs WHERE record = 7",
        [(7, "records 7 to 7 were removed"),
         (8, "record 8 (run 5 of shop, 2026-11-27) should be its run 4: runs were removed or put in")], id="removed"),
    pytest.param("orr_runs", "DELETE FROM orr_runs WHERE record >= 9", [(9, "records 9 to 9 were cut off at the end")],
        id="cut-off"),
    pytest.param("orr_runs",
        "INSERT INTO orr_runs SELECT 10, workload, 7, recorded_at, today, occasion, verdict, decision, valid_until,"
        " digest, open_items, failure, unchanged_since, begun, document, hash, hash FROM orr_runs WHERE record = 9",
        [(10, "record 10 (run 7 of shop, 2026-11-28) was altered: its content"),
         (10, "records 10 to 10 stand after the head: they were put in")], id="put-in-at-the-end"),
    pytest.param("orr_item_states", "INSERT INTO orr_item_states (record, workload, item, state) VALUES (99, 1, 1, 6)",
        [(99, "orr_item_states has a row for record 99 that no run wrote: it was put in, or its run was removed or"
              " altered")], id="stray"),
    pytest.param("orr_head", "UPDATE orr_head SET record = 12", [(10, "records 10 to 12 were cut off at the end")],
        id="head-forwards"),
    pytest.param("orr_head", "DELETE FROM orr_head", [(None, "the head was removed")], id="no-head"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "statement", "says"), TAMPERED)
def test_what_was_done_past_orr_is_refused_and_where_it_was_forced_is_found(
    where: Where, filled: History, table: str, statement: str, says: list[tuple[int, str]]
) -> None:
    if not statement.startswith("INSERT") and statement != "UPDATE orr_head SET record = 12":
        with pytest.raises(Exception, match="append-only"):
            run_sql(where, statement)
        assert findings(filled) == []
    run_sql(where, *unguarded(where, table), statement)
    assert findings(filled) == says


def test_a_renamed_workload_is_found_in_each_of_its_records(where: Where, filled: History) -> None:
    with pytest.raises(Exception, match="append-only"):
        run_sql(where, "UPDATE orr_workloads SET name = 'shop2' WHERE name = 'shop'")
    run_sql(
        where, *unguarded(where, "orr_workloads"), "UPDATE orr_workloads SET name = 'shop2' WHERE name = 'shop'"
    )  # fmt: skip
    assert [record for record, _ in findings(filled)] == [1, 3, 5, 7, 8, 9]


def test_a_record_replaced_with_its_hash_does_not_fit_the_next(where: Where, filled: History) -> None:
    """Somebody writes another verdict and computes the hash anew: the neighbour still holds the old one."""
    import sqlalchemy as sa

    from orr.history import chain

    with filled._database.reading() as connection:
        found = {one.record: one for one in chain._Reader(connection, filled._tables).records()}
    document = packed(filled.runs("stock")[1].assessment or {})
    forged = hash_of({**(found[4].run or {}), "document": document, "verdict": "no-go"}, found[4].written)
    run_sql(
        where,
        *unguarded(where, "orr_runs"),
        str(sa.text(f"UPDATE orr_runs SET verdict = 'no-go', hash = {_literal(where, forged)} WHERE record = 4")),
    )
    says = "record 5 (run 3 of shop, 2026-11-25) does not follow record 4: the one before it was replaced"
    assert findings(filled) == [(5, says)]


def _literal(where: Where, value: bytes) -> str:
    return f"x'{value.hex()}'" if where[0].startswith("sqlite") else f"'\\x{value.hex()}'"


def test_a_history_written_anew_is_whole_but_has_not_the_noted_head(where: Where, filled: History) -> None:
    """What a chain cannot show by itself: the same runs with one left out."""
    noted = filled.verify().head
    url = "sqlite:///other.db"
    with closing(History(url, where[1])) as other:
        for run in filled.runs("stock"):
            other.record(run)
        assert findings(other) == []
        assert findings(other, noted) == [
            (None, f"the noted head {noted} is no record of this history: it was written anew, or is another")
        ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orr_head SET record = record - 1",
        "DELETE FROM orr_head",
        "DELETE FROM orr_schema",
        "UPDATE orr_items SET name = 'x'",
    ],
)
def test_the_database_refuses_to_go_backwards(where: Where, filled: History, statement: str) -> None:
    with pytest.raises(Exception, match=r"append-only|forwards"):
        run_sql(where, statement)
    assert findings(filled) == []


@pytest.mark.parametrize("where", [pytest.param("postgresql", marks=pytest.mark.database)], indirect=True)
def test_postgresql_refuses_to_empty_a_table(history: History, where: Where) -> None:
    history.record(run_of(assessment()))
    with pytest.raises(Exception, match="append-only"):
        run_sql(where, "TRUNCATE orr_runs")


@pytest.mark.parametrize(
    ("held", "before"),
    [
        pytest.param(UnchangedRun(2, "sha256:" + "ab" * 32), None, id="another-run"),
        pytest.param(UnchangedRun(1, "sha256:" + "cd" * 32), None, id="another-digest"),
        pytest.param(UnchangedRun(1, "sha256:" + "ab" * 32), "its kernel died", id="failed-since"),
    ],
)
def test_nothing_is_recorded_as_unchanged_unless_the_last_assessment_is_the_one_that_held(
    history: History, held: UnchangedRun, before: str | None
) -> None:
    history.record(run_of(assessment()))
    if before is not None:
        history.record(Run("shop", TODAY, NOW, None, before))
    known = len(history.runs("shop"))
    assert history.record_unchanged({"shop": held, "never": held}, TODAY, NOW) == {}
    assert len(history.runs("shop")) == known
    assert history.verify().findings == ()


def test_an_unchanged_run_has_the_assessment_that_held_for_its_own_day(history: History) -> None:
    first = assessment()
    history.record(run_of(first))
    digest = first["digest"]
    for place in (1, 2):
        day = TODAY + timedelta(days=place)
        (summary,) = history.record_unchanged({"shop": UnchangedRun(1, digest)}, day, NOW).values()
        assert (summary.number, summary.unchanged_since, summary.verdict) == (place + 1, 1, "go")
    runs = history.runs("shop")
    assert [run.unchanged_since for run in runs] == [None, 1, 1]
    assert [run.assessment for run in runs] == [{**first, "today": run.today.isoformat()} for run in runs]
    assert [run.assessment for run in history.runs("shop", last=1)] == [runs[-1].assessment]
    before = history.record(run_of(assessment(today=TODAY + timedelta(days=3)), today=TODAY + timedelta(days=3)))
    assert before.assessed == runs[0]
    assert before.number == 4


def test_a_run_that_says_nothing_is_refused(history: History) -> None:
    with pytest.raises(HistoryUnavailable):
        history.record(Run("shop", date(2026, 11, 23), NOW, None, None))
    assert history.verify().records == 0


# Starts


@pytest.fixture
def begun(history: History) -> History:
    """Three records: a start of shop and stock, and of the first its run; then another start of stock."""
    record = history.start(["stock", "shop"], TODAY, NOW)
    history.record(replace(run_of(assessment()), begun=record))
    history.start(["stock"], TODAY + timedelta(days=1), NOW)
    return history


def test_a_start_is_a_record_of_the_chain(begun: History) -> None:
    found = begun.verify()
    assert (found.records, found.findings) == (3, ())
    assert begun.start([], TODAY, NOW) is None
    assert begun.verify().records == 3


BEGUN = [
    pytest.param("orr_starts", "UPDATE orr_starts SET today = '2026-01-01' WHERE record = 1",
        [(1, "record 1 (start of a re-check, 2026-01-01) was altered: its content")], id="day"),
    pytest.param("orr_starts", "DELETE FROM orr_starts WHERE record = 1",
        [(1, "records 1 to 1 were removed"),
         (1, "orr_started has a row for record 1 that no run wrote: it was put in, or its run was removed or altered")],
        id="removed"),
    pytest.param("orr_starts", "DELETE FROM orr_starts WHERE record = 3",
        [(3, "orr_started has a row for record 3 that no run wrote: it was put in, or its run was removed or altered"),
         (3, "records 3 to 3 were cut off at the end")],
        id="cut-off"),
    pytest.param("orr_started", "DELETE FROM orr_started WHERE record = 3",
        [(3, "record 3 (start of a re-check, 2026-11-24) was altered: its content")], id="workload-removed"),
    pytest.param("orr_started", "INSERT INTO orr_started (workload, record) SELECT workload, 3 FROM orr_runs",
        [(3, "record 3 (start of a re-check, 2026-11-24) was altered: its content")], id="workload-put-in"),
    pytest.param("orr_runs", "UPDATE orr_runs SET begun = NULL WHERE record = 2",
        [(2, "record 2 (run 1 of shop, 2026-11-23) was altered: its content")], id="end-removed"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "statement", "says"), BEGUN)
def test_a_start_that_was_tampered_with_is_refused_and_where_it_was_forced_is_found(
    where: Where, begun: History, table: str, statement: str, says: list[tuple[int, str]]
) -> None:
    if not statement.startswith("INSERT"):
        with pytest.raises(Exception, match="append-only"):
            run_sql(where, statement)
    run_sql(where, *unguarded(where, table), statement)
    assert findings(begun) == says


def test_a_workload_whose_re_check_was_begun_and_recorded_nothing_is_told(begun: History) -> None:
    unended = begun.unended()
    assert {name: (start.record, start.today) for name, start in unended.items()} == {
        "stock": (3, TODAY + timedelta(days=1))
    }
    assert [(one.workload, one.record, one.ended) for one in begun.starts()] == [
        ("shop", 1, True),
        ("stock", 1, False),
        ("stock", 3, False),
    ]
    assert [one.record for one in begun.starts("stock")] == [1, 3]
    assert begun.starts("stock")[0].recorded_at == NOW


def test_a_run_that_came_later_of_whatever_ends_the_waiting(begun: History) -> None:
    begun.record(run_of(assessment(), workload="stock"))
    assert begun.unended() == {}
    assert [one.ended for one in begun.starts("stock")] == [False, False]
