"""The table of conventions, and who reads it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.shipped_checks import specs

from orr.evidence.kinds.registry import kind_named
from orr.evidence.repository.conventions import PREFIX, aside, conventions, spelled_out
from orr.evidence.repository.globs import read_pattern
from orr.messages import LANGUAGES, render
from orr.model.checklist import CheckSpec
from orr.model.finding import Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)
PLACES = ("path", "paths", "rules", "training", "skills", "leave", "codeowners", "catalog", "contacts", "agreements")


@pytest.mark.parametrize("name", conventions())
def test_a_convention_has_words_in_each_language_and_patterns_that_are_good(name: str) -> None:
    convention = conventions()[name]
    assert set(convention.title) == set(LANGUAGES)
    assert convention.read
    for pattern in (*convention.read, *convention.offered):
        assert not aside() & {segment.casefold() for segment in read_pattern(pattern).segments}
    assert len({*convention.read, *convention.offered}) == len(convention.read) + len(convention.offered)


def test_the_shipped_checklists_name_places_by_convention_alone() -> None:
    # A notebook, and the file that holds a value, are one of a workload's own.
    asked = [spec for spec in specs() if spec.check not in ("notebook", "value")]
    values = [spec.parameters.get(key, []) for spec in asked for key in PLACES]
    written = [pattern for value in values for pattern in ([value] if isinstance(value, str) else value)]
    assert written
    assert [pattern for pattern in written if not pattern.startswith(PREFIX)] == []


def test_a_convention_stands_for_its_patterns_among_others() -> None:
    assert spelled_out(["a.md", "convention:risks"]) == ["a.md", *conventions()["risks"].read]


def test_an_unknown_convention_is_a_fault_that_names_the_nearest() -> None:
    faults = kind_named("document").faults(CheckSpec("document", {"path": "convention:runbook"}))
    [(keys, wrong, remedy)] = faults
    assert (keys, render(wrong, "en")) == (("path",), "there is no convention “runbook”")
    assert render(remedy, "en") == "write `convention:runbooks`"


@pytest.mark.parametrize("folder", sorted(aside()))
def test_what_lies_aside_counts_where_a_pattern_names_the_folder(tmp_path: Path, write, folder: str) -> None:
    if folder != "node_modules":  # which is not walked at all
        write(f"x/{folder.upper()}/deploy/a.tf", 'resource "a" "b" {}\n')
        found = run_check("files", tmp_path, today=TODAY, paths="**/*.tf")
        assert found.outcome is Outcome.NOT_MET
        assert "does not count where it lies" in render(found.says, "en")
        assert run_check("files", tmp_path, today=TODAY, paths=f"x/{folder}/**").outcome is Outcome.NOT_MET  # case
        assert run_check("files", tmp_path, today=TODAY, paths=f"x/{folder.upper()}/**").outcome is Outcome.MET


def test_a_link_does_not_bring_in_what_lies_aside(tmp_path: Path, write) -> None:
    write("examples/runbooks/a.md", "# A\n\nwords\n")
    (tmp_path / "runbooks").symlink_to("examples/runbooks")
    assert run_check("document", tmp_path, today=TODAY, path="convention:runbooks").outcome is Outcome.NOT_MET


def test_one_document_per_alert_is_a_playbook(tmp_path: Path, write) -> None:
    write("docs/runbooks/KubePodCrashLooping.md", "# KubePodCrashLooping\n\nwords\n")
    write("docs/runbooks/restore.md", "# Restore\n\nwords\n")
    found = run_check("document", tmp_path, today=TODAY, path="convention:playbooks")
    assert render(found.says, "en") == "docs/runbooks/KubePodCrashLooping.md is there"
