"""Where a path lies, told from its text."""

from __future__ import annotations

import os

import pytest

from orr.system.paths import relative_to


@pytest.mark.parametrize(
    ("path", "folder", "rest"),
    [
        ("/a/b/c", "/a", "b/c"),
        ("/a/b", "/a/", "b"),
        ("/a", "/a", ""),
        ("/a", "/", "a"),
        ("/ab", "/a", None),
        ("/a", "/a/b", None),
        ("a/b", "/a", None),
    ],
    ids=["below", "a slash at the end", "itself", "the root", "a longer name", "above", "relative"],
)
def test_what_lies_below_a_folder_is_told_from_its_text(path: str, folder: str, rest: str | None) -> None:
    def own(text: str) -> str:
        return text.replace("/", os.sep)

    assert relative_to(own(path), own(folder)) == (None if rest is None else own(rest))
