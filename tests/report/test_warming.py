"""What a fork server loads for reports, and what it leaves to the workers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT, TESTS
from support import engine_work as work
from support.fleet_sample import BOARD, OWNER, TODAY, checklist, make_workspace, write

from orr.execution.engines import WORKER
from orr.execution.engines.workers import Workers
from orr.report.run import PRELOAD, _report_here
from orr.source.faults import FaultyInput

pytestmark = pytest.mark.kernel
THEIRS = "- {item: acme, ask: Is it one of theirs?, risk: low, checks: [{check: acme}]}"


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Workers]:
    paths = [str(TESTS), str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    started = Workers(PRELOAD)
    yield started
    started.close()


def test_a_report_on_what_is_remembered_loads_no_package_that_the_fork_server_has_not(
    tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORR_CACHE", str(tmp_path / "cache"))
    for out in ("first", "second"):
        before, after = workers.call(work.report_and_list, ROOT, "image-resizer", tmp_path / out)
    assert (tmp_path / "second" / "report.html").exists()
    packages = [{name.partition(".")[0] for name in names} for names in (before, after)]
    assert packages[1] - packages[0] - sys.stdlib_module_names == set()
    assert after & {"boto3", "orr.report.report"} <= before
    assert packages[1] & {"matplotlib", "nbconvert", "numpy", "pandas", "pydantic", "rfc3987_syntax"} == set()


def test_the_checklists_of_a_workspace_are_read_once_in_a_process_and_again_where_they_change(
    tmp_path: Path, workers: Workers
) -> None:
    root = make_workspace(tmp_path / "workspace", "shop")
    first, asked, _ = workers.call(work.read_workload, root, "shop", fresh=False)
    assert asked == ["Is there an owner?", "Is there a dashboard?"]
    again, asked, made = workers.call(work.read_workload, root, "shop", fresh=False)
    assert (again, asked, "Checklist" in made) == (first, ["Is there an owner?", "Is there a dashboard?"], False)
    path = root / "checklists" / "basics.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Is there an owner", "Who owns it"), encoding="utf-8")
    last, asked, made = workers.call(work.read_workload, root, "shop", fresh=False)
    assert (last, asked, "Checklist" in made) == (first, ["Who owns it?", "Is there a dashboard?"], True)


def test_faulty_checklists_are_told_by_the_worker_that_needs_them(
    tmp_path: Path, workers: Workers, capfd: pytest.CaptureFixture[str]
) -> None:
    root = make_workspace(tmp_path / "workspace", "shop")
    (root / "checklists" / "basics.yaml").write_text("checklist: basics\nversion: none\n", encoding="utf-8")
    with pytest.raises(FaultyInput, match=r"basics\.yaml:2:1"):
        workers.call(work.read_workload, root, "shop")
    assert capfd.readouterr().err == ""


def install(site: Path, source: str) -> None:
    """Install a package with a kind of check, `acme`."""
    write(site / "acme_orr.py", source)
    write(site / "acme_orr-1.0.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: acme-orr\nVersion: 1.0\n")
    write(site / "acme_orr-1.0.dist-info" / "entry_points.txt", "[orr.checks]\nacme = acme_orr:check\n")


def test_a_kind_of_check_of_another_package_is_loaded_by_no_fork_server(tmp_path: Path, workers: Workers) -> None:
    loaded = tmp_path / "loaded"
    source = f"open({str(loaded)!r}, 'a').write('x')\ndef check(context):\n    pass\n"
    install(tmp_path / "site", source)
    root = make_workspace(tmp_path / "workspace", "shop")
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, THEIRS))
    assert workers.call(work.give, 1) == 1
    assert not loaded.exists()
    _, asked, made = workers.call(work.read_workload, root, "shop")
    assert asked[-1] == "Is it one of theirs?"
    assert "Checklist" in made
    assert set(loaded.read_text(encoding="ascii")) == {"x"}


def test_after_a_check_of_another_package_no_process_is_used_again(tmp_path: Path, workers: Workers) -> None:
    result = "    return Finding(Outcome.MET, 'so it is')\n"
    install(tmp_path / "site", f"from orr.evidence import Finding, Outcome\ndef check(context):\n{result}")
    root = make_workspace(tmp_path / "workspace", "shop")

    def waiting_after_a_report() -> int:
        asked = (root, "shop", tmp_path / "out", TODAY, "en", {}, 60, None, WORKER)
        assert workers.call(_report_here, *asked, fresh=False)["workload"] == "shop"
        return len(workers._idle)

    assert waiting_after_a_report() == 1
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, THEIRS))
    assert waiting_after_a_report() == 0
