"""The launches that lie ahead on the leaves of a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from orr.fleet.page.tables import AHEAD_DAYS, Row
from orr.fleet.page.words import FleetWords, sign
from orr.messages import render, say
from orr.report.html import Html, join, tag

SHOWN = 3
"""How many launches of a day are named."""


def month(rows: Sequence[Row], today: date, words: FleetWords) -> Html | None:
    """Calendar with a week per row, up to the last event; None for none."""
    ahead = [row for row in rows if row["days"] >= 0]
    if not ahead:
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = ((today + timedelta(days=AHEAD_DAYS) - monday).days // 7) + 1
    days = [render(say(f"report.weekday.{day}"), words.language) for day in range(1, 8)]
    head = tag("thead", tag("tr", (tag("th", day, scope="col") for day in days)))
    body = (
        tag("tr", (_day(monday + timedelta(weeks=week, days=day), ahead, today, words) for day in range(7)))
        for week in range(weeks)
    )
    return join(tag("p", words("month"), class_="note"), tag("table", head, tag("tbody", body), class_="month"))


def _day(on: date, ahead: Sequence[Row], today: date, words: FleetWords) -> Html:
    """A day: its number, and its launches with their verdicts; worst first, as they come."""
    own = [row for row in ahead if row["on"] == on]
    named = (tag("li", tag("b", words.to_report(row["workload"]), class_=sign(row["verdict"]))) for row in own[:SHOWN])
    more = tag("li", words("rest", n=len(own) - SHOWN)) if len(own) > SHOWN else None
    number = tag("time", str(on.day) if on.day > 1 and on != today else f"{on:%m-%d}", datetime=on.isoformat())
    beyond = "now" if on == today else None if today < on <= today + timedelta(days=AHEAD_DAYS) else "beyond"
    said = words.of(
        [f"{row['workload']}: {words.verdict(row['verdict'])}" for row in own]
    )  # the style draws the shapes
    return tag("td", number, tag("ul", named, more, aria_label=said) if own else None, class_=beyond)
