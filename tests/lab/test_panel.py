"""The panel: workloads with what was recorded last, and whether that still holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.form_stage import workspace
from support.gate_stage import decided, stage

from orr.history import History
from orr.history.records import Run
from orr.lab.panel import created, listed, standing, workspaces
from orr.lab.places import NoReview
from orr.workspace.workspace import Workspace


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new), encoding="utf-8")

    return change


def failed(root: Path) -> None:
    with closing(History(Workspace(root).settings.history, root)) as history:
        history.record(Run("shop", Workspace(root).today, datetime.now(UTC), None, "no disk"))


def tampered(root: Path) -> None:
    with closing(sqlite3.connect(root / "reports/history.db")) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE orr_runs SET open_items = open_items + 1")
        database.commit()


def test_what_was_recorded_is_shown_with_its_day(tmp_path: Path) -> None:
    root = decided(tmp_path)
    found = standing(root, "shop", "en")
    assert (found["verdict"], found["doubts"]) == ("go", [])
    assert found["says"] == f"go, recorded for {Workspace(root).today}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(changed("workloads/shop/review.yaml", "answer: yes", "answer: partial"),
            "changed since: answer", id="an answer"),
        pytest.param(changed("workloads/shop/docs/rollback.md", "Turn the", "Do not turn the"),
            "changed since: ", id="a file that a check read"),
        pytest.param(changed("checklists/c.yaml", "version: 1", "version: 2"),
            "changed since: checklist c", id="a checklist"),
        pytest.param(tampered, "the record is not as it was written", id="the record itself"),
    ],
)  # fmt: skip
def test_what_differs_from_what_was_recorded_is_told(tmp_path: Path, change: Callable[[Path], None], says: str) -> None:
    root = decided(tmp_path)
    change(root)
    found = standing(root, "shop", "en")
    assert found["verdict"] == "go"
    assert any(one.startswith(says) for one in found["doubts"]), found


def test_a_verdict_lapses_by_itself(tmp_path: Path) -> None:
    root = decided(tmp_path)
    later = Workspace(root).today + timedelta(days=720)
    assert any(one.startswith("lapsed: it held until") for one in standing(root, "shop", "en", later)["doubts"])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda root: stage(root, voted=False), "not assessed", id="none is recorded"),
        pytest.param(lambda root: failed(decided(root)), "could not assess it", id="the last run failed"),
        pytest.param(
            lambda root: (decided(root) / "workloads/shop/workload.yaml").write_text("workload: shop\n"),
            "not known: ", id="a file is faulty",
        ),
        pytest.param(
            lambda root: (decided(root) / "reports/history.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000),
            "not known: ", id="the history is broken",
        ),
    ],
)  # fmt: skip
def test_without_a_record_that_can_be_read_there_is_no_verdict(
    tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    make(tmp_path)
    found = standing(tmp_path, "shop", "en")
    assert found["verdict"] is None
    assert says in found["says"]


def test_workloads_are_listed_with_paths_below_what_is_served(tmp_path: Path) -> None:
    root = workspace(tmp_path / "served" / "ws", **{"workloads/cart/workload.yaml": "title: Cart\n"})
    assert workspaces(tmp_path / "served", "") == [root]
    assert workspaces(tmp_path / "served", "ws/workloads/shop/docs") == [root]
    found = listed(tmp_path / "served", root, "zh-CN")
    cart, shop = found["workloads"]
    assert (shop["title"], shop["path"], shop["report"]) == ("商店", "ws/workloads/shop/review.yaml", None)
    assert "上线" in shop["launch"]
    assert cart["launch"] == "workload.yaml 有错误"
    assert [one["path"] for one in listed(root / "workloads/cart", root, "en")["workloads"]] == ["review.yaml", None]
    with pytest.raises(NoReview):
        workspaces(tmp_path / "served", "../elsewhere")
    assert workspaces(root / "teams", "") == [root]
    (tmp_path / "empty").mkdir()
    assert workspaces(tmp_path / "empty", "") == []


def test_a_faulty_workspace_is_listed_with_its_faults(tmp_path: Path) -> None:
    root = workspace(tmp_path, **{"orr.yaml": "langage: en\n"})
    found = listed(root, root, "en")
    assert found["workloads"] == []
    assert "langage" in found["problem"][0]


def test_nothing_is_assessed_and_no_check_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = decided(tmp_path)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a check was run")

    monkeypatch.setattr("orr.evidence.collect.run", refused)
    listed(root, root, "en")
    assert standing(root, "shop", "en")["verdict"] == "go"


@pytest.mark.slow
def test_a_new_review_is_made_as_init_makes_it(tmp_path: Path) -> None:
    root = workspace(tmp_path / "ws")
    made = created(tmp_path, "ws", "Pricing API", "en")
    assert made["path"] == "ws/workloads/pricing-api/review.yaml"
    assert (root / "workloads/pricing-api/workload.yaml").is_file()
    again = created(tmp_path, "ws", "--yes", "en")
    assert again["path"] is None or again["path"].endswith("--yes/review.yaml")
    assert created(tmp_path, "ws", "shop", "en")["path"] is None
    with pytest.raises(NoReview):
        created(tmp_path, "..", "shop", "en")
