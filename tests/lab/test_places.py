"""Paths that a browser sends: which review they are of, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.form_stage import workspace

from orr.lab.places import NoReview, refuse_remote_history, review_at
from orr.messages.errors import OrrError
from orr.workspace.workspace import Workspace

REVIEW = "workloads/shop/review.yaml"


@pytest.mark.parametrize(
    ("served", "path"),
    [
        pytest.param(".", f"ws/{REVIEW}", id="the workspace lies below what is served"),
        pytest.param("ws", REVIEW, id="the workspace is what is served"),
        pytest.param("ws", f"/{REVIEW}", id="with a slash before it"),
        pytest.param("ws/workloads/shop", "review.yaml", id="the workspace lies above"),
    ],
)
def test_a_review_is_found_wherever_the_workspace_lies(tmp_path: Path, served: str, path: str) -> None:
    root = workspace(tmp_path / "ws")
    assert review_at(tmp_path / served, path) == (root, "shop")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("../ws/workloads/shop/review.yaml", id="above"),
        pytest.param("a/../../ws/workloads/shop/review.yaml", id="above by a detour"),
        pytest.param("link/workloads/shop/review.yaml", id="a link that leads out"),
        pytest.param("linked/review.yaml", id="a file that leads out"),
        pytest.param(".hidden/review.yaml", id="a hidden folder"),
        pytest.param("a\0b/review.yaml", id="no path"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_lies_outside_is_refused(tmp_path: Path, path: str) -> None:
    root = workspace(tmp_path / "ws", review="review: shop\n")
    served = tmp_path / "served"
    (served / "linked").mkdir(parents=True)
    (served / "link").symlink_to(root)
    (served / "linked/review.yaml").symlink_to(root / REVIEW)
    with pytest.raises(OrrError):
        review_at(served, path)


@pytest.mark.parametrize(
    "path", ["review.yaml", "workloads/review.yaml", "workloads/shop/docs/review.yaml", "workloads/shop/workload.yaml"]
)
def test_a_file_that_is_no_review_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(NoReview, match="is not the review of a workload"):
        review_at(workspace(tmp_path), path)


def test_a_review_yaml_of_another_project_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(OrrError, match=r"orr\.yaml"):
        review_at(tmp_path, "workloads/shop/review.yaml")


def test_a_history_elsewhere_is_asked_only_where_the_user_trusts_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workspace(tmp_path / "ws", **{"orr.yaml": "history: postgresql://nowhere.example/orr\n"})
    refuse_remote_history(Workspace(workspace(tmp_path / "local")))
    refuse_remote_history(Workspace(root))
    monkeypatch.setenv("ORR_TRUST", "/elsewhere")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    refuse_remote_history(Workspace(workspace(tmp_path / "local")))
    with pytest.raises(NoReview, match="orr trust"):
        refuse_remote_history(Workspace(root))
