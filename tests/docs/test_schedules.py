"""The files of docs/schedules: each well formed, and what it runs runs."""

from __future__ import annotations

import ast
import configparser
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from support import ROOT
from support.fleet_sample import commit_all, make_workspace, write
from support.lanes import needed

SCHEDULES = ROOT / "docs" / "schedules"
LATER = {"ORR_FROM": "", "GITHUB_STEP_SUMMARY": "summary.md"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A committed workspace whose one workload is no-go."""
    root = make_workspace(tmp_path / "ws", "shop")
    write(root / "workloads" / "shop" / "review.yaml", "review: shop\n")
    commit_all(root)
    return root


def sh(command: str, root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        cwd=root, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path, **environment},
    )  # fmt: skip


def test_every_file_is_named_in_the_documentation_and_the_other_way_round() -> None:
    named = set(re.findall(r"\]\(schedules/([\w.-]+)\)", (ROOT / "docs" / "schedules.md").read_text(encoding="utf-8")))
    assert named == {path.name for path in SCHEDULES.iterdir()}


@pytest.mark.kernel
def test_the_line_of_cron_has_five_times_and_a_command_that_runs(root: Path) -> None:
    lines = (SCHEDULES / "orr.cron").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if not re.match(r"#|[A-Z_]+=|$", line)]
    *times, command = line.split(None, 5)
    assert all(re.fullmatch(r"\*|[0-9,/*-]+", time) for time in times)
    assert "%" not in command  # which cron would take for a line's end
    assert not (root / "reports").exists()  # nor does it in a workspace that is new
    command = command.replace("cd /srv/readiness", f"cd {root}").replace(".venv/bin/orr", f"{sys.executable} -m orr")
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "One workload re-checked, one for the first time; nothing changed.\n"
    assert (root / "reports" / "fleet.html").exists()


@pytest.mark.parametrize("name", ["orr-recheck.service", "orr-recheck.timer"])
def test_a_unit_of_systemd_is_well_formed(name: str) -> None:
    unit = configparser.RawConfigParser(strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(SCHEDULES / name, encoding="utf-8")
    assert unit.has_section("Unit")
    if name.endswith(".service"):
        commands = [unit["Service"]["ExecStart"], unit["Service"]["ExecStartPost"]]
        assert all(command.split()[0].startswith("/") for command in commands)
        assert unit["Service"]["SuccessExitStatus"] == "1"


@pytest.mark.skipif(sys.platform != "linux", reason="systemd is on Linux only")
@pytest.mark.parametrize("name", ["orr-recheck.service", "orr-recheck.timer"])
def test_systemd_finds_no_fault_in_a_unit(name: str, tmp_path: Path) -> None:
    for path in SCHEDULES.glob("orr-recheck.*"):
        text = path.read_text(encoding="utf-8").replace("/srv/readiness/.venv/bin/orr", sys.executable)
        write(tmp_path / path.name, text.replace("User=readiness\n", ""))
    done = subprocess.run(
        [needed("systemd-analyze"), "verify", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    assert not [line for line in done.stderr.splitlines() if "orr-recheck" in line]


def steps(job: str) -> dict[str, str]:
    flow: dict[str, Any] = yaml.safe_load((SCHEDULES / "github-actions.yml").read_text(encoding="utf-8"))
    assert set(flow) - {True} == {"name", "permissions", "concurrency", "jobs"}  # YAML 1.1 reads `on` as true
    assert set(flow[True]) == {"schedule", "pull_request", "workflow_dispatch"}
    return {step["name"]: step["run"] for step in flow["jobs"][job]["steps"] if "run" in step}


@pytest.mark.kernel
def test_the_workflow_rechecks_and_a_no_go_does_not_break_it(root: Path) -> None:
    run = steps("recheck")
    assert "secrets." not in " ".join(run.values())  # they reach the shell as variables only
    for name in ("recheck", "fleet"):
        done = sh(run[name], root, **LATER)
        assert done.returncode == 0, done.stderr
    assert "One workload re-checked" in (root / "summary.md").read_text(encoding="utf-8")
    assert (root / "reports" / "history.db").exists()
    assert (root / "reports" / "csv" / "workloads.csv").exists()


@pytest.mark.kernel
def test_the_workflow_breaks_where_something_could_not_be_assessed(root: Path) -> None:
    write(root / "workloads" / "shop" / "review.yaml", "review: [")
    assert sh(steps("recheck")["recheck"], root, **LATER).returncode == 1


def test_the_workflow_of_a_pull_request_writes_impact_and_what_is_touched(root: Path) -> None:
    checklist = root / "checklists" / "basics.yaml"
    text = checklist.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    checklist.write_text(text.replace("risk: high", "risk: low"), encoding="utf-8")
    done = sh(steps("pull-request")["touched"], root, BASE="HEAD", **LATER)
    assert done.returncode == 0, done.stderr
    text = (root / "reports" / "readiness.md").read_text(encoding="utf-8")
    assert "basics/owner" in text
    assert "The shop" in text
    assert "  - checklists/basics.yaml:7: risk of basics/owner: high → low (shop)" in text
    assert (root / "summary.md").read_text(encoding="utf-8") == text


def broken(root: Path) -> str:
    """A `PATH` on which orr does not start: Python ends with 1, as orr does for a no-go."""
    program = root.parent / "bin" / "orr"
    write(program, f"#!{sys.executable}\nimport no_such_package\n")
    program.chmod(0o755)
    return f"{root.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize(("job", "step"), [("recheck", "recheck"), ("recheck", "fleet"), ("pull-request", "touched")])
def test_no_step_of_the_workflow_is_green_where_orr_does_not_start(root: Path, job: str, step: str) -> None:
    assert sh(steps(job)[step], root, BASE="HEAD", **LATER, PATH=broken(root)).returncode != 0


@pytest.mark.kernel
def test_no_task_of_airflow_succeeds_where_orr_does_not_start(root: Path) -> None:
    text = (SCHEDULES / "airflow_dag.py").read_text(encoding="utf-8")
    commands = re.findall(r'^(?:RECHECK|FLEET) = "(.*)"$', text, re.MULTILINE)
    assert len(commands) == 2
    assert all(sh(command, root, PATH=broken(root)).returncode != 0 for command in commands)


def test_the_unit_of_systemd_fails_where_orr_does_not_start(root: Path) -> None:
    unit = configparser.RawConfigParser(strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(SCHEDULES / "orr-recheck.service", encoding="utf-8")
    before = unit["Service"]["ExecStartPre"].replace("/srv/readiness/.venv/bin/orr", "orr")
    assert sh(before, root, PATH=broken(root)).returncode == 3
    assert sh(before, root).returncode == 0


def test_what_is_wrong_with_a_checklist_stands_in_the_summary_and_breaks_the_step(root: Path) -> None:
    write(root / "checklists" / "basics.yaml", "checklist: basics\n  bad: [\n")
    assert sh(steps("pull-request")["touched"], root, BASE="HEAD", **LATER).returncode == 1
    text = (root / "summary.md").read_text(encoding="utf-8").replace("\\", "")
    assert "checklists/basics.yaml:2:" in text


@pytest.mark.skipif(sys.platform != "linux", reason="flock is a program of Linux")
def test_cron_says_when_the_re_check_before_has_not_ended(root: Path) -> None:
    import fcntl

    line = (SCHEDULES / "orr.cron").read_text(encoding="utf-8").splitlines()[-1].split(None, 5)[5]
    line = line.replace("cd /srv/readiness", f"cd {root}").replace(".venv/bin/orr", "true")
    (root / "reports").mkdir()
    with (root / "reports" / ".recheck.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.stdout == "Nothing ran: the re-check before has not ended.\n"


@pytest.mark.kernel
def test_the_task_of_airflow_is_python_and_what_it_calls_runs(root: Path) -> None:
    tree = ast.parse((SCHEDULES / "airflow_dag.py").read_text(encoding="utf-8"))
    told = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    assert sh(str(told["RECHECK"]), root).returncode == 0
    keywords = {word.arg for call in ast.walk(tree) if isinstance(call, ast.Call) for word in call.keywords}
    assert {"default_args", "max_active_runs", "catchup", "cwd"} <= keywords
    write(root / "workloads" / "shop" / "review.yaml", "review: [")
    assert sh(str(told["RECHECK"]), root).returncode != 0


@pytest.mark.kernel
def test_parameters_as_jupyter_scheduler_injects_them_reach_the_report(root: Path) -> None:
    from nbclient import NotebookClient

    from orr.report.page import record_of

    notebook = nbformat.read(ROOT / "notebooks" / "report.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    (place,) = [n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    values = {"workload": '"shop"', "workspace": f'"{root}"', "today": '"2026-11-23"'}  # as one has to type them
    assert f"`{values['workload'].replace('shop', 'checkout')}`" in (ROOT / "docs" / "schedules.md").read_text("utf-8")
    source = "\n".join(f"{key} = {value}" for key, value in values.items())
    injected = nbformat.v4.new_code_cell(source)  # type: ignore[no-untyped-call]
    notebook.cells.insert(place + 1, injected)
    NotebookClient(notebook, kernel_name="python3").execute()
    record = record_of(notebook)
    assert (record["workload"], record["verdict"], record["today"]) == ("shop", "no-go", "2026-11-23")


def test_the_cron_job_of_kubernetes_runs_one_at_a_time_as_nobody_in_particular() -> None:
    job = yaml.safe_load((SCHEDULES / "kubernetes.yaml").read_text(encoding="utf-8"))
    assert (job["apiVersion"], job["kind"], job["spec"]["concurrencyPolicy"]) == ("batch/v1", "CronJob", "Forbid")
    assert len(job["spec"]["schedule"].split()) == 5
    template = job["spec"]["jobTemplate"]["spec"]
    assert template["activeDeadlineSeconds"] > 0
    pod = template["template"]["spec"]
    assert (pod["restartPolicy"], pod["securityContext"]["runAsNonRoot"]) == ("Never", True)
    mounted = {one["name"] for one in pod["containers"][0]["volumeMounts"]}
    assert mounted == {one["name"] for one in pod["volumes"]}


@pytest.mark.kernel
def test_the_cron_job_of_kubernetes_rechecks_and_a_no_go_does_not_break_it(root: Path) -> None:
    job = yaml.safe_load((SCHEDULES / "kubernetes.yaml").read_text(encoding="utf-8"))
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["sh", "-c"]
    (line,) = container["args"]
    done = sh(line, root)
    assert done.returncode == 0, done.stderr
    assert (root / "reports" / "fleet.html").exists()
    assert sh(line, root, PATH=broken(root)).returncode != 0
