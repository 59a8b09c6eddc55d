"""Printing a report: what a reader of the PDF gets, and what is said where nothing can print."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.fleet_sample import TODAY, make_workspace

from orr.cli import main
from orr.report import pdf

WORDS = ("report", "shop", "--today", TODAY.isoformat(), "--engine", "papermill")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = make_workspace(tmp_path / "ws", "shop")
    monkeypatch.chdir(made)
    return made


@pytest.mark.browser
def test_a_report_is_printed_beside_its_page_and_goes_with_the_next(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "reports" / "shop"
    assert main([*WORDS[:4], "--pdf"]) == 0
    printed = (folder / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in printed  # what a screen reader reads
    told = capsys.readouterr()
    assert "shop: reports/shop/report.pdf" in told.out
    assert "printing report.pdf" in told.err
    assert main([*WORDS[:4]]) == 0
    assert not (folder / "report.pdf").exists()


def test_without_playwright_nothing_is_run_and_the_package_is_named(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert main([*WORDS, "--pdf"]) == 2
    assert "pip install 'orr[pdf]'" in capsys.readouterr().err
    assert not (root / "reports").exists()


@pytest.mark.browser
def test_without_a_browser_nothing_is_run_and_what_to_install_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf, "PROGRAMS", ())
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    assert main([*WORDS, "--pdf"]) == 2
    assert "playwright install --only-shell chromium" in capsys.readouterr().err
    assert not (root / "reports").exists()


@pytest.mark.browser
def test_a_browser_that_does_not_start_is_named(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "a-browser"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o755)
    monkeypatch.setattr(pdf, "PROGRAMS", ("a-browser",))
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    assert main([*WORDS, "--pdf"]) == 3
    assert str(program) in capsys.readouterr().err
