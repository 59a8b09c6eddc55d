"""`orr gate`: what it has to be given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.gate_stage import TODAY, gate, orr, record, stage

from orr.cli import COMMANDS


def test_it_is_a_command() -> None:
    assert "gate" in COMMANDS


def test_the_gate_wants_an_artifact_and_the_present_day(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(stage(tmp_path))
    assert orr(tmp_path, "gate", "shop") == 2
    assert "Name what is to pass" in capsys.readouterr().err
    monkeypatch.setenv("ORR_TEST_CLOCK", TODAY)
    status, line, _ = gate(tmp_path, capsys, "--today", "2026-01-01")
    assert (status, "judges the present day" in line) == (2, True)
