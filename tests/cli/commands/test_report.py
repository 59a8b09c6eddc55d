"""`orr report` as a process that somebody interrupts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes
from support import ROOT
from support.processes import children, runs_still, wait_for

from orr.execution.engines import WORKER

FILES = ("report.html", "report.ipynb", "assessment.json")
# A report notebook that shows when it got past collecting, and then goes on for long.
SLOW = """\
from pathlib import Path
from orr.report import run as engine
engine.shipped = lambda _: Path({folder!r})
from orr.cli import run
run()
"""

pytestmark = pytest.mark.kernel


def notebook(*cells: str, parameters: str = "") -> str:
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    kernel = {"name": "python3", "display_name": "", "language": "python"}
    return str(writes(new_notebook(cells=[first, *map(new_code_cell, cells)], metadata={"kernelspec": kernel})))


def waits(begun: Path, if_there: Path | None = None) -> str:
    code = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(300)"
    return code if if_there is None else f"import os\nif os.path.exists({str(if_there)!r}): {code}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of two workloads with earlier reports, whose one item asks a check that goes on for long."""
    made = tmp_path / "workspace"
    checks = {
        "command": [{"check": "command", "argv": [sys.executable, "-c", waits(tmp_path / "begun")], "timeout": 60}],
        "notebook": [{"check": "notebook", "path": "rehearse.ipynb"}],
        "none": [],
    }
    for name, asked in checks.items():
        item = {"item": "i", "ask": "?", "risk": "high", "checks": asked}
        data = {"checklist": name, "version": 1, "title": "C", "sections": [{"section": "s", "items": [item]}]}
        write(made / f"{name}.yaml", json.dumps(data))
    write(made / "rehearse.ipynb", notebook(waits(tmp_path / "begun", tmp_path / "slow"), "2 + 2"))
    for name in ("cart", "shop"):
        data = {"workload": name, "title": "Shop", "tier": 4, "owner": {"team": "t"}}
        write(made / "workloads" / name / "workload.yaml", json.dumps(data))
        for file in FILES:
            write(made / "reports" / name / file, f"the earlier {file}")
    use(made, "command")
    return made


def use(root: Path, checklist: str) -> None:
    write(root / "orr.yaml", json.dumps({"checklists": [f"{checklist}.yaml"], "allow": ["command", "notebook"]}))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def interrupted(root: Path, *words: str, group: bool, by: int = signal.SIGINT) -> tuple[int, str]:
    """The status and the errors of a command that is interrupted once something shows that it has begun.

    Of its processes and temporary files nothing may be left.
    """
    begun = root.parent / "begun"
    temporary = tempfile.mkdtemp(prefix="t")  # of a short name, since sockets are there
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": temporary}
    process = subprocess.Popen(
        [sys.executable, *words], cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        wait_for("the work to begin", lambda: begun.exists() or process.poll() is not None)
        below = children(process.pid)
        assert below
        # A terminal interrupts all processes of the command, a supervisor only the first.
        (os.killpg if group else os.kill)(process.pid, by)
        _, errors = process.communicate(timeout=60)
        wait_for("the end of all processes", lambda: not any(map(runs_still, below)))
        wait_for("the end of all temporary files", lambda: not list(Path(temporary).iterdir()), seconds=5)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        shutil.rmtree(temporary)
    return process.returncode, errors


@pytest.mark.parametrize(
    ("notebook_runs", "group", "by"),
    [
        pytest.param(False, True, signal.SIGINT, id="while it collects, by a terminal"),
        pytest.param(False, False, signal.SIGINT, id="while it collects, by its parent"),
        pytest.param(True, True, signal.SIGINT, id="while the notebook runs"),
        pytest.param(True, False, signal.SIGTERM, id="while the notebook runs, by whoever stops a service"),
    ],
)
def test_an_interrupted_report_leaves_the_earlier_one_and_says_how_to_go_on(
    root: Path, notebook_runs: bool, group: bool, by: int
) -> None:
    words = ["-m", "orr", "report"]
    if notebook_runs:
        use(root, "none")
        opened = "import orr.report; r = orr.report.open(workload, workspace, today, language)"
        declared = 'workload = ""\nworkspace = "."\ntoday = None\nlanguage = None'
        slow = notebook(opened, waits(root.parent / "begun"), parameters=declared)
        write(root.parent / "notebooks" / "report.ipynb", slow)
        words = ["-c", SLOW.format(folder=str(root.parent / "notebooks")), "report", "--engine", "papermill"]
    before = files(root)
    status, errors = interrupted(root, *words, group=group, by=by)
    assert status == 130
    assert "Traceback" not in errors
    assert errors.splitlines()[-1] == (
        "Interrupted: 0 of 2 reports are written; nothing was left half-written, and earlier reports are as they were. "
        "The others: orr report cart shop"
    )
    assert files(root) == before


def test_a_report_that_is_killed_leaves_no_process_and_no_temporary_file(root: Path) -> None:
    before = files(root)
    status, _ = interrupted(root, "-m", "orr", "report", "--engine", WORKER, group=False, by=signal.SIGKILL)
    assert status == -signal.SIGKILL
    assert files(root) == before


def test_an_interrupted_rehearsal_leaves_the_copy_of_the_last_one(root: Path) -> None:
    use(root, "notebook")
    quick = subprocess.run(
        [sys.executable, "-m", "orr", "check", "cart"], cwd=root, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    (copy,) = (root / "reports" / "cart" / "evidence").glob("rehearse-*.ipynb")
    assert '"4"' in copy.read_text(), quick.stderr
    before = files(root)
    (root.parent / "slow").touch()
    status, errors = interrupted(root, "-m", "orr", "report", "cart", group=True)
    assert (status, "Traceback" in errors) == (130, False), errors
    assert files(root) == before
