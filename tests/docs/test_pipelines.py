"""The files of docs/pipelines, the action and the hook: each of its form, and what it runs runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT
from support.gate_stage import IMAGE, OTHER, decided

PIPELINES = ROOT / "docs" / "pipelines"
ACTION, HOOKS, MATCHER = ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml", ROOT / ".github" / "orr-matcher.json"
NO_RECHECK = 'orr() { [ "$1" = recheck ] || command orr "$@"; }\n'
"""Its run is there already: what a re-check records another test tries."""


def sh(lines: str, root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{root.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    program = root.parent / "bin" / "orr"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m orr "$@"\n')
    program.chmod(0o755)
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", NO_RECHECK + lines],
        cwd=root, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path, **environment},
    )  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return decided(tmp_path / "w")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("github-workflows", PIPELINES / "github-actions.yml"),
        ("gitlab-ci", PIPELINES / "gitlab-ci.yml"),
        ("github-actions", ACTION),
    ],
    ids=["github", "gitlab", "action"],
)
def test_a_file_has_the_form_that_it_is_asked_for(schema: str, path: Path) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [program, "--builtin-schema", f"vendor.{schema}", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_is_named_in_the_documentation_and_the_other_way_round() -> None:
    named = set(re.findall(r"\]\(pipelines/([\w.-]+)\)", (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")))
    assert named == {path.name for path in PIPELINES.iterdir()}


def gates() -> dict[str, str]:
    github = {
        step["name"]: step["run"]
        for step in read(PIPELINES / "github-actions.yml")["jobs"]["deploy"]["steps"]
        if "run" in step
    }
    gitlab = read(PIPELINES / "gitlab-ci.yml")["gate"]["script"]
    shell = (PIPELINES / "gate.sh").read_text(encoding="utf-8").partition("\n")[2].replace('"$1"', "checkout")
    return {
        "github": github["recheck"] + github["gate"],
        "gitlab": "\n".join(
            line.replace('pip install "$ORR_FROM" && ', "").replace("ORR_TRUST=", "TRUST=") for line in gitlab
        ),
        "shell": shell,
    }


@pytest.mark.slow
@pytest.mark.parametrize("where", ["github", "gitlab", "shell"])
def test_its_lines_let_pass_what_is_decided_and_nothing_else(where: str, root: Path) -> None:
    lines = gates()[where].replace("checkout", "shop").replace(" --environment production", "")
    lines = lines.replace(' --environment "$ENVIRONMENT"', "").replace('TRUST="$CI_PROJECT_DIR" ', "")
    assert "orr recheck shop" in lines
    assert "orr gate shop" in lines
    assert sh(lines, root, DIGEST=IMAGE).returncode == 0
    assert sh(lines, root, DIGEST=OTHER).returncode == 3


@pytest.mark.kernel
def test_no_line_passes_where_orr_does_not_start(root: Path) -> None:
    environment = {**os.environ, "DIGEST": IMAGE, "ENVIRONMENT": "x", "CI_PROJECT_DIR": "."}
    for lines in gates().values():
        words = ["bash", "-e", "-o", "pipefail", "-c", f"orr() {{ return 1; }}\n{lines}"]
        assert subprocess.run(words, cwd=root, capture_output=True, check=False, env=environment).returncode != 0


# The action


def steps() -> dict[str, Any]:
    return {step["name"]: step for step in read(ACTION)["runs"]["steps"]}


def test_the_action_takes_no_input_into_a_line_of_the_shell() -> None:
    assert not [step["name"] for step in steps().values() if "${{" in step.get("run", "")]
    assert re.fullmatch(r"actions/upload-artifact@[0-9a-f]{40}", steps()["results"]["uses"])


@pytest.mark.slow
def test_the_action_checks_summarizes_and_keeps_the_results(root: Path) -> None:
    inputs = {"WORKLOADS": "shop", "ARTIFACT": IMAGE, "ENVIRONMENT": "", "ARGUMENTS": "--decided"}
    summary = root.parent / "summary.md"
    done = sh(steps()["check"]["run"], root, GITHUB_STEP_SUMMARY=str(summary), **inputs)
    assert done.returncode == 0, done.stderr
    assert json.loads((root / "reports/action/assessment.json").read_text())["decision"] == "go"
    assert "Shop" in summary.read_text(encoding="utf-8")
    (root / "workloads/shop/review.yaml").write_text("review: shop\n")
    done = sh(steps()["check"]["run"], root, GITHUB_STEP_SUMMARY=str(summary), **inputs)
    assert done.returncode == 1
    assert "::error title=orr::" in done.stdout


@pytest.mark.slow
def test_the_action_annotates_faults_at_their_lines(root: Path) -> None:
    (root / "workloads/shop/review.yaml").write_text("review: [\n")
    done = sh(steps()["annotations"]["run"], root, MATCHER=str(MATCHER))
    assert done.returncode == 0
    (matcher,) = read(MATCHER)["problemMatcher"]
    (pattern,) = matcher["pattern"]
    (fault,) = [found for line in done.stdout.splitlines() if (found := re.match(pattern["regexp"], line))]
    assert fault[pattern["file"]] == "workloads/shop/review.yaml"
    assert fault[pattern["line"]].isdigit()


# The hook


def test_the_hook_lints_and_is_asked_for_the_files_of_a_review(root: Path) -> None:
    (hook,) = read(HOOKS)
    assert (hook["id"], hook["entry"], hook["pass_filenames"]) == ("orr-lint", "orr lint", False)
    asked = re.compile(hook["files"])
    names = (
        "orr.yaml",
        "checklists/c.yaml",
        "workloads/shop/review.yaml",
        "workloads/shop/workload.yaml",
        "teams/x.yaml",
    )
    assert all(map(asked.search, names))
    assert not asked.search("docs/a.md")
    assert sh(hook["entry"], root).returncode == 0
