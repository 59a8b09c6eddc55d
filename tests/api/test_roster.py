"""A workload's roster as pandas frames: `orr.roster`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support import ROOT
from support.lanes import package

import orr
from orr.api.roster import GAPS, HOURS, NIGHTS, SHIFTS, Roster
from orr.evidence.errors import Undetermined
from orr.messages.errors import BadArgument
from orr.source.faults import FaultyInput

TODAY = date(2026, 11, 23)
CHECKLIST = """\
checklist: oncall
version: 1
title: On call
sections:
  - section: rota
    items:
      - {item: trained, ask: Trained?, risk: low, checks: [
          {check: roster, path: other.csv, coverage: false, training: t.csv}]}
      - {item: covered, ask: Covered?, risk: high, checks: [%s]}
"""
COVERED = "{check: roster, path: [rota.csv], days: 7d, before: 1d, secondary: true, week_hours: 80}"
WORKLOAD = "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: t}\nlaunch: 2026-12-01T09:00+01:00\n"
ROTA = """\
start,end,primary,secondary
2026-11-23T09:00+01:00,2026-12-02T09:00+01:00,Wei Chen,ana
2026-12-02T21:00+01:00,2026-12-20T09:00+01:00,ana,wei chen
"""


@pytest.fixture
def shop(tmp_path: Path, write: Callable[..., Path]) -> Path:
    write("orr.yaml", "timezone: Europe/Berlin\nchecklists: [oncall.yaml]\n")
    write("oncall.yaml", CHECKLIST % COVERED)
    write("workloads/shop/workload.yaml", WORKLOAD)
    write("workloads/shop/rota.csv", ROTA)
    return tmp_path


def roster(folder: Path, **parameters: Any) -> Roster:
    return orr.roster("shop", folder, today=TODAY, **parameters)


def hours_of(frame: pd.DataFrame) -> dict[str, list[float]]:
    return frame.groupby("person", observed=True)["hours"].apply(list).to_dict()


def test_it_is_read_as_the_check_that_asks_for_every_hour_reads_it(shop: Path) -> None:
    shifts = roster(shop).shifts()
    assert list(shifts["person"]) == ["Wei Chen", "ana", "ana", "Wei Chen"]
    assert list(shifts["role"]) == ["primary", "secondary"] * 2
    assert set(shifts["file"]) == {"rota.csv"}
    assert list(shifts["row"]) == [2, 2, 3, 3]
    assert str(shifts["start"][0]) == "2026-11-23 09:00:00+01:00"


def test_it_is_read_where_the_workload_says(shop: Path, write: Callable[..., Path]) -> None:
    write("oncall.yaml", CHECKLIST % COVERED.replace("[rota.csv]", "convention:roster"))
    write("workloads/shop/workload.yaml", WORKLOAD + "paths: {roster: rota.csv}\n")
    assert set(roster(shop).shifts()["file"]) == {"rota.csv"}


def test_hours_are_told_by_person_and_whole_week(shop: Path) -> None:
    hours = roster(shop).hours()
    assert [str(day.date()) for day in hours["week"].unique()] == ["2026-11-30", "2026-12-07"]
    assert hours_of(hours) == {"Wei Chen": [156.0, 168.0], "ana": [156.0, 168.0]}


def test_gaps_are_those_of_each_role_in_the_roster_s_time_zone(shop: Path) -> None:
    gaps = roster(shop).gaps()
    assert list(gaps["role"]) == ["primary", "secondary"]
    assert list(gaps["hours"]) == [12.0, 12.0]
    assert str(gaps["start"][0]) == "2026-12-02 09:00:00+01:00"
    assert list(roster(shop, secondary=False).gaps()["role"]) == ["primary"]
    assert list(roster(shop, hours="Mon-Fri 09:00-17:00", timezone="UTC").gaps()["hours"]) == [8.0, 8.0]


def test_nights_in_a_row_are_told_longest_first(shop: Path) -> None:
    nights = roster(shop, path="rota.csv", days="14d").nights()
    assert nights.to_dict("list") == {
        "person": ["Wei Chen", "ana"],
        "nights": [16, 16],
        "first": [pd.Timestamp("2026-11-29")] * 2,
    }


@pytest.mark.parametrize(
    ("launch", "hours"), [("2026-03-23", 167.0), ("2026-10-19", 169.0), ("2026-11-23", 168.0)], ids=["23", "25", "24"]
)
def test_a_week_in_which_the_clocks_change_has_as_many_hours_as_it_has(
    shop: Path, write: Callable[..., Path], launch: str, hours: float
) -> None:
    write("workloads/shop/workload.yaml", WORKLOAD.replace("2026-12-01T09:00+01:00", launch))
    write("workloads/shop/rota.csv", "start,end,primary\n2026-01-01T00:00Z,2027-06-01T00:00Z,wei\n")
    frame = orr.roster("shop", shop, today=launch, days="7d").hours()
    assert hours_of(frame) == {"wei": [hours]}


@pytest.mark.parametrize(
    ("make", "columns"),
    [(Roster.shifts, SHIFTS), (Roster.hours, HOURS), (Roster.gaps, GAPS), (Roster.nights, NIGHTS)],
    ids=["shifts", "hours", "gaps", "nights"],
)
def test_a_frame_has_its_columns_and_types_with_and_without_rows(
    shop: Path, make: Callable[[Roster], pd.DataFrame], columns: dict[str, str]
) -> None:
    expected = {name: kind.replace("UTC", "Europe/Berlin") for name, kind in columns.items()}
    # Long before the first shift nobody is on call, and no hour that counts is without anybody.
    before = {"today": date(2026, 1, 5), "days": "7d", "hours": "Mon-Fri 09:00-17:00"}
    nobody = orr.roster("shop", shop, **before)
    assert {name: str(kind) for name, kind in make(roster(shop)).dtypes.items()} == expected
    assert {name: str(kind) for name, kind in make(nobody).dtypes.items()} == expected


REFUSED = {
    "no file": ({"path": "none.csv"}, Undetermined, "no roster matches none.csv"),
    "a file outside": ({"path": "../../orr.yaml"}, Undetermined, "leads out of the repository"),
    "a wrong parameter": ({"days": "soon"}, Undetermined, "write a number of days"),
    "one that asks": ({"week_hours": 84}, BadArgument, "not read by week_hours; it is read by path, days"),
}


@pytest.mark.parametrize(("parameters", "kind", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_said(shop: Path, parameters: dict[str, Any], kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        roster(shop, **parameters)


def test_a_shift_that_cannot_be_placed_is_in_no_frame(shop: Path, write: Callable[..., Path]) -> None:
    package("icalendar")
    event = "BEGIN:VEVENT\nSUMMARY:Primary: Wei Chen\nDTSTART:20261101T000000Z\nDTEND:\nEND:VEVENT\n"
    write("workloads/shop/rota.ics", f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    with pytest.raises(Undetermined, match="it is not known who is on call"):
        roster(shop, path="rota.ics")


def test_a_workload_without_a_check_must_be_told_where_its_roster_is(shop: Path, write: Callable[..., Path]) -> None:
    write("oncall.yaml", re.sub(r"\{check: roster[^}]*\}", "{check: files, paths: x}", CHECKLIST % COVERED))
    with pytest.raises(Undetermined, match="no checklist of shop asks for a roster"):
        roster(shop)
    assert len(roster(shop, path="rota.csv").shifts()) == 4
    with pytest.raises(FaultyInput, match="stop"):
        orr.roster("stop", shop)


def test_our_own_example_is_covered_and_hands_over_by_the_week() -> None:
    checkout = orr.roster("checkout", ROOT, today="2026-11-22")
    assert checkout.gaps().empty
    assert checkout.nights()["nights"].max() == 7
    assert checkout.hours()["hours"].max() == 159.0


def test_a_rota_of_weeks_gives_frames(shop: Path, write: Callable[..., Path]) -> None:
    write("workloads/shop/workload.yaml", WORKLOAD.partition("launch")[0])
    write("workloads/shop/rota.csv", "Week Commencing,Office\n2026-11-25,Ngozi Eze\n")
    office = orr.roster(
        "shop", shop, today="2026-11-25", days="7d", primary_named="Office", handover="09:30",
        hours="Mon-Fri 09:30-17:30", timezone="Europe/London", secondary=False,
    )  # fmt: skip
    assert office.gaps().empty
    assert hours_of(office.hours()) == {"Ngozi Eze": [110.5, 57.5]}  # from Wednesday, and to Wednesday
    assert str(office.shifts()["start"].dt.tz) == "Europe/London"


def test_pandas_is_loaded_with_the_first_frame_and_not_before(shop: Path) -> None:
    program = (
        f"import sys, orr; r = orr.roster('shop', {str(shop)!r}, today='2026-11-23'); "
        "before = 'pandas' in sys.modules; r.gaps(); sys.exit(10 * before + ('pandas' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 1
