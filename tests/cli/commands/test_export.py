"""`orr export`: a fleet with one broken workload in every format."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.workspace_sample import TODAY, put

from orr.cli import main
from orr.formats.outputs import OUTPUTS, Output

BROKEN = {"workloads/legacy/workload.yaml": "workload: legacy\nteir: 2\n"}
FAULT = "workloads/legacy/workload.yaml:2:1: "


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(put(tmp_path, BROKEN))
    return tmp_path


@pytest.mark.parametrize("name", OUTPUTS)
def test_one_broken_workload_is_an_error_in_every_format_or_nothing_is_written(
    workspace: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = workspace / "out"
    assert main(["export", name, "--out", str(out), "--today", TODAY]) == 2
    assert FAULT in capsys.readouterr().err
    assert out.exists() == OUTPUTS[name].holds_unread
    if out.exists():
        written = out.read_text(encoding="utf-8")
        assert "shop" in written
        assert "legacy" in written


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_could_be_read_is_written_with_status_0_whatever_the_verdict(
    workspace: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "shop", "--today", TODAY]) == 1
    capsys.readouterr()
    assert main(["export", name, "shop", "--today", TODAY]) == 0
    assert "shop" in capsys.readouterr().out


def test_a_format_without_a_place_for_it_writes_nothing_and_names_it(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(OUTPUTS, "items", Output(OUTPUTS["items"].write, holds_unread=False))
    assert main(["export", "items", "--today", TODAY]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "items has no place for a workload that could not be read, so nothing was written" in err


def test_a_workload_that_does_not_exist_is_an_error_too(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "junit", "shopp", "--today", TODAY]) == 2
    out, err = capsys.readouterr()
    assert 'name="shopp"' in out
    assert "shop" in err


RULED = """checklist: backups
version: 1
title: Backups
sections:
  - section: backups
    risk_rules:
      - {if: taken, risk: none}
      - {if: default, risk: high}
    items:
      - {item: taken, ask: Taken?, fix: Take one.}
      - {item: spare, ask: Spare?, fix: Take two.}
"""


def test_check_prints_what_is_questionable_in_the_rules_of_a_lens_and_writes_none(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace / "checklists" / "backups.yaml").write_text(RULED, encoding="utf-8")
    assert main(["export", "lens", "backups", "--check", "--out", "lens.json", "--today", TODAY]) == 2
    assert capsys.readouterr().out == "spare of backups changes the risk in no combination\n"
    assert not (workspace / "lens.json").exists()
    (workspace / "checklists" / "backups.yaml").write_text(RULED.replace("if: taken,", "if: taken && spare,"))
    assert main(["export", "lens", "backups", "--check", "--today", TODAY]) == 0
    assert "decide every combination" in capsys.readouterr().out


def test_check_is_of_a_lens_alone(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "junit", "--check", "--today", TODAY]) == 2
    assert "Only a lens has risk rules to check" in capsys.readouterr().err
