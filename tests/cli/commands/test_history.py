"""`orr history`: runs, trend, waivers, and whether all of it is as it was written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.fleet_sample import TODAY, make_workspace
from support.history_sample import NOW, assessment, run_of, run_sql, unguarded

from orr.cli import main
from orr.history import History, Run, UnchangedRun

URL = "sqlite:///reports/history.db"
ASKED = {
    "waiver": "W-1", "active": False, "why": "…", "items": ["basics/dashboard"], "requested_by": "ann",
    "approved_by": None, "approved_on": None, "expires": "2027-06-30", "revoked_on": None,
}  # fmt: skip
ACTIVE = {**ASKED, "active": True, "approved_by": "bo", "approved_on": "2026-11-24"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(make_workspace(tmp_path, "shop"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    days = [TODAY + timedelta(days=number) for number in range(4)]
    worse = {"basics/owner": "not-met", "basics/dashboard": "stale"}
    with closing(History(URL, tmp_path)) as history:
        history.record(run_of(assessment(worse, waivers=[ASKED], verdict="no-go")))
        history.record(run_of(assessment(today=days[1], waivers=[ACTIVE]), today=days[1]))
        history.record_unchanged({"shop": UnchangedRun(2, assessment()["digest"])}, days[2], NOW)
        history.record(Run("shop", days[3], NOW, None, "its kernel died"))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main([*words, "--today", TODAY.isoformat()])
    return status, *capsys.readouterr()


def test_a_renamed_folder_leads_to_the_runs_of_its_earlier_name(
    root: Path, capsys: pytest.CaptureFixture[str], git: Callable[..., str]
) -> None:
    git("init", "-q")
    git("add", "-A", ".")
    git("commit", "-qm", "x")
    (root / "workloads/shop").rename(root / "workloads/store")
    for kind in ("workload", "review"):
        file = root / f"workloads/store/{kind}.yaml"
        file.write_text(file.read_text("utf-8").replace(f"{kind}: shop", f"{kind}: store"), "utf-8")
    _, out, err = run(capsys, "history", "store")
    assert err == ""
    assert "store has no runs yet" in out
    assert out.endswith("\nIts folder was named shop before, of which 4 runs are recorded: orr history shop\n")


def test_the_runs_are_shown_with_their_trend_and_the_life_of_each_waiver(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "history", "shop")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "shop: 4 runs  ■●●✕",
        "open items, 4 runs: █▅▅✕  2 to 1",
        "",
        "  run  recorded          as of       occasion  verdict         decision  valid until",
        "  1    2026-11-23 06:30  2026-11-23  launch    ■ no-go         pending   –",
        "  2    2026-11-23 06:30  2026-11-24  launch    ● go            pending   –",
        "    - the verdict went from no-go to go",
        "    - basics/owner is closed now: met, was not met",
        "    - waiver W-1 works now",
        "  3    2026-11-23 06:30  2026-11-25  launch    ● go            pending   –  unchanged since run 2",
        "  4    2026-11-23 06:30  2026-11-26            ✕ not assessed",
        "    ! its kernel died",
        "",
        "Waivers",
        "  W-1 (basics/dashboard)",
        "    2026-11-23 asked for (run 1) → 2026-11-24 active (run 2)",
    ]


def test_the_same_is_there_in_chinese_as_json_and_as_csv(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chinese = run(capsys, "history", "shop", "--lang", "zh-CN")[1]
    assert "未关闭的检查项" in chinese
    assert "2026-11-24 生效中（第 2 次）" in chinese
    found = json.loads(run(capsys, "history", "shop", "--format", "json")[1])
    assert [one["open_items"] for one in found["runs"]] == [2, 1, 1, None]
    assert [one["unchanged_since"] for one in found["runs"]] == [None, None, 2, None]
    assert [one["run"] for one in found["runs"]] == [1, 2, 3, 4]
    assert found["waivers"] == [
        {
            "waiver": "W-1",
            "items": ["basics/dashboard"],
            "requested_by": "ann",
            "approved_by": "bo",
            "approved_on": "2026-11-24",
            "expires": "2027-06-30",
            "revoked_on": None,
            "life": [
                {"stage": "asked", "today": "2026-11-23", "run": 1},
                {"stage": "active", "today": "2026-11-24", "run": 2},
            ],
        }
    ]
    rows = list(csv.DictReader(io.StringIO(run(capsys, "history", "shop", "--format", "csv", "--last", "2")[1])))
    assert [(row["run"], row["verdict"], row["failure"]) for row in rows] == [
        ("3", "go", ""),
        ("4", "", "its kernel died"),
    ]


def test_a_whole_history_is_status_0_and_tells_its_head(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "history", "--verify")
    assert status == 0
    assert out.startswith("The history is whole: 4 records (runs: 4, starts of re-checks: 0)\nHead: sha256:")
    head = out.splitlines()[1].split()[-1]
    assert "A chain alone does not show that all of it was computed anew" in out
    assert max(map(len, out.splitlines())) <= 80
    assert run(capsys, "history", "--head") == (0, f"{head}\n", "")
    status, out, _ = run(capsys, "history", "--verify", "--head", head)
    assert status == 0
    assert "The noted head is one of its records." in out
    status, out, _ = run(capsys, "history", "--verify", "--head", "sha256:" + "11" * 32, "--format", "json")
    assert status == 1
    assert json.loads(out)["whole"] is False


def test_an_altered_history_is_status_1_and_names_the_record(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = (URL, root)
    run_sql(where, *unguarded(where, "orr_runs"), "UPDATE orr_runs SET verdict = 'go' WHERE record = 1")
    status, out, _ = run(capsys, "history", "--verify")
    assert status == 1
    assert out.splitlines()[:2] == [
        "The history is not as it was written: 2 findings in 4 records",
        "  - record 1 (run 1 of shop, 2026-11-23) was altered: verdict",
    ]
    assert "  - the triggers orr_runs_no_DELETE, orr_runs_no_UPDATE are gone, switched off or replaced" in out
    assert "orr_runs_no_UPDATE" not in run(capsys, "history", "--migrate")[1]  # which puts it back


def test_migrating_makes_what_is_not_there_and_verifies_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_workspace(tmp_path, "shop"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert run(capsys, "history", "--verify")[0] == 0
    assert not (tmp_path / "reports").exists()
    assert run(capsys, "history", "--migrate")[1].startswith("The history is whole: 0 records")
    assert (tmp_path / "reports" / "history.db").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param([], "Name a workload", id="nothing"),
        pytest.param(["shop", "--verify"], "about the whole history", id="workload-and-verify"),
        pytest.param(["shop", "--head", "x"], "--head alone prints the head", id="head-alone"),
        pytest.param(["shop", "--head"], "about the whole history", id="workload-and-head"),
        pytest.param(["--verify", "--head"], "takes the one that was kept", id="verify-without-a-head"),
    ],
)
def test_what_makes_no_sense_together_is_status_2(
    root: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    status, _, err = run(capsys, "history", *words)
    assert status == 2
    assert says in err
