"""Every kind that reads files, given files that are nearly right: whatever is in them, the check answers."""

from __future__ import annotations

import io
import os
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import CHANGES, changed, examples
from support.lanes import package
from support.right_files import CASES, SHIFTS, Case

from orr.messages import LANGUAGES, Message, render
from orr.model.finding import Finding, Outcome
from orr.model.validation import read
from orr.model.workload import Workload
from orr.testing import run_check

BOTH = {"engineering": "payments", "operations": "platform"}
SHOP = read(Workload, {
    "workload": "shop", "title": "Shop", "tier": 1, "owner": {"team": "payments"}, "launch": "2026-12-01T09:00+08:00",
    "operating_model": {"application": BOTH, "infrastructure": BOTH, "governance": "centralized", "provider": None},
})  # fmt: skip


def place(folder: Path, case: Case) -> None:
    for path, text in {**case.beside, case.path: case.text}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def ask(folder: Path, case: Case) -> Finding:
    return run_check(case.check, folder, workload=SHOP, **case.parameters)


def assert_whole(finding: Finding) -> None:
    """It did not crash, and has words in every language."""
    assert isinstance(finding.says, Message)
    assert finding.says.key not in ("evidence.crashed", "evidence.parameters"), str(finding.says)
    for language in LANGUAGES:
        assert render(finding.says, language).encode()
        for row in finding.table.rows if finding.table else ():
            assert len(row) == len(finding.table.columns)
            assert all(render(cell, language) is not None for cell in row)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_files_that_are_changed_are_right_before(tmp_path: Path, case: Case) -> None:
    place(tmp_path, case)
    finding = ask(tmp_path, case)
    assert_whole(finding)
    assert finding.outcome is not Outcome.UNKNOWN, str(finding.says)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
@settings(max_examples=examples(15))
@given(changes=CHANGES)
def test_whatever_is_changed_in_a_file_its_check_answers(tmp_path: Path, case: Case, changes: list[Any]) -> None:
    if not (tmp_path / case.path).exists():
        place(tmp_path, case)
    (tmp_path / case.path).write_bytes(changed(case.text, changes).encode("utf-8", "surrogatepass"))
    assert_whole(ask(tmp_path, case))


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_file_of_100_mb_is_not_read_and_the_check_says_so(tmp_path: Path, case: Case) -> None:
    place(tmp_path, case)
    os.truncate(tmp_path / case.path, 100_000_000)  # what is added takes no room on the disk
    finding = ask(tmp_path, case)
    assert finding.outcome is Outcome.UNKNOWN
    assert "100 MB" in str(finding.says) or case.check == "files"  # which asks only for a date


@cache
def workbook(rows: str) -> bytes:
    openpyxl = package("openpyxl")
    book = openpyxl.Workbook()
    for row in rows.splitlines():
        book.active.append(row.split(","))
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


@pytest.mark.parametrize("part", ["worksheets/sheet1.xml", "styles.xml", "workbook.xml", "_rels/workbook.xml.rels"])
@settings(max_examples=examples(15))
@given(changes=CHANGES)
def test_whatever_is_changed_in_a_workbook_its_check_answers(tmp_path: Path, part: str, changes: list[Any]) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(SHIFTS))) as before, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == f"xl/{part}":
                content = changed(content.decode(), changes).encode("utf-8", "surrogatepass")
            after.writestr(name, content)
    assert_whole(run_check("roster", tmp_path, workload=SHOP, path="a.xlsx"))


@settings(max_examples=examples(15))
@given(places=st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=5))
def test_whatever_bytes_an_archive_holds_its_check_answers(tmp_path: Path, places: list[tuple[int, int]]) -> None:
    raw = bytearray(workbook(SHIFTS))
    for place_, byte in places:
        raw[place_ % len(raw)] = byte
    (tmp_path / "a.xlsx").write_bytes(raw)
    assert_whole(run_check("roster", tmp_path, workload=SHOP, path="a.xlsx"))
