"""The fleet as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import click

from orr.evaluate import Verdict
from orr.fleet.standing import SHOWN, Standing, counted
from orr.fleet.text.history import FAILED, shape
from orr.formats.lines import WIDTH, columns, wrap, wrap_at_most
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
    head = words("head", workloads=words("workloads", n=len(standings)), today=today)
    lines = [click.style(head, bold=True), "  " + "   ".join(counts), ""]
    longest = max((columns(one_line(standing.workload)) for standing in standings), default=0)
    for standing in standings:
        verdict = standing.assessment.verdict if standing.assessment is not None else None
        name = one_line(standing.workload)
        headline = render(standing.assessment.headline, language) if standing.assessment else _verdict(None, language)
        shown = click.style(f"{_shape(verdict)} {headline}", fg=_COLOURS[verdict])
        lines.append(f"  {name}{' ' * (longest - columns(name))}  {shown}")
        lines += wrap(" · ".join(_facts(standing, language)), " " * 6, " " * 6, WIDTH)
        lines += wrap_at_most(2, render(standing.next, language), "      → ", " " * 8, WIDTH)
        for emergency in standing.assessment.emergencies if standing.assessment is not None else ():
            lines += wrap(render(say("formats.emergency", says=emergency), language), "      ! ", " " * 8, WIDTH)
    return "\n".join(lines)


def _facts(standing: Standing, language: str) -> Iterator[str]:
    """What is known of a workload beside its verdict, each with its name."""

    def named(key: str, value: object) -> str:
        return f"{render(say(f'fleet.fleet.column.{key}'), language)} {render(value, language)}"

    found = standing.assessment
    yield named("launch", standing.launch)
    if found is not None:
        yield named("decision", found.decision)
        if found.verdict is not Verdict.NO_GO:
            yield named("until", standing.until)
        yield named("counts", say("fleet.fleet.open", open=standing.open, all=standing.applying))
    if standing.not_all_asked is not None:
        yield render(standing.not_all_asked, language)
    if standing.trend:
        yield named("trend", "".join(shape(past) for _, past in standing.trend[-SHOWN:]))


def _shape(verdict: Verdict | None) -> str:
    return FAILED if verdict is None else SHAPES[verdict]


def _verdict(verdict: Verdict | None, language: str) -> str:
    return render(verdict or say("fleet.fleet.not-assessed"), language)
