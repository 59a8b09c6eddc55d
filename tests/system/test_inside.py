"""Opening what lies within a folder."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from orr.system.inside import open_inside

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows opens no file from the descriptor of a folder")


def content(root: Path, within: str) -> str:
    with os.fdopen(open_inside(str(root), within), encoding="utf-8") as file:
        return file.read()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root" / "a" / "b").mkdir(parents=True)
    (tmp_path / "root" / "a" / "b" / "c.txt").write_text("inside", encoding="utf-8")
    (tmp_path / "outside" / "b").mkdir(parents=True)
    (tmp_path / "outside" / "b" / "c.txt").write_text("secret", encoding="utf-8")
    return tmp_path / "root"


def test_a_file_is_opened_by_its_real_path(root: Path) -> None:
    assert content(root, "a/b/c.txt") == "inside"


@pytest.mark.parametrize("step", ["a", "a/b", "a/b/c.txt"])
def test_no_step_of_the_way_may_be_a_link(root: Path, step: str) -> None:
    target = root.parent / "outside" / os.path.relpath(step, "a")
    (root / step).rename(root / "elsewhere")
    (root / step).symlink_to(target)
    with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
        content(root, "a/b/c.txt")


@pytest.mark.parametrize(("within", "error"), [("a/gone", FileNotFoundError), ("a/b/c.txt/d", NotADirectoryError)])
def test_what_is_not_there_is_reported_as_such(root: Path, within: str, error: type[OSError]) -> None:
    with pytest.raises(error):
        content(root, within)


def test_a_pipe_without_a_writer_holds_nobody_up(root: Path) -> None:
    os.mkfifo(root / "pipe")
    os.close(open_inside(str(root), "pipe"))


def test_a_folder_that_is_exchanged_for_a_link_again_and_again_leads_nowhere_else(root: Path) -> None:
    ended = threading.Event()

    def exchange() -> None:
        while not ended.is_set():
            (root / "a").rename(root / "kept")
            (root / "a").symlink_to(root.parent / "outside")
            (root / "a").unlink()
            (root / "kept").rename(root / "a")

    other = threading.Thread(target=exchange)
    other.start()
    read, refused = set(), 0
    try:
        for _ in range(3_000):
            try:
                read.add(content(root, "a/b/c.txt"))
            except OSError:
                refused += 1
    finally:
        ended.set()
        other.join()
    assert read <= {"inside"}
    assert refused
