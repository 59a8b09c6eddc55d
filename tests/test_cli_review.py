"""`orr review`: which notebook it opens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from form_stage import workspace

from orr.cli import main
from orr.cli.review import notebook_for


def source(path: Path) -> str:
    return "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][-1]["source"])


def test_a_workspace_without_a_notebook_gets_one_of_three_lines(tmp_path: Path) -> None:
    made = notebook_for(tmp_path, "shop")
    assert made == tmp_path / "notebooks/review.ipynb"
    assert source(made) == 'import orr\n\norr.review("shop")'


def test_a_notebook_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    made = notebook_for(tmp_path, "shop")
    before = made.read_text()
    other = notebook_for(tmp_path, "结算")
    assert other == tmp_path / "notebooks/review-结算.ipynb"
    assert 'orr.review("结算")' in source(other)
    assert notebook_for(tmp_path, "结算") == other
    assert notebook_for(tmp_path, "shop") == made
    assert made.read_text() == before


def test_a_workload_that_does_not_exist_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace(tmp_path))
    assert main(["review", "ship"]) == 2
    assert "shop" in capsys.readouterr().err
    assert not (tmp_path / "notebooks").exists()
