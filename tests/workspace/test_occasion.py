"""Until a workload is live its review is of its launch."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fleet_sample import TODAY, answer, make_workload, make_workspace

from orr.assessing import assess
from orr.cli import main
from orr.form.state import ReviewState
from orr.source.faults import FaultyInput
from orr.workspace.workspace import Workspace

LIVE = "live_since: 2026-11-01\nlaunch: 2026-11-01\n"


def workspace(tmp_path: Path, *, live: bool, occasion: str = "launch") -> Path:
    root = make_workspace(tmp_path)
    make_workload(root, "shop", more=LIVE if live else "")
    answer(root, "shop", more=f"occasion: {occasion}\n")
    return root


@pytest.mark.parametrize("occasion", ["recurring", "change"])
def test_another_occasion_before_the_workload_is_live_is_a_fault_with_its_place_and_remedy(
    tmp_path: Path, occasion: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path, live=False, occasion=occasion)
    monkeypatch.chdir(root)
    assert main(["lint", "--today", TODAY.isoformat()]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"workloads/shop/review.yaml:5:1: the occasion is {occasion}, and the launch lies ahead;"
        " write `occasion: launch`; or, where it serves its users already, `live_since` in workload.yaml"
        " and no later `launch`"
    ]
    with pytest.raises(FaultyInput):
        ReviewState(root, "shop", TODAY)


@pytest.mark.parametrize("occasion", ["recurring", "change"])
def test_a_live_workload_whose_next_launch_lies_ahead_is_reviewed_for_that(tmp_path: Path, occasion: str) -> None:
    root = workspace(tmp_path, live=True, occasion=occasion)
    make_workload(root, "shop", more="live_since: 2026-11-22\nlaunch: 2026-12-01\n")
    answer(root, "shop", more=f"occasion: {occasion}\n")
    with pytest.raises(FaultyInput, match="the launch lies ahead"):
        assess(Workspace(root, TODAY), "shop")


@pytest.mark.parametrize("occasion", ["recurring", "change", "launch"])
def test_a_workload_that_is_live_is_reviewed_on_any(tmp_path: Path, occasion: str) -> None:
    root = workspace(tmp_path, live=True, occasion=occasion)
    assert assess(Workspace(root, TODAY), "shop").case.review.occasion == occasion


def test_another_occasion_that_is_asked_for_is_refused_likewise(tmp_path: Path) -> None:
    root = workspace(tmp_path, live=False)
    with pytest.raises(FaultyInput) as refused:
        assess(Workspace(root, TODAY), "shop", occasion="recurring")
    (fault,) = refused.value.faults
    assert fault.path.endswith("workload.yaml")
    assert "leave out --occasion" in fault.in_words("en")
    assert "--occasion" in fault.in_words("zh-CN")
    assert assess(Workspace(root, TODAY), "shop", occasion="launch").case.review.occasion == "launch"


@pytest.mark.kernel
def test_a_recheck_names_the_workloads_that_are_not_live_and_checks_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path, live=False)
    make_workload(root, "store", more=LIVE)
    monkeypatch.chdir(root)
    assert main(["recheck", "--jobs", "1", "--today", TODAY.isoformat(), "--occasion", "recurring"]) == 2
    said = capsys.readouterr()
    assert "workloads/shop/workload.yaml:1:1: it cannot be reviewed on the occasion recurring" in said.err
    assert (root / "reports" / "store" / "report.html").exists()
    assert not (root / "reports" / "shop" / "report.html").exists()
