"""Which files of a working tree differ from a commit."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.fleet_sample import git as make

from orr.system.git import Git, GitRefused
from orr.workspace.changes import changed_files

LARGE = b"a large file, kept elsewhere"
POINTER = (
    f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(LARGE).hexdigest()}\nsize {len(LARGE)}\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working tree as it was committed, with a submodule, a file of LFS and one of another filter."""
    folder = tmp_path_factory.mktemp("made")
    root, inner = folder / "root", folder / "inner"
    inner.mkdir()
    (inner / "i.md").write_text("1")
    for words in (("init",), ("add", "."), ("commit", "-m", "x")):
        make(inner, *words)
    root.mkdir()
    make(root, "init")
    make(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    files = {
        "a.md": "a",
        "b.md": "b",
        "docs/c.md": "c",
        "text.txt": "line\n",
        "big.bin": POINTER,
        "secret.md": "cipher",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    (root / "link").symlink_to("a.md")
    make(root, "add", ".")
    (root / ".gitattributes").write_text("*.bin filter=lfs\nsecret.md filter=crypt\n*.txt text\n")
    make(root, "add", ".gitattributes")
    make(root, "commit", "-m", "x")
    return folder


@pytest.fixture
def root(made: Path, tmp_path: Path, git) -> Path:
    """A copy of it, whose index knows the files of the copy."""
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    for folder in (tmp_path / "root", tmp_path / "root" / "sub"):
        git("update-index", "-q", "--refresh", folder=folder)
    return tmp_path / "root"


def changed(root: Path) -> set[str]:
    with closing(Git(root)) as opened:
        commit = opened.commit("HEAD")
        assert commit is not None
        return {path.relative_to(root).as_posix() for path in changed_files(opened, commit)}


def written(name: str, content: str | bytes) -> Callable[[Path, Callable[..., str]], object]:
    def change(root: Path, _git: Callable[..., str]) -> object:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.write_bytes(content.encode() if isinstance(content, str) else content)

    return change


def ran(*commands: str, within: str = ".") -> Callable[[Path, Callable[..., str]], None]:
    def change(root: Path, git: Callable[..., str]) -> None:
        for command in commands:
            git(*command.split(), folder=root / within)

    return change


def both(*changes: Callable[[Path, Callable[..., str]], object]) -> Callable[[Path, Callable[..., str]], None]:
    def change(root: Path, git: Callable[..., str]) -> None:
        for one in changes:
            one(root, git)

    return change


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param(both(), set(), id="nothing"),
        pytest.param(written("a.md", "other"), {"a.md"}, id="content"),
        pytest.param(both(written("a.md", "other"), ran("add .")), {"a.md"}, id="staged"),
        pytest.param(lambda root, _: (root / "b.md").unlink(), {"b.md"}, id="gone"),
        pytest.param(ran("rm --quiet --cached b.md"), {"b.md"}, id="no-longer-tracked"),
        pytest.param(ran("mv a.md z.md"), {"a.md", "z.md"}, id="renamed"),
        pytest.param(lambda root, _: (root / "a.md").chmod(0o755), {"a.md"}, id="mode"),
        pytest.param(lambda root, _: os.utime(root / "a.md", (1, 1)), set(), id="time-alone"),
        pytest.param(written("a.md", "a"), set(), id="the-same-written-again"),
        pytest.param(written("text.txt", "line\r\n"), set(), id="line-ends"),
        pytest.param(written("new/d.md", ""), {"new/d.md"}, id="untracked"),
        pytest.param(written('q"\t\n\\空.md', ""), {'q"\t\n\\空.md'}, id="a-name-of-any-signs"),
        pytest.param(both(written(".git/info/exclude", "*.tmp\n"), written("x.tmp", "")), set(), id="excluded"),
        pytest.param(lambda root, _: shutil.rmtree(root / ".git" / "info"), set(), id="nothing-is-excluded"),
        pytest.param(written("big.bin", LARGE), set(), id="what-a-pointer-names"),
        pytest.param(written("big.bin", LARGE + b"!"), {"big.bin"}, id="not-what-a-pointer-names"),
        pytest.param(written("a.md", LARGE), {"a.md"}, id="what-a-pointer-of-another-file-names"),
        pytest.param(written("secret.md", "plain"), {"secret.md"}, id="of-a-filter-that-is-not-run"),
        pytest.param(lambda root, _: os.utime(root / "secret.md", (1, 1)), set(), id="of-a-filter-unchanged"),
        pytest.param(written("sub/i.md", "2"), {"sub/i.md"}, id="in-a-submodule"),
        pytest.param(written("sub/new.md", ""), {"sub/new.md"}, id="untracked-in-a-submodule"),
        pytest.param(
            both(written("sub/i.md", "2"), ran("commit --quiet -am x", within="sub")),
            {"sub/i.md"},
            id="committed-in-a-submodule",
        ),
        pytest.param(
            both(written("sub/i.md", "2"), ran("commit --quiet -am x", within="sub"), ran("add sub")),
            {"sub"},
            id="a-submodule-at-another-commit",
        ),
        pytest.param(ran("rm --quiet --cached sub"), {"sub", "sub/"}, id="a-submodule-no-longer-tracked"),
        pytest.param(ran("submodule --quiet deinit -f sub"), set(), id="a-submodule-that-is-not-checked-out"),
        pytest.param(lambda root, _: (root / "sub" / ".git").write_text("gitdir: x"), {"sub"}, id="a-broken-submodule"),
        pytest.param(ran("init --quiet services/own"), {"services/own/"}, id="a-repository-that-is-no-submodule"),
    ],
)
def test_what_differs_from_a_commit(root: Path, git, change, names: set[str]) -> None:
    change(root, git)
    assert changed(root) == {name.rstrip("/") for name in names}


def test_a_submodule_whose_commit_is_not_there_counts_as_changed(root: Path, git) -> None:
    git("update-index", "--cacheinfo", f"160000,{'1' * 40},sub", folder=root)
    assert changed(root) == {"sub"}


def test_line_ends_are_compared_as_the_settings_ask_for(root: Path, git) -> None:
    (root / "a.md").write_bytes(b"one\ntwo\n")
    git("commit", "--quiet", "-am", "x", folder=root)
    (root / "a.md").write_bytes(b"one\r\ntwo\r\n")
    assert changed(root) == {"a.md"}
    git("config", "core.autocrlf", "true", folder=root)
    assert changed(root) == set()


def test_what_the_user_ignores_everywhere_is_ignored(root: Path, write, monkeypatch) -> None:
    (root / "x.swp").touch()
    assert changed(root) == {"x.swp"}
    monkeypatch.setenv("XDG_CONFIG_HOME", str(write("home/git/ignore", "*.swp\n").parent.parent))
    assert changed(root) == set()


def test_a_file_that_is_written_as_it_is_looked_at_is_compared_by_content(root: Path) -> None:
    """Its status alone would not show it: same size, and the same second as the index."""
    index = (root / ".git" / "index").stat()
    (root / "a.md").write_text("A")
    os.utime(root / "a.md", ns=(index.st_mtime_ns, index.st_mtime_ns))
    assert changed(root) == {"a.md"}


def test_without_an_object_that_is_needed_nothing_is_said(root: Path) -> None:
    objects = root / ".git" / "objects"
    for folder in objects.iterdir():
        if len(folder.name) == 2:
            for file in folder.iterdir():
                file.unlink()
    with closing(Git(root)) as opened, pytest.raises(GitRefused):
        changed_files(opened, str(opened.head))


def test_a_file_beyond_what_is_compared_counts_as_changed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "big.bin").write_bytes(LARGE)
    assert changed(root) == set()
    monkeypatch.setattr("orr.workspace.changes.MAX_HASHED", len(LARGE) - 1)
    assert changed(root) == {"big.bin"}
