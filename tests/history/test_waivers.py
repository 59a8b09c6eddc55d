"""The life of a waiver over the runs, from its asking to its end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.history_sample import assessment, history, postgresql, run_of, where

from orr.history import History, Stage
from orr.history.records import kept

__all__ = ["history", "postgresql", "where"]


def waiver(*, active: bool = False, **more: Any) -> dict[str, Any]:
    told = {
        "waiver": "W-1", "active": active, "why": "…", "items": ["basics/dashboard"], "requested_by": "ann",
        "approved_by": None, "approved_on": None, "expires": "2026-12-31", "revoked_on": None,
    }  # fmt: skip
    return {**told, **more}


APPROVED = {"approved_by": "bo", "approved_on": "2026-11-05"}


@pytest.mark.parametrize(
    ("today", "told", "stage"),
    [
        pytest.param("2026-11-01", waiver(), Stage.ASKED, id="asked"),
        pytest.param("2026-11-04", waiver(**APPROVED), Stage.APPROVED, id="approved-but-not-begun"),
        pytest.param("2026-11-05", waiver(active=True, **APPROVED), Stage.ACTIVE, id="active"),
        pytest.param("2026-11-30", waiver(active=True, **APPROVED), Stage.ACTIVE, id="the-last-day-before-the-ending"),
        pytest.param("2026-12-01", waiver(active=True, **APPROVED), Stage.ENDING, id="ends-in-thirty-days"),
        pytest.param("2026-12-31", waiver(active=True, **APPROVED), Stage.ENDING, id="ends-today"),
        pytest.param("2027-01-01", waiver(**APPROVED), Stage.EXPIRED, id="expired"),
        pytest.param("2026-12-01", waiver(**APPROVED, revoked_on="2026-12-01"), Stage.REVOKED, id="revoked"),
        pytest.param("2027-02-01", waiver(**APPROVED, revoked_on="2026-12-01"), Stage.REVOKED, id="revoked-and-past"),
        pytest.param("2026-12-01", waiver(**APPROVED), Stage.INACTIVE, id="approved-in-vain"),
        pytest.param("2026-12-01", {"waiver": "W-1", "active": True}, Stage.ACTIVE, id="of-an-earlier-version"),
        pytest.param("2026-12-01", {"waiver": "W-1", "active": False}, Stage.INACTIVE, id="inactive-of-an-earlier"),
    ],
)
def test_a_waiver_is_in_one_stage_on_a_day(today: str, told: dict[str, Any], stage: Stage) -> None:
    found = kept(assessment(today=date.fromisoformat(today), waivers=[told]))
    assert found.waivers["W-1"].stage is stage


def test_the_life_of_a_waiver_names_the_runs_that_found_its_stages(history: History) -> None:
    days = [
        ("2026-11-01", [waiver()]),
        ("2026-11-06", [waiver(active=True, **APPROVED)]),
        ("2026-11-13", [waiver(active=True, **APPROVED)]),
        ("2026-12-04", [waiver(active=True, **APPROVED)]),
        ("2027-01-01", [waiver(**APPROVED)]),
        ("2027-01-08", []),
    ]
    for day, waivers in days:
        today = date.fromisoformat(day)
        history.record(run_of(assessment(today=today, waivers=waivers), today=today))
    history.record(run_of(assessment(waivers=[waiver()]), workload="stock"))
    (life,) = history.waivers("shop")
    assert [(one.stage.value, one.today.isoformat(), one.number) for one in life.steps] == [
        ("asked", "2026-11-01", 1),
        ("active", "2026-11-06", 2),
        ("ending", "2026-12-04", 4),
        ("expired", "2027-01-01", 5),
        ("gone", "2027-01-08", 6),
    ]
    assert (life.last.requested_by, life.last.approved_by, life.items) == ("ann", "bo", ["basics/dashboard"])
    assert [(one.workload, one.waiver) for one in history.waivers()] == [("shop", "W-1"), ("stock", "W-1")]
