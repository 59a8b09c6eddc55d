"""File patterns: what they match, and in what time."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence.checks.ownership.codeowners import read_codeowners
from orr.evidence.repository.globs import Pattern

NAMES = st.text("ab-", min_size=1, max_size=4)
PATHS = st.lists(NAMES, min_size=1, max_size=5)
SEGMENTS = st.lists(
    st.just("**") | st.text("ab-*?", min_size=1, max_size=5).filter(lambda one: "**" not in one), min_size=1, max_size=5
)


def matches(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """The definition, tried in every way."""
    if not pattern:
        return not path
    if pattern[0] == "**" and len(pattern) > 1:
        return matches(pattern[1:], path) or (bool(path) and matches(pattern, path[1:]))
    if pattern[0] == "**":
        return bool(path)
    return bool(path) and fnmatchcase(path[0], pattern[0]) and matches(pattern[1:], path[1:])


@given(SEGMENTS, PATHS)
def test_a_pattern_matches_by_its_definition(segments: list[str], path: list[str]) -> None:
    assert Pattern("/".join(segments)).matches("/".join(path)) is matches(segments, path)


@given(SEGMENTS, PATHS, PATHS)
def test_a_pattern_reaches_into_every_folder_above_what_it_matches(
    segments: list[str], folder: list[str], below: list[str]
) -> None:
    pattern = Pattern("/".join(segments))
    if pattern.matches("/".join((*folder, *below))):
        assert pattern.reaches_into("/".join(folder))


@pytest.mark.parametrize(("pattern", "folder", "reaches"), [
    ("a/*.md", "a", True), ("a/*.md", "b", False), ("a/*.md", "a/b", False), ("a/**", "a/b/c", True),
    ("a/**/b", "a/c", True), ("a/**/b", "c", False), ("**", "a", True), ("a", "a", False),
])  # fmt: skip
def test_a_pattern_reaches_where_something_below_could_match(pattern: str, folder: str, reaches: bool) -> None:
    assert Pattern(pattern).reaches_into(folder) is reaches


@pytest.mark.parametrize(("pattern", "path", "expected"), [
    ("a[.-0]b", "a/b", False), ("a[.-0]b", "a.b", True), ("a[!x]b", "a/b", False), ("[z-a]", "b", False),
    ("[]]", "]", True), ("[!]]", "a", True), ("[a&&b]", "&", True), ("[a", "[a", True),
])  # fmt: skip
def test_a_class_of_signs_holds_no_slash_and_none_that_a_wrong_range_names(
    pattern: str, path: str, expected: bool
) -> None:
    assert Pattern(pattern).matches(path) is expected


WORST = {
    "*-*-*-*": "-" * 4_000 + "/x",
    "*a" * 20 + "b": "a" * 4_000,
    "*a" * 400 + "b": "a" * 4_000,
    "**/a/" * 30 + "b": "a/" * 1_500 + "a",
    "**/*a*a*a/" * 8 + "b": "aaaaaaaaaaaa/" * 300 + "a",
    "?*" * 200: "a" * 4_000 + "/",
}


@pytest.mark.parametrize("pattern", WORST, ids=[one[:12] for one in WORST])
def test_no_pattern_takes_more_than_a_moment(pattern: str) -> None:
    assert not Pattern(pattern).matches(WORST[pattern])
    assert Pattern(pattern).reaches_into(WORST[pattern]) in (True, False)
    owners = read_codeowners(f"{pattern[:1000]} @ana\n", "CODEOWNERS")
    assert owners.owners(WORST[pattern]) in ((), ("@ana",))
