"""The recorded runs of a workload, or of all, for a notebook."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from orr.assessing import open_workspace

if TYPE_CHECKING:
    from pandas import DataFrame


def runs(workload: str | None = None, workspace: str | Path = ".") -> DataFrame:
    """Read the recorded runs, in the order of their recording.

    Parameters
    ----------
    workload
        The workload, or `<workload>/<release>` for the reviews of a change; all where it is
        not given.
    workspace
        The workspace, or a folder somewhere in it.

    Returns
    -------
    DataFrame
        A row per run; the columns are those of `orr.history.frames.RUNS`.

    Raises
    ------
    FaultyInput
        If there is neither a workload nor a run of that name.
    HistoryUnavailable
        If the history cannot be read.
    """
    from orr.history import History, frames

    opened, _ = open_workspace(workspace)
    with closing(History(opened.settings.history, opened.root)) as history:
        found = frames.runs(history, workload)
    if workload is not None and found.empty and workload not in opened.workloads:
        opened.case(workload)  # says that there is none, and which there are
    return found
