"""What the fleet's report says, and the small signs that its parts share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from orr.evaluate import Decision, Verdict
from orr.formats.history import shape
from orr.messages import render, say
from orr.report.html import Content, Html, join, link, tag

NONE = "none"
"""Stands for the verdict of a workload without one."""
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")
LONG = 150


class Said:
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


def mark(verdict: str | None, words: Said) -> Html:
    """A verdict in a line: its shape as a letter, which is a tenth of the size of a drawing, and its word."""
    key = NONE if verdict is None else verdict
    letter = shape(None if key == NONE else key)
    return tag("b", tag("i", letter, aria_hidden="true"), " ", words.verdict(verdict), class_=f"vl t-{key}")


def dated(said: str) -> Html:
    """A text whose dates are not torn apart at the end of a line."""
    parts = _DATE.split(said)
    return join(tag("time", part) if place % 2 else part for place, part in enumerate(parts))


def day(what: date | None) -> Html | str:
    """A day, or a dash."""
    return tag("time", what.isoformat()) if what is not None else "–"


def short(text: str, most: int = LONG) -> str:
    """A text for a cell; the rest is in the workload's report and in the table as CSV."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def table(titles: Iterable[tuple[str, str | None]], rows: Iterable[Iterable[Any]], class_: str | None = None) -> Html:
    """A table whose first column names the row.

    Parameters
    ----------
    titles
        Per column its title and its class.
    rows
        Cells; the classes are those of the columns.
    """
    columns = list(titles)
    head = tag("thead", tag("tr", (tag("th", title, scope="col", class_=c) for title, c in columns)))
    body = (
        tag(
            "tr",
            (
                tag("th", cell, scope="row", class_=c) if not place else tag("td", cell, class_=c)
                for place, (cell, (_, c)) in enumerate(zip(row, columns, strict=True))
            ),
        )
        for row in rows
    )
    return tag("table", head, tag("tbody", body), class_=class_)


def first_and_rest(rows: Sequence[Any], most: int, write: Any, words: Said) -> Content:
    """A table of the first rows, and one of all others that unfolds."""
    if len(rows) <= most:
        return [write(rows)]
    rest = tag("summary", words("rest", n=len(rows) - most))
    return [write(rows[:most]), tag("details", rest, write(rows[most:]))]
