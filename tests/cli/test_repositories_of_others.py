"""Commands on repositories whose settings name programs: none of them is ever run.

The workspace, a repository in it, a submodule and a bare repository that was committed into a
workload's folder bear every setting of git that names a program, and every hook.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from orr.cli import main

TODAY = "2026-11-23"

PROGRAMS = (
    "browser.evil.cmd", "core.alternateRefsCommand", "core.askPass", "core.editor", "core.fsmonitor", "core.gitProxy",
    "core.pager", "core.sshCommand", "credential.helper", "credential.https://example.com.helper", "diff.evil.command",
    "diff.evil.textconv", "diff.external", "difftool.evil.cmd", "filter.evil.clean",
    "filter.evil.smudge", "filter.lfs.clean", "filter.lfs.process", "filter.lfs.smudge", "gc.recentObjectsHook",
    "gpg.openpgp.program", "gpg.program", "gpg.ssh.defaultKeyCommand", "gpg.ssh.program", "gpg.x509.program",
    "guitool.evil.cmd", "hook.evil.command", "imap.tunnel", "instaweb.httpd", "interactive.diffFilter",
    "man.evil.cmd", "merge.evil.driver", "mergetool.evil.cmd", "pager.cat-file", "pager.diff", "pager.log",
    "pager.ls-files", "pager.rev-parse", "receive.procReceiveRefs", "remote.origin.receivepack",
    "remote.origin.uploadpack", "sendemail.ccCmd", "sendemail.toCmd", "sequence.editor", "ssh.command",
    "tar.evil.command", "trailer.evil.cmd", "trailer.evil.command", "uploadpack.packObjectsHook", "web.browser",
)  # fmt: skip
"""Settings whose value is a program."""

COMMANDS = ("cat-file", "config", "diff", "diff-index", "log", "ls-files", "ls-tree", "rev-parse", "status", "version")
HOOKS = (
    "applypatch-msg", "commit-msg", "fsmonitor-watchman", "p4-changelist", "post-applypatch", "post-checkout",
    "post-commit", "post-index-change", "post-merge", "post-receive", "post-rewrite", "post-update", "pre-applypatch",
    "pre-auto-gc", "pre-commit", "pre-merge-commit", "pre-push", "pre-rebase", "pre-receive", "prepare-commit-msg",
    "proc-receive", "push-to-checkout", "reference-transaction", "sendemail-validate", "update",
)  # fmt: skip


class Traps:
    """Programs that leave a trace when they are run.

    Parameters
    ----------
    folder
        Where they and their traces are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.traces = folder, folder / "traces"
        self.traces.mkdir(parents=True)

    def program(self, name: str) -> Path:
        path = self.folder / name.replace("/", "_")
        if not path.exists():
            path.write_text(f'#!/bin/sh\ntouch "{self.traces}/{path.name}"\nexit 1\n')
            path.chmod(0o755)
        return path

    @property
    def run(self) -> set[str]:
        """The names of those that were run."""
        return {path.name for path in self.traces.iterdir()}

    def set_in(self, git_folder: Path) -> None:
        """Let every setting that names a program, and every hook, lead to one."""
        values = {key: str(self.program(key)) for key in PROGRAMS}
        values |= {f"alias.{name}": f"!{self.program(f'alias.{name}')}" for name in COMMANDS}
        values |= {
            "core.hooksPath": str(self.folder / "hooks"),
            "diff.evil.cachetextconv": "true",
            "extensions.partialClone": "origin",
            "fetch.bundleURI": f"ext::{self.program('fetch.bundleURI')}",
            "include.path": str(self.folder / "included"),
            "includeIf.gitdir:/.path": str(self.folder / "included"),
            "log.showSignature": "true",
            "protocol.allow": "always",
            "protocol.ext.allow": "always",
            "remote.origin.promisor": "true",
            "remote.origin.url": f"ext::{self.program('promisor')}",
            "remote.other.promisor": "true",
            "remote.other.url": "x://other",
            "remote.other.vcs": "evil",
            "status.submoduleSummary": "true",
            "submodule.sub.update": f"!{self.program('submodule.sub.update')}",
            f"url.ext::{self.program('insteadOf')} .insteadOf": "https://",
        }
        (self.folder / "included").write_text(f"[core]\n\tfsmonitor = {self.program('include.path')}\n")
        self.program("git-remote-evil")
        for folder in (self.folder / "hooks", git_folder / "hooks"):
            folder.mkdir(exist_ok=True)
            for name in HOOKS:
                shutil.copy(self.program(f"hook {name}"), folder / name)
        (git_folder / "info").mkdir(exist_ok=True)
        (git_folder / "info" / "attributes").write_text("* filter=evil diff=evil merge=evil\n")
        with (git_folder / "config").open("a") as config:
            for key, value in values.items():
                section, _, rest = key.partition(".")
                part, _, name = rest.rpartition(".")
                config.write(
                    f'[{section} "{part}"]\n\t{name} = "{value}"\n' if part else f'[{section}]\n\t{name} = "{value}"\n'
                )


CHECKLIST = """\
checklist: base
version: 1
title: Base
sections:
  - section: main
    items:
      - item: drilled
        ask: Was it drilled?
        risk: high
        checks: [{check: files, paths: drill.md, newest_within: 90d, age_from: git}]
      - {item: clean, ask: Is nothing of it kept?, risk: high, checks: [{check: files, forbidden: "*.key"}]}
      - item: written
        ask: Is it written down?
        risk: high
        checks: [{check: document, path: drill.md, changed_within: 90d}]
"""
REPOSITORIES = {"nested": "../../services/nested", "sub": "../../sub", "bare": None}
"""By workload, where its repository is; a bare one lies in the last one's own folder."""


def git(folder: Path, *words: str, on: str = "2026-11-10") -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": f"{on}T12:00:00Z",
        "GIT_COMMITTER_DATE": f"{on}T12:00:00Z",
    }
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "protocol.file.allow=always")
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, on: str = "2026-11-10") -> None:
    (folder / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n*.bin filter=lfs\n")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "x", on=on)


def make_workspace(root: Path, traps: Traps) -> None:
    """Make a workspace of three workloads, committed when nothing was set yet, and changed since."""
    origin, nested, bare = root.parent / "origin", root / "services" / "nested", root / "workloads" / "bare"
    for folder in (origin, nested, bare):
        folder.mkdir(parents=True)
        (folder / "drill.md").write_text("# Drill")
    commit(origin)
    commit(nested)
    for name, repository in REPOSITORIES.items():
        at = f"repository: {repository}\n" if repository else ""
        workload = root / "workloads" / name / "workload.yaml"
        workload.parent.mkdir(exist_ok=True)
        workload.write_text(f"workload: {name}\ntitle: X\ntier: 1\nowner: {{team: payments}}\n{at}")
    (root / "checklists").mkdir()
    (root / "checklists" / "base.yaml").write_text(CHECKLIST)
    (root / "orr.yaml").write_text("history: sqlite:///reports/history.db\n")
    git(root, "init", "--quiet")
    git(root, "submodule", "--quiet", "add", str(origin), "sub")
    git(root, "clone", "--quiet", "--bare", str(origin), "../bare")
    shutil.copytree(root.parent / "bare", bare, dirs_exist_ok=True)
    for key, value in {"core.bare": "false", "core.worktree": str(bare)}.items():
        git(bare, "config", "--file", "config", key, value)
    git(bare, "read-tree", "HEAD")
    (bare / "refs" / "kept").write_text("")  # an empty folder would not be committed
    commit(root, on="2025-01-01")
    gone = git(root, "rev-parse", "HEAD:checklists/base.yaml")
    (root / "checklists" / "base.yaml").write_text(CHECKLIST.replace("version: 1", "version: 2"))
    git(root, "commit", "--quiet", "-am", "x", on="2025-02-01")
    (root / ".git" / "objects" / gone[:2] / gone[2:]).unlink()  # as in a partial clone
    for git_folder in (root / ".git", nested / ".git", root / ".git" / "modules" / "sub", bare):
        traps.set_in(git_folder)
    for folder in (nested, root / "sub", bare):
        for path in ("drill.md", "new.md"):
            with (folder / path).open("a") as file:
                file.write("\nmore\n")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Traps]:
    folder = tmp_path_factory.mktemp("others")
    traps = Traps(folder / "traps")
    make_workspace(folder / "workspace", traps)
    return folder / "workspace", traps


@pytest.fixture
def traps(made: tuple[Path, Traps], monkeypatch: pytest.MonkeyPatch) -> Traps:
    """What is run, of a process that stands in the workspace."""
    root, traps = made
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{traps.folder}")
    return traps


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "--format", "json"],
        ["check", "--since", "HEAD"],
        ["check", "--since", "HEAD~1"],
        pytest.param(["recheck"], marks=pytest.mark.kernel),
        pytest.param(["recheck", "--since", "HEAD"], marks=pytest.mark.kernel),
        pytest.param(["report"], marks=pytest.mark.kernel),
        ["impact", "HEAD"],
        ["impact", "HEAD~1"],
        ["lint"],
        ["fleet"],
        ["history", "nested"],
        ["export", "items", "nested"],
        ["init", "new", "--repository", "../services/nested"],
        ["checks"],
    ],
    ids=" ".join,
)
def test_no_command_runs_what_a_repository_names(traps: Traps, words: list[str]) -> None:
    for _ in range(2):  # the second time some of it is known
        main([*words, "--today", TODAY])
    assert traps.run == set()


def test_checks_see_the_history_of_the_repository_that_a_folder_belongs_to(
    traps: Traps, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--format", "json", "--today", TODAY])
    states = {
        assessment["workload"]: [item["state"] for item in assessment["items"]]
        for assessment in json.loads(capsys.readouterr().out)
    }
    assert states == {
        "bare": ["stale", "met", "stale"],  # as of the workspace, not of the bare repository in it
        "nested": ["met", "met", "met"],
        "sub": ["met", "met", "met"],
    }
    assert traps.run == set()


def test_git_alone_would_run_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the tests above could fail."""
    traps = Traps(tmp_path / "traps")
    make_workspace(tmp_path / "workspace", traps)
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{traps.folder}")
    for words in ("status", "show --ext-diff", "add .", "fetch origin", "fetch other"):
        for folder in ("", "services/nested", "sub", "workloads/bare"):
            place = tmp_path / "workspace" / folder
            subprocess.run(["git", *words.split()], cwd=place, check=False, capture_output=True)
    assert traps.run >= {"include.path", "filter.evil.clean", "diff.evil.command", "promisor", "git-remote-evil"}
