"""`orr audit`: what it prints, and what it has to be given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.gate_stage import decided, orr

from orr.cli import COMMANDS


def test_it_is_a_command() -> None:
    assert "audit" in COMMANDS


def test_it_prints_the_file_and_the_head_to_be_kept_elsewhere(tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    capsys.readouterr()
    assert orr(root, "audit", "--out", "pack.zip") == 0
    file, head = capsys.readouterr().out.splitlines()
    assert file == "pack.zip"
    assert head.startswith("Head of the history, to be kept elsewhere: sha256:")


def test_without_a_file_or_a_workload_nothing_is_packed(tmp_path: Path) -> None:
    root = decided(tmp_path)
    assert orr(root, "audit") == 2
    assert orr(root, "audit", "stock", "--out", "pack.zip") == 2
    assert not (root / "pack.zip").exists()
