"""Histories for tests: in SQLite always, in PostgreSQL where its programs are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from orr.history import History, Run
from support import postgres
from support.fleet_sample import TODAY

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
Where = tuple[str, Path]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with postgres.started() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Where]:
    """A database without any tables, and the root of a workspace."""
    if request.param == "sqlite":
        yield "sqlite:///reports/history.db", tmp_path
        return
    url = request.getfixturevalue("postgresql")
    yield url, tmp_path
    run_sql((url, tmp_path), "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


@pytest.fixture
def history(where: Where) -> Iterator[History]:
    with closing(History(*where)) as opened:
        yield opened


def run_sql(where: Where, *statements: str) -> None:
    """What somebody does who may write to the database, past orr."""
    import sqlalchemy as sa

    url, root = where
    if url.startswith("sqlite:"):
        path = root / url.removeprefix("sqlite:///")
        path.parent.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{path}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def unguarded(where: Where, table: str) -> list[str]:
    """The statements that take the triggers from a table, as somebody would who wants to change the past."""
    if where[0].startswith("sqlite:"):
        names = {
            "orr_head": ["orr_head_forwards", "orr_head_no_DELETE"],
        }.get(table, [f"{table}_no_UPDATE", f"{table}_no_DELETE"])
        return [f"DROP TRIGGER {name}" for name in names]
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER"]


def assessment(
    states: dict[str, str] | None = None,
    *,
    workload: str = "shop",
    today: date = TODAY,
    waivers: list[dict[str, Any]] | None = None,
    sign_offs: list[dict[str, Any]] | None = None,
    verdict: str = "go",
) -> dict[str, Any]:
    """The least that an assessment (`orr.assessment/1`) holds for the history, and for drift."""
    items = states if states is not None else {"basics/owner": "met", "basics/dashboard": "stale"}
    return {
        "format": "orr.assessment/1",
        "workload": workload,
        "occasion": "launch",
        "today": today.isoformat(),
        "verdict": verdict,
        "decision": "pending",
        "valid_until": None,
        "digest": "sha256:" + "ab" * 32,
        "path_to_go": [],
        "waivers": waivers or [],
        "sign_offs": sign_offs or [],
        "checklists": {"basics": 1},
        "items": [{"item": name, "state": state} for name, state in items.items()],
    }


def run_of(record: dict[str, Any], *, workload: str = "shop", today: date = TODAY, **other: Any) -> Run:
    return Run(workload, today, NOW, {**record, "workload": workload, "today": today.isoformat(), **other})
