"""The check `roster`: whether somebody able and willing is on call around the launch."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.calendars import ics
from support.fuzzing import examples
from support.lanes import package

from orr.evidence.calendars.spans import Span, midnight
from orr.evidence.checks.roster import check
from orr.evidence.checks.roster.judge import Asked, Known, judge
from orr.evidence.checks.roster.measure import Measures
from orr.evidence.checks.roster.opening import AHEAD
from orr.evidence.checks.roster.reading import shifts_of
from orr.evidence.checks.roster.shifts import Reading, Shift
from orr.evidence.checks.roster.times import minutes_of, moment_or_day, weekdays_of
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.model.picture import Heat
from orr.model.workload import Owner, Workload
from orr.testing import run_check

TODAY = date(2026, 11, 23)
WEEK = {"days": "7d", "before": "1d"}
HEAD = "start,end,primary,secondary\n"
DAYS = ("11-29", "11-30", "12-01", "12-02", "12-03", "12-04", "12-05", "12-06", "12-07")
WHOLE = HEAD + "2026-11-23T09:00Z,2026-12-03T09:00Z,wei,ana\n2026-12-03T09:00Z,2027-01-10T09:00Z,ana,wei\n"


def roster(
    folder: Path, launch: str | None = "2026-12-01T09:00+00:00", today: date = TODAY, **given: object
) -> Finding:
    when = None if launch is None else datetime.fromisoformat(launch)
    workload = Workload(workload="x", title="X", tier=1, owner=Owner(team="t"), launch=when)
    parameters = {"path": "roster.*", **WEEK, **given}
    for name in ("days", "before", "training_valid"):
        if isinstance(parameters.get(name), int):
            parameters[name] = f"{parameters[name]}d"
    finding = run_check("roster", folder, today=today, workload=workload, **parameters)
    for language in LANGUAGES:
        assert render(finding.says, language)
        for row in finding.table.rows if finding.table else ():
            assert [render(cell, language) for cell in row]
    return finding


def words(finding: Finding) -> str:
    return render(finding.says, "en")


@pytest.mark.parametrize(
    ("text", "parameters", "outcome", "expected"),
    [
        (WHOLE, {}, Outcome.MET, "2026-11-30 to 2026-12-07: a primary for all 192 hours (roster.csv)"),
        (WHOLE, {"secondary": True}, Outcome.MET, "a secondary for all 192 hours"),
        (WHOLE.replace("12-03T09:00Z,2027", "12-03T17:00Z,2027"), {}, Outcome.NOT_MET,
         "8 of 192 hours, first from 2026-12-03 09:00+00:00 to 2026-12-03 17:00+00:00 (after wei, roster.csv:2)"),
        (WHOLE.replace("ana,wei", "ana,"), {"secondary": True}, Outcome.NOT_MET, "no secondary for 111 of 192 hours"),
        (WHOLE.replace("ana,wei", "TBD,wei"), {}, Outcome.NOT_MET, "no primary for 111 of 192 hours"),
        (WHOLE.replace("ana,wei", "ana,Ana"), {"secondary": True}, Outcome.NOT_MET,
         "ana is primary and secondary at once for 111 hours"),
        (WHOLE, {"hours": "Mon-Fri 09:00-17:00"}, Outcome.MET, "all 48 hours"),
        (WHOLE.replace("12-03T09:00Z,2027", "12-03T17:00Z,2027"), {"hours": "周六 09:00-17:00"}, Outcome.MET, "all 8"),
        (WHOLE, {"hours": "sometimes"}, Outcome.UNKNOWN, "sometimes"),
        (WHOLE, {"week_hours": 100}, Outcome.PARTIAL, "ana, wei have more than 100 hours a week: ana 168"),
        (WHOLE, {"week_hours": 168, "nights": 40}, Outcome.MET, "at most 168 hours a week"),
        (WHOLE, {"nights": 7}, Outcome.PARTIAL, "nights in a row from"),
        (HEAD, {}, Outcome.UNKNOWN, "no rows"),
        (HEAD + "2026-01-01,2026-02-01,wei,ana\n", {}, Outcome.NOT_MET,
         "no shift lies in these days: the last one (wei, roster.csv:2) is until 2026-02-02 00:00+00:00"),
        (HEAD + "2026-12-09,2026-12-01,wei,ana\n", {}, Outcome.UNKNOWN, "roster.csv:2: the end 2026-12-01"),
        (HEAD + "03/04/2026,2026-12-01,wei,ana\n", {}, Outcome.UNKNOWN, "“03/04/2026” (start) is no single date"),
        (HEAD + "2026-11-23,2026-12-31,,\n", {}, Outcome.UNKNOWN, "no shift can be read"),
        (HEAD + "2026-11-23,2026-12-31,wei,ana,x\n", {}, Outcome.UNKNOWN, "more than the 4 cells"),
        ("start,end,shadow\n2026-11-23,2026-12-31,wei\n", {}, Outcome.UNKNOWN, "no column of roster.csv names people"),
        ("primary\nwei\n", {}, Outcome.UNKNOWN, "hold the start and end of a shift"),
        ("", {}, Outcome.UNKNOWN, "no shift"),
        ("{", {}, Outcome.UNKNOWN, "JSON"),
        ("[" * 100_000, {}, Outcome.UNKNOWN, "nested more than 200 deep"),
        (WHOLE, {"path": "none.csv"}, Outcome.NOT_MET, "no roster matches none.csv"),
        (WHOLE, {"coverage": False}, Outcome.UNKNOWN, "asks for nothing"),
        (WHOLE, {"subjects": "x"}, Outcome.UNKNOWN, "without training"),
        (WHOLE, {"handover": "late"}, Outcome.UNKNOWN, "no time of day"),
    ],
)  # fmt: skip
def test_a_roster_is_measured_around_the_launch(
    tmp_path: Path, write, text: str, parameters: dict, outcome: Outcome, expected: str
) -> None:
    write("roster.csv", text)
    finding = roster(tmp_path, **parameters)
    assert expected in words(finding)
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("rows", "gap"),
    [
        ("2026-11-30,2026-12-06,wei\n2026-12-07,2026-12-13,ana\n", None),
        ("2026-11-30,2026-12-04,wei\n2026-12-04,2026-12-08,ana\n", None),
        ("2026-11-30,2026-12-03,wei\n2026-12-05,2026-12-08,ana\n", "2026-12-04 00:00+00:00 to 2026-12-05"),
        ("2026-11-30 00:00,2026-12-03 23:59,wei\n2026-12-04 00:00,2026-12-07 23:59:59,ana\n", None),
        ("2026-11-30 00:00:00,2026-12-06 00:00:00,wei\n2026-12-07 00:00:00,2026-12-13 00:00:00,ana\n", None),
        ("2026-11-30 00:00:00,2026-12-07 00:00:00,wei\n", "2026-12-07 00:00+00:00 to 2026-12-08"),
    ],
    ids=["last days included", "handed over on the day", "a day between", "to the minute", "midnights", "one midnight"],
)
def test_days_without_hours_are_read_as_they_are_meant(tmp_path: Path, write, rows: str, gap: str | None) -> None:
    write("roster.csv", f"start,end,primary\n{rows}")
    finding = roster(tmp_path)
    assert finding.outcome is (Outcome.NOT_MET if gap else Outcome.MET)
    assert (gap or "all 192 hours") in words(finding)


@pytest.mark.parametrize(
    ("launch", "length"),
    [("2026-03-29T12:00+02:00", 23 + 24), ("2026-10-25T12:00+01:00", 25 + 24), ("2026-06-01T12:00+02:00", 48)],
    ids=["clocks forward", "clocks back", "ordinary"],
)
def test_hours_are_hours_when_the_clocks_change(tmp_path: Path, write, launch: str, length: int) -> None:
    write("roster.csv", "start,end,primary\n2026-01-01,2026-12-31,wei\n")
    finding = roster(tmp_path, launch, date.fromisoformat(launch[:10]), days="2d", timezone="Europe/Berlin")
    assert f"all {length} hours" in words(finding)


@pytest.mark.parametrize(
    ("day", "handover"),
    [("2026-03-29", "02:30"), ("2026-10-25", "02:30"), ("2026-10-25", "03:00")],
    ids=["an hour never shown", "an hour shown twice", "at the change"],
)
def test_a_handover_in_the_hour_of_change_leaves_no_gap(tmp_path: Path, write, day: str, handover: str) -> None:
    write("roster.csv", f"start,end,primary\n2026-01-01T00:00,{day}T{handover},wei\n{day}T{handover},2026-12-31,ana\n")
    assert roster(tmp_path, f"{day}T12:00+00:00", date(2026, 1, 2), timezone="Europe/Berlin").outcome is Outcome.MET


def test_a_local_hour_that_is_missing_shows_when_the_clocks_go_back(tmp_path: Path, write) -> None:
    write(
        "roster.csv", "start,end,primary\n2026-10-20T00:00Z,2026-10-25T00:00Z,wei\n2026-10-25T02:00Z,2026-12-31,ana\n"
    )
    finding = roster(tmp_path, "2026-10-25T12:00+01:00", date(2026, 10, 24), timezone="Europe/Berlin")
    expected = "no primary for 2 of 193 hours, first from 2026-10-25 02:00+02:00 to 2026-10-25 03:00+01:00"
    assert expected in words(finding)


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("person,role,from,to\nwei,primary,2026-11-30,2026-12-08\nana,shadow,2026-11-30,2026-12-08\n", {}),
        ("开始,结束,主值,备值\n2026年11月30日,2026年12月8日,陈伟,安娜\n", {"secondary": True}),
        ("Week Commencing,In Hours 1\n2026-11-25,wei\n2026-12-02,ana\n", {"primary_named": "In Hours 1"}),
        ("date,primary\n" + "".join(f"2026-{d},wei\n" for d in DAYS[1:]), {}),
        ("level,user,type,day of week,start,end\n1,wei,User,all,0:00,24:00\n2,ana,User,weekdays,09:00,17:00\n", {}),
        ("role,person,start,end\n" + "".join(
            f"{role},{who},2026-{day} 09:00:00+00:00,2026-{after} 09:00:00+00:00\n"
            for day, after in pairwise(("11-29", "12-04", "12-11")) for role, who in (("primary", 7), ("secondary", 8))
        ), {"secondary": True}),
        ("date;start time;end time;primary\n" + "".join(f"2026-{d};09:00;09:00;wei\n" for d in DAYS), {}),
    ],
    ids=["a row a shift", "Chinese", "weeks", "days", "a week that repeats", "rows of a database", "days with hours"],
)  # fmt: skip
def test_tables_of_many_forms_are_read(tmp_path: Path, write, text: str, parameters: dict) -> None:
    write("roster.csv", text)
    finding = roster(tmp_path, **parameters)
    assert finding.outcome is Outcome.MET, words(finding)


def test_a_team_is_nobody(tmp_path: Path, write) -> None:
    write(
        "roster.csv", "level,user,type,day of week,start,end\n1,Crew,Team,all,0:00,12:00\n1,wei,User,all,12:00,24:00\n"
    )
    assert "no primary for 96 of 192 hours" in words(roster(tmp_path))


VACANT = ("VACANT", "#N/A", "#REF!", "null", "TBD", "[name]", "bank holiday", "空缺", "节假日", "on-call team",
          "payments-oncall@example.com", "deploy-bot", "+44 20 7946 0958", "ana (on leave)")  # fmt: skip


@pytest.mark.parametrize("text", VACANT)
def test_a_cell_that_names_nobody_leaves_a_gap_and_is_told(tmp_path: Path, write, text: str) -> None:
    write("roster.csv", WHOLE.replace("ana,wei", f'"{text}",wei'))
    finding = roster(tmp_path)
    assert finding.outcome is Outcome.NOT_MET
    assert "no primary for 111 of 192 hours" in words(finding)
    assert f"(“{text}” names no single person, roster.csv:3)" in words(finding)


@pytest.mark.parametrize("status", ["cancelled", "Tentative", "declined", "已取消", "TBC"])
def test_a_row_that_is_called_off_staffs_nothing(tmp_path: Path, write, status: str) -> None:
    rows = "start,end,primary,status\n2026-11-23,2026-12-02,ana,confirmed\n2026-12-02,2026-12-31,wei,"
    write("roster.csv", f"{rows}{status}\n")
    finding = roster(tmp_path)
    assert finding.outcome is Outcome.NOT_MET
    assert f"“{status}” names no single person" in words(finding)
    write("roster.csv", f"{rows}confirmed\n")
    assert roster(tmp_path).outcome is Outcome.MET


@pytest.mark.parametrize(("name", "told"), [("roster.yaml", "YAML"), ("roster.yml", "YAML"), ("roster.toml", "TOML")])
def test_a_file_of_another_format_is_told_as_that(tmp_path: Path, write, name: str, told: str) -> None:
    write(name, "- {start: 2026-11-23, end: 2026-12-31, primary: VACANT}\n")
    finding = roster(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert f"{name} is {told}, which is not read here" in words(finding)


def test_a_person_whose_name_is_such_a_word_is_on_call(tmp_path: Path, write) -> None:
    write("roster.csv", WHOLE.replace("wei", "Chris Holiday").replace("ana", "Null Wu"))
    assert roster(tmp_path, secondary=True).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("primary", "secondary", "clash"),
    [
        ("José", "Jose\u0301", "José is primary and secondary at once"),
        ("wei chen", "Wei.Chen", "wei chen is primary"),
        ("we\u200bi", "wei", "is primary and secondary at once"),
        ("ＷＥＩ", "wei", "is primary and secondary at once"),
        ("\u0130brahim", "i\u0307brahim", "is primary and secondary at once"),
        ("wei", "w\u0435i", "wei (= w\u0435i) is primary and secondary at once"),
        ("wei", "wei@example.com", "wei (= wei@example.com) is primary and secondary at once"),
        ("陈 伟", "陈伟", "陈 伟 is primary and secondary at once"),
    ],
    ids=ascii,
)
def test_a_person_is_not_their_own_secondary_in_any_spelling(
    tmp_path: Path, write, primary: str, secondary: str, clash: str
) -> None:
    write("roster.csv", f"{HEAD}2026-11-23,2026-12-31,{primary},{secondary}\n")
    finding = roster(tmp_path, secondary=True)
    assert finding.outcome is Outcome.NOT_MET
    assert clash in words(finding)


@pytest.mark.parametrize(
    "away", ["Jose\u0301 Ruiz", "jose\u0301.ruiz", "josé.ruiz@example.com", "José Ruiz (annual)", '"Ruiz, José"']
)
def test_a_person_is_on_leave_in_any_spelling(tmp_path: Path, write, away: str) -> None:
    write("roster.csv", f"{HEAD}2026-11-23,2026-12-31,José Ruiz,ana\n")
    write("leave.csv", f"person,start,end\n{away},2026-12-02,2026-12-03\n")
    finding = roster(tmp_path, leave="leave.csv")
    assert finding.outcome is Outcome.NOT_MET
    assert "48 hours fall to people on leave: José Ruiz" in words(finding)


def test_the_hours_of_names_that_are_alike_are_one_persons(tmp_path: Path, write) -> None:
    write("roster.csv", f"{HEAD}2026-11-23,2026-12-03,wei,ana\n2026-12-03,2026-12-31,wei@example.com,ana\n")
    finding = roster(tmp_path, week_hours=100)
    assert finding.outcome is Outcome.PARTIAL
    assert "ana, wei (= wei@example.com) have more than 100 hours a week" in words(finding)


@pytest.mark.parametrize(
    ("person", "outcome"),
    [
        ("Wei Chen", Outcome.MET),
        ("ＷＥＩ＿ＣＨＥＮ", Outcome.MET),
        ("w\u0435i chen", Outcome.NOT_MET),
        ("wei.chen@example.com", Outcome.NOT_MET),
    ],
    ids=["the same", "in other letters", "a name that looks alike", "an address of that name"],
)
def test_a_certificate_counts_for_the_same_person_only(tmp_path: Path, write, person: str, outcome: Outcome) -> None:
    write("roster.csv", f"{HEAD}2026-11-23,2026-12-31,wei.chen,ana\n")
    write("training.csv", f"person,subject,trained_on\n{person},x,2026-11-01\n")
    assert roster(tmp_path, training="training.csv").outcome is outcome


def test_of_names_that_are_alike_one_holds_a_skill(tmp_path: Path, write) -> None:
    write("roster.csv", f"{HEAD}2026-11-23,2026-12-31,wei,ana\n2026-11-23,2026-12-31,wei@example.com,ana\n")
    write("skills.csv", "person,skill\nwei,Kafka\nwei@example.com,Kafka\n")
    finding = roster(tmp_path, coverage=False, skills="skills.csv")
    assert finding.outcome is Outcome.PARTIAL
    assert "Kafka by wei (= wei@example.com)" in words(finding)


def test_excel_is_read(tmp_path: Path) -> None:
    openpyxl = package("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["start", "end", "primary"])
    book.active.append([datetime(2026, 11, 23, 9), datetime(2026, 12, 31, 9), "wei"])
    book.save(tmp_path / "roster.xlsx")
    assert roster(tmp_path).outcome is Outcome.MET


def test_an_archive_of_nothing_is_not_unpacked(tmp_path: Path, write) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * 40_000_000)
    write("roster.xlsx", held.getvalue())
    finding = roster(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert "40000000 bytes" in words(finding)


def entry(start: str, end: str, who: str) -> dict:
    return {"start": start, "end": end, "user": {"summary": who, "id": "P1"}}


def schedule(name: str, *entries: dict) -> dict:
    return {"name": name, "time_zone": "UTC", "final_schedule": {"rendered_schedule_entries": list(entries)}}


ALWAYS = {"start": None, "end": None, "user": {"summary": "Wei"}}
FULL = entry("2026-11-20T00:00:00Z", "2026-12-20T00:00:00+01:00", "Wei Chen")


@pytest.mark.parametrize(
    ("data", "outcome", "expected"),
    [
        ({"schedule": schedule("Checkout", FULL)}, Outcome.MET, "all 192 hours"),
        ({"schedule": schedule("Shadow rota", FULL)}, Outcome.UNKNOWN, "no shift"),
        ({"schedules": [schedule("Primary", FULL), schedule("Backup", FULL)]}, Outcome.MET, "all 192 hours"),
        ({"schedules": [schedule("Backup", FULL)]}, Outcome.NOT_MET, "no primary for 192"),
        ({"schedule": {"name": "A", "schedule_layers": [{"users": []}]}}, Outcome.UNKNOWN, "`since` and `until`"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS}]}, Outcome.MET, "all 192 hours"),
        ({"oncalls": [{"escalation_level": 3, **ALWAYS}]}, Outcome.UNKNOWN, "no shift"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS, "end": "2026-12-03T00:00:00Z"}]}, Outcome.NOT_MET,
         "no primary for 120"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS, "end": "2026-01-01T00:00:00Z"}]}, Outcome.UNKNOWN, "no shift"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS}, 7]}, Outcome.UNKNOWN, "roster.json:2"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS}], "more": True}, Outcome.UNKNOWN, "one page of several"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS}], "total": 2}, Outcome.UNKNOWN, "one page of several"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS}], "total": 1}, Outcome.MET, "all 192 hours"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS}], "more": False, "offset": 0}, Outcome.MET, "all 192 hours"),
        ({"oncalls": [{"escalation_level": 1, **ALWAYS}], "more": False, "offset": 25}, Outcome.UNKNOWN, "one page"),
        ({"schedule": schedule("A", FULL | {"user": {**FULL["user"], "deleted_at": "2026-10-01T00:00:00Z"}})},
         Outcome.UNKNOWN, "the account of Wei Chen was deleted on 2026-10-01, roster.json:1"),
        ({"schedule": schedule("A", FULL | {"user": {**FULL["user"], "deleted_at": None}})}, Outcome.MET, "all 192"),
        ({"schedule": schedule("A", FULL | {"user": None})}, Outcome.UNKNOWN, "“—” names no single person"),
        ({"schedule": schedule("A", FULL | {"user": {"summary": "Payments", "type": "team_reference"}})},
         Outcome.UNKNOWN, "“Payments” names no single person"),
        ({"schedule": schedule("A", FULL | {"user": {"summary": "Payments", "email": "payments-oncall@example.com"}})},
         Outcome.UNKNOWN, "“payments-oncall@example.com” names no single person"),
        ({"schedules": [schedule("Payroll", FULL), schedule("Shop", FULL)]}, Outcome.UNKNOWN,
         "several schedules (Payroll, Shop)"),
        ({"incidents": []}, Outcome.UNKNOWN, "neither schedules nor on-calls"),
        ({"schedule": schedule("A", entry("soon", "later", "Wei"))}, Outcome.UNKNOWN, "roster.json:1"),
        ({"schedule": schedule("A", entry("2026-12-02T00:00Z", "2026-12-01T00:00Z", "Wei"))}, Outcome.UNKNOWN, "end"),
    ],
)  # fmt: skip
def test_schedules_of_pagerduty_are_read(tmp_path: Path, write, data: dict, outcome: Outcome, expected: str) -> None:
    write("roster.json", json.dumps(data))
    finding = roster(tmp_path)
    assert finding.outcome is outcome, words(finding)
    assert expected in words(finding)


@pytest.mark.parametrize(
    ("zone", "end", "outcome", "expected"),
    [
        ("UTC", "2026-12-08T00:00", Outcome.MET, "all 192 hours"),
        ("America/Los_Angeles", "2026-12-07T16:00", Outcome.MET, "all 192 hours"),
        ("Asia/Shanghai", "2026-12-08T00:00", Outcome.NOT_MET, "no primary for 8 of 192 hours"),
        ("Asia/Shanghai", "2026-12-08T00:00Z", Outcome.MET, "all 192 hours"),
        ("Mars/Olympus", "2026-12-08T00:00Z", Outcome.MET, "all 192 hours"),
        ("Mars/Olympus", "2026-12-08T00:00", Outcome.UNKNOWN, "roster.json:1: no time zone is named Mars/Olympus"),
        (None, "2026-12-08T00:00", Outcome.MET, "all 192 hours"),
    ],
)
@pytest.mark.parametrize("form", ["schedule", "on-call"])
def test_a_time_of_pagerduty_without_an_offset_is_of_the_schedule_s_time_zone(
    tmp_path: Path, write, form: str, zone: str | None, end: str, outcome: Outcome, expected: str
) -> None:
    shift = entry("2026-11-20T00:00:00Z", end, "Wei Chen")
    if form == "schedule":
        data: dict = {"schedule": schedule("A", shift) | {"time_zone": zone}}
    else:
        data = {"oncalls": [{**shift, "escalation_level": 1, "schedule": {"summary": "A", "time_zone": zone}}]}
    write("roster.json", json.dumps(data))
    finding = roster(tmp_path)
    assert finding.outcome is outcome, words(finding)
    assert expected in words(finding)


def on_call(who: str, policy: str, level: int, schedule: str | None = None) -> dict:
    return {
        **ALWAYS,
        "user": {"summary": who},
        "escalation_level": level,
        "escalation_policy": {"id": f"P-{policy}", "summary": policy},
        "schedule": None if schedule is None else {"id": f"S-{schedule}", "summary": schedule},
    }


PAYROLL = [on_call("Bo", "Payroll", 1, "Payroll primary"), on_call("Li", "Payroll", 2, "Payroll backup")]
SHOP = [on_call("Wei", "Shop", 1, "Shop primary"), on_call("Ana", "Shop", 2, "Shop backup")]


@pytest.mark.parametrize(
    ("entries", "parameters", "outcome", "expected"),
    [
        (PAYROLL, {}, Outcome.MET, "(roster.json, escalation policy Payroll)"),
        (PAYROLL + SHOP, {}, Outcome.UNKNOWN, "several escalation policies (Payroll, Shop)"),
        (PAYROLL + SHOP, {"policy": "Shop"}, Outcome.MET, "(roster.json, escalation policy Shop)"),
        (PAYROLL + SHOP, {"policy": "P-Shop", "secondary": True}, Outcome.MET, "escalation policy Shop"),
        (PAYROLL + SHOP, {"policy": "shop"}, Outcome.MET, "escalation policy Shop"),
        (PAYROLL + SHOP[1:], {"policy": "Shop"}, Outcome.NOT_MET, "no primary for 192"),
        (PAYROLL + SHOP[:1], {"policy": "Shop", "secondary": True}, Outcome.NOT_MET, "no secondary for 192"),
        (PAYROLL, {"policy": "Shop"}, Outcome.UNKNOWN, "of the escalation policy “Shop”; it names: Payroll"),
        ([{"escalation_level": 1, **ALWAYS}], {"policy": "Shop"}, Outcome.UNKNOWN, "“Shop”; it names: —"),
        (PAYROLL + SHOP, {"primary_named": "Shop primary"}, Outcome.MET, "escalation policy Shop"),
        (PAYROLL + SHOP, {"primary_named": "Shop"}, Outcome.MET, "escalation policy Shop"),
        (PAYROLL + SHOP[:1], {"primary_named": "Shop primary", "secondary": True}, Outcome.NOT_MET, "no secondary"),
        (PAYROLL + SHOP, {"primary_named": "Shop primary", "secondary": True}, Outcome.MET, "a secondary for all"),
        (PAYROLL + SHOP, {"primary_named": "Shop primary", "secondary_named": "Payroll primary", "secondary": True},
         Outcome.MET, "escalation policy Payroll, Shop"),
        (PAYROLL, {"primary_named": "Shop primary"}, Outcome.UNKNOWN, "no name in primary_named"),
        ([*SHOP, on_call("Eve", "Shop", 1, "Shadow rota")], {"secondary": True}, Outcome.MET, "all 192"),
        ([on_call("Eve", "Shop", 1, "Shadow rota"), SHOP[1]], {}, Outcome.NOT_MET, "no primary for 192"),
    ],
)  # fmt: skip
def test_only_the_escalation_policy_that_is_asked_for_counts(
    tmp_path: Path, write, entries: list[dict], parameters: dict, outcome: Outcome, expected: str
) -> None:
    write("roster.json", json.dumps({"oncalls": entries}))
    finding = roster(tmp_path, **parameters)
    assert expected in words(finding)
    assert finding.outcome is outcome


def of_policies(name: str, *policies: str) -> dict:
    return schedule(name, FULL) | {"escalation_policies": [{"id": f"P-{one}", "summary": one} for one in policies]}


@pytest.mark.parametrize(
    ("schedules", "parameters", "outcome", "expected"),
    [
        ([of_policies("Europe", "Shop"), of_policies("Asia", "Shop")], {}, Outcome.MET, "escalation policy Shop"),
        ([of_policies("Europe", "Shop"), of_policies("Asia", "Payroll")], {}, Outcome.UNKNOWN, "Payroll, Shop"),
        ([of_policies("Europe", "Shop"), of_policies("Asia", "Payroll")], {"policy": "Shop"}, Outcome.MET, "Shop"),
        ([of_policies("Europe", "Shop")], {"policy": "Payroll"}, Outcome.UNKNOWN, "it names: Shop"),
        ([schedule("Europe", FULL)], {"policy": "Shop"}, Outcome.UNKNOWN, "it names: —"),
        ([schedule("Europe", FULL), schedule("Asia", FULL)], {"primary_named": ["Europe", "Asia"]}, Outcome.MET, "all"),
    ],
    ids=["one policy", "two", "one asked for", "another", "not told", "named one by one"],
)  # fmt: skip
def test_schedules_of_other_escalation_policies_do_not_count(
    tmp_path: Path, write, schedules: list[dict], parameters: dict, outcome: Outcome, expected: str
) -> None:
    write("roster.json", json.dumps({"schedules": schedules}))
    finding = roster(tmp_path, **parameters)
    assert expected in words(finding)
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("parameters", "outcome", "expected"),
    [
        ({}, Outcome.UNKNOWN, "several escalation policies (Payroll, Shop)"),
        ({"policy": "Shop"}, Outcome.NOT_MET, "no primary for 96"),
        ({"policy": "Other"}, Outcome.UNKNOWN, "“Other”"),
    ],
)
def test_rows_of_other_escalation_policies_do_not_count(
    tmp_path: Path, write, parameters: dict, outcome: Outcome, expected: str
) -> None:
    rows = "2026-11-23 00:00,2026-12-04 00:00,wei,Shop\n2026-11-23 00:00,2026-12-31 00:00,bo,Payroll\n"
    write("roster.csv", "start,end,primary,escalation policy\n" + rows)
    finding = roster(tmp_path, **parameters)
    assert expected in words(finding)
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("summaries", "secondary", "outcome"),
    [
        (["Wei Chen"], False, Outcome.MET),
        (["Primary: Wei Chen", "Secondary: Ana Ruiz"], True, Outcome.MET),
        (["On Call - Wei Chen - Checkout Primary", "Ana Ruiz (backup)"], True, Outcome.MET),
        (["主值：陈伟", "备值：安娜"], True, Outcome.MET),
        (["Primary: Wei Chen", "Secondary: Wei Chen"], True, Outcome.NOT_MET),
        (["Secondary: Ana Ruiz"], False, Outcome.NOT_MET),
        (["Shadow: Wei Chen"], False, Outcome.UNKNOWN),
        (["Primary: TBD"], False, Outcome.UNKNOWN),
    ],
)
def test_a_rota_in_a_calendar_is_read(
    tmp_path: Path, write, summaries: list[str], secondary: bool, outcome: Outcome
) -> None:
    package("icalendar")
    events = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nSUMMARY:{summary}\nDTSTART;TZID=Europe/Berlin:20261005T090000\n"
        "DTEND;TZID=Europe/Berlin:20261012T090000\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n"
        for number, summary in enumerate(summaries)
    )
    write("roster.ics", f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n")
    finding = roster(tmp_path, "2026-10-25T12:00+01:00", date(2026, 10, 20), secondary=secondary)
    assert finding.outcome is outcome, words(finding)


ALWAYS = (
    "SUMMARY:Primary: Wei Chen",
    "UID:1",
    "DTSTART:20261101T000000Z",
    "DTEND:20261108T000000Z",
    "RRULE:FREQ=WEEKLY",
)
THIRD = ("UID:1", "RECURRENCE-ID:20261129T000000Z", "DTSTART:20261129T000000Z", "DTEND:20261206T000000Z")


@pytest.mark.parametrize(
    ("lines", "outcome", "expected"),
    [
        ([*ALWAYS], Outcome.MET, "a primary for all 192 hours"),
        ([*ALWAYS, "---", *THIRD, "SUMMARY:Primary: Ana Ruiz"], Outcome.MET, "all 192 hours"),
        ([*ALWAYS, "---", *THIRD, "SEQUENCE:1", "SUMMARY:Primary: Ana Ruiz", "---", *THIRD, "SEQUENCE:2",
          "STATUS:CANCELLED"], Outcome.NOT_MET, "no primary for 144 of 192 hours"),
        ([*ALWAYS, "---", *THIRD, "SEQUENCE:1", "SUMMARY:Primary: Ana Ruiz", "---", *ALWAYS, "STATUS:CANCELLED",
          "SEQUENCE:3"], Outcome.UNKNOWN, "no shift can be read"),
        ([*ALWAYS, "EXDATE:20261129T000000Z", "SEQUENCE:2", "---", *THIRD, "SUMMARY:Primary: Ana Ruiz"],
         Outcome.NOT_MET, "no primary for 144 of 192 hours"),
        ([*ALWAYS[:4], "RRULE:FREQ=WEEKLY;COUNT=1", "---", *THIRD, "SUMMARY:Primary: Ana Ruiz", "RRULE:FREQ=WEEKLY"],
         Outcome.NOT_MET, "no primary for 48 of 192 hours"),
        ([*ALWAYS[:4], "RRULE:"], Outcome.UNKNOWN,
         "it is not known who is on call in these days: “Primary: Wei Chen” (roster.ics:3): the rule RRULE"),
        ([*ALWAYS[:3], "DTEND:"], Outcome.UNKNOWN, "DTEND of this event cannot be read"),
        ([*ALWAYS, "---", "SUMMARY:Secondary: Ana Ruiz", "DTSTART:20261101T000000Z", "DTEND:"], Outcome.MET, "all 192"),
        ([*ALWAYS, "---", "SUMMARY:Primary: Ana Ruiz", "DTSTART:20271101T000000Z", "RRULE:"], Outcome.MET, "all 192"),
        (["SUMMARY:Primary: Wei Chen", "DTSTART:20261202T000000Z", "DTEND:"], Outcome.NOT_MET,
         "no primary for 48 of 192 hours"),
        (["SUMMARY:Primary: Wei Chen", "DTSTART:20260301T000000Z", "DTEND:20260308T000000Z"], Outcome.NOT_MET,
         "no shift lies in these days: the last one (Wei Chen, roster.ics:3) is until 2026-03-08 00:00+00:00"),
        ([*ALWAYS[:4], "RRULE:FREQ=WEEKLY;UNTIL=20261115T000000Z"], Outcome.NOT_MET,
         "no shift lies in these days: the last one (Wei Chen, roster.ics:3) is until 2026-11-22 00:00+00:00"),
        (["SUMMARY:Primary: Wei Chen", "DTSTART:20270801T000000Z", "DTEND:20270808T000000Z"], Outcome.NOT_MET,
         "the last one (Wei Chen, roster.ics:3) is until 2027-08-08 00:00+00:00"),
    ],
    ids=["a series", "handed over", "cancelled after it was handed over", "the series cancelled", "excluded",
         "repeats the rule", "a rule that is empty", "an end that is empty", "another role", "only later",
         "from a day on", "long ago", "ended", "still to come"],
)  # fmt: skip
def test_a_rota_in_a_calendar_counts_as_it_was_changed_last(
    tmp_path: Path, lines: list[str], outcome: Outcome, expected: str
) -> None:
    package("icalendar")
    (tmp_path / "roster.ics").write_bytes(ics(*lines))
    finding = roster(tmp_path)
    assert expected in words(finding)
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("lines", "outcome", "expected"),
    [
        (["SUMMARY:Wei Chen"], Outcome.MET, "all 192 hours"),
        (["SUMMARY:Wei Chen", "TRANSP:TRANSPARENT"], Outcome.MET, "all 192 hours"),
        (["SUMMARY:Wei Chen", "TRANSP:OPAQUE"], Outcome.MET, "all 192 hours"),
        (["SUMMARY:Wei Chen", "STATUS:CONFIRMED"], Outcome.MET, "all 192 hours"),
        (["SUMMARY:Wei Chen", "STATUS:TENTATIVE"], Outcome.UNKNOWN, "“Wei Chen” is tentative"),
        (["SUMMARY:Wei Chen", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"], Outcome.UNKNOWN, "“Wei Chen” is tentative"),
        (["SUMMARY:No coverage"], Outcome.UNKNOWN, "“No coverage” names no single person"),
        (["SUMMARY:On call: Bank holiday"], Outcome.UNKNOWN, "“On call: Bank holiday” names no single person"),
        (["SUMMARY:Wei Chen - out of office"], Outcome.UNKNOWN, "names no single person"),
        (["SUMMARY:Bank holiday: Wei Chen"], Outcome.MET, "all 192 hours"),
        (["SUMMARY:Wei Chen", "CATEGORIES:Holidays"], Outcome.UNKNOWN, "“Holidays” names no single person"),
        (["SUMMARY:Payments Team primary"], Outcome.UNKNOWN, "names no single person"),
        (["SUMMARY:Primary"], Outcome.UNKNOWN, "“Primary” names no single person"),
        (["SUMMARY:Primary", "ATTENDEE;CN=Wei Chen:mailto:wei@example.com"], Outcome.MET, "all 192 hours"),
        (["SUMMARY:Vacant", "ATTENDEE;CN=Wei Chen:mailto:wei@example.com"], Outcome.UNKNOWN,
         "“Vacant” names no single person"),
        (["SUMMARY:Primary: Wei Chen", "ATTENDEE;PARTSTAT=DECLINED;CN=Wei Chen:mailto:w@example.com"], Outcome.UNKNOWN,
         "Wei Chen has not accepted"),
        (["SUMMARY:Primary", "ATTENDEE;PARTSTAT=TENTATIVE;CN=Wei Chen:mailto:wei@example.com"], Outcome.UNKNOWN,
         "Wei Chen has not accepted"),
        (["SUMMARY:Primary", "ATTENDEE;CUTYPE=GROUP;CN=Payments:mailto:p@example.com"], Outcome.UNKNOWN,
         "“Payments” names no single person"),
        (["SUMMARY:Primary", "ATTENDEE;CN=Payments:mailto:payments-team@example.com"], Outcome.UNKNOWN,
         "“payments-team@example.com” names no single person"),
        (["SUMMARY:Wei Chen", "ATTENDEE;CUTYPE=ROOM;CN=War room:mailto:room@example.com"], Outcome.MET, "all 192"),
    ],
)  # fmt: skip
def test_an_event_staffs_a_shift_where_it_surely_names_somebody(
    tmp_path: Path, write, lines: list[str], outcome: Outcome, expected: str
) -> None:
    package("icalendar")
    when = ["DTSTART:20261120T000000Z", "DTEND:20261220T000000Z"]
    event = "\n".join(["BEGIN:VEVENT", "UID:1", *when, *lines, "END:VEVENT"])
    write("roster.ics", f"BEGIN:VCALENDAR\nVERSION:2.0\n{event}\nEND:VCALENDAR\n")
    finding = roster(tmp_path)
    assert expected in words(finding)
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("rows", "parameters", "outcome", "expected"),
    [
        ("wei,x,2026-02-01,2027-02-01\nana,x,2026-02-01,2027-02-01\n", {}, Outcome.MET, "all 2 people on call"),
        ("wei,x,2026-02-01,2027-02-01\n", {}, Outcome.PARTIAL, "1 of 2 people on call are not trained: ana was never"),
        ("bob,x,2026-02-01,2027-02-01\n", {}, Outcome.NOT_MET, "2 of 2"),
        ("wei,x,2026-02-01,2026-12-01\nana,x,2026-02-01,2027-02-01\n", {}, Outcome.PARTIAL,
         "the training of wei ends on 2026-12-01, before a shift on 2026-12-03 (training.csv:2)"),
        ("wei,x,2025-12-02,\nana,x,2026-02-01,\n", {}, Outcome.PARTIAL, "ends on 2026-12-02"),
        ("wei,x,2025-12-02,\nana,x,2026-02-01,\n", {"training_valid": "400d"}, Outcome.MET, "trained"),
        ("wei,x,2026-11-29,\nana,x,2026-02-01,\n", {}, Outcome.PARTIAL, "will only be trained on 2026-11-29"),
        ("wei,x,2026-02-01,\nana,y,2026-02-01,\n", {"subjects": "x|X1"}, Outcome.PARTIAL, "ana was never trained in x"),
        ("wei,x,2026-02-01,,failed\nana,x,2026-02-01,,Passed\n", {}, Outcome.PARTIAL, "wei was never trained"),
        ("wei,x,2026-02-01,,no show\nana,x,2026-02-01,,95%\n", {}, Outcome.PARTIAL, "wei was never trained"),
        ("wei,x,2026-02-01,,未通过\nana,x,2026-02-01,,通过\n", {}, Outcome.PARTIAL, "wei was never trained"),
        ("wei,x,soon,\n", {}, Outcome.UNKNOWN, "training.csv:2"),
    ],
)  # fmt: skip
def test_people_on_call_are_trained_to_their_last_shift(
    tmp_path: Path, write, rows: str, parameters: dict, outcome: Outcome, expected: str
) -> None:
    write("roster.csv", WHOLE)
    write("training.csv", f"person,subject,trained_on,expires,result\n{rows}")
    finding = roster(tmp_path, coverage=False, training="training.csv", **parameters)
    assert expected in words(finding)
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("name", "text", "outcome", "expected"),
    [
        ("leave.csv", "person,start,end\nWei,2026-12-02,2026-12-03\n", Outcome.NOT_MET,
         "33 hours fall to people on leave: wei from 2026-12-02 00:00+00:00 to 2026-12-03 09:00+00:00 (roster.csv:2, "
         "leave.csv:2)"),
        ("leave.csv", "person,start,end\nana,2026-12-01,2026-12-02\n", Outcome.MET, "no shift falls into leave"),
        ("leave.csv", "姓名,开始日期,结束日期\nwei,2026-12-02,\n", Outcome.NOT_MET, "24 hours"),
        ("leave.csv", "person,start,timezone\nwei,2026-12-03,Asia/Shanghai\n", Outcome.NOT_MET, "17 hours"),
        ("leave.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Wei on holiday\nDTSTART;VALUE=DATE:20261202\nEND:VEVENT\n"
         "END:VCALENDAR\n", Outcome.NOT_MET, "24 hours"),
        ("leave.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Wei on holiday\nDTSTART;VALUE=DATE:20261102\nDTEND:\n"
         "END:VEVENT\nEND:VCALENDAR\n", Outcome.UNKNOWN,
         "it is not known who is on leave in these days: “Wei on holiday” (leave.ics:2): DTEND"),
        ("leave.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Bob on holiday\nDTSTART;VALUE=DATE:20261102\nDTEND:\n"
         "END:VEVENT\nEND:VCALENDAR\n", Outcome.MET, "no shift falls into leave"),
        ("leave.csv", "person,start,end\n,,\n", Outcome.UNKNOWN, ""),
        ("other.csv", "", Outcome.NOT_MET, "nothing matches leave.*"),
    ],
)  # fmt: skip
def test_no_shift_may_fall_into_leave(
    tmp_path: Path, write, name: str, text: str, outcome: Outcome, expected: str
) -> None:
    package("icalendar")
    write("roster.csv", WHOLE)
    write(name, text)
    finding = roster(tmp_path, leave="leave.*")
    assert expected in words(finding)
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("text", "outcome", "expected"),
    [
        ("person,skill\nwei,Kafka\nana,Kafka\n", Outcome.MET, "each of 1 skills"),
        ("person,skill\nwei,Kafka\nbob,Kafka\n", Outcome.PARTIAL, "Kafka by wei"),
        ("person,skill\nbob,Kafka\n", Outcome.NOT_MET, "Kafka by nobody"),
        ("person,Kafka,Redis,team\nwei,x1,no,a\nana,yes,✓,a\n", Outcome.PARTIAL, "Redis by ana"),
        ("person,Kafka\nwei,planned\nana,not yet\n", Outcome.NOT_MET, "Kafka by nobody"),
        ("person,skill,level\nwei,Kafka,expert\nana,Kafka,学习中\n", Outcome.PARTIAL, "Kafka by wei"),
        ("person,skill,expires\nwei,Kafka,2026-01-01\nana,Kafka,2027-01-01\n", Outcome.PARTIAL, "Kafka by ana"),
        ("skill\nKafka\n", Outcome.UNKNOWN, "names people"),
    ],
)
def test_no_skill_may_hang_on_one_person(tmp_path: Path, write, text: str, outcome: Outcome, expected: str) -> None:
    write("roster.csv", WHOLE)
    write("skills.csv", text)
    finding = roster(tmp_path, skills="skills.csv")
    assert expected in words(finding)
    assert finding.outcome is outcome


def test_one_account_of_pagerduty_is_one_person_whatever_its_name(tmp_path: Path, write) -> None:
    both = [
        {"escalation_level": level, "user": {"id": "U1", "summary": name}, "start": None, "end": None}
        for level, name in ((1, "Wei Chen"), (2, "W. C. (old)"))
    ]
    write("roster.json", json.dumps({"oncalls": both}))
    finding = roster(tmp_path, secondary=True)
    assert finding.outcome is Outcome.NOT_MET
    assert "Wei Chen is primary and secondary at once" in words(finding)


def test_policies_of_one_name_are_told_apart_by_id_alone(tmp_path: Path, write) -> None:
    wei = {"escalation_level": 1, "user": {"summary": "Wei Chen"}, "start": None, "end": None}
    both = [{**wei, "escalation_policy": {"id": one, "summary": "Main"}} for one in ("P1", "P2")]
    write("roster.json", json.dumps({"oncalls": both}))
    finding = roster(tmp_path, policy="Main")
    assert finding.outcome is Outcome.UNKNOWN
    assert "several escalation policies (P1, P2)" in words(finding)
    assert roster(tmp_path, policy="P2").outcome is Outcome.MET


def test_two_files_that_name_different_people_are_told(tmp_path: Path, write) -> None:
    write("roster.csv", WHOLE)
    write("roster.old.csv", HEAD + "2026-12-01T00:00Z,2026-12-02T00:00Z,bob,\n")
    finding = roster(tmp_path)
    assert finding.outcome is Outcome.PARTIAL
    assert "name different primaries from 2026-12-01 00:00+00:00" in words(finding)


def test_a_finding_holds_as_long_as_the_roster_reaches(tmp_path: Path, write) -> None:
    write("roster.csv", WHOLE)
    holds_until = roster(tmp_path).holds_until
    assert holds_until == date(2027, 1, 3)
    assert roster(tmp_path, today=holds_until).outcome is Outcome.MET
    assert roster(tmp_path, today=date(2027, 1, 4)).outcome is Outcome.NOT_MET


SHIFTS = st.lists(
    st.tuples(
        st.integers(5, 40), st.sampled_from(["wei", "ana", "bob", "wei", ""]), st.sampled_from(["ana", "bob", ""])
    ),
    min_size=2,
    max_size=8,
).filter(lambda shifts: shifts[0][1] != "")
ASKED = st.sampled_from(
    [
        {},
        {"secondary": True},
        {"week_hours": 100},
        {"leave": "leave.csv"},
        {"coverage": False, "leave": "leave.csv"},
        {"coverage": False, "nights": 12},
        {"coverage": False, "nights": 12, "hours": "Mon-Fri 09:00-17:00"},
        {"coverage": False, "training": "training.csv"},
        {"training": "training.csv", "training_valid": 60},
        {"coverage": False, "skills": "skills.csv"},
        {"skills": "skills.csv", "skill_holders": 1},
    ]
)
LAUNCHES = st.sampled_from([None, "2026-11-25T09:00+00:00", "2026-12-20T09:00+00:00"])


@settings(max_examples=examples(60))
@given(SHIFTS, ASKED, LAUNCHES, st.integers(1, 30))
@example([(20, "wei", ""), (30, "", ""), (40, "ana", "")], {"coverage": False, "nights": 100}, None, 5)
@example([(20, "ana", ""), (40, "wei", "")], {"skills": "skills.csv", "skill_holders": 1}, None, 5)
@example([(90, "wei", "ana")], {"training": "training.csv", "training_valid": 60}, None, 5)
def test_a_finding_holds_until_the_day_before_a_look_on_each_day_would_find_otherwise(
    shifts: list[tuple[int, str, str]], asked: dict[str, object], launch: str | None, days: int
) -> None:
    lines, day = [], date(2026, 11, 20)
    for length, first, second in shifts:
        lines.append(f"{day},{day + timedelta(days=length)},{first},{second}\n")
        day += timedelta(days=length)
    looked: list[tuple[date, date]] = []

    def each_day(asked: Asked, known: Known, windows: Sequence[Span], today: date) -> date:
        """The same by looking on every day."""
        later = ((today + timedelta(days=step), windows[step]) for step in range(1, AHEAD + 1))
        bad = next((day for day, window in later if judge(asked, known, window, day).bad), None)
        until = today + timedelta(days=AHEAD) if bad is None else bad - timedelta(days=1)
        looked.append((holds_until(asked, known, windows, today), until))
        return until

    holds_until = check._holds_until
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        (folder / "roster.csv").write_text(HEAD + "".join(lines))
        (folder / "leave.csv").write_text("person,start,end\nwei,2027-01-05,2027-01-06\n")
        (folder / "training.csv").write_text(
            "person,training,date\nwei,x,2026-11-01\nana,x,2026-10-01\nbob,x,2026-11-10\n"
        )
        (folder / "skills.csv").write_text("person,skill,until\nwei,x,\nana,x,2026-12-30\nbob,y,\nana,y,\n")
        patch.setattr(check, "_holds_until", each_day)
        finding = roster(folder, launch, days=f"{days}d", **asked)
    assert [quick for quick, _ in looked] == [until for _, until in looked]
    assert finding.holds_until is None or len(looked) == 1


HALF_DAYS = st.tuples(st.integers(0, 60), st.integers(1, 12), st.sampled_from(["wei", "ana", "bob"]))


@settings(max_examples=examples(100))
@given(st.lists(HALF_DAYS, max_size=8), st.integers(0, 20), st.integers(1, 20))
def test_the_longest_row_of_nights_is_what_counting_night_by_night_finds(
    shifts: list[tuple[int, int, str]], first: int, days: int
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin, half, day = datetime(2026, 10, 10, tzinfo=UTC), timedelta(hours=12), timedelta(days=1)
    spans = [(who, Span(begin + start * half, begin + (start + length) * half)) for start, length, who in shifts]
    measures = Measures([Shift("primary", who, span, "roster.csv") for who, span in spans], zone)
    dates = [date(2026, 10, 10) + (first + step) * day for step in range(-1, days + 1)]
    window = Span(midnight(dates[1], zone), midnight(dates[-1], zone))
    expected = {}
    for who in dict.fromkeys(who for who, _ in spans):
        row, best = [], []
        for one in dates:
            evening, morning = (datetime.combine(one + n * day, time(hour), zone) for n, hour in ((0, 22), (1, 6)))
            night = Span(evening.astimezone(UTC), morning.astimezone(UTC))
            if night.cut(window) is None:
                continue
            quarters = [night.start + timedelta(minutes=15 * n) for n in range(int(night.hours * 4))]
            held = sum(any(who == whose and span.start <= at < span.end for whose, span in spans) for at in quarters)
            row = [*row, one] if held * 2 >= len(quarters) else []
            best = max(best, row, key=len)
        if best:
            expected[who] = (len(best), best[0])
    assert measures.nights(window) == expected


def test_a_launch_at_the_end_of_the_calendar_is_told_as_such(tmp_path: Path, write) -> None:
    write("roster.csv", WHOLE)
    for launch in ("9999-12-31T23:00-05:00", "0001-01-01T00:00+08:00"):
        finding = roster(tmp_path, launch)
        assert finding.outcome is Outcome.UNKNOWN
        assert "too far off" in words(finding)


def test_without_a_launch_to_come_the_days_from_today_count(tmp_path: Path, write) -> None:
    write("roster.csv", WHOLE)
    assert "2026-11-23 to 2026-11-29" in words(roster(tmp_path, None))
    assert "2026-12-10 to 2026-12-16" in words(roster(tmp_path, today=date(2026, 12, 10)))


def test_the_week_of_the_launch_is_a_heat_map(tmp_path: Path, write) -> None:
    write("roster.csv", WHOLE.replace("12-03T09:00Z,2027", "12-03T17:00Z,2027"))
    finding = roster(tmp_path)
    table, picture = finding.table, finding.picture
    assert table is not None
    assert isinstance(picture, Heat)
    rows = [[render(cell, "en") for cell in row] for row in (table.columns, *table.rows)]
    assert (rows[0][1], rows[0][7], rows[0][8]) == ("Tue 12-01", "Mon 12-07", "Total")
    assert rows[1] == ["Nobody as primary", "·", "·", "8", "·", "·", "·", "·", "8"]
    assert rows[2][1:4] == ["24", "24", "16"]
    assert picture.rows[0][1:] == ((0, 0, 8, 0, 0, 0, 0), True)
    assert picture.rows[1][1:] == ((24, 24, 16, 24, 24, 24, 24), False)


def test_what_people_know_is_shown_without_a_week(tmp_path: Path, write) -> None:
    write("roster.csv", WHOLE)
    write("skills.csv", "person,skill\nana,x\nben,x\n")
    finding = roster(tmp_path, coverage=False, skills="skills.csv")
    assert (finding.table, finding.picture) == (None, None)


def test_a_name_that_looks_like_a_formula_is_a_name(tmp_path: Path, write) -> None:
    write("roster.csv", HEAD + '2026-11-23,2026-12-31,"=HYPERLINK(""http://x"")",ana\n')
    assert roster(tmp_path).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("text", "days"),
    [("Mon-Fri", [0, 1, 2, 3, 4]), ("sat, Sunday", [5, 6]), ("Fri-Mon", [0, 4, 5, 6]), ("周一至周三", [0, 1, 2]),
     ("weekend", [5, 6]), ("every day", list(range(7))), ("3", None), ("", None), ("Mo", None)],
)  # fmt: skip
def test_days_of_the_week_are_read(text: str, days: list[int] | None) -> None:
    assert weekdays_of(text) == days


@pytest.mark.parametrize(
    ("text", "outcome", "expected"),
    [
        (
            "start,end,primary,timezone\n2026-11-30T00:00,2026-12-08T00:00,wei,{}\n",
            Outcome.NOT_MET,
            "for 8 of 192 hours",
        ),
        ("date,start,end,primary,tz\n2026-11-30,00:00,24:00,wei,{}\n", Outcome.NOT_MET, "for 176 of 192 hours"),
        ("week,primary,Time Zone\n2026-11-30,wei,{}\n", Outcome.NOT_MET, "from 2026-12-06 16:00+00:00"),
        ("day of week,start,end,level,person,时区\nMon-Sun,00:00,24:00,1,wei,{}\n", Outcome.MET, "all 192 hours"),
    ],
    ids=["a row a shift", "a row a day", "a row a week", "a week that repeats"],
)
def test_a_row_is_in_the_time_zone_that_it_names(
    tmp_path: Path, write, text: str, outcome: Outcome, expected: str
) -> None:
    write("roster.csv", text.format("Asia/Shanghai"))
    finding = roster(tmp_path)
    assert expected in words(finding)
    assert finding.outcome is outcome
    write("roster.csv", text.format("CST"))
    assert "the time zone “CST” is not known or means several" in words(roster(tmp_path))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("9:30", 570), ("24:00", 1440), ("12:00 am", 0), ("12:15pm", 735), ("25:00", None), ("9:60", None), ("x", None)],
)
def test_times_of_day_are_read(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-30T09:00+08:00", "2026-11-30T09:00:00+08:00"), ("2026/11/30 9:00", "2026-11-30T09:00:00"),
        ("2026-11-30 09:00:00Z", "2026-11-30T09:00:00+00:00"), ("Mon 30 Nov 2026", "2026-11-30"),
        ("2026-11-30 to 2026-12-07", "None"), ("03/04/2026", "None"), ("2026-02-30", "None"),
        ("2026-11-30 25:00", "None"), ("2026-11-30 09:00 CET", "2026-11-30T09:00:00+01:00"),
        ("2026-11-30 09:00 (GMT+8)", "2026-11-30T09:00:00+08:00"), ("2026-11-30 09:00 CST", "None"),
        ("2026-11-30 09:00 (handover)", "None"),
    ],
)  # fmt: skip
def test_moments_and_days_are_read(text: str, expected: str) -> None:
    found = moment_or_day(text)
    assert (found.isoformat() if found else "None") == expected


CELLS = st.sampled_from(
    [
        "2026-11-30",
        "2026-12-07T09:00",
        "2026-10-25 02:30",
        "9999-12-31",
        "0001-01-01T00:00+14:00",
        "wei",
        "TBD",
        "",
        "24:00",
    ]
) | st.text(max_size=8)


@settings(max_examples=examples(100))
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=5), st.sampled_from([HEAD, "person,role,start,end\n"]))
def test_any_table_gives_shifts_or_a_cause(rows: list[tuple[str, ...]], head: str) -> None:
    within = Span(datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    raw = (head + "\n".join(",".join(row) for row in rows)).encode("utf-8", "replace")
    shifts = []
    with contextlib.suppress(Undetermined):
        shifts = list(shifts_of(raw, "f.csv", Reading(ZoneInfo("Europe/Berlin"), within)))
    assert all(shift.span.start < shift.span.end and shift.person for shift in shifts)


def test_a_rota_of_weeks_in_office_hours_reaches_to_the_end_of_its_last_week(tmp_path: Path, write) -> None:
    write("roster.csv", "Week Commencing,Office,Nights\n2026-11-25,Ngozi Eze,\n2026-12-02,,Sam Hill\n")
    given = {
        "primary_named": "Office",
        "handover": "09:30",
        "hours": "Mon-Fri 09:30-17:30",
        "timezone": "Europe/London",
    }
    finding = roster(tmp_path, None, date(2026, 11, 25), **given)
    assert (finding.outcome, finding.holds_until) == (Outcome.MET, date(2026, 11, 25))
    assert "all 40 hours" in words(finding)
    late = roster(tmp_path, None, date(2026, 11, 26), **given)
    assert late.outcome is Outcome.NOT_MET
    assert "no primary for 8 of 40 hours, first from 2026-12-02 09:30+00:00" in words(late)


TEAM = """\
# The team of the winter release

| **Role** | **Lead** (**account / chat**) | **Shadow(s) (account / chat)** |
|----------|-------------------------------|--------------------------------|
| Release lead | Ngozi Eze ([@ngozi](https://example.com) / chat: `@N`) | Sam Hill ([@sam](https://example.com)) |
| Notes | TBD | TBD |
"""


def test_a_table_of_a_team_in_markdown_holds_no_hours_and_shows_who_is_lacking(tmp_path: Path, write) -> None:
    write("roster.md", TEAM)
    finding = roster(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert "is Markdown, which is not read here; what is read is CSV, Excel" in words(finding)
    lacking = run_check("document", tmp_path, path="roster.md", links=False)
    assert lacking.outcome is Outcome.PARTIAL
    assert "TBD" in words(lacking)


def test_a_week_of_shifts_shows_the_hours_for_which_only_a_team_is_named(tmp_path: Path, write) -> None:
    head = "escalation_level,user_or_team,type,day_of_week,start_time,end_time\n"
    week = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    day = "1,Crew,Team,{0},0:00,9:00\n2,Sam,User,{0},0:00,24:00\n1,Wei,User,{0},9:00,18:30\n1,Ana,User,{0},9:00,18:30\n"
    write("roster.csv", head + "".join(map(day.format, week)) + "1,Wei,User,Friday,18:30,24:00\n")
    finding = roster(tmp_path, None, secondary=True)
    assert finding.outcome is Outcome.NOT_MET
    assert "no primary for 96 of 168 hours" in words(finding)


def test_layers_of_a_rotation_do_not_say_whose_turn_it_is(tmp_path: Path, write) -> None:
    head = "user,layer,layer_name,rotation_type,shift_length,shift_type,handoff_day,handoff_time\n"
    write("roster.csv", head + "Wei,1,Days,weekly,,,Wednesday,0:00\nAna,1,Days,weekly,,,Wednesday,0:00\n")
    finding = roster(tmp_path, None)
    assert finding.outcome is Outcome.UNKNOWN
    assert "whose turn" in words(finding)
