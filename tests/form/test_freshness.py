"""Whether the files of an assessment changed, told from their stamps alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.fleet_sample import TODAY, make_workspace, write

from orr.form.freshness import sources, stamp
from orr.workspace.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_workspace(tmp_path, "shop")
    write(root / "teams" / "a.yaml", "team: a\n")
    return root


def now(root: Path) -> object:
    return stamp(sources(Workspace(root, TODAY), "shop"))


def test_the_files_beside_the_review_are_those_that_an_assessment_is_made_from(root: Path) -> None:
    names = [path.relative_to(root).as_posix() for path in sources(Workspace(root, TODAY), "shop")]
    assert names == [
        "orr.yaml", "organization.yaml", "workloads/shop/workload.yaml", "teams/a.yaml", "checklists/basics.yaml",
    ]  # fmt: skip


def test_where_nothing_changes_the_stamps_stay(root: Path) -> None:
    assert now(root) == now(root)


def rewritten(path: Path) -> None:
    """Replace a file by another with the same content and time."""
    stat, other = path.stat(), path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: write(root / "organization.yaml", "organization: acme\n"), id="a file comes"),
        pytest.param(lambda root: (root / "teams" / "a.yaml").unlink(), id="a file goes"),
        pytest.param(lambda root: write(root / "teams" / "b.yaml", "team: b\n"), id="a team comes"),
        pytest.param(lambda root: os.utime(root / "orr.yaml", (1, 1)), id="a time changes"),
        pytest.param(lambda root: rewritten(root / "orr.yaml"), id="another file of the same content"),
    ],
)
def test_a_change_changes_the_stamps(root: Path, change: Callable[[Path], object]) -> None:
    before = now(root)
    change(root)
    assert now(root) != before
