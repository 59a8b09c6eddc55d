"""The check `files`: which files there are, how many, and how fresh."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.source.dates import date_in_name, first_date
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
        (["a.md"], {"paths": "*.md", "age_from": "git"}, Outcome.UNKNOWN),
    ],
)
def test_files_are_counted(tmp_path: Path, write, present: list[str], parameters: dict, outcome: Outcome) -> None:
    for path in present:
        write(path, "x")
    assert files(tmp_path, **parameters).outcome is outcome


def test_a_finding_names_the_figures_and_the_files(tmp_path: Path, write) -> None:
    for number in range(7):
        write(f"a{number}.md", "x")
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


@pytest.mark.parametrize(
    ("text", "holds_until"),
    [
        ("# Drill\n\nDate: 2026-11-12\n", date(2026, 12, 12)),
        ("# Drill\n\n**Date:** 12 November 2026\n", date(2026, 12, 12)),
        ("# 演练\n\n演练日期：2026年11月12日\n", date(2026, 12, 12)),
        ("# Plan\n\n- Last reviewed: 2026-11-12\n", date(2026, 12, 12)),
        ("# Plan\n\nLast updated: 2026-11-12\n", date(2026, 12, 12)),
        ("# Plan\n\nDate: soon\n\nDate: 2026-11-12\n", date(2026, 12, 12)),
        ("# Plan\n\nDue date: 2026-11-12\n", None),
        ("# Plan\n\nIt broke on 2026-11-12: disk full\n", None),
        ("```\nDate: 2026-11-12\n```\n", None),
    ],
    ids=["date", "bold", "Chinese", "review", "update", "first that is one", "another's", "in passing", "code"],
)
def test_a_line_dates_a_document(tmp_path: Path, write, text: str, holds_until: date | None) -> None:
    write("drill.md", text)
    assert files(tmp_path, paths="drill.md", newest_within="30d").holds_until == holds_until


NAMED_OLD, NAMED_NEW = "2026-09-01.md", "2026-11-20.md"
HEADED_OLD, HEADED_NEW = "---\nreviewed: 2026-09-01\n---\n", "---\nreviewed: 2026-11-20\n---\n"
BY_GIT, OF_ITS_OWN = "by its last commit", "by its name"


@pytest.mark.parametrize(
    ("name", "text", "age_from", "day", "source"),
    [
        ("drill.md", "---\ndate: 03/04/2026\n---\n", None, "2026-11-12", BY_GIT),
        ("drill.md", HEADED_NEW, None, "2026-11-12", BY_GIT),
        (NAMED_NEW, "x", None, "2026-11-12", BY_GIT),
        (NAMED_OLD, "x", None, "2026-09-01", OF_ITS_OWN),
        ("drill.md", HEADED_OLD, None, "2026-09-01", "by its front matter"),
        ("drill.md", "Last reviewed: 2026-09-01\n", None, "2026-09-01", "by a line in it"),
        ("data.csv", "Date: 2026-09-01\n", None, "2026-11-12", BY_GIT),
        (NAMED_OLD, HEADED_OLD, "git", "2026-11-12", BY_GIT),
        (NAMED_NEW, "x", "git", "2026-11-12", BY_GIT),
        (NAMED_NEW, "x", "document", "2026-11-20", OF_ITS_OWN),
        ("drill.md", "x", "document", None, None),
    ],
)
def test_git_dates_a_file_but_makes_none_younger_than_it_says(
    tmp_path: Path, write, git, name: str, text: str, age_from: str | None, day: str | None, source: str | None
) -> None:
    git("init")
    file = write(name, text)
    git("add", ".")
    git("commit", "-m", "x", on="2026-11-12")
    os.utime(file, (0, 0))
    asked = {} if age_from is None else {"age_from": age_from}
    finding = files(tmp_path, paths="*.*", newest_within="90d", **asked)
    if day is None:
        assert finding.outcome is Outcome.UNKNOWN
    else:
        assert f"is of {day} ({source})" in render(finding.says, "en")


def test_a_day_to_come_in_a_name_is_not_made_good_by_a_commit(tmp_path: Path, write, git) -> None:
    git("init")
    write("2026-12-24.md", "x")
    git("add", ".")
    git("commit", "-m", "x", on="2026-11-12")
    assert files(tmp_path, paths="*.md", newest_within="30d").outcome is Outcome.NOT_MET
    assert files(tmp_path, paths="*.md", newest_within="30d", age_from="git").outcome is Outcome.MET


@pytest.mark.parametrize(
    ("name", "day"), [("a.md", None), (NAMED_NEW, "2026-11-20")], ids=["undated", "dated by itself"]
)
@pytest.mark.parametrize("age_from", ["either", "git"])
def test_a_file_that_git_does_not_keep_is_dated_by_itself_alone(
    tmp_path: Path, write, git, name: str, day: str | None, age_from: str
) -> None:
    git("init", "other")
    git("commit", "--allow-empty", "-m", "x", folder=tmp_path / "other")
    git("init")
    write(".gitignore", "ignored\n")
    git("add", ".gitignore")
    git("commit", "-m", "x", on="2026-11-12")
    for folder in ("untracked", "ignored", "other"):
        write(f"{folder}/{name}", "x")
        finding = files(tmp_path, paths=f"{folder}/*.md", newest_within="30d", age_from=age_from)
        assert finding.outcome is (Outcome.UNKNOWN if day is None else Outcome.MET), folder
        assert day is None or f"is of {day}" in render(finding.says, "en")


def test_a_change_that_is_not_committed_makes_no_file_younger(tmp_path: Path, write, git) -> None:
    git("init")
    write("a.md", "x")
    git("add", ".")
    git("commit", "-m", "x", on="2026-09-01")
    write("a.md", HEADED_NEW)
    assert files(tmp_path, paths="a.md", newest_within="30d").holds_until == date(2026, 10, 1)


def test_of_a_shallow_clone_what_git_hides_is_unknown(tmp_path: Path, write, git) -> None:
    git("init", "origin")
    origin = tmp_path / "origin"
    for number, day in enumerate(("2025-01-01", "2026-11-01", "2026-11-12")):
        write(f"origin/{number}.md", "x")
        git("add", ".", folder=origin)
        git("commit", "-m", "x", on=day, folder=origin)
    git("clone", "--depth=2", f"file://{origin}", "clone")
    for age_from in ("either", "git"):
        asked = {"newest_within": "30d", "age_from": age_from}
        hidden = files(tmp_path / "clone", paths="[01].md", **asked)
        assert hidden.outcome is Outcome.UNKNOWN
        assert render(hidden.says, "en").startswith(
            "the age of 2 files is not known (0.md, 1.md); set `fetch-depth: 0`"
        )
        assert "commit them" not in render(hidden.says, "en")
        assert files(tmp_path / "clone", paths="2.md", **asked).holds_until == date(2026, 12, 12)


def test_where_git_should_know_a_day_and_does_not_say_it_the_cause_is_told(
    tmp_path: Path, write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.md", "# A\n")
    alone = render(files(tmp_path, paths="*.md", none_older_than="30d").says, "en")
    assert "git," not in alone
    write(".git", "gitdir: nowhere\n")  # as of a work tree whose repository is gone
    broken = files(tmp_path, paths="*.md", none_older_than="30d")
    assert broken.outcome is Outcome.UNKNOWN
    assert render(broken.says, "en").startswith(f"{alone} (git, which may know it, does not answer: fatal: ")
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = files(tmp_path, paths="*.md", none_older_than="30d")
    assert render(missing.says, "en") == f"{alone} (git, which may know it, is not installed)"
    assert "未安装" in render(missing.says, "zh-CN")


def test_in_a_git_work_tree_only_tracked_files_are_forbidden(tmp_path: Path, write, git) -> None:
    git("init")
    write("a.md", "x")
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
    write("drills/2026-11-12.md", "x")
    (tmp_path / "drills/elsewhere").symlink_to("/usr")
    paths = "drills/**/*.md"
    assert files(tmp_path, paths=paths).outcome is Outcome.MET
    assert files(tmp_path, paths=paths, newest_within="90d").outcome is Outcome.MET
    for parameters in ({"at_least": 2}, {"at_most": 3}, {"none_older_than": "90d"}):
        assert files(tmp_path, paths=paths, **parameters).outcome is Outcome.UNKNOWN
    assert files(tmp_path, forbidden="**/*.pem").outcome is Outcome.UNKNOWN


def test_several_files_are_shown_in_a_table_newest_first(tmp_path: Path, write) -> None:
    for name in ("2026-10-01.md", "2026-11-12.md", "x.md"):
        write(name, "x")
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


@settings(max_examples=examples(100))
@given(st.text(alphabet=st.characters() | st.sampled_from("0123456789-/. 年月日Novst,"), max_size=200))
def test_any_text_has_a_date_or_none(text: str) -> None:
    first_date(text)
    date_in_name(text)


def test_a_document_without_what_it_must_hold_does_not_count(tmp_path: Path, write) -> None:
    write("drills/2026-11-10-a.md", "Done.\n")
    write("drills/2026-11-12-b.json", "{}")
    asked = {"paths": "drills/*-a.md", "has": ["two-steps", "duration"]}
    finding = run_check("files", tmp_path, today=TODAY, **asked)
    assert finding.outcome is Outcome.NOT_MET
    assert "drills/2026-11-10-a.md does not hold at least two steps, a duration" in render(finding.says, "en")
    assert run_check("files", tmp_path, today=TODAY, **asked | {"paths": "drills/*.json"}).outcome is Outcome.MET
    write("drills/2026-11-10-a.md", "1. Stopped it: 2 minutes.\n2. Started the old one.\n")
    assert run_check("files", tmp_path, today=TODAY, **asked).outcome is Outcome.MET
