"""Workloads of a workspace for the panel, by their last recorded verdicts.

A recorded verdict counts as changed where a file is not what it was made from, and as lapsed after its last day.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from orr.evaluate import Verdict
from orr.evaluate.applies import is_live
from orr.evaluate.ballot import Ballot
from orr.history.past_runs import Unreadable, altered_since, newest_runs
from orr.lab.places import REVIEW, real_path, refuse_remote_history
from orr.messages import Said, render, say
from orr.messages.errors import OrrError
from orr.proof.gate import judged_by
from orr.source.faults import FaultyInput
from orr.system.paths import exists, is_file
from orr.workspace.trust import SETTINGS, find_root
from orr.workspace.workspace import Workspace

WORKSPACES = 20
"""How many workspaces directly below the served folder are listed."""

_FOUND = ("outcome", "content", "signature")
"""Parts of a ballot that checks find, which is compared by the files that they read."""


def workspaces(root: Path, folder: str) -> list[Path]:
    """The workspace that a folder below the server's lies in; else those directly below the server's.

    Raises
    ------
    NoReview
        If the folder lies elsewhere.
    FaultyInput
        If there is a workspace that is not obeyed.
    """
    here = real_path(root, folder)
    if any(exists(place / SETTINGS) for place in (here, *here.parents)):
        return [find_root(here)]
    below = (path.parent for path in sorted(root.resolve().glob(f"[!.]*/{SETTINGS}")))
    return [find_root(path) for path in itertools.islice(below, WORKSPACES)]


def listed(root: Path, place: Path, language: str) -> dict[str, Any]:
    """A workspace with its workloads, none of them assessed.

    Parameters
    ----------
    root
        The folder that the server serves; what lies elsewhere has no path for a browser.
    place
        The workspace.
    """
    try:
        workspace = Workspace(place)
    except FaultyInput as faulty:
        return {"folder": place.name, "problem": faulty.in_words(language).splitlines(), "workloads": []}
    names = workspace.workloads
    return {
        "folder": place.name,
        "fleet": _path(root, place / "reports" / "fleet.html"),
        "workloads": [_workload(root, workspace, name, language) for name in names],
    }


def _workload(root: Path, workspace: Workspace, name: str, language: str) -> dict[str, Any]:
    workload = workspace.workload(name)
    when: Said = ""
    if workload is None:
        when = say("lab.panel.faulty")
    elif is_live(workload, workspace.today):
        when = say("lab.panel.live", since=workload.live_since)
    elif workload.launch is not None:
        when = say("lab.panel.launch", on=workload.launch)
    return {
        "name": name,
        "title": render(workload.title, language) if workload is not None else name,
        "launch": render(when, language),
        "path": _path(root, workspace.folder(name) / REVIEW, missing=True),
        "report": _path(root, workspace.root / "reports" / name / "report.html"),
    }


def _path(root: Path, path: Path, *, missing: bool = False) -> str | None:
    real = path.resolve()
    if not real.is_relative_to(root.resolve()) or not (missing or is_file(real)):
        return None
    return real.relative_to(root.resolve()).as_posix()


def created(root: Path, folder: str, name: str, language: str) -> dict[str, Any]:
    """Make a workload in a folder below the server's, as `orr init NAME --yes` does.

    Returns
    -------
    dict
        `lines`, what was printed, and `path`, the review's, null where none was made.

    Raises
    ------
    NoReview
        If the folder lies elsewhere.
    """
    here = real_path(root, folder)
    # `-P`: modules that lie in the folder are not for this program.
    command = [sys.executable, "-P", "-m", "orr", "init", "--yes", "--lang", language, "--", name]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    path = None
    if done.returncode == 0:
        made = max((find_root(here) / "workloads").iterdir(), key=lambda one: one.stat().st_ctime)
        path = _path(root, made / REVIEW, missing=True)
    return {"lines": lines, "path": path}


def standing(place: Path, name: str, language: str, today: date | None = None) -> dict[str, Any]:
    """Last recorded verdict of a workload, its day and validity, and next step.

    Parameters
    ----------
    today
        The day for which it is judged; the present one where None.

    Returns
    -------
    dict
        `verdict` (null where none is recorded), `says` in words, `doubts` (each a line) and `next`.
    """

    def without(key: str, **values: Any) -> dict[str, Any]:
        return {"verdict": None, "says": render(say(f"lab.panel.{key}", **values), language), "doubts": [], "next": ""}

    try:
        workspace = Workspace(place, today)
        refuse_remote_history(workspace)
        history = workspace.settings.history
        run = next(newest_runs(history, place, name), None)
        if run is None:
            return without("not-assessed")
        if run.assessment is None:
            return without("failed", day=run.today)
        doubts = list(_doubts(workspace, name, run.assessment))
        if altered_since(history, place, name, run.number) is not None:
            doubts.append(say("lab.panel.altered"))
    except (OrrError, Unreadable) as problem:
        why = problem.in_words(language) if isinstance(problem, OrrError) else str(problem)
        return without("unknown", why=why)
    verdict = Verdict(run.assessment["verdict"])
    step = next(iter(run.assessment["path_to_go"]), None)
    return {
        "verdict": verdict.value,
        "says": render(say("lab.panel.recorded", verdict=verdict, day=run.today), language),
        "doubts": [render(one, language) for one in doubts],
        "next": render(_next(workspace, step), language) if step is not None else "",
    }


def _doubts(workspace: Workspace, name: str, recorded: Mapping[str, Any]) -> Iterator[Said]:
    """Why what was recorded may not hold any more."""
    until = recorded["valid_until"]
    if until is not None and until < workspace.today.isoformat():
        yield say("lab.panel.lapsed", day=until)
    found, files = judged_by(workspace, workspace.case(name), recorded)
    if found is None:
        yield say("lab.panel.older")
        return
    names = [*dict.fromkeys((*_changed(recorded["ballot"], found.ballot), *files))]
    if names:
        yield say("lab.panel.changed", n=len(names), first=names[0])


def _next(workspace: Workspace, step: Mapping[str, Any]) -> Said:
    item = workspace.catalogue.items.get(step["item"])
    return say("lab.panel.next", owner=step["owner"], ask=item.ask if item is not None else step["item"])


def _changed(then: Mapping[str, Any], now: Ballot) -> Iterator[str]:
    for name in {**then, **now}:
        if name.partition(":")[0] not in _FOUND and not (
            name in then and name in now and now[name].digest.startswith(then[name][0])
        ):
            yield name.replace(":", " ", 1)
