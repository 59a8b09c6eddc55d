"""What GitHub is given to run: well formed, careful, and on every Python that is promised."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT

GITHUB = ROOT / ".github"
CI = GITHUB / "workflows" / "ci.yml"
EXAMPLE = ROOT / "docs" / "schedules" / "github-actions.yml"
PAGE = ROOT / "docs" / "schedules" / "github-site.yml"


def run(program: str, *arguments: str | Path) -> None:
    command = [Path(sys.executable).with_name(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("github-workflows", CI),
        ("github-workflows", EXAMPLE),
        ("github-workflows", PAGE),
        ("dependabot", GITHUB / "dependabot.yml"),
    ],
    ids=["ci", "the example of a schedule", "the example of a page", "dependabot"],
)
def test_a_file_has_the_form_that_github_asks_for(schema: str, path: Path) -> None:
    run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", path)


@pytest.mark.parametrize(
    "path", [GITHUB, EXAMPLE, PAGE], ids=["ours", "the example of a schedule", "the example of a page"]
)
def test_an_auditor_of_workflows_finds_nothing(path: Path) -> None:
    run("zizmor", "--offline", "--quiet", "--config", GITHUB / "zizmor.yml", path)


def jobs() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(CI.read_text(encoding="utf-8"))
    return dict(read["jobs"])


def test_every_action_is_pinned_by_its_commit_with_the_release_beside_it() -> None:
    used = re.findall(r"uses: (.*)", CI.read_text(encoding="utf-8"))
    assert len(used) >= 6
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_the_quick_lane_runs_on_every_python_that_is_promised_and_on_every_system() -> None:
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    promised = {one.rpartition(" ")[2] for one in classifiers if re.search(r":: 3\.\d+$", one)}
    matrix = jobs()["quick"]["strategy"]["matrix"]
    assert promised <= {*matrix["python"]}
    systems = {*matrix["os"], *(one["os"] for one in matrix["include"])}
    assert {system.partition("-")[0] for system in systems} == {"ubuntu", "macos", "windows"}


def test_one_job_runs_all_that_a_change_has_to_pass() -> None:
    assert [step["run"] for step in jobs()["everything"]["steps"] if "run" in step] == ["bash .ci/run"]
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").split("\n")
    assert [line for line in lines if line.startswith("make")] == ["make lint", "make docs", "make test"]
