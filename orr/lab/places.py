"""Reviews by their path below a server's root, which a browser sends."""

from __future__ import annotations

import os
from pathlib import Path

from orr.messages import say
from orr.messages.errors import OrrError
from orr.workspace.trust import find_root, is_trusted
from orr.workspace.workspace import Workspace

REVIEW = "review.yaml"


class NoReview(OrrError):
    """A path that is not that of a workload's review."""


def real_path(root: Path, path: str) -> Path:
    """Resolve a path below a folder, links followed.

    Raises
    ------
    NoReview
        If it leads elsewhere, through a hidden folder, or is no path.
    """
    parts = [part for part in path.replace(os.sep, "/").split("/") if part]
    try:
        found = root.joinpath(*parts).resolve()
        inside = found.is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        inside = False
    if not inside or any(part.startswith(".") for part in parts):
        raise NoReview(say("lab.outside", path=path))
    return found


def review_at(root: Path, path: str) -> tuple[Path, str]:
    """Find the workspace and the workload of a review.

    Raises
    ------
    NoReview
        If the path leads elsewhere, or is not that of a workload's review.
    FaultyInput
        If it lies in no workspace, or in one that is not obeyed.
    """
    above, _, name = path.rstrip("/").rpartition("/")
    folder = real_path(root, above)
    real_path(root, path)  # the file may be a link
    workspace = find_root(folder)
    if name != REVIEW or folder.parent != workspace / "workloads":
        raise NoReview(say("lab.no-review", path=path))
    return workspace, folder.name


def refuse_remote_history(workspace: Workspace) -> None:
    """Refuse a workspace whose history is asked for over a network, unless the user trusts it.

    Raises
    ------
    NoReview
        If to look at it would send a request that nobody asked for.
    """
    if not workspace.settings.history.startswith("sqlite") and not is_trusted(workspace.root):
        raise NoReview(say("lab.history", folder=str(workspace.root)))
