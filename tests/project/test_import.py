"""What is loaded when: an import of the package stays light."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import orr

HEAVY = {
    "matplotlib",
    "pandas",
    "numpy",
    "papermill",
    "nbconvert",
    "nbformat",
    "ipywidgets",
    "anywidget",
    "IPython",
    "sqlalchemy",
    "boto3",
    "distributed",
    "dask",
}


def loaded(code: str) -> set[str]:
    """The top-level modules that a fresh Python has after running something."""
    program = f"{code}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    environment = {name: value for name, value in os.environ.items() if name != "ORR_TEST_CLOCK"}  # which loads orr
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


def test_importing_the_package_loads_nothing_but_itself() -> None:
    ours = loaded("import orr") - loaded("")
    assert ours & HEAVY == set()
    assert {"yaml", "pydantic", "click", "orr"} & ours == {"orr"}


@pytest.mark.slow
def test_an_assessment_is_made_and_shown_without_anything_heavy() -> None:
    root = str(Path(orr.__file__).parent.parent)
    code = f"import orr; a = orr.assess('image-resizer', {root!r}, today='2026-11-23'); repr(a); a._repr_html_()"
    assert loaded(code) & HEAVY == set()
    assert "pandas" in loaded(f"{code}; a.to_frame()")


def test_the_help_needs_neither_models_nor_anything_heavy() -> None:
    ours = loaded("import orr.cli\norr.cli.main(['--help'])")
    assert ours & (HEAVY | {"pydantic", "filelock"}) == set()


@pytest.mark.parametrize(
    "module",
    [
        "orr.model.checklist",
        "orr.evaluate",
        "orr.workspace.workspace",
        "orr.workspace.saving",
        "orr.formats.record",
        "orr.formats.text",
        "orr.cli.commands.check",
    ],
)
def test_the_core_needs_nothing_heavy(module: str) -> None:
    assert loaded(f"import {module}") & HEAVY == set()


REPORTS = """
from datetime import date
from pathlib import Path
from orr.fleet import pool as fleet
root, out, day = Path({root!r}), Path({out!r}), date(2026, 11, 23)
calls = fleet.calls_for(root, ["image-resizer"], out, day, "en", "orr-worker")
(result,) = fleet.over(fleet.report_on, calls, fleet.pool_for("orr-worker"), 1)
assert result.assessment["format"] == "orr.assessment/1"
"""


@pytest.mark.kernel
@pytest.mark.skipif(sys.platform != "linux", reason="needs a fork that is safe")
def test_who_waits_for_reports_of_others_loads_nothing_of_what_makes_them(tmp_path: Path) -> None:
    root = str(Path(orr.__file__).parent.parent)
    code = REPORTS.format(root=root, out=str(tmp_path))
    assert loaded(code) & (HEAVY | {"jsonschema", "jinja2", "pydantic"}) == set()


@pytest.mark.parametrize("module", ["orr.model.checklist", "orr.evaluate"])
def test_the_rule_and_its_words_need_no_files_and_no_terminal(module: str) -> None:
    assert loaded(f"import {module}") & {"click", "filelock", "yaml"} == set()


def test_a_check_that_meets_nothing_new_checks_no_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORR_CACHE", str(tmp_path / "cache"))  # another test may have met the same words
    (tmp_path / "orr.yaml").write_text("{}\n")
    (tmp_path / "workloads" / "shop").mkdir(parents=True)
    (tmp_path / "workloads" / "shop" / "workload.yaml").write_text(
        "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\n"
    )
    (tmp_path / "workloads" / "shop" / "review.yaml").write_text("review: shop\n")
    code = f"import os; os.chdir({str(tmp_path)!r}); from orr.cli import main; assert main(['check', 'shop']) == 1"
    first, second = loaded(code), loaded(code)
    assert first >= {"pydantic", "yaml"}
    assert second & (HEAVY | {"pydantic", "markdown_it"}) == set()


def test_what_executes_notebooks_knows_nothing_of_what_they_show() -> None:
    """What a fork server loads for reports stands above the engines, in `orr.report.warming`."""
    known = set()
    for path in (Path(orr.__file__).parent / "execution" / "engines").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            known |= {name for name in names if name.partition(".")[0] == "orr"}
    assert known
    above = {name for name in known if not name.startswith(("orr.execution.engines", "orr.system"))}
    assert above <= {"orr.messages"}
