"""What is loaded when: an import of the package stays light."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
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
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


def test_importing_the_package_loads_nothing_but_itself() -> None:
    ours = loaded("import orr") - loaded("")
    assert ours & HEAVY == set()
    assert {"yaml", "pydantic", "click", "orr"} & ours == {"orr"}


def test_the_help_needs_neither_models_nor_anything_heavy() -> None:
    ours = loaded("import orr.cli\norr.cli.main(['--help'])")
    assert ours & (HEAVY | {"pydantic", "filelock"}) == set()


@pytest.mark.parametrize(
    "module",
    ["orr.model", "orr.evaluate", "orr.workspace", "orr.saving", "orr.assessment", "orr.formats.text", "orr.cli.check"],
)
def test_the_core_needs_nothing_heavy(module: str) -> None:
    assert loaded(f"import {module}") & HEAVY == set()


@pytest.mark.parametrize("module", ["orr.model", "orr.evaluate"])
def test_the_rule_and_its_words_need_no_files_and_no_terminal(module: str) -> None:
    assert loaded(f"import {module}") & {"click", "filelock", "yaml"} == set()
