"""`orr site`: what it lists, and what it refuses before it writes anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.site_stage import workspace_in

from orr.cli import main
from orr.site import pyodide


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = workspace_in(tmp_path / "shop")
    monkeypatch.chdir(root)
    monkeypatch.delenv("ORR_PYODIDE", raising=False)
    return root


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_it_names_the_lines_that_bring_what_is_missing(
    root: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    assert main(["site", "out", "shop", "--lang", language]) == 2
    said = capsys.readouterr().err
    for command in pyodide.COMMANDS:
        assert command.replace("FOLDER", "pyodide") in said
    assert not (root / "out").exists()


def test_it_takes_no_other_archive_than_the_one_that_it_knows(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "pyodide").mkdir()
    for name in (pyodide.ARCHIVE, pyodide.WHEEL):
        (root / "pyodide" / name).write_bytes(b"another")
    assert main(["site", "out", "shop"]) == 2
    assert "its digest or its form is another" in capsys.readouterr().err
    assert not (root / "out").exists()


def test_it_writes_into_no_folder_that_holds_something_else(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "checklists", "shop"]) == 2
    assert "holds something else than a site" in capsys.readouterr().err


def test_a_page_is_of_the_day_on_which_it_is_read(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORR_TEST_CLOCK", "system")
    assert main(["site", "out", "shop", "--today", "2026-01-05"]) == 2
    assert "Leave out --today" in capsys.readouterr().err
    assert not (root / "out").exists()
