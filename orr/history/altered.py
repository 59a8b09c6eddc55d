"""Check recorded runs for alterations by plain SQL, through `sqlite3` or SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from orr.history.hashes import START, hash_of
from orr.history.records import Kept
from orr.history.rows import vote_of, waiver_of

Row = Mapping[str, Any]
Ask = Callable[..., Iterable[Row]]
"""Gives the rows of a query, whose `:names` are filled from keywords."""

_RUNS = """SELECT orr_runs.*, orr_workloads.name AS named FROM orr_runs
JOIN orr_workloads ON orr_workloads.id = orr_runs.workload WHERE orr_workloads.name = :workload"""
_STATES = """SELECT orr_item_states.*, orr_items.name AS named FROM orr_item_states
LEFT JOIN orr_items ON orr_items.id = orr_item_states.item WHERE record = :record"""


def altered_since(ask: Ask, workload: str, number: int) -> int | None:
    """First run, from one on, that was altered or fits no neighbour; else None.

    Of a run that found an earlier one unchanged, that one counts too. A run that is not there is altered.
    """
    rows = [*ask(f"{_RUNS} AND number >= :number", workload=workload, number=number)]
    earlier = {row["unchanged_since"] for row in rows} - {None, *(row["number"] for row in rows)}
    for one in earlier:
        rows += ask(f"{_RUNS} AND number = :number", workload=workload, number=one)
    numbers = sorted(row["number"] for row in rows)
    wanted = sorted({*earlier, *range(number, max([number, *numbers]) + 1)})
    if numbers != wanted:
        return number
    return min((row["number"] for row in rows if not _fits(ask, row)), default=None)


def _fits(ask: Ask, row: Row) -> bool:
    """Whether a run is unaltered and fits the records before and after."""
    written, record = _written(ask, row), row["record"]
    if written is None:
        return False
    at = row["recorded_at"]
    told = {**row, "workload": row["named"], "recorded_at": datetime.fromisoformat(at) if isinstance(at, str) else at}
    head = next(iter(ask("SELECT record, hash FROM orr_head")), None)
    at_end = head is not None and head["record"] == record
    after = bytes(head["hash"]) if head is not None and at_end else _of(ask, record + 1, "previous")
    before = START if record == 1 else _of(ask, record - 1, "hash")
    return hash_of(told, written) == bytes(row["hash"]) == after and bytes(row["previous"]) == before


def _of(ask: Ask, record: int, column: str) -> bytes | None:
    for table in ("orr_runs", "orr_starts"):
        for row in ask(f"SELECT {column} AS found FROM {table} WHERE record = :record", record=record):  # noqa: S608 - ours
            return bytes(row["found"])
    return None


def _written(ask: Ask, run: Row) -> Kept | None:
    """The changes that a run wrote; None where there are any of another workload."""
    record = run["record"]
    states, waivers, votes = (
        [*ask(query, record=record)]
        for query in (
            _STATES,
            "SELECT * FROM orr_waivers WHERE record = :record",
            "SELECT * FROM orr_votes WHERE record = :record",
        )
    )
    if any(row["workload"] != run["workload"] for row in (*states, *waivers, *votes)):
        return None
    return Kept(
        {f"#{row['item']}" if row["named"] is None else row["named"]: row["state"] for row in states},
        {row["waiver"]: waiver_of(SimpleNamespace(**row)) for row in waivers},
        {row["place"]: vote_of(SimpleNamespace(**row)) for row in votes},
    )
