"""Workloads whose folders are gone: one may stand there under a new name."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from orr.evaluate.milder import Earlier
from orr.system.git import GitRefused, opened
from orr.workspace.versions import deleted
from orr.workspace.workspace import Workspace

NAMED = 3
"""How many are named."""


def gone(workspace: Workspace, recorded: Iterable[str], followed: Iterable[str]) -> tuple[Earlier, ...]:
    """Workloads that git or the runs know and that have no folder.

    Parameters
    ----------
    recorded
        Those with runs.
    followed
        Those that one of today is known to have been.
    """
    known = {*recorded, *_in_git(workspace.root, workspace.workloads)}
    names = sorted(known.difference(workspace.workloads, followed))
    more = [f"… (+{len(names) - NAMED})"] if len(names) > NAMED else []
    return (Earlier("gone", ", ".join([*names[:NAMED], *more]), None),) if names else ()


@lru_cache(maxsize=2)  # a fleet without runs asks for each of its workloads
def _in_git(root: Path, present: tuple[str, ...]) -> frozenset[str]:
    with suppress(GitRefused), opened(root) as git:
        return frozenset(deleted(git).difference(present))
    return frozenset()
