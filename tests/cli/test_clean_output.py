"""No output carries what steers a terminal or turns the direction of writing, whoever wrote it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from support import ROOT
from support.fleet_sample import git

from orr.cli import main
from orr.formats.outputs import OUTPUTS
from orr.source.yaml import parse

TODAY = "2026-11-23"
HOSTILE = "\x1b]0;x\x07\x9b2J\x00\u202e\u2066\r=1+1 www.evil.example a@evil.example"
STEERS = {*map(chr, (*range(9), *range(11, 32), *range(127, 160), 0x2028, 0x2029, *range(0x202A, 0x202F)))}
STEERS |= {*map(chr, range(0x2066, 0x206A))}
TEXTS = {"title", "note", "reason", "action", "scenario", "detection", "response", "benefits", "ask", "why", "fix",
         "about", "contact", "compensating"}  # fmt: skip


def spoil(data: Any, key: str = "") -> Any:
    """Add to every text that a person may write freely."""
    if isinstance(data, dict):
        return {name: spoil(value, key if name in ("en", "zh-CN") else name) for name, value in data.items()}
    if isinstance(data, list):
        return [spoil(value, key) for value in data]
    return data + HOSTILE if isinstance(data, str) and key in TEXTS else data


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    for name in ("orr.yaml", "organization.yaml"):
        shutil.copy(ROOT / name, root)
    for name in ("checklists", "teams"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copytree(ROOT / "workloads" / "checkout", root / "workloads" / "checkout")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "before")
    for path in root.rglob("*.yaml"):
        if path.parent.name in ("checklists", "checkout"):
            data = parse(path.read_text(encoding="utf-8"), path.name)
            path.write_text(json.dumps(spoil(data), default=str), encoding="utf-8")  # JSON is YAML
    (root / "workloads" / "checkout" / "scans" / "hostile.sarif").write_text("{", encoding="utf-8")
    settings = (root / "workloads" / "checkout" / "workload.yaml").read_text(encoding="utf-8")
    (root / "workloads" / "checkout" / "workload.yaml").write_text(
        settings.replace('"live_since": null', '"live_since": "2026-01-01"'), encoding="utf-8"
    )
    return root


COMMANDS = [
    ["check"],
    ["check", "--format", "json"],
    ["check", "--format", "junit"],
    ["check", "--format", "markdown"],
    ["fleet", "--csv", "tables"],
    *(["export", name] for name in OUTPUTS),
    ["tickets", "--to", "csv"],
    ["export", "csv", "prepare"],
    ["export", "markdown", "prepare"],
    ["export", "lens", "prepare"],
    ["impact", "HEAD"],
    ["impact", "HEAD", "--format", "json"],
    ["impact", "HEAD", "--format", "markdown"],
    ["impact", "HEAD", "--format", "html"],
    *(
        pytest.param(words, marks=pytest.mark.kernel)
        for words in (
            ["report"],
            ["recheck"],
            ["history", "checkout"],
            ["history", "checkout", "--format", "json"],
            ["history", "checkout", "--format", "csv"],
        )
    ),
    ["lint"],
]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_output_carries_what_steers(
    workspace: Path,
    words: list[str],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(workspace)
    if words[0] == "history":
        main(["recheck", "--today", TODAY])
        capsys.readouterr()
    before = {path: path.stat().st_mtime_ns for path in workspace.rglob("*")}

    assert main([*words, "--today", TODAY, "--lang", language]) in (0, 1, 2)

    printed = capsys.readouterr()
    texts = {"standard output": printed.out, "standard error": printed.err}
    for path in workspace.rglob("*"):
        if path.suffix in (".html", ".csv", ".ipynb", ".md") and before.get(path) != path.stat().st_mtime_ns:
            texts[path.name] = path.read_text(encoding="utf-8")
    assert len(texts["standard output"]) > 10, printed.err
    for name, text in texts.items():
        if name.endswith(".ipynb"):
            text = "\n".join(shown(json.loads(text)))
        elif name.endswith(".csv") or "csv" in words or words[1:] in (["ics"], ["items"], ["path"], ["register"]):
            assert "\r" not in text.replace("\r\n", "")
            text = text.replace("\r\n", "\n")
        assert STEERS & {*text} == set(), name


def shown(notebook: dict[str, Any]) -> Iterator[str]:
    """Give what a notebook shows to people; beside it stands data, in which everything is as it was written."""
    for cell in notebook["cells"]:
        yield "".join(cell["source"])
        for output in cell.get("outputs", []):
            for kind, text in output.get("data", {"text": output.get("text", "")}).items():
                if not kind.endswith("json"):
                    yield "".join(text)


def test_no_cell_of_a_table_is_a_formula(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace)
    main(["fleet", "--csv", "tables", "--today", TODAY])
    capsys.readouterr()
    main(["export", "items", "--today", TODAY])
    tables = [path.read_text(encoding="utf-8") for path in (workspace / "tables").iterdir()]
    tables.append(capsys.readouterr().out.removeprefix("\ufeff"))
    cells = [cell for table in tables for row in csv.reader(StringIO(table, newline="")) for cell in row]
    assert any("=1+1" in cell for cell in cells)
    assert [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))] == []
