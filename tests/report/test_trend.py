"""The trend in a report: a picture with its text, whatever becomes of the history."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support import report_sample
from support.fleet_sample import TODAY, make_workspace, write
from support.history_sample import NOW, Where, assessment, postgresql, run_of, where

import orr.report
from orr.history import SCHEMA, History, Run
from orr.history.past_runs import _SCHEMA, SHOWN, LastRun, Unreadable, last_runs
from orr.messages import LANGUAGES
from orr.report.report import Report
from orr.report.sanitize import is_allowed

__all__ = ["postgresql", "where"]

URL = "sqlite:///reports/history.db"
RUNS = (
    LastRun(TODAY - timedelta(days=14), "no-go", 7),
    LastRun(TODAY - timedelta(days=7), None, None),
    LastRun(TODAY, "go", 0),
)


def report(runs: tuple[LastRun, ...] | None = RUNS, language: str = "en") -> str:
    def read() -> tuple[LastRun, ...]:
        if runs is None:
            raise Unreadable("a cosmic ray")
        return runs

    html = Report(report_sample.assessment(), language, read).trend().html
    assert is_allowed(html)
    return html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_trend_is_a_picture_with_its_text(language: str) -> None:
    html = report(language=language)
    assert html.count("<rect") == 3  # of the three runs one was not assessed; today is another
    assert 'role="img"' in html
    for run in RUNS:
        assert run.today.isoformat() in html
    for shape in "■✕●":
        assert shape in html


def test_the_text_alternative_names_each_run() -> None:
    html = report()
    assert (
        "<desc>2026-11-09: no-go, open: 7, 2026-11-16: not assessed, 2026-11-23: go, open: 0, today: no-go, open: "
        in html
    )
    assert "The last 3 runs, from 2026-11-09 to 2026-11-23; the bars show how many items were open." in html


def test_the_present_assessment_is_the_last_point() -> None:
    html = report(RUNS)
    assert html.count(" now") == 2  # its bar and its day
    assert "today: no-go, open:" in html


@pytest.mark.parametrize(
    ("runs", "says"),
    [
        pytest.param((), "No earlier run is recorded.", id="none"),
        pytest.param(None, "could not be read", id="unreadable"),
    ],
)
def test_without_runs_the_part_says_so(runs: tuple[LastRun, ...] | None, says: str) -> None:
    assert says in report(runs)
    assert "<svg" not in report(runs)


def test_the_last_runs_up_to_the_day_are_read_from_any_database(where: Where) -> None:
    url, root = where
    with closing(History(url, root)) as history:
        for place in range(15):
            day = TODAY - timedelta(days=15 - place)
            history.record(run_of(assessment(today=day), today=day))
        history.record(Run("shop", TODAY, NOW, None, "its kernel died"))
        later = TODAY + timedelta(days=1)
        history.record(run_of(assessment(today=later), today=later))
    found = last_runs(url, root, "shop", TODAY)
    assert len(found) == SHOWN
    assert found[-2:] == (LastRun(TODAY - timedelta(days=1), "go", 1), LastRun(TODAY, None, None))
    assert last_runs(url, root, "nobody", TODAY) == ()


def test_there_need_be_no_history(tmp_path: Path) -> None:
    assert last_runs(URL, tmp_path, "shop", TODAY) == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    ["sqlite:///bad.db", "sqlite:///empty.db", "nonsense", "postgresql+psycopg://me@127.0.0.1:1/x?connect_timeout=1"],
)
def test_a_history_that_cannot_be_read_is_one_error(tmp_path: Path, url: str) -> None:
    write(tmp_path / "bad.db", "no database at all" * 100)
    write(tmp_path / "empty.db", "")
    with pytest.raises(Unreadable):
        last_runs(url, tmp_path, "shop", TODAY)


def test_what_reads_the_file_directly_knows_the_schema() -> None:
    assert _SCHEMA == SCHEMA


def test_a_report_shows_the_runs_of_its_workspace_and_loads_no_sqlalchemy(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, "shop")
    with closing(History(URL, root)) as history:
        history.record(run_of(assessment(verdict="no-go")))
    opened = orr.report.open("shop", root, TODAY)
    assert "One earlier run, for 2026-11-23" in opened.trend().html
    program = (
        f"import sys, orr.report; r = orr.report.open('shop', {str(root)!r}, '2026-11-23'); t = r.trend().html;"
        " sys.exit('One earlier run' not in t or 'sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
