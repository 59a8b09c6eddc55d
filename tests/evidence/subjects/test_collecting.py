"""Checks and attached files tell what they are about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.builders import answer, case, item

from orr.evidence import EvidencePlaces
from orr.evidence.attachments import Verifier
from orr.evidence.collect import collect
from orr.model.settings import Settings
from orr.testing import run_check

TODAY = date(2026, 11, 23)
Write = Callable[..., Path]


def drill(commit: str, day: str = "2026-11-12") -> str:
    return f"---\ndate: {day}\ncommit: {commit}\n---\n# Drill of {day}\n\nWe rolled back within six minutes.\n"


def suites_of(*commits: str) -> str:
    suites = "\n".join(
        f'<testsuite name="s"><properties><property name="commit" value="{commit}"/></properties>'
        '<testcase name="a"/></testsuite>'
        for commit in commits
    )
    return f"<testsuites>{suites}</testsuites>"


def named(kind: str, folder: Path, **parameters: Any) -> list[tuple[str, str, str]]:
    finding = run_check(kind, folder, today=TODAY, **parameters)
    return [(one.kind.value, one.value, str(one.place)) for one in finding.subjects]


def test_results_name_the_subjects_of_every_file(tmp_path: Path, write: Write) -> None:
    write("a.xml", suites_of("42cd0e1"))
    write("b.xml", suites_of("41ab0e1"))
    assert named("results", tmp_path, path="*.xml") == [("commit", "42cd0e1", "a.xml"), ("commit", "41ab0e1", "b.xml")]


def test_documents_name_the_subjects_of_every_document(tmp_path: Path, write: Write) -> None:
    write("a.md", drill("42cd0e1"))
    write("b.md", drill("41ab0e1"))
    assert [value for _, value, _ in named("document", tmp_path, path="*.md")] == ["42cd0e1", "41ab0e1"]


@pytest.mark.parametrize(
    ("parameters", "commits"),
    [
        pytest.param({}, ["42cd0e1"], id="the newest is enough"),
        pytest.param({"newest_within": "90d", "age_from": "document"}, ["42cd0e1"], id="the newest within some days"),
        pytest.param({"at_least": 2}, ["41ab0e1", "42cd0e1"], id="two are asked for"),
        pytest.param({"none_older_than": "90d", "age_from": "document"}, ["41ab0e1", "42cd0e1"], id="all of them"),
    ],
)
def test_files_name_the_subjects_of_those_that_decide(
    tmp_path: Path, write: Write, parameters: dict[str, Any], commits: list[str]
) -> None:
    write("drills/a.md", drill("41ab0e1", "2026-10-01"))
    write("drills/b.md", drill("42cd0e1"))
    assert [value for _, value, _ in named("files", tmp_path, paths="drills/*.md", **parameters)] == commits


def test_a_file_that_cannot_be_read_names_nothing(tmp_path: Path, write: Write) -> None:
    write("a.json", "{")
    assert named("files", tmp_path, paths="a.json") == []


@pytest.fixture
def places(tmp_path: Path) -> EvidencePlaces:
    return EvidencePlaces(tmp_path, (tmp_path,), {"workload": tmp_path}, (), tmp_path)


def test_files_of_an_answer_name_their_subjects(write: Write, places: EvidencePlaces) -> None:
    write("a.md", drill("42cd0e1"))
    write("tests.xml", suites_of("41ab0e1"))
    write("broken.json", "{")
    entries = [{"path": path} for path in ("a.md", "tests.xml", "broken.json", "gone.md")]
    made = case(item("a"), answers={"a": answer(evidence=entries)})
    found = collect(made, places, Settings(), TODAY).attached["c/a"]
    assert [(one.value, one.place) for one in found] == [("42cd0e1", "a.md"), ("41ab0e1", "tests.xml")]


def test_a_file_that_was_altered_names_nothing(write: Write, places: EvidencePlaces) -> None:
    write("a.md", drill("42cd0e1"))
    made = case(item("a"), answers={"a": answer(evidence=[{"path": "a.md", "sha256": "0" * 64}])})
    verified = Verifier(places).verify(made.review.answers["c/a"], "workload")
    assert (len(verified.missing), verified.hollow, verified.attached) == (1, [], [])


def test_a_secret_in_a_subject_is_masked(tmp_path: Path, write: Write) -> None:
    write("a.md", "---\ncommit: ghp_0123456789abcdefghij0123\n---\n# Drill\n\nWe rolled back.\n")
    assert named("document", tmp_path, path="a.md") == [("commit", "***", "a.md")]
