"""No output carries what steers a terminal or turns the direction of writing, whoever wrote it."""

from __future__ import annotations

import contextlib
import csv
import json
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from support import ROOT
from support.fleet_sample import git

from orr.assessing import assess, open_workspace
from orr.cli import main
from orr.evaluate import Evaluation
from orr.formats.markdown import comment
from orr.formats.outputs import OUTPUTS
from orr.formats.record import outcome_json
from orr.messages import LANGUAGES
from orr.messages.cleaning import json_text
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


@pytest.fixture(scope="module")
def assessment(workspace: Path) -> Evaluation:
    return assess(open_workspace(workspace, TODAY)[0], "checkout")


FORMS: dict[str, Callable[[Evaluation, str], str]] = {
    **{
        f"export {name}": lambda one, language, output=output: output.write([one], one.today, language)
        for name, output in OUTPUTS.items()
    },
    "check --format json": lambda one, language: json_text(outcome_json(one, language)),
    "check --format markdown": lambda one, language: comment([one], language),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_an_assessment_carries_what_steers(assessment: Evaluation, form: str, language: str) -> None:
    written = FORMS[form](assessment, language)
    assert len(written) > 10
    if form in CSV:
        assert "\r" not in written.replace("\r\n", "")
        written = written.replace("\r\n", "\n")
    assert STEERS & {*written} == set()


CSV = {"export ics", "export items", "export path", "export register"}
COMMANDS = [
    ["check"],
    ["fleet", "--csv", "tables"],
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


@pytest.fixture(scope="module")
def recorded(workspace: Path) -> Path:
    """The workspace with a run in its history."""
    with contextlib.chdir(workspace):
        main(["recheck", "--today", TODAY])
    return workspace


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_output_carries_what_steers(
    workspace: Path,
    words: list[str],
    language: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(request.getfixturevalue("recorded") if words[0] == "history" else workspace)
    capsys.readouterr()
    before = {path: path.stat().st_mtime_ns for path in workspace.rglob("*")}

    assert main([*words, "--today", TODAY, "--lang", language]) in (0, 1, 2)

    printed = capsys.readouterr()
    texts = {"standard output": printed.out, "standard error": printed.err}
    for path in workspace.rglob("*"):
        if path.suffix in (".html", ".csv", ".ipynb", ".md") and before.get(path) != path.stat().st_mtime_ns:
            texts[path.name] = path.read_text(encoding="utf-8")
    assert len(texts["standard output"]) > 10, printed.err
    for name, written in texts.items():
        if name.endswith(".ipynb"):
            written = "\n".join(shown(json.loads(written)))
        elif name.endswith(".csv") or "csv" in words:
            assert "\r" not in written.replace("\r\n", "")
            written = written.replace("\r\n", "\n")
        assert STEERS & {*written} == set(), name


def shown(notebook: dict[str, Any]) -> Iterator[str]:
    """Give what a notebook shows to people; beside it stands data, in which everything is as it was written."""
    for cell in notebook["cells"]:
        yield "".join(cell["source"])
        for output in cell.get("outputs", []):
            for kind, written in output.get("data", {"text": output.get("text", "")}).items():
                if not kind.endswith("json"):
                    yield "".join(written)


def test_no_cell_of_a_table_is_a_formula(
    workspace: Path, assessment: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    main(["fleet", "--csv", "tables", "--today", TODAY])
    tables = [path.read_text(encoding="utf-8") for path in (workspace / "tables").iterdir()]
    tables.append(FORMS["export items"](assessment, "en").removeprefix("\ufeff"))
    cells = [cell for table in tables for row in csv.reader(StringIO(table, newline="")) for cell in row]
    assert any("=1+1" in cell for cell in cells)
    assert [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))] == []
