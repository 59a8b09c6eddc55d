"""Which workloads changed files touch; in doubt, a workload is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.fleet_sample import (
    BOARD,
    OWNER,
    TODAY,
    answer,
    checklist,
    commit_all,
    make_workload,
    make_workspace,
    write,
)

from orr.fleet.touched import touched
from orr.workspace.git import NoRevision
from orr.workspace.workspace import Workspace

ALL = ("command", "doc", "faulty", "shop")
COMMAND = "- {item: run, ask: Does it run?, risk: low, checks: [{check: command, argv: [make, test]}]}"
NOTES = "{title: Notes, path: shared/notes.md}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Workloads asked different checklists: one with a command, one that names a shared file, one that is faulty."""
    root = make_workspace(tmp_path / "ws", settings="repositories: [services]\n")
    write(root / "checklists" / "more.yaml", checklist(OWNER, name="more") + "required: false\n")
    write(root / "checklists" / "run.yaml", checklist(COMMAND, name="run") + "required: false\n")
    make_workload(root, "shop", more="checklists: [basics]\nrepository: ../../services/shop\n")
    write(root / "services" / "shop" / "calendar.ics", "BEGIN:VCALENDAR")
    write(
        root / "workloads" / "doc" / "review.yaml",
        f"review: doc\nanswers:\n  more/owner: {{answer: yes, by: a, on: 2026-11-20, evidence: [{NOTES}]}}\n",
    )
    write(
        root / "workloads" / "doc" / "workload.yaml",
        "workload: doc\ntitle: Doc\ntier: 2\nowner: {team: docs}\nchecklists: [more]\n",
    )
    write(root / "shared" / "notes.md", "notes")
    make_workload(root, "command", more="checklists: [run]\n")
    write(root / "workloads" / "command" / "review.yaml", "review: command\n")
    make_workload(root, "faulty")
    write(root / "workloads" / "faulty" / "review.yaml", "review: [")
    commit_all(root)
    return root


def told(root: Path, rev: str = "HEAD") -> tuple[str, ...]:
    return touched(Workspace(root, TODAY), rev, root / "reports").workloads


def append(path: str) -> Callable[[Path], object]:
    def change(root: Path) -> object:
        file = root / path
        return write(file, file.read_text() + "\n# changed\n" if file.exists() else "x: 1")

    return change


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param(append("orr.yaml"), ALL, id="settings"),
        pytest.param(append("organization.yaml"), ALL, id="organization"),
        pytest.param(append("checklists/basics.yaml"), ALL, id="required-checklist"),
        pytest.param(append("checklists/more.yaml"), ("doc", "faulty"), id="optional-checklist"),
        pytest.param(lambda root: write(root / "checklists/basics.yaml", "checklist: ["), ALL, id="faulty-checklist"),
        pytest.param(append("workloads/shop/review.yaml"), ("faulty", "shop"), id="review"),
        pytest.param(append("services/shop/calendar.ics"), ("command", "faulty", "shop"), id="calendar-in-repository"),
        pytest.param(append("services/shop/new.md"), ("command", "faulty", "shop"), id="untracked-file"),
        pytest.param(append("teams/docs.yaml"), ("doc", "faulty"), id="team"),
        pytest.param(append("README.md"), ("command", "faulty"), id="what-a-command-may-read"),
        pytest.param(append("reports/shop/report.html"), (), id="our-own-reports"),
        pytest.param(lambda root: None, (), id="nothing"),
    ],
)
def test_a_changed_file_touches(root: Path, change: Callable[[Path], object], names: tuple[str, ...]) -> None:
    change(root)
    assert told(root) == names


def test_a_file_that_an_answer_names_touches_it(root: Path) -> None:
    review = root / "workloads" / "doc" / "review.yaml"
    write(review, review.read_text().replace("shared/notes.md", "../../shared/notes.md"))
    commit_all(root)
    append("shared/notes.md")(root)
    assert "doc" in told(root)


def test_a_checklist_that_is_gone_touches_all(root: Path) -> None:
    make_workload(root, "other", more="checklists: [more]\n")
    answer(root, "other")
    (root / "checklists" / "run.yaml").unlink()
    assert told(root) == ("command", "doc", "faulty", "other", "shop")


def test_commits_count_as_well_as_what_is_not_committed(root: Path) -> None:
    append("workloads/shop/review.yaml")(root)
    commit_all(root)
    assert told(root) == ()
    assert told(root, "HEAD~1") == ("faulty", "shop")


def test_a_repository_that_git_does_not_see_is_rechecked_and_told(root: Path, tmp_path: Path) -> None:
    write(root / "orr.yaml", "repositories: [../elsewhere, services]\n")
    (tmp_path / "elsewhere").mkdir()
    make_workload(root, "shop", more="checklists: [basics]\nrepository: ../../../elsewhere\n")
    commit_all(root)
    found = touched(Workspace(root, TODAY), "HEAD", root / "reports")
    assert found.workloads == ("shop",)
    assert "shop is re-checked in any case" in str(found.notes[0])


def test_the_repository_of_a_team_touches_its_workloads(root: Path, tmp_path: Path) -> None:
    write(root / "teams" / "sales.yaml", "team: sales\nrepository: ../services/sales\n")
    write(root / "services" / "sales" / "rota.md", "old")
    commit_all(root)
    write(root / "services" / "sales" / "rota.md", "new")
    assert told(root) == ("command", "faulty", "shop")


@pytest.mark.parametrize("rev", ["nowhere", "--output=x", ""])
def test_what_is_no_revision_is_refused(root: Path, rev: str) -> None:
    with pytest.raises(NoRevision):
        told(root, rev)


def test_checklists_differ_by_what_they_ask(root: Path) -> None:
    write(root / "checklists" / "more.yaml", checklist(OWNER, BOARD, name="more", version=2) + "required: false\n")
    assert told(root) == ("doc", "faulty")
