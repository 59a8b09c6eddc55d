"""Where a path lies, told from its text, and what lies there."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT
from support.permissions import like_anybody

from orr.system.paths import exists, files_in, is_file, is_folder, is_link, relative_to

FAIL_WHERE_REFUSED = {"entry"}
"""Names of what has such a method and fails where it is refused: an entry of `os.scandir`."""


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


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.yaml").write_text("a")
    (tmp_path / "link").symlink_to("file.yaml")
    (tmp_path / "dangling").symlink_to("gone")
    (tmp_path / "circle").symlink_to("circle")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        # exists, is_file, is_folder, is_link
        ("folder", (True, False, True, False)),
        ("file.yaml", (True, True, False, False)),
        ("link", (True, True, False, True)),
        ("dangling", (False, False, False, True)),
        ("circle", (False, False, False, True)),
        ("gone", (False, False, False, False)),
        ("file.yaml/below", (False, False, False, False)),
        ("nul\0character", (False, False, False, False)),
    ],
    ids=lambda value: value[:20].replace("\0", "-") if isinstance(value, str) else "",
)
def test_what_lies_at_a_path(place: Path, name: str, answers: tuple[bool, ...]) -> None:
    path = f"{place}/{name}"
    assert tuple(look(path) for look in (exists, is_file, is_folder, is_link)) == answers


@pytest.mark.parametrize("look", [exists, is_file, is_folder, is_link])
def test_what_is_refused_does_not_count_as_absent(place: Path, look: Callable[[Path], bool]) -> None:
    closed = place / "folder"
    closed.chmod(0)
    try:
        with like_anybody(), pytest.raises(PermissionError):
            look(closed / "file")
    finally:
        closed.chmod(0o700)


@pytest.mark.parametrize("look", [exists, is_file, is_folder, is_link])
def test_a_name_that_is_too_long_is_refused(place: Path, look: Callable[[Path], bool]) -> None:
    with pytest.raises(OSError, match="too long"):
        look(place / ("n" * 300))


def test_files_of_a_folder_are_listed_by_suffix_and_never_silently_none(place: Path) -> None:
    assert files_in(place, ".yaml") == [place / "file.yaml"]
    place.chmod(0)
    try:
        with like_anybody(), pytest.raises(PermissionError):
            files_in(place, ".yaml")
    finally:
        place.chmod(0o700)


LOOKS = {"exists", "is_file", "is_dir", "is_symlink", "is_mount", "is_socket", "is_fifo", "is_block_device"}


def test_no_module_asks_a_path_in_the_way_that_answers_no_where_it_is_refused() -> None:
    asked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "orr").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Attribute)
        if node.func.attr in LOOKS and ast.unparse(node.func.value) not in FAIL_WHERE_REFUSED
    ]
    assert asked == []
