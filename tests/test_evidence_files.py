"""The check `files`: which files there are, how many, and how fresh."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from fuzzing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from orr.evidence.dates import date_in_name, first_date
from orr.finding import Finding, Outcome
from orr.messages import LANGUAGES, render
from orr.testing import run_check

TODAY = date(2026, 11, 23)


def files(folder: Path, **parameters: object) -> Finding:
    finding = run_check("files", folder, today=TODAY, **parameters)
    assert all(render(finding.says, language) for language in LANGUAGES)
    return finding


@pytest.mark.parametrize(
    ("present", "parameters", "outcome"),
    [
        (["a.md"], {"paths": "*.md"}, Outcome.MET),
        ([], {"paths": "*.md"}, Outcome.NOT_MET),
        (["a.md"], {"paths": ["x.md", "a.md"]}, Outcome.MET),
        (["a.md"], {"paths": "*.md", "at_least": 2}, Outcome.NOT_MET),
        (["a.md", "b.md"], {"paths": ["a.md", "b.md"], "at_least": 2}, Outcome.MET),
        (["a.md", "b.md"], {"paths": "*.md", "at_most": 1}, Outcome.NOT_MET),
        (["a.md"], {"paths": "*.md", "at_most": 1}, Outcome.MET),
        (["a.md"], {"forbidden": "**/*.pem"}, Outcome.MET),
        (["a.md", "x/k.pem"], {"forbidden": "**/*.pem"}, Outcome.NOT_MET),
        ([], {"forbidden": "**/*.pem"}, Outcome.UNKNOWN),
        (["a.md", ".env"], {"paths": "a.md", "forbidden": [".env"]}, Outcome.NOT_MET),
        (["a.md"], {"paths": "/etc/passwd"}, Outcome.UNKNOWN),
        (["a.md"], {"paths": "*.md", "at_least": 0}, Outcome.UNKNOWN),
        (["a.md"], {}, Outcome.UNKNOWN),
    ],
)
def test_files_are_counted(tmp_path: Path, write, present: list[str], parameters: dict, outcome: Outcome) -> None:
    for path in present:
        write(path)
    assert files(tmp_path, **parameters).outcome is outcome


def test_a_finding_names_the_figures_and_the_files(tmp_path: Path, write) -> None:
    for number in range(7):
        write(f"a{number}.md")
    says = render(files(tmp_path, paths="*.md", at_least=8).says, "en")
    assert says == "7 files match *.md, fewer than 8: a0.md, a1.md, a2.md, and 4 more"


@pytest.mark.parametrize(
    ("names", "parameters", "outcome", "holds_until"),
    [
        (["2026-11-12.md"], {"newest_within": "90d"}, Outcome.MET, date(2027, 2, 10)),
        (["2026-01-01.md"], {"newest_within": "90d"}, Outcome.MET, date(2026, 4, 1)),
        (["2026-11-12.md", "2020-01-01.md"], {"newest_within": "90d"}, Outcome.MET, date(2027, 2, 10)),
        (["2026-11-12.md", "2020-01-01.md"], {"none_older_than": "90d"}, Outcome.MET, date(2020, 3, 31)),
        (["2026-11-12.md", "2026-11-01.md"], {"newest_within": "90d", "at_least": 2}, Outcome.MET, date(2027, 1, 30)),
        (["2026-11-24.md"], {"newest_within": "90d"}, Outcome.NOT_MET, None),
        (["2026-11-24.md"], {"none_older_than": "90d"}, Outcome.NOT_MET, None),
        (["2026-11-24.md", "2026-11-20.md"], {"newest_within": "90d"}, Outcome.MET, date(2027, 2, 18)),
        (["2026-11-24.md", "2026-11-20.md"], {"newest_within": "90d", "at_least": 2}, Outcome.NOT_MET, None),
        (["2026-11-24.md", "2026-11-20.md"], {"none_older_than": "90d"}, Outcome.NOT_MET, None),
        (["20261112-drill.md"], {"newest_within": "90d"}, Outcome.MET, date(2027, 2, 10)),
        (["2026-11-12/notes.md"], {"newest_within": "90d"}, Outcome.MET, date(2027, 2, 10)),
        (["undated.md"], {"newest_within": "90d"}, Outcome.UNKNOWN, None),
        (["undated.md", "2026-11-20.md"], {"newest_within": "90d"}, Outcome.MET, date(2027, 2, 18)),
        (["undated.md", "2020-01-01.md"], {"newest_within": "90d"}, Outcome.UNKNOWN, None),
        (["undated.md", "2026-11-20.md"], {"none_older_than": "90d"}, Outcome.UNKNOWN, None),
        (["2026-11-23.md"], {"newest_within": "1d", "none_older_than": "1d"}, Outcome.MET, date(2026, 11, 24)),
        (["2026-11-12.md"], {"newest_within": "99999d"}, Outcome.MET, date(2300, 8, 27)),
    ],
)
def test_freshness_holds_until_a_day_and_never_comes_from_the_clock_of_the_disk(
    tmp_path: Path, write, names: list[str], parameters: dict, outcome: Outcome, holds_until: date | None
) -> None:
    for name in names:
        write(f"drills/{name}", "words")
    finding = files(tmp_path, paths="drills/**", **parameters)
    assert (finding.outcome, finding.holds_until) == (outcome, holds_until)


@pytest.mark.parametrize(
    ("head", "holds_until"),
    [
        ("---\ndate: 2026-11-12\n---\n", date(2026, 12, 12)),
        ("---\nLast-Reviewed: 12 Nov 2026\n---\n", date(2026, 12, 12)),
        ("+++\ndate = 2026-11-12\n+++\n", date(2026, 12, 12)),
        ("---\ndate: 2026-01-01\nupdated: 2026-11-12\n---\n", date(2026, 12, 12)),
    ],
    ids=["yaml", "words", "toml", "newest-key"],
)
def test_front_matter_dates_a_file(tmp_path: Path, write, head: str, holds_until: date) -> None:
    write("drill.md", head + "text")
    assert files(tmp_path, paths="drill.md", newest_within="30d").holds_until == holds_until


def test_git_dates_a_file_that_nothing_else_dates(tmp_path: Path, write, git) -> None:
    git("init")
    file = write("drill.md", "---\ndate: 03/04/2026\n---\n")
    git("add", ".")
    git("commit", "-m", "x", on="2026-11-12")
    os.utime(file, (0, 0))
    finding = files(tmp_path, paths="drill.md", newest_within="30d")
    assert finding.holds_until == date(2026, 12, 12)
    assert "by its last commit" in render(finding.says, "en")


def test_in_a_git_work_tree_only_tracked_files_are_forbidden(tmp_path: Path, write, git) -> None:
    git("init")
    write("a.md")
    write(".env")
    git("add", "a.md")
    assert files(tmp_path, forbidden=".env").outcome is Outcome.MET
    git("add", "-f", ".env")
    assert files(tmp_path, forbidden=".env").outcome is Outcome.NOT_MET


def test_a_folder_of_which_a_work_tree_tracks_nothing_is_looked_at_whole(tmp_path: Path, write, git) -> None:
    git("init")
    write("ignored/.env")
    assert files(tmp_path / "ignored", forbidden=".env").outcome is Outcome.NOT_MET


def test_what_must_not_be_read_is_unknown_where_it_matters(tmp_path: Path, write) -> None:
    write("drills/2026-11-12.md")
    (tmp_path / "drills/elsewhere").symlink_to("/usr")
    paths = "drills/**/*.md"
    assert files(tmp_path, paths=paths).outcome is Outcome.MET
    assert files(tmp_path, paths=paths, newest_within="90d").outcome is Outcome.MET
    for parameters in ({"at_least": 2}, {"at_most": 3}, {"none_older_than": "90d"}):
        assert files(tmp_path, paths=paths, **parameters).outcome is Outcome.UNKNOWN
    assert files(tmp_path, forbidden="**/*.pem").outcome is Outcome.UNKNOWN


def test_several_files_are_shown_in_a_table_newest_first(tmp_path: Path, write) -> None:
    for name in ("2026-10-01.md", "2026-11-12.md", "x.md"):
        write(name)
    table = files(tmp_path, paths="*.md", newest_within="90d").table
    assert table is not None
    assert [row[0] for row in table.rows] == ["2026-11-12.md", "2026-10-01.md", "x.md"]
    assert [render(cell, "en") for cell in table.rows[0][1:]] == ["2026-11-12", "11 days", "by its name"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-12", date(2026, 11, 12)),
        ("2026-11-12T10:00:00Z", date(2026, 11, 12)),
        ("2026/11/2", date(2026, 11, 2)),
        ("2026.11.12", date(2026, 11, 12)),
        ("2026年11月12日", date(2026, 11, 12)),
        ("2026 年 1 月 2 日", date(2026, 1, 2)),
        ("12 November 2026", date(2026, 11, 12)),
        ("12th Nov. 2026", date(2026, 11, 12)),
        ("1st of March, 2026", date(2026, 3, 1)),
        ("12-Nov-2026", date(2026, 11, 12)),
        ("November 12, 2026", date(2026, 11, 12)),
        ("Sept 3rd 2026", date(2026, 9, 3)),
        ("25/12/2026", date(2026, 12, 25)),
        ("12/25/2026", date(2026, 12, 25)),
        ("04/04/2026", date(2026, 4, 4)),
        ("03/04/2026", None),
        ("2026-13-45", None),
        ("30 February 2026", None),
    ],
)
def test_a_date_is_read_in_the_forms_that_people_write(text: str, day: date | None) -> None:
    written = first_date(f"on {text}, by Ana")
    assert written is not None
    assert written.day == day


@pytest.mark.parametrize("text", ["", "soon", "YYYY-MM-DD", "November 2026", "v2026.11", "1.2.3", "12-2026"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert first_date(text) is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_an_iso_date_is_read_back(day: date) -> None:
    assert first_date(f"x {day.isoformat()} y") == (day.isoformat(), day)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(alphabet=st.characters() | st.sampled_from("0123456789-/. 年月日Novst,"), max_size=200))
def test_any_text_has_a_date_or_none(text: str) -> None:
    first_date(text)
    date_in_name(text)
