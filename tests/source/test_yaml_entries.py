"""One entry of a mapping is changed; all else of the file stays as people wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.source.yaml import parse
from orr.source.yaml.entries import with_entry
from orr.source.yaml.writer import dump

TEXT = """\
# who answers what
team: payments
answers:
    # asked in March
    c/b: {answer: yes}  # since 2024

    # asked in May
    c/d:
        answer: no
        note: |
            two
            lines
repository: ../x  # theirs
"""
YES = {"answer": "yes", "by": "ana"}
NEW = "answer: yes\n        by: ana\n"


@pytest.mark.parametrize(
    ("name", "value", "old", "new"),
    [
        pytest.param(
            "c/b", YES, "c/b: {answer: yes}  # since 2024\n", "c/b:\n      answer: yes\n      by: ana\n", id="other"
        ),
        pytest.param("c/d", None, TEXT[TEXT.index("    c/d") : TEXT.index("repository")], "", id="gone"),
        pytest.param("c/c", YES, "    c/d:\n", "    c/c:\n      answer: yes\n      by: ana\n    c/d:\n", id="between"),
        pytest.param("c/e", YES, "repository", "    c/e:\n      answer: yes\n      by: ana\nrepository", id="last"),
    ],
)
def test_all_other_lines_stay(name: str, value: dict[str, Any] | None, old: str, new: str) -> None:
    assert with_entry(TEXT, "answers", name, value) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("team: a\n", id="no answers yet"),
        pytest.param("team: a\nanswers:\n", id="none"),
        pytest.param("team: a\nanswers: {}", id="an empty mapping, and no line end"),
        pytest.param("{team: a, answers: {c/b: {answer: no}}}\n", id="on one line"),
        pytest.param("answers:\n  c/a: &one {answer: yes}\n  c/b: *one\nteam: a\n", id="an alias"),
    ],
)
def test_it_is_written_into_any_layout(text: str) -> None:
    read = parse(text, "")
    changed = parse(with_entry(text, "answers", "c/a", YES), "")
    assert changed == {**read, "answers": {**(read.get("answers") or {}), "c/a": YES}}


NAMES = st.sampled_from(["c/a", "c/b", "c/c", "c/d"])
VALUES = st.fixed_dictionaries({"answer": st.sampled_from(["yes", "no"]), "note": st.text(max_size=20)})


@given(st.dictionaries(NAMES, VALUES), NAMES, st.none() | VALUES)
def test_what_is_read_is_what_was_meant(entries: dict[str, Any], name: str, value: dict[str, Any] | None) -> None:
    text = dump({"answers": entries, "team": "a"})
    wanted = {other: one for other, one in entries.items() if other != name} | ({name: value} if value else {})
    assert parse(with_entry(text, "answers", name, value), "") == {"answers": wanted, "team": "a"}
