"""A repository as checks may read it."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import CHANGES, changed, examples

from orr.evidence.errors import Undetermined
from orr.evidence.repository.git import MAX_LINE, History
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


def test_git_tells_which_files_are_tracked_and_when_each_was_committed(tmp_path: Path, write, git) -> None:
    git("init")
    write("sub/a.md", "1")
    write("sub/空 格.md", "1")
    write("sub/b.md", "1")
    git("add", ".")
    git("commit", "-m", "one", on="2026-01-01")
    write("sub/b.md", "2")
    git("commit", "-am", "two", on="2026-02-02")
    write("sub/untracked.md")
    history = Repository(tmp_path / "sub").history
    assert history.tracked == {"a.md", "b.md", "空 格.md"}
    assert history.last_commit("a.md") == history.last_commit("空 格.md") == date(2026, 1, 1)
    assert history.last_commit("b.md") == date(2026, 2, 2)
    assert history.last_commit("untracked.md") is None
    history.close()


def test_a_shallow_clone_does_not_make_old_files_new(tmp_path: Path, write, git) -> None:
    git("init", "origin")
    origin = tmp_path / "origin"
    for number, day in enumerate(("2025-01-01", "2026-11-01")):
        write(f"origin/{number}.md")
        git("add", ".", folder=origin)
        git("commit", "-m", "x", on=day, folder=origin)
    git("clone", "--depth=1", f"file://{origin}", "clone")
    history = Repository(tmp_path / "clone").history
    assert history.tracked == {"0.md", "1.md"}
    assert history.last_commit("0.md") is None
    history.close()


def test_a_repository_cannot_make_git_run_its_commands(tmp_path: Path, write, git) -> None:
    git("init")
    write("a.md")
    git("add", ".")
    git("commit", "-m", "x")
    script = write("evil.sh", f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "gpg.program", "diff.external", "core.sshCommand"):
        git("config", key, str(script))
    git("config", "log.showSignature", "true")
    history = Repository(tmp_path).history
    assert history.last_commit("a.md") == date(2026, 11, 1)
    assert not (tmp_path / "ran").exists()
    history.close()


def test_without_git_nothing_is_tracked(tmp_path: Path, write, monkeypatch) -> None:
    write("a.md")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("git") is None
    history = Repository(tmp_path).history
    assert history.tracked is None
    assert history.last_commit("a.md") is None


@pytest.mark.parametrize("when", ["99999999999999", "253402300799", "1e9", "-1", "0"])
def test_a_commit_of_any_time_has_a_day_or_none(tmp_path: Path, write, git, when: str) -> None:
    git("init")
    write("a.md")
    git("add", ".")
    tree = git("write-tree").strip()
    about = f"tree {tree}\nauthor A <a@example.com> {when} +0000\ncommitter A <a@example.com> {when} +0000\n\nx\n"
    (tmp_path / "commit").write_text(about)
    commit = git("hash-object", "-t", "commit", "-w", "--literally", "commit").strip()
    git("update-ref", "HEAD", commit)
    history = Repository(tmp_path).history
    day = history.last_commit("a.md", ZoneInfo("Asia/Shanghai"))
    assert day is None or date(1969, 12, 31) <= day <= date(9999, 12, 31)
    history.close()


PRINTS = '#!/bin/sh\nfor word do case "$word" in ls-files|rev-parse|log) exec cat "$0.$word";; esac; done\n'
COMMIT = "\0" + "0123456789abcdef" * 2 + "01234567 1795400000\n"
RIGHT = {
    "ls-files": "a.md\0sub/b c.md\0空.md\0",
    "rev-parse": "shallow\n",
    "log": f"{COMMIT}\na.md\nsub/b c.md\n{COMMIT.replace('67 1', '89 1')}\n空.md\n",
}


@settings(max_examples=examples(30))
@given(
    part=st.sampled_from(["ls-files", "rev-parse", "log"]),
    printed=st.one_of(st.binary(max_size=80), CHANGES),
    shallow=st.one_of(st.none(), st.binary(max_size=60), st.just(COMMIT[1:41].encode())),
)
def test_whatever_git_prints_a_file_has_a_day_or_none(
    tmp_path: Path, part: str, printed: bytes | list[tuple[int, int, int, str]], shallow: bytes | None
) -> None:
    program = tmp_path / "bin" / "git"
    if not program.exists():
        program.parent.mkdir()
        program.write_text(PRINTS)
        program.chmod(0o755)
        (tmp_path / ".git").mkdir()
    for name, right in RIGHT.items():
        text = changed(right, printed).encode("utf-8", "surrogatepass") if isinstance(printed, list) else printed
        (program.parent / f"git.{name}").write_bytes(text if name == part else right.encode())
    (tmp_path / "shallow").unlink(missing_ok=True)
    if shallow is not None:
        (tmp_path / "shallow").write_bytes(shallow)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        history = History(tmp_path)
        tracked = history.tracked
        assert tracked is None or all(isinstance(path, str) and path for path in tracked)
        for path in ("a.md", "空.md", *sorted(tracked or ())[:3]):
            day = history.last_commit(path)
            assert day is None or isinstance(day, date)
        history.close()


@pytest.mark.parametrize(
    ("log", "shallow", "day"),
    [
        (f"{COMMIT}\na.md\n", "shallow\n", date(2026, 11, 23)),
        (f"{COMMIT}\na.md\n", "9" * 5_000, None),
        (f"{COMMIT}\na.md\n", None, None),
        (f"{COMMIT}\n{'x' * MAX_LINE}a.md\n", "shallow\n", None),
    ],
    ids=["right", "no path", "refused", "a name longer than any path"],
)
def test_a_day_is_believed_only_where_git_is_understood(
    tmp_path: Path, write, monkeypatch, log: str, shallow: str | None, day: date | None
) -> None:
    program = write("bin/git", PRINTS)
    program.chmod(0o755)
    write(".git/HEAD", "")
    write("bin/git.ls-files", "a.md\0")
    write("bin/git.log", log)
    if shallow is not None:
        write("bin/git.rev-parse", shallow)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    history = History(tmp_path)
    assert (history.tracked, history.last_commit("a.md")) == ({"a.md"}, day)
    history.close()


def test_git_is_asked_only_below_a_work_tree(tmp_path: Path, write, monkeypatch) -> None:
    program = write("bin/git", PRINTS)
    program.chmod(0o755)
    write("bin/git.ls-files", "a.md\0")
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    folder = tmp_path / "some" / "folder"
    folder.mkdir(parents=True)
    assert History(folder).tracked is None
    write(".git", "gitdir: elsewhere\n")
    assert History(folder).tracked == {"a.md"}


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
