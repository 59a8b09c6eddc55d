"""Workloads whose folders are gone: one may stand there under a new name."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path

from orr.evaluate.case import Case
from orr.evaluate.milder import Earlier
from orr.messages import LANGUAGES, in_language
from orr.system.git import Git, GitRefused
from orr.workspace.versions import deleted
from orr.workspace.workspace import Workspace

NAMED = 3
"""How many are named."""


def of_the_same_title(workspace: Workspace, case: Case) -> str | None:
    """A workload with recorded runs and this title whose folder is gone; None where there is none, or several."""
    from orr.history.past_runs import title_in_runs

    own = {in_language(case.workload.title, language) for language in LANGUAGES}
    url, today = workspace.settings.history, workspace.today
    gone = [name for name in _in_runs(workspace) if title_in_runs(url, workspace.root, name, today) in own]
    return gone[0] if len(gone) == 1 else None


def unfollowed(workspace: Workspace, known: Iterable[str]) -> tuple[Earlier, ...]:
    """The workloads that git and the runs know, and no folder, but those that one of today is known to have been."""
    names = {*_in_runs(workspace), *_in_git(workspace.root, workspace.workloads)}.difference(known)
    if not names:
        return ()
    return (Earlier("gone", ", ".join(sorted(names)[:NAMED]) + (", …" if len(names) > NAMED else ""), None),)


def _in_runs(workspace: Workspace) -> tuple[str, ...]:
    return _recorded(workspace.settings.history, workspace.root, workspace.workloads)


@lru_cache(maxsize=2)  # for a fleet that has no runs yet
def _recorded(url: str, root: Path, present: tuple[str, ...]) -> tuple[str, ...]:
    from orr.history.past_runs import names_in_runs

    return tuple(sorted({name for name in names_in_runs(url, root) if "/" not in name}.difference(present)))


@lru_cache(maxsize=2)
def _in_git(root: Path, present: tuple[str, ...]) -> tuple[str, ...]:
    with suppress(GitRefused), closing(Git(root)) as git:
        return tuple(sorted(deleted(git).difference(present)))
    return ()
