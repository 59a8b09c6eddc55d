"""The runs of a workload, for a terminal and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import Any

import click

from orr.drift import Drift, drift
from orr.evaluate import Decision, Verdict
from orr.formats.summary import SHAPES
from orr.formats.text import columns
from orr.history import Run
from orr.messages import render, say
from orr.model import Occasion

FAILED = "✕"
"""The shape of a run without an assessment, beside the shapes of the verdicts."""


def shape(verdict: str | None) -> str:
    """The shape of a run in a trend."""
    return FAILED if verdict is None else SHAPES[Verdict(verdict)]


def drifts(runs: Sequence[Run]) -> list[Drift | None]:
    """Per run what changed since the last one before it that has an assessment."""
    found: list[Drift | None] = []
    before = None
    for run in runs:
        both = before is not None and run.assessment is not None
        found.append(drift(before, run.assessment) if both else None)  # type: ignore[arg-type]
        before = run.assessment if run.assessment is not None else before
    return found


def _shown(runs: Sequence[Run], last: int | None) -> list[tuple[Run, Drift | None]]:
    both = list(zip(runs, drifts(runs), strict=True))
    return both if last is None else both[-last:]


def as_json(workload: str, runs: Sequence[Run], last: int | None, language: str) -> dict[str, Any]:
    """The runs, oldest first, in the form `orr.history/1`."""
    told = []
    for run, changes in _shown(runs, last):
        found = run.assessment or {}
        told.append(
            {
                "recorded_at": run.recorded_at.astimezone(UTC).isoformat(timespec="seconds"),
                "today": run.today.isoformat(),
                **{key: found.get(key) for key in ("occasion", "verdict", "decision", "valid_until", "digest")},
                "failure": run.failure,
                "drift": [render(line, language) for line in changes.says] if changes is not None else [],
            }
        )
    return {"format": "orr.history/1", "workload": workload, "runs": told}


def as_text(workload: str, runs: Sequence[Run], last: int | None, timezone: tzinfo, language: str) -> str:
    """A line per run, oldest first, and below it what drifted.

    Parameters
    ----------
    runs
        Oldest first; with `last`, one more than is shown, so that the first has its drift.
    last
        How many are shown; None for all.
    timezone
        In which moments are shown.
    """

    def words(key: str, **values: object) -> str:
        return render(say(f"fleet.history.{key}", **values), language)

    if not runs:
        return words("none", workload=workload)
    shown = _shown(runs, last)
    trend = "".join(shape((run.assessment or {}).get("verdict")) for run, _ in shown)
    lines = [words("head", workload=workload, n=len(shown), trend=trend), ""]
    cells = [[words(f"column.{name}") for name in ("recorded", "today", "occasion", "verdict", "decision", "until")]]
    cells += [_cells(run, timezone, language) for run, _ in shown]
    widths = [max(columns(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines.append(click.style(_row(cells[0], widths), bold=True))
    for row, (run, changes) in zip(cells[1:], shown, strict=True):
        lines.append(_row(row, widths))
        if run.failure is not None:
            lines.append("    " + words("failure", why=run.failure))
        lines += [f"    - {render(line, language)}" for line in (changes.says if changes is not None else ())]
    return "\n".join(lines)


def _cells(run: Run, timezone: tzinfo, language: str) -> list[str]:
    at = run.recorded_at.astimezone(timezone).strftime("%Y-%m-%d %H:%M")
    found = run.assessment
    if found is None:
        none = render(say("fleet.history.not-assessed"), language)
        return [at, run.today.isoformat(), "", f"{FAILED} {none}", "", ""]
    verdict = f"{shape(found['verdict'])} {render(Verdict(found['verdict']), language)}"
    occasion = render(Occasion(found["occasion"]), language)
    decision = render(Decision(found["decision"]), language)
    return [at, run.today.isoformat(), occasion, verdict, decision, found["valid_until"] or "–"]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
    return ("  " + "  ".join(padded)).rstrip()
