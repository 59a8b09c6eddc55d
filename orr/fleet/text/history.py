"""Runs and waivers of a workload as text, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from math import inf
from typing import Any

import click

from orr.evaluate import Decision, State, Verdict
from orr.evaluate.states import CLOSED
from orr.formats.lines import columns
from orr.formats.summary import SHAPES
from orr.history import Run, Start, WaiverLife
from orr.history.comparison import drift
from orr.history.drift import Drift
from orr.messages import render, say
from orr.messages.cleaning import clean, one_line
from orr.model.checklist import Occasion
from orr.source.table import write_csv

FAILED = "✕"
"""The shape of a run without an assessment, beside the shapes of the verdicts."""

_BARS = "▁▂▃▄▅▆▇█"
_STATED = ("occasion", "verdict", "decision", "valid_until", "digest")


def shape(verdict: str | None) -> str:
    """The shape of a run in a trend."""
    return FAILED if verdict is None else SHAPES[Verdict(verdict)]


def open_items(run: Run) -> int | None:
    """How many items a run found open; None where it assessed none."""
    if run.assessment is None:
        return None
    return sum(State(item["state"]) not in CLOSED for item in run.assessment["items"])


def bars(counts: Sequence[int | None]) -> str:
    """Numbers as a line of bars, the largest being the highest; nothing open is the lowest."""
    most = max((count for count in counts if count is not None), default=0) or 1
    top = len(_BARS) - 1
    return "".join(FAILED if count is None else _BARS[-(-count * top // most)] for count in counts)


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


# For programs


def as_json(
    workload: str,
    runs: Sequence[Run],
    unended: Sequence[Start],
    lives: Sequence[WaiverLife],
    last: int | None,
    language: str,
) -> dict[str, Any]:
    """Runs, unfinished starts and waivers, oldest first, in the form `orr.history/1`."""
    shown = []
    for run, changes in _shown(runs, last):
        shown.append(
            {
                **_record(run),
                "drift": [render(line, language) for line in changes.says] if changes is not None else [],
            }
        )
    return {
        "format": "orr.history/1",
        "workload": workload,
        "runs": shown,
        "unended": [
            {"record": start.record, "began_at": _at(start.recorded_at), "today": start.today.isoformat()}
            for start in unended
        ],
        "waivers": [_life(life) for life in lives],
    }


def _record(run: Run) -> dict[str, Any]:
    found = run.assessment or {}
    return {
        "run": run.number,
        "record": run.record,
        "recorded_at": _at(run.recorded_at),
        "today": run.today.isoformat(),
        **{key: found.get(key) for key in _STATED},
        "open_items": open_items(run),
        "failure": run.failure,
        "unchanged_since": run.unchanged_since,
    }


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _life(life: WaiverLife) -> dict[str, Any]:
    days = {key: getattr(life.last, key) for key in ("approved_on", "expires", "revoked_on")}
    return {
        "waiver": life.waiver,
        "items": life.items,
        "requested_by": life.last.requested_by,
        "approved_by": life.last.approved_by,
        **{key: day.isoformat() if day is not None else None for key, day in days.items()},
        "life": [
            {"stage": step.stage.value, "today": step.today.isoformat(), "run": step.number} for step in life.steps
        ],
    }


def as_csv(runs: Sequence[Run], last: int | None) -> str:
    """A line per run, oldest first."""
    rows = [{"workload": run.workload, **_record(run)} for run, _ in _shown(runs, last)]
    names = list(rows[0]) if rows else ["workload"]
    return write_csv(names, (row.values() for row in rows))


# For a terminal


def as_text(
    workload: str,
    runs: Sequence[Run],
    unended: Sequence[Start],
    lives: Sequence[WaiverLife],
    last: int | None,
    timezone: tzinfo,
    language: str,
) -> str:
    """A line per run, oldest first, and below it what drifted; then a line per waiver.

    Parameters
    ----------
    runs
        Oldest first; with `last`, one more than is shown, so that the first has its drift.
    unended
        The starts that came to no end, oldest first: each stands before the run that came
        after it, or at the end.
    lives
        The waivers of all runs.
    last
        How many are shown; None for all.
    timezone
        In which moments are shown.
    """

    def words(key: str, **values: object) -> str:
        return render(say(f"fleet.history.{key}", **values), language)

    shown = _shown(runs, last)
    waiting = [start for start in unended if last is None or not runs or start.record > (shown[0][0].record or 0)]

    def began_before(record: float) -> Iterator[str]:
        while waiting and waiting[0].record < record:
            at = waiting.pop(0).recorded_at.astimezone(timezone)
            yield words("unended-then" if record < inf else "unended", at=at)

    if not runs:
        return "\n".join([words("none", workload=workload), *(f"    ! {line}" for line in began_before(inf))])
    trend = "".join(shape((run.assessment or {}).get("verdict")) for run, _ in shown)
    lines = [words("head", workload=workload, n=len(shown), trend=trend)]
    counts = [open_items(run) for run, _ in shown]
    known = [count for count in counts if count is not None]
    if known:
        lines.append(words("open", n=len(shown), line=bars(counts), first=known[0], last=known[-1]))
    names = ("number", "recorded", "today", "occasion", "verdict", "decision", "until")
    cells = [[words(f"column.{name}") for name in names]]
    cells += [_cells(run, timezone, language) for run, _ in shown]
    widths = [max(columns(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines += ["", click.style(_row(cells[0], widths), bold=True)]
    for row, (run, changes) in zip(cells[1:], shown, strict=True):
        lines += [f"    ! {line}" for line in began_before(run.record or 0)]
        unchanged = words("unchanged", number=run.unchanged_since) if run.unchanged_since is not None else ""
        lines.append(f"{_row(row, widths)}  {unchanged}".rstrip())
        if run.failure is not None:
            lines.append("    " + one_line(words("failure", why=run.failure)))
        lines += [f"    - {one_line(render(line, language))}" for line in (changes.says if changes is not None else ())]
    lines += [f"    ! {line}" for line in began_before(inf)]
    if lives:
        lines += ["", click.style(words("waivers"), bold=True)]
    for life in lives:
        lines.append("  " + one_line(words("waiver", name=life.waiver, items=life.items)))
        steps = (words("waiver-step", day=one.today, stage=one.stage, number=one.number) for one in life.steps)
        lines.append("    " + " → ".join(steps))
    return "\n".join(lines)


def _cells(run: Run, timezone: tzinfo, language: str) -> list[str]:
    number = "–" if run.number is None else str(run.number)
    at = run.recorded_at.astimezone(timezone).strftime("%Y-%m-%d %H:%M")
    found = run.assessment
    if found is None:
        none = render(say("fleet.history.not-assessed"), language)
        return [number, at, run.today.isoformat(), "", f"{FAILED} {none}", "", ""]
    verdict = f"{shape(found['verdict'])} {render(Verdict(found['verdict']), language)}"
    occasion = render(Occasion(found["occasion"]), language)
    decision = render(Decision(found["decision"]), language)
    return [number, at, run.today.isoformat(), occasion, verdict, decision, clean(found["valid_until"] or "–")]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
    return ("  " + "  ".join(padded)).rstrip()
