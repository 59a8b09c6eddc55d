"""What findings were made from, and whether it is still so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from support.right_files import CASES, Case

from orr.evidence.collect import run
from orr.evidence.context import Context
from orr.evidence.kinds.registry import is_built_in, known_kinds
from orr.evidence.provenance import collected, differing
from orr.evidence.repository.places import EvidencePlaces
from orr.evidence.repository.repository import Repository
from orr.model.checklist import CheckSpec
from orr.model.finding import Collected
from orr.model.settings import Settings
from orr.model.workload import Owner, Workload
from orr.testing import TODAY

Write = Callable[..., Path]


@pytest.fixture
def places(tmp_path: Path, write: Write) -> EvidencePlaces:
    for path in ("w/a.md", "w/docs/b.md", "w/review.yaml"):
        write(path, path)
    return EvidencePlaces(tmp_path / "w", (tmp_path,), {}, ("w/review.yaml",), tmp_path)


def noted(places: EvidencePlaces, settings: Settings | None = None) -> Collected:
    reader = Repository(places.repository)
    reader.read("a.md")
    reader.read("review.yaml")
    reader.read("docs/b.md", cut=True)
    reader.find(["docs/*.md", "none/*.md", "*"])
    assert "docs" in reader.tree
    return collected([reader], places, settings or Settings(), ["c/a"])


def test_what_was_read_whole_and_looked_for_is_noted_without_the_reviews_own_files(places: EvidencePlaces) -> None:
    found = noted(places)
    assert {folder: list(files) for folder, files in found.read.items()} == {"w": ["a.md"]}
    assert sorted(found.found["w"]) == ["*", "docs", "docs/*.md", "none/*.md"]
    assert found.found["w"]["none/*.md"] == ""
    assert found.daily == ("c/a",)


def test_what_stays_as_it_was_differs_in_nothing(places: EvidencePlaces) -> None:
    (places.repository / "review.yaml").write_text("another", encoding="utf-8")
    assert list(differing(noted(places), places, Settings())) == []


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param(lambda root: (root / "a.md").write_text("x"), ["w/a.md"], id="altered"),
        pytest.param(lambda root: (root / "a.md").unlink(), ["w/*", "w/a.md"], id="gone"),
        pytest.param(lambda root: (root / "docs/c.md").write_text("x"), ["w/docs/*.md"], id="added"),
        pytest.param(
            lambda root: root.rename(root.parent / "v"),
            ["w/*", "w/a.md", "w/docs", "w/docs/*.md", "w/none/*.md"],
            id="moved",
        ),
    ],
)
def test_what_changed_is_named(change: Callable[[Path], object], names: list[str], places: EvidencePlaces) -> None:
    then = noted(places)
    change(places.repository)
    assert sorted(differing(then, places, Settings())) == names


def test_another_folder_and_other_settings_differ(places: EvidencePlaces, tmp_path: Path) -> None:
    then = noted(places)
    elsewhere = EvidencePlaces(tmp_path, (tmp_path,), {}, (), tmp_path)
    assert "w" in list(differing(then, elsewhere, Settings()))
    assert list(differing(then, places, Settings(allow=("command",)))) == ["orr.yaml: allow, sources"]
    assert list(differing(then, places, Settings(sources={"github": {}}))) == ["orr.yaml: allow, sources"]


ALL = Settings(allow=tuple(known_kinds()))
NO_CODE = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'
SCRIPT = '#!/bin/sh\ncat "$@" /dev/null\n'


def standing(root: Path) -> EvidencePlaces:
    beside = {"workload": root / "w", "team": root / "teams", "organization": root}
    return EvidencePlaces(root / "w", (root,), beside, ("teams/*.yaml", "w/review.yaml"), root)


def noted_by(root: Path, check: str, **parameters: Any) -> Collected:
    """What a check of a workload whose repository is `w` was made from."""
    (root / "w").mkdir(exist_ok=True)
    shop = Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="payments"), launch=TODAY)
    context = Context.of(shop, standing(root), TODAY, UTC, ALL)
    run(context, CheckSpec(check, parameters))
    context.reader.close()
    return collected([context.reader], standing(root), ALL, [])


def again(root: Path, then: Collected) -> Iterator[str]:
    return differing(then, standing(root), ALL)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_each_file_that_a_kind_reads_is_noticed_when_it_changes(case: Case, tmp_path: Path, write: Write) -> None:
    for path, text in {**case.beside, case.path: case.text}.items():
        write(f"w/{path}", text)
    then = noted_by(tmp_path, case.check, **case.parameters)
    assert list(again(tmp_path, then)) == []
    file = tmp_path / "w" / case.path
    file.write_text(f"{case.text}\n", encoding="utf-8")
    assert f"w/{case.path}" in list(again(tmp_path, then))
    file.write_text(case.text, encoding="utf-8")
    assert list(again(tmp_path, then)) == []


ELSEWHERE = {
    "the script of a command": ("command", {"argv": ["tools/look.sh"]}, "tools/look.sh"),
    "a file that a command is given": (
        "command",
        {"argv": ["tools/look.sh", "queries/a.sql"], "folder": "workspace"},
        "queries/a.sql",
    ),
    "a file in an option": (
        "command",
        {"argv": [sys.executable, "-c", "", "--query=queries/a.sql"], "folder": "workspace"},
        "queries/a.sql",
    ),
    "a file of the repository that a command is given": (
        "command",
        {"argv": ["tools/look.sh", "a.md"], "folder": "repository"},
        "w/a.md",
    ),
    "a notebook": ("notebook", {"path": "notebooks/drill.ipynb"}, "notebooks/drill.ipynb"),
    "a name that is forbidden": ("files", {"forbidden": ["*.pem"]}, "w/a.pem"),
    "a file without an owner": ("ownership", {"aspects": ["parts"]}, "w/new/a.txt"),
    "another team": ("ownership", {"aspects": ["parts"]}, "teams/search.yaml"),
}
SHOWN = {"w/a.pem": "w/*.pem", "w/new/a.txt": "w/**", "teams/search.yaml": "teams"}


@pytest.mark.parametrize("tracked", [False, True], ids=["files alone", "in git"])
@pytest.mark.parametrize(("check", "parameters", "path"), ELSEWHERE.values(), ids=list(ELSEWHERE))
def test_what_a_finding_was_made_with_beside_files_that_it_read_is_noticed(
    check: str, parameters: dict[str, Any], path: str, tracked: bool, tmp_path: Path, write: Write
) -> None:
    write("tools/look.sh", SCRIPT).chmod(0o755)
    write("notebooks/drill.ipynb", NO_CODE)
    for name in ("queries/a.sql", "w/a.md", "w/review.yaml", "teams/payments.yaml"):
        write(name, "select 1\n")
    write("w/CODEOWNERS", "* @acme/payments\n")

    def add() -> None:
        if tracked:
            subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
            subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)

    add()
    then = noted_by(tmp_path, check, **parameters)
    write("w/review.yaml", "select 2\n")
    assert list(again(tmp_path, then)) == []
    write(path, "select 3\n")
    add()
    assert list(again(tmp_path, then)) == [SHOWN.get(path, path)]


def test_what_a_program_writes_among_the_reports_is_none_of_its_input(tmp_path: Path, write: Write) -> None:
    write("reports/shop/out.json", "1")
    then = noted_by(tmp_path, "command", argv=[sys.executable, "-c", "", "reports/shop/out.json"], folder="workspace")
    write("reports/shop/out.json", "2")
    assert list(again(tmp_path, then)) == []


def test_every_kind_is_tried_or_reads_no_file() -> None:
    tried = {case.check for case in CASES.values()} | {check for check, _, _ in ELSEWHERE.values()}
    asked_elsewhere = {"aws", "http", "metric", "service"}
    by_the_files_of_the_review = {"review"}
    assert tried | asked_elsewhere | by_the_files_of_the_review == {one for one in known_kinds() if is_built_in(one)}
