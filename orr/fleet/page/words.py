"""Texts and small marks of the fleet page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from orr.evaluate import Decision, Verdict
from orr.messages import render, say
from orr.report.html import Content, Html, join, link, tag
from orr.report.pictures.svg import cut

NONE = "none"
"""Stands for the verdict of a workload without one."""
_SIGNS = {NONE: "kx", "no-go": "kn", "conditional-go": "kc", "go": "kg"}
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")
LONG = 150


class FleetWords:
    """The texts `overview.<key>` in one language.

    Parameters
    ----------
    language
        One of `orr.messages.LANGUAGES`.
    linked
        The workloads that have a report beside the page.
    """

    def __init__(self, language: str, linked: frozenset[str] = frozenset()) -> None:
        self.language, self._linked = language, linked

    def __call__(self, key: str, /, **values: object) -> str:
        """One text."""
        return render(say(f"overview.{key}", **values), self.language)

    def of(self, what: object) -> str:
        """Anything that `orr.messages.render` knows."""
        return render(what, self.language)

    def verdict(self, verdict: str | None) -> str:
        """A verdict as it stands alone."""
        said = self.of(Verdict(verdict)) if verdict not in (None, NONE) else self("not-assessed")
        return self.first(said)

    def first(self, said: str) -> str:
        """Words as they stand alone, with a capital letter."""
        return said[:1].upper() + said[1:]

    def to_report(self, workload: str) -> Html:
        """A workload's name, linked to its report where there is one."""
        address = f"{quote(workload, safe='')}/report.html" if workload in self._linked else None
        return link(address, workload)

    def decision(self, decision: str | None) -> str:
        """A decision, or that there is none."""
        return self.of(Decision(decision)) if decision is not None else "–"

    def some(self, names: Sequence[str], most: int = 3) -> str:
        """The first few of many names, and how many more there are."""
        said = self.of(list(names[:most]))
        return self("some", some=said, n=len(names) - most) if len(names) > most else said


def sign(verdict: str | None) -> str:
    """The class that puts the shape of a verdict before a text, and colours it."""
    return _SIGNS[verdict or NONE]


def mark(verdict: str | None, words: FleetWords) -> Html:
    """A verdict in a line: its shape, which the style draws, and its word."""
    return tag("b", words.verdict(verdict), class_=sign(verdict))


def dated(said: str) -> Html:
    """A text whose dates are not torn apart at the end of a line."""
    parts = _DATE.split(said)
    return join(tag("time", part) if place % 2 else part for place, part in enumerate(parts))


def day(what: date | None) -> Html | str:
    """A day, or a dash."""
    return tag("time", what.isoformat()) if what is not None else "–"


def short(text: str, most: int = LONG) -> str:
    """Text cut to so many half-width columns; the report and CSV hold all.

    Code is never cut in the middle.
    """
    shown = cut(text, most)
    return shown if shown.count("`") % 2 == 0 else shown[: shown.rindex("`")].rstrip(" :,：，") + "…"


def table(
    titles: Sequence[str],
    rows: Iterable[Iterable[Any]],
    class_: str | None = None,
    verdicts: Iterable[str | None] | None = None,
) -> Html:
    """A table whose first column names the row, as a `th` beside `td` does by itself.

    Parameters
    ----------
    titles
        Of the columns.
    rows
        Cells.
    class_
        By which the style knows what is in which column.
    verdicts
        Those of the rows, of which neighbours with the same one share a body.
    """
    head = tag("thead", tag("tr", (tag("th", title, scope="col") for title in titles)))
    signs = map(sign, verdicts) if verdicts is not None else repeat(None)
    return tag("table", head, bodies(zip(signs, map(_row, rows), strict=False)), class_=class_)


def bodies(rows: Iterable[tuple[str | None, Html]]) -> Html:
    """Rows in the bodies of a table: one for neighbours of the same class."""
    groups = groupby(rows, key=itemgetter(0))
    return join(tag("tbody", (row for _, row in group), class_=class_) for class_, group in groups)


def _row(cells: Iterable[Any]) -> Html:
    return tag("tr", (tag("td", cell) if place else tag("th", cell) for place, cell in enumerate(cells)))


def first_and_rest(rows: Sequence[Any], most: int, write: Any, words: FleetWords) -> Content:
    """A table of the first rows, and one of all others that unfolds."""
    if len(rows) <= most:
        return [write(rows)]
    rest = tag("summary", words("rest", n=len(rows) - most))
    return [write(rows[:most]), tag("details", rest, write(rows[most:]))]
