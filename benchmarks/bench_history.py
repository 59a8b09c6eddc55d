"""How quick a large history answers, per class of question, in SQLite and in PostgreSQL.

    python benchmarks/bench_history.py [--workloads 10000] [--weeks 104] [--database sqlite|postgresql|both] [--plans]

The history is written as orr writes it, chained, in one process: weekly runs of every workload, of
which most find nothing changed, and about a million changes of item states at the default size. The
documents are those of a real assessment. The baseline in the same run is a plain count of all runs.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import postgres
from support.history_sample import assessment

from orr.history import History
from orr.history.chain import hash_of
from orr.history.records import STATES, Kept, packed
from orr.history.writing import Writer

START = date(2026, 1, 5)
NAMES = list(STATES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workloads", type=int, default=10_000)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--changing", type=float, default=0.04, help="share of the runs that find something changed")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--plans", action="store_true", help="print how each database answers")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.database in ("sqlite", "both"):
            measure("sqlite:///history.db", Path(folder), asked)
        if asked.database in ("postgresql", "both"):
            with postgres.started() as url:
                measure(url, Path(folder), asked)


def measure(url: str, folder: Path, asked: argparse.Namespace) -> None:
    print(f"\n{sa.make_url(url).get_backend_name()}: {asked.workloads} workloads, {asked.weeks} weeks")
    with closing(History(url, folder)) as history:
        began = time.perf_counter()
        runs, states = fill(history, asked)
        took = time.perf_counter() - began
        print(f"  written: {runs} runs, {states} item states in {took:.0f} s ({1e6 * took / runs:.0f} µs a run)")
        size = size_of(history, folder)
        years = asked.workloads * asked.weeks / 52
        print(f"  size: {size / 1e6:.0f} MB, {size / years / 1e3:.1f} kB a workload and year")
        ask(history, asked)


def fill(history: History, asked: argparse.Namespace) -> tuple[int, int]:
    """Write weekly runs. The rows are those of `Writer`, inserted many at once so that filling does not take hours."""
    chance = random.Random(2026)
    history.prepare()
    tables, names = history._tables, [f"w{number:05}" for number in range(asked.workloads)]
    items = [f"list-{number // 10}/item-{number:03}" for number in range(asked.items)]
    now = [{item: chance.choice((6, 6, 6, 6, 6, 3, 4)) for item in items} for _ in names]
    kept_since = [0] * len(names)
    runs = states = 0
    for week in range(asked.weeks):
        day = START + timedelta(days=7 * week)
        at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        rows: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        with history._database.writing() as connection:
            writer = Writer(connection, tables)
            keys = {name: writer._workload(name) for name in names} if week == 0 else KEYS
            of_item = {item: writer._item(item) for item in items}
            KEYS.update(keys)
            for place, name in enumerate(names):
                written: dict[str, int] = dict(now[place]) if week == 0 else {}
                if week and chance.random() < asked.changing:
                    # Sixty states to begin with and about ten in each change: a million in two years.
                    for item in chance.sample(items, 10):
                        state = chance.choice([number for number in STATES.values() if number != now[place][item]])
                        written[item] = now[place][item] = state
                verdict = "go" if all(state in (6, 7) for state in now[place].values()) else "no-go"
                document = None
                if written:
                    kept_since[place] = week + 1
                    told = {item: NAMES[state - 1] for item, state in now[place].items()}
                    document = packed(_document(told, name, day))
                writer._record += 1
                row = {
                    "record": writer._record, "workload": name, "number": week + 1, "recorded_at": at, "today": day,
                    "occasion": "launch", "verdict": verdict, "decision": "pending", "valid_until": None,
                    "digest": "sha256:" + f"{place:064x}", "open_items": 3, "failure": None,
                    "unchanged_since": None if written else kept_since[place], "document": document, "begun": None,
                    "previous": writer._hash,
                }  # fmt: skip
                writer._hash = row["hash"] = hash_of(row, Kept(written, {}, {}))
                rows.append({**row, "workload": keys[name]})
                changed += [
                    {"record": writer._record, "workload": keys[name], "item": of_item[item], "state": state}
                    for item, state in written.items()
                ]
            connection.execute(tables.runs.insert(), rows)
            if changed:
                connection.execute(tables.states.insert(), changed)
            writer.finish()
        runs += len(rows)
        states += len(changed)
    with history._database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    return runs, states


KEYS: dict[str, int] = {}


def _document(states: dict[str, str], name: str, day: date) -> dict[str, Any]:
    found = assessment(states, workload=name, today=day)
    for item in found["items"]:
        item.update(
            risk="high", blocking=False, covered_by=None, contradicted=False, answer_from="workload",
            because=[f"{item['item']} was answered on {day} by wei.chen"],
            evidence=[{"check": "document", "outcome": "met", "says": "docs/rollback.md has 3 sections",
                       "collected": f"{day}T03:00:0{len(name) % 10}+08:00", "holds_until": None}],
        )  # fmt: skip
    return found


def size_of(history: History, folder: Path) -> int:
    with history._database.reading() as connection:
        if connection.dialect.name == "postgresql":
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar())
    return sum(path.stat().st_size for path in folder.glob("history.db*"))


def ask(history: History, asked: argparse.Namespace) -> None:
    day = START + timedelta(days=7 * (asked.weeks // 2))
    last_week = START + timedelta(days=7 * (asked.weeks - 2))
    quarter = [START + timedelta(days=7 * week) for week in range(max(0, asked.weeks - 12), asked.weeks)]
    cadence = {f"w{number:05}": 30 for number in range(asked.workloads)}
    one, item = f"w{asked.workloads // 2:05}", "list-3/item-030"
    questions: list[tuple[str, Callable[[], Any]]] = [
        ("baseline: count of all runs", lambda: _count(history)),
        ("last run of every workload", lambda: history.fleet_at()),
        ("trend of one workload, without assessments", lambda: history.summaries(one)),
        ("all runs of one workload, with assessments", lambda: history.runs(one)),
        ("last 12 runs of every workload", lambda: history.trends(12)),
        ("life of an item across the fleet", lambda: history.item_changes(item=item)),
        ("fleet at a date: verdicts", lambda: history.fleet_at(day)),
        ("fleet at a date: states of all items", lambda: history.states_at(day)),
        ("verdicts at 12 dates", lambda: history.verdicts_over_time(quarter)),
        ("verdicts at 12 dates within each cadence", lambda: history.verdicts_over_time(quarter, None, cadence)),
        ("last assessed day of every workload", lambda: history.last_assessed()),
        ("since when every verdict is so", lambda: history.unbroken()),
        ("re-checks that never ended", lambda: history.unended()),
        ("drift since a week: states", lambda: history.item_changes(since=last_week)),
        ("life of all waivers", lambda: history.waivers()),
        ("verify all", lambda: history.verify()),
    ]
    for name, question in questions:
        with watched(history) as statements:
            began = time.perf_counter()
            answer = question()
            took = time.perf_counter() - began
        size = len(answer) if hasattr(answer, "__len__") else answer
        print(f"  {1000 * took:9.1f} ms  {name} ({size if isinstance(size, int) else answer.records} rows)")
        assert not getattr(answer, "findings", ()), "the history is not whole"
        if asked.plans and name != "verify all":
            plan(history, statements)


def _count(history: History) -> int:
    with history._database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM orr_runs").scalar())


@contextmanager
def watched(history: History) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def see(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and "pg_catalog" not in statement and "orr_schema" not in statement:
            seen.append((statement, parameters))

    engine = history._database._engine
    sa.event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", see)


def plan(history: History, statements: list[tuple[str, Any]]) -> None:
    with history._database.reading() as connection:
        sqlite = connection.dialect.name == "sqlite"
        for statement, parameters in statements[:1]:
            explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            for row in connection.exec_driver_sql(explain + statement, parameters):
                print("             ", row[-1] if sqlite else row[0])


if __name__ == "__main__":
    main()
