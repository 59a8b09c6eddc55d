"""The kind `command`: a program, no shell, bounded, none left behind."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from support.processes import runs_still, wait_for

from orr.evidence import EvidencePlaces, faults_of
from orr.evidence.collect import run
from orr.evidence.context import Context
from orr.messages import LANGUAGES, render
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.model.settings import Settings
from orr.model.workload import Owner, Workload
from orr.testing import TODAY, run_check


def python(code: str, at: Path, /, *arguments: str, **parameters: Any) -> Finding:
    return run_check("command", at, argv=[sys.executable, "-c", code, *arguments], **parameters)


def words(finding: Finding) -> str:
    return render(finding.says, "en")


PRINTS = 'import sys; print("""{"state": "ready", "pods": [1, 2], "none": []}"""); sys.exit(%d)'

JUDGED = {
    "a good end": (PRINTS % 0, {}, "met", "it ended with 0"),
    "a bad end": (PRINTS % 1, {}, "not-met", "1 instead of 0 (it wrote:"),
    "an end that is asked for": (PRINTS % 2, {"exit_status": [0, 2]}, "met", "it ended with 2"),
    "an end that means nothing": (PRINTS % 3, {"unknown_status": [3]}, "unknown", "ended with 3"),
    "an end that means in part": (PRINTS % 1, {"partial_status": [1]}, "partial", "1, which means in part (it wrote:"),
    "in part, and a value": (
        PRINTS % 1,
        {"partial_status": [1], "value": "state", "equals": "ready"},
        "partial",
        "ready",
    ),
    "in part, and another value": (
        PRINTS % 1,
        {"partial_status": [1], "value": "state", "equals": "busy"},
        "not-met",
        "ready instead of busy",
    ),
    "in part, and no such text": (PRINTS % 1, {"partial_status": [1], "contains": "busy"}, "not-met", "is not in its"),
    "not run": (PRINTS % 127, {}, "unknown", "ended with 127"),
    "a value": (PRINTS % 0, {"value": "state", "equals": "ready"}, "met", "the value is ready"),
    "another value": (PRINTS % 0, {"value": "length(pods)", "at_least": 3}, "not-met", "the value 2"),
    "a value of a failure": (PRINTS % 1, {"value": "state", "equals": "ready"}, "unknown", "ended with 1"),
    "an empty list": (PRINTS % 0, {"value": '"none"', "all_in": [1]}, "unknown", "proves nothing"),
    "no JSON": ("print('ready')", {"value": "state", "equals": "ready"}, "unknown", "is not JSON"),
    "no output": ("", {"value": "state", "equals": "ready"}, "unknown", "wrote nothing"),
    "a text": ("print('all ready')", {"contains": "ready"}, "met", "“ready” is in its output"),
    "no such text": ("print('busy')", {"contains": "ready"}, "not-met", "is not in its output"),
    "a text among errors is none": (
        "import sys; print('ready', file=sys.stderr)",
        {"contains": "ready"},
        "not-met",
        "",
    ),
    "killed": ("import os; os.kill(os.getpid(), 9)", {}, "unknown", "signal 9"),
    "too slow": ("import time; time.sleep(60)", {"timeout": 0.5}, "unknown", "longer than 0.5 seconds"),
    "no end of output": ("while True: print('x' * 65536)", {}, "unknown", "more than the 2000000 bytes"),
    "no end of errors": ("import sys\nwhile True: sys.stderr.write('x' * 65536)", {}, "unknown", "more than the"),
}


@pytest.mark.parametrize(("code", "parameters", "outcome", "says"), JUDGED.values(), ids=JUDGED.keys())
def test_a_program_is_held_against_what_is_asked(
    tmp_path: Path, code: str, parameters: dict[str, Any], outcome: str, says: str
) -> None:
    finding = python(code, tmp_path, **parameters)
    assert finding.outcome == outcome, words(finding)
    assert says in words(finding)
    assert all(render(finding.says, language) for language in LANGUAGES)


def test_arguments_reach_the_program_as_they_are(tmp_path: Path) -> None:
    code = "import json, sys; print(json.dumps(sys.argv[1:]))"
    given = ["$HOME", "`id`", "; touch x", "a b", "*", "{workload}!", "--x={team}"]
    expected = ["$HOME", "`id`", "; touch x", "a b", "*", f"{tmp_path.name}!", "--x=team"]
    finding = python(code, tmp_path, *given, value="join('|', @)", equals="|".join(expected))
    assert finding.outcome == "met", words(finding)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("tag", ["svc:--output=x", "svc:a b", "svc:$(id)", "svc:@file", "svc:../x"])
def test_a_tag_that_could_be_more_than_data_is_not_filled_in(tmp_path: Path, tag: str) -> None:
    of = Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="payments"), tags=(tag,))
    finding = run_check("command", tmp_path, argv=["echo", "{tag:svc}"], workload=of)
    assert finding.outcome == "unknown", words(finding)


def test_it_has_no_input_and_stands_in_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "trap.py").write_text("")
    code = "import os, sys, json; print(json.dumps([sys.stdin.read(), os.listdir('.')]))"
    assert python(code, tmp_path, value="[0] == '' && length([1]) == `0`").outcome == "met"
    assert python(code, tmp_path, folder="repository", value="[1]", all_in=["trap.py"]).outcome == "met"


@pytest.mark.slow
def test_what_it_started_goes_with_it(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))"
    )
    began = time.monotonic()
    finding = python(code, tmp_path, timeout=2)
    assert (finding.outcome, "left something running" in words(finding)) == ("unknown", True)
    assert time.monotonic() - began < 15
    child = int((tmp_path / "pid").read_text())
    wait_for("its end", lambda: not runs_still(child), seconds=5)


def test_secrets_of_the_environment_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "h0rse+battery")
    code = "import os, sys; print('using', os.environ['DEPLOY_TOKEN'], file=sys.stderr); sys.exit(1)"
    finding = python(code, tmp_path)
    assert finding.outcome == "not-met"
    assert "using ***" in words(finding)


def test_control_characters_of_its_output_are_not_shown(tmp_path: Path) -> None:
    finding = python(r"import sys; print('\x1b[2Jred\u202e', file=sys.stderr); sys.exit(1)", tmp_path)
    assert words(finding).isprintable()


# Which programs


def in_workspace(root: Path, argv: list[str], **more: Any) -> Finding:
    repository = root / "workloads" / "shop"
    repository.mkdir(parents=True, exist_ok=True)
    of = Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="payments"))
    places = EvidencePlaces(repository, (root, *more.get("roots", ())), {"workload": repository})
    context = Context.of(of, places, TODAY, settings=Settings(allow=("command",)))
    try:
        return run(context, CheckSpec("command", {"argv": argv}))
    finally:
        context.reader.close()


def script(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 0\n")
    path.chmod(0o755)
    return path


def test_a_program_of_the_workspace_is_named_by_its_path(tmp_path: Path) -> None:
    script(tmp_path / "tools" / "ready.sh")
    assert in_workspace(tmp_path, ["tools/ready.sh"]).outcome == "met"


OTHERS = [
    "workloads/shop/run.sh",
    "teams/run.sh",
    "reports/run.sh",
    "services/run.sh",
    "tools/../workloads/shop/run.sh",
]


@pytest.mark.parametrize("path", [*OTHERS, "../run.sh", "tools/link.sh", "tools/none.sh"])
def test_a_program_that_anyone_could_have_written_is_not_run(tmp_path: Path, path: str) -> None:
    root = tmp_path / "workspace"
    (root / "tools").mkdir(parents=True)
    (root / "services").mkdir()
    if not path.endswith(("link.sh", "none.sh")):
        script(root / path)
    script(root / "workloads" / "shop" / "run.sh")
    (root / "tools" / "link.sh").symlink_to("../workloads/shop/run.sh")
    finding = in_workspace(root, [path], roots=(root / "services",))
    assert finding.outcome == "unknown", words(finding)


def test_a_bare_name_is_looked_for_in_absolute_folders_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "shadow")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "bin"]))
    assert run_check("command", tmp_path, argv=["shadow"], folder="repository").outcome == "unknown"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run_check("command", tmp_path, argv=["shadow"]).outcome == "met"


def test_a_program_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    finding = run_check("command", tmp_path, argv=["no-such-program-here"])
    assert (finding.outcome, "not installed" in words(finding)) == ("unknown", True)


def test_it_runs_only_where_it_is_allowed(tmp_path: Path) -> None:
    settings = Settings(allow=("http",))
    finding = python(f"open({str(tmp_path / 'x')!r}, 'w')", tmp_path, settings=settings)
    assert (finding.outcome, list(tmp_path.iterdir())) == ("unknown", [])


FAULTS = {
    "no program": ({"argv": []}, "argv"),
    "a program from the workload": ({"argv": ["{workload}", "x"]}, "argv"),
    "one text": ({"argv": "rm -rf /"}, "argv"),
    "a number": ({"argv": ["sleep", 3]}, "argv"),
    "a NUL": ({"argv": ["echo", "a\0b"]}, "argv"),
    "a bound without a value": ({"argv": ["x"], "at_most": 3}, "at_most"),
    "good and unknown": ({"argv": ["x"], "unknown_status": [0]}, "unknown_status"),
    "good and in part": ({"argv": ["x"], "partial_status": [0]}, "partial_status"),
    "in part and unknown": ({"argv": ["x"], "partial_status": [1], "unknown_status": [1, 3]}, "unknown_status"),
    "a folder of its own": ({"argv": ["x"], "folder": "/"}, "folder"),
    "a status out of range": ({"argv": ["x"], "exit_status": 300}, "exit_status"),
    "too long": ({"argv": ["x"], "timeout": 10_000}, "timeout"),
}


@pytest.mark.parametrize(("parameters", "where"), FAULTS.values(), ids=FAULTS.keys())
def test_a_wrong_parameter_is_a_fault_at_its_place(parameters: dict[str, Any], where: str) -> None:
    faults = faults_of(CheckSpec("command", parameters))
    assert {keys[0] for keys, _, _ in faults} == {where}
