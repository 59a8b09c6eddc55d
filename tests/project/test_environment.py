"""`environment.yml` and `pyproject.toml` ask for the same things."""

from __future__ import annotations

import re
import tomllib

import yaml
from support import ROOT

CONDA_NAMES = {"tzdata": "python-tzdata", "jupyter-server": "jupyter_server"}
"""Where conda-forge knows a package by another name than PyPI."""


def split(requirement: str) -> tuple[str, str]:
    match = re.fullmatch(r"([A-Za-z0-9_.-]+)\s*(.*)", requirement)
    assert match is not None
    return match[1].lower(), match[2]


def conda() -> dict[str, str]:
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    return dict(split(entry) for entry in entries if isinstance(entry, str))


def project() -> dict[str, object]:
    loaded = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert isinstance(loaded, dict)
    return loaded


def test_every_dependency_is_in_the_conda_environment_with_the_same_bounds() -> None:
    asked = project()["dependencies"]
    assert isinstance(asked, list)
    wanted = dict(split(requirement) for requirement in asked)
    assert {CONDA_NAMES.get(name, name): bounds for name, bounds in wanted.items()}.items() <= conda().items()


def test_the_conda_environment_asks_for_nothing_that_the_project_does_not() -> None:
    known = {split(one)[0] for one in project()["dependencies"]}  # type: ignore[misc]
    assert set(conda()) - {CONDA_NAMES.get(name, name) for name in known} == {"python", "pip"}


def test_the_conda_environment_has_the_python_that_the_project_has() -> None:
    assert conda()["python"] == project()["requires-python"]
