"""Every promise of docs/trust.md names tests that are there."""

from __future__ import annotations

import re

import pytest
from support import ROOT

PAGE = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
TABLES = re.findall(r"^\| promise \| test \|\n\|[ -|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
PROMISES = [row.strip("|").rsplit("|", 1) for table in TABLES for row in table.splitlines()]
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in (
        path.relative_to(ROOT).as_posix(),
        *re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE),
    )
}


def test_there_are_promises() -> None:
    assert len(PROMISES) == len(re.findall(r"^\|.*`tests?[_/][^`]*` \|$", PAGE, re.MULTILINE)) > 20


@pytest.mark.parametrize(("promise", "held_by"), PROMISES, ids=[promise.strip() for promise, _ in PROMISES])
def test_a_promise_is_held_by_tests_that_are_there(promise: str, held_by: str) -> None:
    named = re.findall(r"`([^`]+)`", held_by)
    assert named
    assert set(named) <= TESTS
