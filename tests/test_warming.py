"""What a warm process does before it forks: all that would else be done in every child."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a fork that is safe")
ROOT = Path(__file__).resolve().parent.parent
REMEMBER = """
import os, sys
from pathlib import Path
from orr.cli import main
from orr.warming import write_sample
write_sample(Path(sys.argv[1]) / "remembered")
os.chdir(Path(sys.argv[1]) / "remembered")
assert main(["check", "sample", "--today", "2026-01-15"]) in (0, 1)
"""
PROGRAM = """
import json, os, sys
from datetime import date
from pathlib import Path
from orr.warming import warm
kept, folder, root = os.dup(1), Path(sys.argv[1]), Path(sys.argv[2])
warm("worker", folder)
from orr.engine import WORKER
from orr.report.engine import run_report
before = set(sys.modules)
(folder / "stand").mkdir()
os.environ["ORR_CACHE"] = ""
os.chdir(folder / "stand")
run_report(root, "image-resizer", folder / "out", date(2026, 11, 23), "en", engine=WORKER)
told = {
    "modules": sorted(set(sys.modules) - before),
    "page": (folder / "out/report.html").exists(),
    "needless": sorted({"boto3", "pandas", "requests", "rfc3987_syntax"} & set(sys.modules)),
}
os.write(kept, json.dumps(told).encode())
"""


def changed(folder: Path) -> Path:
    """Our own workspace with a workload, every file of it unlike any that was read before."""
    for name in ("checklists", "teams", "workloads/image-resizer"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("orr.yaml", "organization.yaml"):
        shutil.copy(ROOT / name, folder)
    for path in folder.rglob("*.yaml"):
        path.write_text(f"{path.read_text(encoding='utf-8')}# {folder}\n", encoding="utf-8")
    return folder


def test_a_first_report_loads_nothing_that_warming_up_did_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORR_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PYTHONPATH", raising=False)  # with all that is installed
    subprocess.run([sys.executable, "-c", REMEMBER, str(tmp_path)], check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(changed(tmp_path / "workspace"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # What went wrong while warming up would stand before it.
    assert json.loads(done.stdout) == {"modules": [], "page": True, "needless": []}
