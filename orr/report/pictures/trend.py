"""Draw the trend of verdicts and open items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orr.evaluate import Verdict
from orr.history.past_runs import LastRun
from orr.report.html import Html, tag
from orr.report.marks import section
from orr.report.pictures.svg import percent, picture
from orr.report.words import Words

SHAPES = {"go": "●", "conditional-go": "▲", "no-go": "■", None: "✕"}
"""A shape per verdict, so that no verdict is told by its colour alone."""

TOP, BARS, HEIGHT, LEAST = 14, 56, 110, 3


def trend(runs: Sequence[LastRun] | None, words: Words) -> Html:
    """A bar per run, as high as items were open, with the verdict's shape below it.

    Parameters
    ----------
    runs
        Oldest first; None where the history could not be read.
    """
    title = words("trend.title")
    if not runs or all(run.now for run in runs):
        return section(
            "trend", title, tag("p", words("trend.unreadable" if runs is None else "trend.none"), class_="note")
        )
    recorded = [run for run in runs if not run.now]
    lead = words("trend.lead", n=len(recorded), first=recorded[0].today, last=recorded[-1].today)
    drawing = picture(
        words("trend.picture"),
        [_bar(run, place, runs) for place, run in enumerate(runs)],
        _days(runs, words),
        description=words.of([_said(run, words) for run in runs]),
        width="100%",
        height=str(HEIGHT),
    )
    return section("trend", title, tag("p", lead, class_="lead"), tag("div", drawing, class_="time"))


def _bar(run: LastRun, place: int, runs: Sequence[LastRun]) -> Iterable[Html]:
    most = max((one.open_items or 0 for one in runs), default=0) or 1
    step = 1 / max(len(runs), 6)
    middle = percent((place + 0.5) * step)
    if run.open_items is not None:
        high = max(LEAST, round(BARS * run.open_items / most))
        start = TOP + BARS - high
        yield tag(
            "rect",
            x=percent((place + 0.2) * step),
            y=str(start),
            width=percent(0.6 * step),
            height=str(high),
            class_=f"vb v-{run.verdict}{' now' if run.now else ''}",
        )
        yield tag("text", str(run.open_items), x=middle, y=str(start - 3), text_anchor="middle", class_="tk")
    below = str(TOP + BARS + 16)
    yield tag("text", SHAPES.get(run.verdict, "✕"), x=middle, y=below, text_anchor="middle", class_="tk")


def _days(runs: Sequence[LastRun], words: Words) -> Iterable[Html]:
    y = str(HEIGHT - 6)
    yield tag("text", runs[0].today.isoformat(), x="0", y=y, class_="tk")
    if len(runs) > 2:
        share = len(runs) / max(len(runs), 6)
        last = words("trend.today") if runs[-1].now else runs[-1].today.isoformat()
        yield tag("text", last, x=percent(share), y=y, text_anchor="end", class_="tk now" if runs[-1].now else "tk")


def _said(run: LastRun, words: Words) -> str:
    if run.verdict is None:
        return words("trend.lost", on=run.today)
    if run.now:
        return words("trend.entry-now", verdict=Verdict(run.verdict), open=run.open_items or 0)
    return words("trend.entry", on=run.today, verdict=Verdict(run.verdict), open=run.open_items or 0)
