"""The fleet as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from orr.evaluate import Verdict
from orr.fleet.standing import SHOWN, Standing, counted
from orr.fleet.text.history import FAILED, shape
from orr.formats.lines import columns
from orr.formats.summary import SHAPES
from orr.messages import render, say
from orr.messages.cleaning import one_line

_COLOURS = {None: "magenta", Verdict.GO: "green", Verdict.CONDITIONAL_GO: "yellow", Verdict.NO_GO: "red"}


def as_text(standings: Sequence[Standing], today: date, language: str) -> str:
    """Write where a fleet stands.

    Parameters
    ----------
    standings
        Worst first.
    today
        The day.
    """

    def words(key: str, **values: object) -> str:
        return render(say(f"fleet.fleet.{key}", **values), language)

    counts = [
        words("count", shape=_shape(verdict), what=_verdict(verdict, language), n=n)
        for verdict, n in counted(standings).items()
        if n
    ]
    head = f"{words('workloads', n=len(standings))}, {words('as-of', today=today)}"
    lines = [click.style(head, bold=True), "  " + "   ".join(counts), ""]
    keys = ("workload", "verdict", "decision", "launch", "until", "counts", "trend")
    rows = [[words(f"column.{key}") for key in keys], *(_cells(standing, language) for standing in standings)]
    widths = [max(columns(row[place]) for row in rows) for place in range(len(keys))]
    lines.append(click.style(_row(rows[0], widths), bold=True))
    for standing, row in zip(standings, rows[1:], strict=True):
        verdict = standing.assessment.verdict if standing.assessment is not None else None
        line = _row(row, widths)
        lines.append(line.replace(row[1], click.style(row[1], fg=_COLOURS[verdict]), 1))
        lines.append(f"      → {one_line(render(standing.next, language))}")
    return "\n".join(lines)


def _cells(standing: Standing, language: str) -> list[str]:
    found = standing.assessment
    verdict = found.verdict if found is not None else None
    name = f"{_shape(verdict)} {render(found.headline, language) if found is not None else _verdict(None, language)}"
    counts = render(say("fleet.fleet.open", open=standing.open, all=standing.applying), language)
    if standing.not_all_asked is not None:
        counts += f" · {render(standing.not_all_asked, language)}"
    return [
        one_line(standing.workload),
        name,
        render(found.decision, language) if found is not None else "–",
        render(standing.launch, language),
        render(standing.until, language),
        counts if found is not None else "–",
        "".join(shape(past) for _, past in standing.trend[-SHOWN:]) or "–",
    ]


def _shape(verdict: Verdict | None) -> str:
    return FAILED if verdict is None else SHAPES[verdict]


def _verdict(verdict: Verdict | None, language: str) -> str:
    return render(verdict or say("fleet.fleet.not-assessed"), language)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
    return ("  " + "  ".join(padded)).rstrip()
