"""git, run on repositories of others."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from orr.system import processes
from orr.system.git import Git, GitRefused, work_tree

REAL = shutil.which("git")
assert REAL is not None, "the tests need git"
ODD = [
    "a b.md",
    'quo"te.md',
    "tab\there.md",
    "line\nfeed.md",
    "back\\slash.md",
    "\nfirst.md",
    "空.md",
    "-dash.md",
    ":colon",
]


@pytest.fixture
def repository(tmp_path: Path, git) -> Path:
    """A repository of two commits, with a tag, a branch and a worktree beside it."""
    root = tmp_path / "repository"
    git("init", "--quiet", str(root))
    for number in "12":
        (root / "docs").mkdir(exist_ok=True)
        (root / "docs" / "a.md").write_text(number)
        (root / f"{number}.md").write_text(number)
        git("add", ".", folder=root)
        git("commit", "--quiet", "-m", number, folder=root)
    git("tag", "-a", "v1", "-m", "one", "HEAD~1", folder=root)
    git("worktree", "add", "--quiet", str(tmp_path / "tree"), "-b", "feature", folder=root)
    return root


@pytest.fixture
def fake_git(write, monkeypatch) -> Callable[[str], None]:
    """Put a script in the place of git."""

    def put(script: str) -> None:
        write("bin/git", f"#!/bin/sh\n{script}\n").chmod(0o755)
        monkeypatch.setenv("PATH", f"{write('bin/x').parent}{os.pathsep}{os.environ['PATH']}")

    return put


def listed(folder: Path) -> set[str]:
    with closing(Git(folder)) as opened:
        return {os.fsdecode(name) for name in opened.run("ls-files", "-z").split(b"\0") if name}


def content(root: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in root.rglob("*") if path.is_file()}


# Which repository a folder belongs to


def test_a_folder_belongs_to_the_nearest_work_tree(tmp_path: Path, repository: Path, git) -> None:
    git("init", "--quiet", "docs/nested", folder=repository)
    (repository / "docs" / "nested" / "deep").mkdir()
    (repository / "docs" / ".git").mkdir()  # empty: git takes it for none
    assert work_tree(repository / "docs") == repository
    assert work_tree(repository / "docs" / "nested" / "deep") == repository / "docs" / "nested"
    assert work_tree(tmp_path / "tree") == tmp_path / "tree"
    assert work_tree(tmp_path) is None


def test_paths_are_relative_to_the_folder(repository: Path) -> None:
    assert listed(repository) == {"1.md", "2.md", "docs/a.md"}
    assert listed(repository / "docs") == {"a.md"}


def test_a_worktree_shares_the_objects_and_has_its_own_files(tmp_path: Path, repository: Path, git) -> None:
    tree = tmp_path / "tree"
    (tree / "only.md").write_text("here")
    git("add", ".", folder=tree)
    git("commit", "--quiet", "-m", "three", folder=tree)
    assert listed(tree) == {"1.md", "2.md", "docs/a.md", "only.md"}
    with closing(Git(tree)) as opened:
        assert opened.common.resolve() == repository / ".git"
        assert opened.run("show", f"{opened.head}:only.md") == b"here"


def test_a_submodule_is_a_repository_of_its_own(tmp_path: Path, repository: Path, git) -> None:
    outer = tmp_path / "outer"
    git("init", "--quiet", str(outer))
    allow = ("-c", "protocol.file.allow=always")
    git(*allow, "submodule", "--quiet", "add", str(repository), "inner", folder=outer)
    assert (outer / "inner" / ".git").is_file()
    assert listed(outer / "inner" / "docs") == {"a.md"}
    assert listed(outer) == {".gitmodules", "inner"}


def test_a_bare_repository_within_a_folder_is_not_taken_for_it(repository: Path, git) -> None:
    git("clone", "--quiet", "--bare", ".", "docs/bare", folder=repository)
    git("config", "core.bare", "false", folder=repository / "docs" / "bare")
    for folder in (repository / "docs" / "bare", repository / "docs" / "bare" / "refs"):
        with closing(Git(folder)) as opened:
            assert opened.top == repository


def test_the_settings_of_a_repository_move_it_nowhere(tmp_path: Path, repository: Path, git) -> None:
    (tmp_path / "elsewhere").mkdir()
    git("config", "core.worktree", str(tmp_path / "elsewhere"), folder=repository)
    assert listed(repository / "docs") == {"a.md"}


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_before_the_first_commit_nothing_is_checked_out(tmp_path: Path, write, git, form: str) -> None:
    git("init", "--quiet", f"--object-format={form}")
    write("a.md", "x")
    git("add", ".")
    with closing(Git(tmp_path)) as opened:
        assert opened.head is None
    assert listed(tmp_path) == {"a.md"}
    git("commit", "--quiet", "-m", "x")
    with closing(Git(tmp_path)) as opened:
        assert opened.head is not None
        assert opened.run("show", f"{opened.head}:a.md") == b"x"


def test_objects_and_an_index_may_be_kept_in_several_places(tmp_path: Path, repository: Path, git) -> None:
    git("clone", "--quiet", "--shared", str(repository), "borrower")
    borrower = tmp_path / "borrower"
    git("update-index", "--split-index", folder=borrower)
    assert list((borrower / ".git").glob("sharedindex.*"))
    assert listed(borrower) == {"1.md", "2.md", "docs/a.md"}
    with closing(Git(borrower)) as opened:
        assert opened.commit("HEAD~1") is not None


@pytest.mark.parametrize("name", ODD)
def test_a_name_of_any_signs_is_read_as_it_is(tmp_path: Path, write, git, name: str) -> None:
    git("init", "--quiet")
    write(name, "x")
    git("add", ".")
    assert listed(tmp_path) == {name}


# Objects


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_objects_are_read_one_after_the_other(tmp_path: Path, write, git, form: str) -> None:
    git("init", "--quiet", f"--object-format={form}")
    for name in ODD:
        write(f"odd/{name}", name)
    write("big", "x" * 100_000)
    write("inner/.gitkeep", "")
    git("add", ".")
    git("commit", "--quiet", "-m", "x")
    with closing(Git(tmp_path)) as opened:
        tree = opened.object(f"{opened.head}:odd")
        assert tree is not None
        assert {name for _, _, name in tree.entries()} == {*ODD}
        for kind, blob, name in tree.entries():
            read = opened.object(blob)
            assert (kind, read and read.kind, read and read.content) == ("blob", "blob", name.encode())
        for most, content in ((99_999, None), (100_000, b"x" * 100_000)):  # and on it goes where one was too large
            big = opened.object(f"{opened.head}:big", most)
            assert big is not None
            assert big.content == content
        top = opened.object(f"{opened.head}:")
        assert top is not None
        assert [(kind, name) for kind, _, name in top.entries()] == [
            ("blob", "big"),
            ("tree", "inner"),
            ("tree", "odd"),
        ]


@pytest.mark.parametrize("name", ["HEAD:nowhere", "0" * 40, "nothing", "HEAD:line\nfeed.md", "", "HEAD:1.md blob 1"])
def test_of_what_is_not_there_there_is_no_object(repository: Path, name: str) -> None:
    with closing(Git(repository)) as opened:
        assert opened.object(name) is None
        assert opened.object(f"{opened.head}:1.md") is not None


@pytest.mark.parametrize("script", ["exit 1", "echo what; cat", "read a; echo $a blob 9; echo x", "exec sleep 60"])
def test_a_git_that_gives_no_object_is_refused(repository: Path, fake_git, script: str) -> None:
    fake_git(f'for last; do :; done; [ "$last" = --batch ] || exec {REAL} "$@"\n{script}')
    with closing(Git(repository, seconds=0.3)) as opened, pytest.raises(GitRefused, match=r"git cat-file|Broken pipe"):
        opened.object("0" * 40)


def test_after_an_answer_that_was_none_another_git_is_asked(repository: Path, fake_git, tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    asks = f'for last; do :; done; [ "$last" = --batch ] && [ ! -e {tried} ] || exec {REAL} "$@"'
    fake_git(f"{asks}\ntouch {tried}; echo what; echo {'0' * 40} blob 1; cat")
    with closing(Git(repository)) as opened:
        with pytest.raises(GitRefused, match="gave no answer"):
            opened.object("HEAD:1.md")
        found = opened.object("HEAD:1.md")
        assert found is not None
        assert found.content == b"1"


@pytest.mark.parametrize(("taken", "count"), [(1, 1), (5, 2)], ids=["the first alone", "all"])
def test_lines_are_read_as_they_are_asked_for_and_git_ends_with_them(repository: Path, taken: int, count: int) -> None:
    with closing(Git(repository)) as opened, closing(opened.lines("log", "--format=%s")) as lines:
        assert [line for _, line in zip(range(taken), lines, strict=False)] == [b"2\n", b"1\n"][:count]


@pytest.mark.parametrize("script", ["echo a; exit 1", "echo a; exec sleep 60"], ids=["fails", "takes too long"])
def test_a_git_that_does_not_come_to_its_end_is_refused_after_its_lines(
    repository: Path, fake_git, script: str
) -> None:
    fake_git(f'case "$*" in *log*) {script};; esac; exec {REAL} "$@"')
    with closing(Git(repository, seconds=0.3)) as opened:
        lines = opened.lines("log")
        assert next(lines) == b"a\n"
        with pytest.raises(GitRefused, match="git log ended with"):
            next(lines)


# What names stand for


@pytest.mark.parametrize(
    ("revision", "steps"),
    [("main", 0), ("HEAD", 0), ("@", 0), ("main~1", 1), ("HEAD^", 1), ("v1", 1), ("refs/tags/v1", 1), ("main@{1}", 1),
     ("v1^{}", 1), ("feature~1", 1), ("nowhere", None), ("v1~7", None), ("main:1.md", None)],
)  # fmt: skip
def test_a_revision_names_a_commit_or_none(repository: Path, git, revision: str, steps: int | None) -> None:
    commits = git("log", "--format=%H", folder=repository).split()
    with closing(Git(repository)) as opened:
        assert opened.commit(revision) == (None if steps is None else commits[steps])


@pytest.mark.parametrize("length", [7, 12, 40])
def test_a_commit_may_be_named_by_its_beginning(repository: Path, git, length: int) -> None:
    commit = git("rev-parse", "HEAD~1", folder=repository).strip()
    with closing(Git(repository)) as opened:
        assert opened.commit(commit[:length]) == commit


def test_only_settings_that_name_no_program_are_taken_over(repository: Path, git, monkeypatch, write) -> None:
    settings = '[core]\n\tautocrlf = input\n\teditor = vi\n\texcludesFile = ~/mine\n[filter "x"]\n\tclean = x\n'
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(write("settings", settings)))
    monkeypatch.setenv("HOME", "/home/of-whom")
    git("config", "core.fsmonitor", "x", folder=repository)
    git("config", "core.eol", "lf", folder=repository)
    with closing(Git(repository)) as opened:
        keys = [word.partition("=")[0] for word in opened.comparing()[1::2]]
        assert set(keys) <= {"core.excludesfile", "core.autocrlf", "core.eol", "core.filemode"}
        assert {"core.excludesfile=/home/of-whom/mine", "core.autocrlf=input", "core.eol=lf"} <= {*opened.comparing()}


# What is refused


def test_a_repository_of_somebody_else_is_refused_unless_the_user_says_that_it_is_safe(
    repository: Path, fake_git, monkeypatch, write
) -> None:
    fake_git(f'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {REAL} "$@"')
    monkeypatch.setenv("HOME", str(write("home/.gitconfig", "").parent))
    monkeypatch.delenv("GIT_CONFIG_GLOBAL", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    with pytest.raises(GitRefused, match="dubious ownership"):
        Git(repository)
    write("home/.gitconfig", f"[safe]\n\tdirectory = {repository}\n")
    assert "1.md" in listed(repository)
    write("home/.gitconfig", "")
    for name, value in {"COUNT": "1", "KEY_0": "safe.directory", "VALUE_0": "*"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    assert "1.md" in listed(repository)


@pytest.mark.parametrize(
    ("script", "kind", "says"),
    [
        ("echo git version 2.17.1", "old", "2.17.1"),
        ("echo git version 1.9", "old", "1.9"),
        ("echo something else", "old", "something else"),
        ("echo >&2 no; exit 1", "old", ""),
        (f'[ "$1" = version ] && exec {REAL} version; echo >&2 it broke; exit 128', "failed", "it broke"),
        (f'[ "$1" = version ] && exec {REAL} version; exec sleep 60', "failed", "TimeoutExpired"),
        (f'[ "$1" = version ] && exec {REAL} version; echo what', "failed", "not a git repository"),
    ],
    ids=["old", "very old", "no version", "no answer", "an error", "silence", "nonsense"],
)
def test_a_git_that_cannot_be_relied_on_is_not_asked(
    repository: Path, fake_git, script: str, kind: str, says: str
) -> None:
    fake_git(script)
    with pytest.raises(GitRefused) as refused:
        Git(repository, seconds=0.5)
    assert (refused.value.kind, says in refused.value.problem) == (kind, True)


@pytest.mark.parametrize("path", ["", ":", ".", "bin", ".:bin:", "bin/../bin"])
def test_a_program_of_the_current_folder_is_never_run(
    repository: Path, write, monkeypatch, tmp_path: Path, path: str
) -> None:
    for place in ("git", "bin/git"):
        write(place, f'#!/bin/sh\ntouch {tmp_path}/ran\nexec {REAL} "$@"\n').chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", path)
    with pytest.raises(GitRefused) as refused:
        Git(repository)
    assert refused.value.kind == "missing"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("broken", ["gitdir: nowhere\n", "", "gitdir: ../repository/docs\n"])
def test_a_git_file_that_leads_nowhere_is_no_repository(tmp_path: Path, repository: Path, write, broken: str) -> None:
    write("odd/.git", broken)
    with pytest.raises(GitRefused):
        Git(tmp_path / "odd")


def test_an_object_that_a_partial_clone_left_out_is_not_fetched(tmp_path: Path, repository: Path, git, write) -> None:
    program = write("fetch", f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    blob = git("rev-parse", "HEAD:1.md", folder=repository).strip()
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {
        "remote.origin.url": f"ext::{program}", "remote.origin.promisor": "true", "extensions.partialClone": "origin",
        "protocol.ext.allow": "always",
    }.items():  # fmt: skip
        git("config", key, value, folder=repository)
    with closing(Git(repository)) as opened, pytest.raises(GitRefused):
        opened.run("cat-file", "blob", blob)
    assert not (tmp_path / "ran").exists()
    with pytest.raises(subprocess.CalledProcessError):
        git("cat-file", "blob", blob, folder=repository)
    assert (tmp_path / "ran").exists()  # so it would have been


def test_nothing_is_written_into_a_repository_and_nothing_is_left_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(processes, "scratch", str(tmp_path / "scratch"))
    os.utime(repository / "1.md")  # for which git would write the index anew
    before = content(tmp_path)
    with closing(Git(repository)) as opened:
        assert list((tmp_path / "scratch").iterdir())
        opened.run(*opened.comparing(), "diff", "--raw", str(opened.head), "--")
        opened.commit("main")
    with pytest.raises(GitRefused):
        Git(tmp_path)
    assert content(tmp_path) == before
