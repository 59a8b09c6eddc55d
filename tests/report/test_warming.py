"""What a warm process does before it forks: all that would else be done in every child."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import ROOT, TESTS
from support import engine_work as work
from support.fleet_sample import BOARD, OWNER, TODAY, checklist, make_workspace, write

from orr.execution.engines import WORKER
from orr.execution.engines.client import Warm
from orr.report.run import _report_here
from orr.source.faults import FaultyInput

pytestmark = [pytest.mark.kernel, pytest.mark.skipif(sys.platform != "linux", reason="needs a fork that is safe")]
THEIRS = "- {item: acme, ask: Is it one of theirs?, risk: low, checks: [{check: acme}]}"
REMEMBER = """
import os, sys
from pathlib import Path
from orr.cli import main
from orr.report.warming import write_sample
write_sample(Path(sys.argv[1]) / "remembered")
os.chdir(Path(sys.argv[1]) / "remembered")
assert main(["check", "sample", "--today", "2026-01-15"]) in (0, 1)
"""
PROGRAM = """
import json, os, sys
from datetime import date
from pathlib import Path
from orr.report.warming import warm
kept, folder, root = os.dup(1), Path(sys.argv[1]), Path(sys.argv[2])
warm("worker", folder)
from orr.execution.engines import WORKER
from orr.report.run import run_report
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


@pytest.fixture
def warm_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Path], Warm]]:
    """Starts warm processes for workspaces."""
    paths = [str(TESTS), str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    started: list[Warm] = []

    def start(root: Path) -> Warm:
        started.append(Warm("worker", root))
        return started[-1]

    yield start
    for warm in started:
        warm.close()


def test_the_checklists_of_a_workspace_are_read_once_and_again_where_they_change(
    tmp_path: Path, warm_for: Callable[[Path], Warm]
) -> None:
    root = make_workspace(tmp_path / "workspace", "shop")
    warm = warm_for(root)
    asked, made = warm.call(work.read_workload, root, "shop")
    assert (asked, made) == (["Is there an owner?", "Is there a dashboard?"], {"Settings", "Workload", "Review"})
    path = root / "checklists" / "basics.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Is there an owner", "Who owns it"), encoding="utf-8")
    asked, made = warm.call(work.read_workload, root, "shop")
    assert asked == ["Who owns it?", "Is there a dashboard?"]
    assert "Checklist" in made


def test_faulty_checklists_are_told_by_the_child_that_needs_them(
    tmp_path: Path, warm_for: Callable[[Path], Warm], capfd: pytest.CaptureFixture[str]
) -> None:
    root = make_workspace(tmp_path / "workspace", "shop")
    (root / "checklists" / "basics.yaml").write_text("checklist: basics\nversion: none\n", encoding="utf-8")
    warm = warm_for(root)
    with pytest.raises(FaultyInput, match=r"basics\.yaml:2:1"):
        warm.call(work.read_workload, root, "shop")
    assert capfd.readouterr().err == ""


def install(site: Path, source: str) -> None:
    """Install a package with a kind of check, `acme`."""
    write(site / "acme_orr.py", source)
    write(site / "acme_orr-1.0.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: acme-orr\nVersion: 1.0\n")
    write(site / "acme_orr-1.0.dist-info" / "entry_points.txt", "[orr.checks]\nacme = acme_orr:check\n")


def test_a_kind_of_check_of_another_package_is_loaded_by_no_warm_process(
    tmp_path: Path, warm_for: Callable[[Path], Warm]
) -> None:
    loaded = tmp_path / "loaded"
    source = f"open({str(loaded)!r}, 'a').write('x')\ndef check(context):\n    pass\n"
    install(tmp_path / "site", source)
    root = make_workspace(tmp_path / "workspace", "shop")
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, THEIRS))
    warm = warm_for(root)
    assert warm.call(work.give, 1) == 1
    assert not loaded.exists()
    asked, made = warm.call(work.read_workload, root, "shop")
    assert asked[-1] == "Is it one of theirs?"
    assert "Checklist" not in made
    assert loaded.read_text(encoding="ascii") == "x"


def test_after_a_check_of_another_package_no_process_is_used_again(
    tmp_path: Path, warm_for: Callable[[Path], Warm]
) -> None:
    result = "    return Finding(Outcome.MET, 'so it is')\n"
    install(tmp_path / "site", f"from orr.evidence import Finding, Outcome\ndef check(context):\n{result}")
    root = make_workspace(tmp_path / "workspace", "shop")
    warm = warm_for(root)

    def waiting_after_a_report() -> list[str]:
        asked = (root, "shop", tmp_path / "out", TODAY, "en", {}, 60, None, WORKER)
        assert warm.call(_report_here, *asked, fresh=False)["workload"] == "shop"
        return Path(f"/proc/{warm.pid}/task/{warm.pid}/children").read_text(encoding="ascii").split()

    assert len(waiting_after_a_report()) == 1
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, THEIRS))
    assert waiting_after_a_report() == []


def test_the_stores_that_papermill_could_use_are_loaded_only_where_they_are_asked_for(
    tmp_path: Path, warm_for: Callable[[Path], Warm]
) -> None:
    site, needs = tmp_path / "site", "from requests.adapters import HTTPAdapter\n"
    write(site / "azure/identity.py", f"{needs}EnvironmentCredential = object\n")
    write(site / "azure/storage/blob.py", "BlobServiceClient = object\n")
    write(site / "gcsfs.py", f"{needs}class GCSFileSystem: ...\n")
    write(site / "github.py", "raise ImportError('no GitHub here')\n")
    loaded, (azure, google, github) = warm_for(make_workspace(tmp_path / "workspace", "shop")).call(work.stores)
    assert loaded == []
    assert (azure, google) == ("AzureBlobStore", "GCSFileSystem")
    assert "pygithub" in github  # as papermill says it
