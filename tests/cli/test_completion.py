"""A shell completes what a command takes: commands, options, and names of the workspace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orr.cli import COMMANDS, main


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "checklists").mkdir()
    (tmp_path / "checklists" / "basics.yaml").write_text(
        "checklist: basics\nversion: 1\ntitle: Basics\nsections:\n  - section: only\n    items:\n"
        "      - {item: owner, ask: Is there an owner?, risk: high}\n",
        encoding="utf-8",
    )
    (tmp_path / "orr.yaml").write_text("language: en\n", encoding="utf-8")
    for name in ("shop", "stock"):
        (tmp_path / "workloads" / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["sh"], []),
        (["check", "sh"], ["shop"]),
        (["check", "shop", "s"], ["stock"]),
        (["waive", "s"], ["shop", "stock"]),
        (["waive", "shop", "basics/o"], ["basics/owner"]),
        (["export", "csv", "b"], ["basics"]),
        (["export", "items", "st"], ["stock"]),
        (["hist"], ["history"]),
        (["check", "--stri"], ["--strict"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_a_shell_completes_commands_workloads_items_and_checklists(
    workspace: Path, shell: str, words: list[str], found: list[str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("_ORR_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["orr", *words]))
    monkeypatch.setenv("COMP_CWORD", words[-1] if shell == "fish" else str(len(words)))
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert [word for word in re.split(r"[\n,\t]", said) if word in {*COMMANDS, *found, "shop", "stock"}] == found
    assert ".help" not in said


def test_where_there_is_no_workspace_nothing_is_completed_and_nothing_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("_ORR_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "orr check s")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit):
        main([])
    out, err = capsys.readouterr()
    assert (out.strip(), err) == ("", "")
