"""A repository as checks may read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.errors import Undetermined
from orr.evidence.repository.globs import BadPattern, Pattern
from orr.evidence.repository.repository import Repository

FILES = ["README.md", "docs/a.md", "docs/runbooks/b.md", "docs/runbooks/deep/c.md", ".github/workflows/ci.yml", "x.txt"]


@pytest.fixture
def reader(tmp_path: Path, write) -> Repository:
    for path in [*FILES, ".git/config", "node_modules/m/README.md", ".venv/lib/a.md", "docs/.git/a.md"]:
        write(path, path)
    return Repository(tmp_path)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("docs/a.md", ["docs/a.md"]),
        ("./docs//a.md", ["docs/a.md"]),
        ("docs/runbooks/../a.md", ["docs/a.md"]),
        ("docs/*.md", ["docs/a.md"]),
        ("docs/**/*.md", ["docs/a.md", "docs/runbooks/b.md", "docs/runbooks/deep/c.md"]),
        ("**/*.md", ["README.md", "docs/a.md", "docs/runbooks/b.md", "docs/runbooks/deep/c.md"]),
        ("docs/**/runbooks/**/b.md", ["docs/runbooks/b.md"]),
        (".github/**/*.yml", [".github/workflows/ci.yml"]),
        ("**/ci.yml", [".github/workflows/ci.yml"]),
        ("docs/runbooks/", ["docs/runbooks/b.md", "docs/runbooks/deep/c.md"]),
        ("docs/runbooks/**", ["docs/runbooks/b.md", "docs/runbooks/deep/c.md"]),
        ("docs/?.md", ["docs/a.md"]),
        ("docs/[ab].md", ["docs/a.md"]),
        ("docs/[!a].md", []),
        ("docs", []),
        ("readme.md", []),
        (".git/config", []),
        ("node_modules/**", []),
    ],
)
def test_a_pattern_finds_the_files_that_it_names(reader: Repository, pattern: str, expected: list[str]) -> None:
    assert list(reader.find([pattern]).files) == expected
    assert not reader.find([pattern]).refused


@pytest.mark.parametrize(
    "pattern", ["/etc/passwd", "../x", "docs/../../x", "**/../x", "~/x", "C:/x", "a\\b", "", "  ", "a\0b"]
)
def test_a_pattern_never_leaves_the_repository(reader: Repository, pattern: str) -> None:
    with pytest.raises(Undetermined):
        reader.find([pattern])


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../outside.md", "docs/../../outside.md", ".git/config", "docs/.git/a.md"]
)
def test_nothing_outside_and_nothing_of_git_is_read(reader: Repository, tmp_path: Path, path: str) -> None:
    (tmp_path.parent / "outside.md").write_text("secret")
    with pytest.raises(Undetermined):
        reader.read(path)


def test_a_link_out_of_the_repository_is_refused_and_told(tmp_path: Path, write) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "a.md").write_text("secret")
    write("docs/real.md")
    (tmp_path / "docs/link.md").symlink_to(outside / "a.md")
    (tmp_path / "linked").symlink_to(outside)
    reader = Repository(tmp_path)

    assert list(reader.find(["docs/*.md"]).files) == ["docs/real.md"]
    assert set(reader.find(["docs/*.md"]).refused) == {"docs/link.md"}
    assert set(reader.find(["linked/a.md"]).refused) == {"linked"}
    assert set(reader.find(["**/*.md"]).refused) == {"docs/link.md", "linked"}
    assert not reader.find(["docs/real.md"]).refused
    for path in ("docs/link.md", "linked/a.md"):
        with pytest.raises(Undetermined, match="leads out"):
            reader.read(path)


def test_links_within_the_repository_are_followed_and_a_file_counts_once(tmp_path: Path, write) -> None:
    write("real/a.md", "a")
    (tmp_path / "docs").symlink_to(tmp_path / "real")
    (tmp_path / "b.md").symlink_to("real/a.md")
    reader = Repository(tmp_path)
    assert list(reader.find(["docs/*.md"]).files) == ["docs/a.md"]
    assert reader.text("docs/a.md") == reader.text("b.md") == "a"
    assert list(reader.find(["**/*.md"]).files) == ["real/a.md"]


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="it is not there"):
        Repository(tmp_path).read("a/b.md")


def test_a_path_outside_is_refused_whether_it_is_there_or_not(tmp_path: Path, write) -> None:
    (tmp_path / "gone").symlink_to("/etc/gone")
    (tmp_path / "there").symlink_to("/etc/hostname")
    told = []
    for path in ("gone", "there"):
        with pytest.raises(Undetermined) as cannot:
            Repository(tmp_path).read(path)
        told.append(str(cannot.value).replace(path, ""))
    assert told[0] == told[1]


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path, write) -> None:
    write("x.md")
    (tmp_path / "a.md").symlink_to("gone.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    assert set(Repository(tmp_path).find(["*.md"]).refused) == {"a.md", "loop.md"}


def test_loops_of_links_end(tmp_path: Path, write) -> None:
    write("a/x.md")
    write("b/y.md")
    for name in ("a", "b"):
        (tmp_path / name / "self").symlink_to(tmp_path / name)
        (tmp_path / name / "up").symlink_to(tmp_path)
        (tmp_path / name / "other").symlink_to(tmp_path / ("b" if name == "a" else "a"))
    found = Repository(tmp_path).find(["**/*.md"])
    assert list(found.files) == ["a/x.md", "b/y.md"]


@pytest.mark.slow
def test_many_folders_that_link_to_each_other_end_as_cannot_tell(tmp_path: Path) -> None:
    folders = [tmp_path / f"f{number}" for number in range(14)]
    for folder in folders:
        folder.mkdir()
        for other in folders:
            (folder / f"to-{other.name}").symlink_to(other)
    with pytest.raises(Undetermined, match="more than"):
        Repository(tmp_path).find(["**/*.md"])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a\0b", "binary"),
        (b"line\n\xff\xfe", ":2 is not UTF-8"),
        (b"x" * 2_000_001, "more than"),
        ("text".encode("utf-16"), "binary"),
    ],
    ids=["binary", "latin", "large", "utf-16"],
)
def test_what_is_no_text_of_bounded_size_is_told(tmp_path: Path, write, content: bytes, why: str) -> None:
    write("a.md", content)
    with pytest.raises(Undetermined, match=why):
        Repository(tmp_path).text("a.md")


def test_a_byte_order_mark_and_other_line_ends_do_not_matter(tmp_path: Path, write) -> None:
    write("a.md", b"\xef\xbb\xbfone\r\ntwo\rthree\n")
    assert Repository(tmp_path).text("a.md") == "one\ntwo\nthree\n"


def test_a_named_pipe_is_no_file_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    reader = Repository(tmp_path)
    assert set(reader.find(["*.md"]).refused) == {"pipe.md"}
    with pytest.raises(Undetermined, match="no regular file"):
        reader.read("pipe.md")


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.md")).touch()
    assert list(Repository(tmp_path).find(["*.md"]).refused) == ["?.md"]


def test_a_repository_that_is_not_there_cannot_be_told(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="does not exist"):
        Repository(tmp_path / "gone").find(["*"])


def test_a_thing_is_made_once_and_its_failure_too(tmp_path: Path) -> None:
    reader, made = Repository(tmp_path), []

    def fail() -> None:
        made.append(1)
        raise Undetermined("no")

    for _ in range(3):
        with pytest.raises(Undetermined):
            reader.cached("key", fail)
    assert made == [1]


segments = st.sampled_from(["**", "*", "a", "b*", "?", "[ab]", "a.md", "*.md"])
names = st.sampled_from(["a", "b", "ab", "a.md", "b.md"])


@given(st.lists(segments, min_size=1, max_size=5), st.lists(names, min_size=2, max_size=5))
def test_a_pattern_reaches_into_every_folder_of_what_it_matches(pattern: list[str], path: list[str]) -> None:
    read = Pattern("/".join(pattern))
    if read.matches("/".join(path)):
        assert all(read.reaches_into("/".join(path[:length])) for length in range(1, len(path)))


@settings(max_examples=examples(100))
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_pattern_is_read_or_refused(pattern: str, path: str) -> None:
    why = ""
    try:
        Pattern(pattern).matches(path)
    except BadPattern as bad:
        why = str(bad)
    assert why in ("", "empty", "absolute", "outside")
