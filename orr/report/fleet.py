"""The fleet's report: one HTML page that holds all it needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from importlib.resources import files

from orr.evaluate import Verdict
from orr.evaluate.states import CLOSED, STATES
from orr.messages import render, say
from orr.report.fragment import style
from orr.report.html import Html, join, tag
from orr.report.marks import verdict_mark
from orr.report.pictures.svg import percent, picture
from orr.standing import Standing, counted

NONE = "none"
"""Stands for the verdict of a workload without one."""

_STEP, _HIGH, _LEVELS = 9, 30, {"go": 4, "conditional-go": 13, "no-go": 22, NONE: 22}
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")
_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(standings: Sequence[Standing], today: date, language: str) -> str:
    """Write the page.

    Parameters
    ----------
    standings
        Worst first.
    today
        The day.
    language
        One of `orr.messages.LANGUAGES`.

    Returns
    -------
    str
        A document without script that makes no request.
    """
    words = _Said(language)
    title = f"{words('title')}, {words('as-of', today=today)}"
    head = tag(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="referrer" content="no-referrer">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_SECURITY}">'),
        Html('<meta name="color-scheme" content="light dark">'),
        tag("title", title),
        Html(f"<style>{style()}{(files('orr.report') / 'fleet.css').read_text(encoding='utf-8')}</style>"),
    )
    heading = tag(
        "div",
        tag("h1", words("title")),
        tag("p", f"{words('workloads', n=len(standings))} · {words('as-of', today=today)}", class_="meta"),
        class_="title",
    )
    main = tag("main", tag("div", heading, _overview(standings, words), _table(standings, words), class_="orr fleet"))
    foot = tag(
        "footer", tag("div", tag("p", words("foot", today=today), class_="record"), class_="orr"), class_="orr-foot"
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', main, foot, class_='orr-page'), lang=language)}\n"


class _Said:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, /, **values: object) -> str:
        return render(say(f"fleet.fleet.{key}", **values), self.language)

    def of(self, what: object) -> str:
        return render(what, self.language)

    def verdict(self, verdict: Verdict | None) -> str:
        said = self.of(verdict) if verdict is not None else self("not-assessed")
        return said[:1].upper() + said[1:]


def _key(verdict: Verdict | None) -> str:
    return verdict.value if verdict is not None else NONE


def _mark(verdict: Verdict | None, words: _Said) -> Html:
    if verdict is not None:
        return verdict_mark(verdict.value, words.verdict(verdict))
    return tag("span", tag("b", "✕ ", aria_hidden="true"), words.verdict(None), class_="vm v-none")


def _overview(standings: Sequence[Standing], words: _Said) -> Html:
    counts = {verdict: n for verdict, n in counted(standings).items() if n}
    total, start = max(1, len(standings)), 0
    bars = []
    for verdict, n in counts.items():
        place = {"x": percent(start / total), "width": percent(n / total)}
        bars.append(tag("rect", height="100%", class_=f"vb v-{_key(verdict)}", **place))
        start += n
    said = words.of(
        [words("count", shape="", what=words.of(words.verdict(one)), n=n).strip() for one, n in counts.items()]
    )
    title = words("overview", n=len(standings))
    bar = picture(f"{title}: {said}", *bars, class_="bar whole")
    legend = (tag("li", _mark(verdict, words), " ", tag("b", str(n), class_="num")) for verdict, n in counts.items())
    return tag("section", bar, tag("ul", legend, class_="legend"), aria_label=title)


def _table(standings: Sequence[Standing], words: _Said) -> Html:
    keys = ("workload", "verdict", "decision", "launch", "until", "counts", "trend", "next")
    titles = {key: words(f"column.{key}") for key in keys}
    head = tag("thead", tag("tr", (tag("th", titles[key], scope="col") for key in keys)))
    rows = (_row(standing, titles, words) for standing in standings)
    return tag("section", tag("table", head, tag("tbody", rows)), aria_label=words("title"))


def _row(standing: Standing, titles: dict[str, str], words: _Said) -> Html:
    found = standing.assessment
    verdict = found.verdict if found is not None else None
    decision = verdict_mark(found.decision.value, words.of(found.decision)) if found is not None else "–"
    cells = {
        "verdict": _mark(verdict, words),
        "decision": decision,
        "launch": _dated(words.of(standing.launch)),
        "until": _dated(words.of(standing.until)),
        "counts": _counts(standing, words),
        "trend": _sparkline(standing, words),
        "next": words.of(standing.next),
    }
    title, about = standing.workload, None
    if found is not None:
        workload = found.case.workload
        title = words.of(workload.title)
        about = tag("small", f"{standing.workload} · {words('tier', tier=workload.tier)} · {workload.owner.team}")
    first = tag("th", title, about, scope="row")
    # On a narrow screen the cells stand below each other, each with its title.
    others = (
        tag("td", tag("span", titles[key], class_="lab", aria_hidden="true"), tag("div", cell), class_=f"c-{key}")
        for key, cell in cells.items()
    )
    return tag("tr", first, others, class_=f"v-{_key(verdict)}")


def _dated(said: str) -> Html:
    """A text whose dates are not torn apart at the end of a line."""
    parts = _DATE.split(said)
    return join(tag("time", part, datetime=part) if place % 2 else part for place, part in enumerate(parts))


def _counts(standing: Standing, words: _Said) -> Html | str:
    found = standing.assessment
    if found is None:
        return "–"
    states = [
        words("states", state=state, n=found.counts[state])
        for state in STATES
        if state not in CLOSED and found.counts[state]
    ]
    total = words("open", open=standing.open, all=standing.applying)
    return join(total, tag("small", words.of(states)) if states else None)


def _sparkline(standing: Standing, words: _Said) -> Html | str:
    """The last runs as a line of steps, higher being better, each point with the shape of its verdict."""
    said = words.of(standing.trend_in_words)
    if not standing.trend:
        return said
    points = [(5 + place * _STEP, verdict or NONE) for place, (_, verdict) in enumerate(standing.trend)]
    line = " ".join(f"{x},{_LEVELS[verdict]}" for x, verdict in points)
    width = 10 + (len(points) - 1) * _STEP
    return picture(
        said,
        tag("polyline", points=line, class_="sl"),
        (tag("path", d=_point(x, verdict), class_=f"pt v-{verdict}") for x, verdict in points),
        viewBox=f"0 0 {width} {_HIGH - 4}",
        width=width,
        height=_HIGH - 4,
        class_="spark",
    )


def _point(x: int, verdict: str) -> str:
    y = _LEVELS[verdict]
    return {
        "go": f"M{x - 3} {y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
        "conditional-go": f"M{x} {y - 4}l4 7h-8z",
        "no-go": f"M{x - 3} {y - 3}h6v6h-6z",
        NONE: f"M{x - 3} {y - 3}l6 6M{x + 3} {y - 3}l-6 6",
    }[verdict]
