"""Which files git tracks, and when each was last committed."""

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

from orr.evidence.repository.git import MAX_WORD, History
from orr.evidence.repository.repository import Repository


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
    assert history.is_shallow
    history.close()
    whole = Repository(origin).history
    assert not whole.is_shallow
    whole.close()


def test_a_name_of_any_signs_has_its_own_day(tmp_path: Path, write, git) -> None:
    git("init")
    names = ['quo"te.md', "tab\there.md", "line\nfeed.md", "back\\slash.md", "first.md", "-dash.md", "\x1bescape.md"]
    for number, name in enumerate(names, 1):
        write(name)
        git("add", ".")
        git("commit", "-m", "x", on=f"2025-01-{number:02}")
    write("\nfirst.md")  # whose name git prints after a line feed, as it does the first of each commit
    write("\nother.md")
    git("add", ".")
    git("commit", "-m", "x", on="2026-11-01")
    history = Repository(tmp_path).history
    assert [history.last_commit(name) for name in names] == [date(2025, 1, day) for day, _ in enumerate(names, 1)]
    assert history.last_commit("\nfirst.md") == history.last_commit("\nother.md") == date(2026, 11, 1)
    assert history.last_commit("other.md") is None
    history.close()


def test_a_commit_without_files_dates_nothing(tmp_path: Path, write, git) -> None:
    git("init")
    for day in ("2026-01-01", "2026-01-03"):
        write(f"{day}.md")
        git("add", ".")
        git("commit", "-m", "x", on=day)
        git("commit", "--allow-empty", "-m", "none", on="2026-02-02")
    history = Repository(tmp_path).history
    assert [history.last_commit(f"2026-01-0{day}.md") for day in (1, 3)] == [date(2026, 1, 1), date(2026, 1, 3)]
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


PRINTS = '#!/bin/sh\nfor word do case "$word" in version|ls-files|rev-parse|log) exec cat "$0.$word";; esac; done\n'
COMMIT = "0123456789abcdef" * 2 + "01234567 1795400000"
RIGHT = {
    "version": "git version 2.45.0\n",
    "ls-files": "a.md\0sub/b c.md\0空.md\0",
    "rev-parse": f"/nowhere/.git\nsha1\n{COMMIT[:40]}\n",
    "log": f"\0{COMMIT}\0\na.md\0sub/b c.md\0\0{COMMIT.replace('67 1', '89 1')}\0\n空.md\0",
}


@pytest.fixture
def printing(tmp_path: Path, write, monkeypatch):
    """Put a git in place that prints what it is given, in a folder that seems to be a work tree."""

    def put(**printed: str | bytes) -> History:
        for name, right in RIGHT.items():
            write(f"bin/git.{name}", printed.get(name.replace("-", "_"), right))
        return History(tmp_path)

    write("bin/git", PRINTS).chmod(0o755)
    write(".git/HEAD")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return put


@settings(max_examples=examples(30))
@given(
    part=st.sampled_from(["ls_files", "rev_parse", "log"]),
    printed=st.one_of(st.binary(max_size=80), CHANGES),
    shallow=st.one_of(st.none(), st.binary(max_size=60), st.just(COMMIT[:40].encode())),
)
def test_whatever_git_prints_a_file_has_a_day_or_none(
    printing, write, part: str, printed: bytes | list[tuple[int, int, int, str]], shallow: bytes | None
) -> None:
    right = RIGHT[part.replace("_", "-")]
    text = changed(right, printed).encode("utf-8", "surrogatepass") if isinstance(printed, list) else printed
    (write(".git/x").parent / "shallow").unlink(missing_ok=True)
    if shallow is not None:
        write(".git/shallow", shallow)
    history = printing(**{part: text})
    tracked = history.tracked
    assert tracked is None or all(isinstance(path, str) and path for path in tracked)
    for path in ("a.md", "空.md", *sorted(tracked or ())[:3]):
        day = history.last_commit(path)
        assert day is None or isinstance(day, date)
    history.close()


@pytest.mark.parametrize(
    ("log", "shallow", "day"),
    [
        (f"\0{COMMIT}\0\na.md\0", "", date(2026, 11, 23)),
        (f"\0{COMMIT}\0\na.md", "", None),
        (f"\0{COMMIT}\0\na.md\0", COMMIT[:40], None),
        (f"\0{COMMIT[1:]}\0\na.md\0", "", None),
        (f"\0{COMMIT}\0\n{'x' * 3 * MAX_WORD}\0a.md\0", "", None),
    ],
    ids=["right", "cut off", "where a shallow clone ends", "no commit", "a name longer than any path"],
)
def test_a_day_is_believed_only_where_git_is_understood(
    printing, tmp_path: Path, write, log: str, shallow: str, day: date | None
) -> None:
    write(".git/shallow", shallow)
    history = printing(rev_parse=f"{tmp_path}/.git\nsha1\n{COMMIT[:40]}\n", log=log)
    assert "a.md" in (history.tracked or ())
    assert history.last_commit("a.md") == day
    history.close()


def test_git_is_asked_only_below_a_work_tree(printing, tmp_path: Path, write) -> None:
    history = printing()
    folder = tmp_path / "some" / "folder"
    folder.mkdir(parents=True)
    assert History(folder).tracked == history.tracked == {"a.md", "sub/b c.md", "空.md"}
    (tmp_path / ".git" / "HEAD").unlink()
    assert (History(folder).tracked, History(folder).refusal) == (None, None)
    write(".git/HEAD")


@pytest.mark.parametrize(
    ("printed", "says"),
    [({"rev_parse": "no"}, "does not answer"), ({"version": "git version 2.3.1"}, "is too old")],
    ids=["nonsense", "old"],
)
def test_why_git_says_nothing_is_told(printing, printed: dict[str, str], says: str) -> None:
    history = printing(**printed)
    assert history.tracked is None
    assert says in str(history.refusal)
