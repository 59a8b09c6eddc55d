"""The fleet's report: its tables, its page, and the notebook that makes the same page."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from support import fleet_of_many
from support.engine_notebooks import OverFiles
from support.fleet_sample import IMPACT, TODAY, answer, make_workload, make_workspace, write
from support.history_sample import assessment

from orr.fleet import page as fleet
from orr.fleet.page.report import FleetReport
from orr.fleet.page.tables import COLUMNS
from orr.fleet.page.words import short
from orr.history import History, Run
from orr.messages import LANGUAGES
from orr.report.html import lean
from orr.report.page import NoResult, page_of
from orr.system.resources import shipped

WAIVER = """\
waivers:
  - {waiver: W-1, items: [basics/owner], reason: moving, requested_by: ann, approved_by: bo, approved_on: 2026-11-20,
     states: {basics/owner: not-met}, expires: 2026-11-30}
"""
PLAN = "plan: {action: hire, owner: bo, due: 2026-11-20}"
LATE = f"review: late\nanswers:\n  basics/owner: {{answer: no, {PLAN}, by: a, on: 2026-11-01}}\n"


def gone_well(name: str, day: date) -> dict[str, Any]:
    return assessment({}, workload=name, today=day)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six workloads: one ready, one that is carried by a waiver, one late, one live, one unread, one silent."""
    root = make_workspace(tmp_path_factory.mktemp("fleet"), "ready", settings="")
    write(root / "orr.yaml", "policy: [{tiers: [1, 2, 3, 4], sign_offs: [lead], recheck: 7d}]\n")
    make_workload(root, "waived")
    answer(root, "waived", owner="no", more=WAIVER)
    make_workload(root, "late")
    write(root / "workloads" / "late" / "review.yaml", LATE)
    unrated = root / "workloads" / "late" / "workload.yaml"
    write(unrated, unrated.read_text(encoding="utf-8").replace(IMPACT, ""))
    make_workload(root, "live", more="live_since: 2026-01-05\n", board="no")
    make_workload(root, "unread")
    write(root / "workloads" / "unread" / "review.yaml", "review: [")
    make_workload(root, "silent")
    write(root / "reports" / "late" / "report.html", "a report")
    history = History("sqlite:///reports/history.db", root)
    for name in ("ready", "waived", "late", "live", "unread"):
        for day in (date(2026, 11, 9), date(2026, 11, 20)):
            history.record(Run(name, day, datetime(2026, 11, 20, tzinfo=UTC), gone_well(name, day)))
    history.record(Run("late", date(2026, 11, 21), datetime(2026, 11, 21, tzinfo=UTC), None, "the kernel died"))
    history.record(
        Run("silent", date(2026, 11, 1), datetime(2026, 11, 1, tzinfo=UTC), gone_well("silent", date(2026, 11, 1)))
    )
    history.close()
    return root


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty workloads with the checklists of this repository, and half a year of runs."""
    return fleet_of_many.make(tmp_path_factory.mktemp("company"), 30)


@pytest.fixture(scope="module")
def report(root: Path) -> FleetReport:
    return fleet.open(root, TODAY, "en")


def test_launches_in_doubt_come_first_and_the_worst_of_a_day_before_the_others(report: FleetReport) -> None:
    rows = report.tables.rows("launches")
    assert [(row["workload"], row["verdict"], row["days"]) for row in rows] == [
        ("unread", None, 8),
        ("late", "no-go", 8),
        ("waived", "conditional-go", 8),
        ("ready", "go", 8),
        ("silent", "go", 8),
    ]
    assert {row["calendar"] for row in rows} == {None}


def test_a_launch_whose_day_went_by_waits_for_a_decision_and_comes_first(root: Path) -> None:
    later = fleet.open(root, date(2026, 12, 3), "en")
    rows = later.tables.rows("launches")
    assert {(row["days"], row["in_doubt"]) for row in rows} == {(-2, True)}
    assert "live" not in {row["workload"] for row in rows}
    said = " ".join(re.sub("<[^>]+>", " ", later.summary().html).split())
    assert f"{len(rows)} launches slipped: their day went by and the workloads are not live" in said
    assert "of the next 30 days" not in said
    page = later.launches().html
    assert "2 days ago and not live" in page
    assert 'class="month"' not in page


def test_teams_are_rolled_up_from_their_workloads(report: FleetReport) -> None:
    (team,) = report.tables.rows("teams")
    counts = Counter(one.assessment.verdict.value if one.assessment else "none" for one in report.standings)
    assert {key: team[key] for key in ("no-go", "conditional-go", "go", "none")} == dict(counts)
    assert (team["workloads"], team["launch"]) == (len(report.standings), date(2026, 12, 1))
    assert team["overdue"] == sum(row["overdue"] for row in report.tables.rows("owners"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Add `checklists` now", "Add `checklists` now"),
        ("Add `a` to the file, or `leave_out: " + "x" * 200 + "`", "Add `a` to the file, or…"),
    ],
    ids=["short", "code that would be cut"],
)
def test_no_code_is_cut_in_the_middle(text: str, says: str) -> None:
    assert short(text) == says


def test_a_tier_that_nothing_gives_is_told_as_such(report: FleetReport) -> None:
    assert "tier 1, as no impact is given" in report.html()
    rows = {row["workload"]: row for row in report.tables.rows("workloads")}
    assert (rows["late"]["tier"], rows["late"]["tier_because"][:36]) == (1, "Tier 1, because workload.yaml has no")


def test_what_stops_comes_before_what_conditions(report: FleetReport) -> None:
    rows = report.tables.rows("blockers")
    assert [(row["item"], row["stops"], row["conditions"]) for row in rows] == [
        ("basics/owner", 1, 1),
        ("basics/dashboard", 0, 2),
    ]
    assert rows[0]["workloads"] == ["late", "waived"]


def test_a_waiver_that_ends_says_what_the_verdict_is_without_it(report: FleetReport) -> None:
    (row,) = report.tables.rows("waivers")
    assert (row["waiver"], row["workload"], row["days"], row["verdict"], row["without"]) == (
        "W-1",
        "waived",
        7,
        "conditional-go",
        "no-go",
    )


def test_the_owner_with_most_steps_past_their_day_comes_first(report: FleetReport) -> None:
    first, second = report.tables.rows("owners")
    assert (first["owner"], first["overdue"], first["earliest"]) == ("bo", 1, date(2026, 11, 20))
    assert (second["owner"], second["overdue"], second["open"]) == ("sales", 0, 3)


def test_a_workload_of_which_nobody_knows_is_told_with_its_reason(report: FleetReport) -> None:
    rows = {row["workload"]: row for row in report.tables.rows("unchecked")}
    assert list(rows) == ["late", "unread", "silent"]
    assert rows["late"]["problem"] == "the kernel died"
    assert "workloads/unread/review.yaml:2:1" in rows["unread"]["problem"]
    assert (rows["silent"]["days"], rows["silent"]["every"], rows["silent"]["problem"]) == (22, 7, None)


def test_a_crashed_run_never_counts_as_its_last_verdict(report: FleetReport) -> None:
    *before, now = report.tables.rows("over_time")
    assert now == {"on": TODAY, "no-go": 1, "conditional-go": 2, "go": 2, "none": 1}
    assert [row["on"] for row in before] == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]


def test_a_workload_that_was_silent_for_longer_than_its_cadence_is_not_drawn_as_it_was_last(
    report: FleetReport,
) -> None:
    *_, week, _ = report.tables.rows("over_time")
    assert week == {"on": date(2026, 11, 16), "no-go": 0, "conditional-go": 0, "go": 5, "none": 1}


def test_what_is_told_of_the_past_does_not_end_with_the_runs_that_are_shown(tmp_path: Path) -> None:
    make_workspace(tmp_path, "busy")
    at = datetime(2026, 11, 20, tzinfo=UTC)
    with closing(History("sqlite:///reports/history.db", tmp_path)) as history:
        history.record(Run("busy", date(2026, 9, 1), at, {**gone_well("busy", date(2026, 9, 1)), "verdict": "no-go"}))
        for day in (date(2026, 9, 7), *[date(2026, 11, 22)] * 150):
            history.record(Run("busy", day, at, gone_well("busy", day)))
        for _ in range(20):
            history.record(Run("busy", date(2026, 11, 23), at, None, "the kernel died"))
    told = fleet.open(tmp_path, TODAY, "en").tables
    assert next(row["on"] for row in told.rows("over_time")) == date(2026, 9, 7)
    assert told.rows("unchecked")[0]["last"] == date(2026, 11, 22)
    with closing(History("sqlite:///reports/history.db", tmp_path)) as history:
        history.record(Run("busy", date(2026, 11, 23), at, gone_well("busy", date(2026, 11, 23))))
    (row,) = fleet.open(tmp_path, TODAY, "en").tables.rows("workloads")
    assert (row["last_verdict"], row["since"]) == ("go", date(2026, 11, 23))


def test_the_heat_map_tells_what_stops_from_what_is_covered(report: FleetReport) -> None:
    cells = {row["workload"]: (row["stopping"], row["open"], row["applying"]) for row in report.tables.rows("heat_map")}
    assert cells == {"late": (1, 2, 2), "waived": (0, 1, 2), "live": (0, 1, 2), "ready": (0, 0, 2), "silent": (0, 0, 2)}


def test_a_workload_tells_which_release_its_verdict_is_about(root: Path) -> None:
    review = root / "workloads" / "ready" / "review.yaml"
    text = review.read_text(encoding="utf-8")
    review.write_text(text + "release: {commit: 42cd0e1, environment: production}\n", encoding="utf-8")
    rows = {row["workload"]: row["release"] for row in fleet.open(root, TODAY, "en").tables.rows("workloads")}
    assert (rows["ready"], rows["late"]) == ("about commit 42cd0e1, in production", None)


def test_every_table_is_a_frame_and_a_csv_with_the_same_columns(report: FleetReport) -> None:
    frames, texts = report.frames(), report.csv()
    assert list(frames) == list(texts) == list(COLUMNS)
    for name, frame in frames.items():
        head, *rows = csv.reader(io.StringIO(texts[name]))
        assert head == list(frame.columns)
        assert len(rows) == len(frame) > 0
        assert {column: str(kind) for column, kind in frame.dtypes.items()} == COLUMNS[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_one_valid_document_that_links_only_to_reports_that_are_there(root: Path, language: str) -> None:
    text = fleet.open(root, TODAY, language).html()
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert document.get("lang") == language
    assert not {"script", "img", "link", "iframe"} & {str(element.tag) for element in document.iter()}
    links = {element.get("href") for element in document.iter("a")}
    assert {link for link in links if not link.startswith("#")} == {"late/report.html"}
    ids = {element.get("id") for element in document.iter() if element.get("id")}
    assert {link[1:] for link in links if link.startswith("#")} <= ids


def test_pages_of_different_fleets_are_not_mixed(root: Path, report: FleetReport) -> None:
    from orr.report.base import _output

    other = fleet.open(root, date(2026, 11, 24), "en")
    cells = [{"cell_type": "code", "outputs": [_output(part)]} for part in (*report.parts(), other.launches())]
    with pytest.raises(NoResult):
        page_of({"cells": cells})


def test_the_notebook_is_short_and_shows_every_part(report: FleetReport) -> None:
    cells = json.loads((shipped("notebooks") / "fleet.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert cells[1]["metadata"]["tags"] == ["parameters"]
    shown = [line.removeprefix("f.").removesuffix("()").replace("_", "-") for line in code[2:]]
    assert shown == [part.name for part in report.parts()]
    assert all(len(cell.splitlines()) <= 4 for cell in code)


@pytest.mark.kernel
def test_papermill_and_nbconvert_alone_make_the_page_that_the_command_writes(root: Path, tmp_path: Path) -> None:
    import papermill

    from orr.report.exporter import OrrExporter

    out = tmp_path / "out.ipynb"
    parameters = {"workspace": str(root), "today": TODAY.isoformat(), "language": "en"}
    template = shipped("notebooks") / "fleet.ipynb"
    papermill.execute_notebook(template, out, parameters, progress_bar=False, kernel_manager_class=OverFiles)
    page, _ = OrrExporter().from_filename(str(out))
    lines = [line for line in page.splitlines() if line]
    assert lines == [line for line in fleet.open(root, TODAY, "en").html().splitlines() if line]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thousand_workloads_stay_well_below_a_megabyte(company: Path, language: str) -> None:
    few = fleet.open(company, TODAY, language).standings
    many = [
        replace(
            one,
            workload=f"{one.workload}-{number:02}",
            launch_day=one.launch_day and one.launch_day + timedelta(weeks=number),
            has_report=True,
        )
        for number in range(34)
        for one in few
    ][:1000]
    text = FleetReport(many, TODAY, language).html()
    assert text.count("<tr>") > 2 * len(many)
    assert len(text.encode()) < 800_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_go_down_one_level_at_a_time_and_every_part_has_its_own(company: Path, language: str) -> None:
    document = html5lib.parse(fleet.open(company, TODAY, language).html(), namespaceHTMLElements=False)
    levels = [int(element.tag[1]) for element in document.iter() if re.fullmatch(r"h[1-6]", str(element.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = {element.get("id"): element for element in document.iter() if element.get("id")}
    sections = [element for element in document.iter("section") if element.get("aria-labelledby")]
    assert len(sections) == 9
    assert all("".join(ids[element.get("aria-labelledby")].itertext()) for element in sections)


def test_lean_markup_is_the_same_document(company: Path) -> None:
    fragments = [part.standing() for part in fleet.open(company, TODAY, "en").parts()]
    for fragment in fragments:
        long, short = (html5lib.parseFragment(text, "div") for text in (fragment, lean(fragment)))
        assert html5lib.serialize(long) == html5lib.serialize(short)
    assert sum(len(lean(fragment)) for fragment in fragments) < 0.9 * sum(map(len, fragments))
