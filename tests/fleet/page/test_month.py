"""The launches that lie ahead on the leaves of a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import html5lib

from orr.fleet.page.month import SHOWN, month
from orr.fleet.page.tables import Row
from orr.fleet.page.words import FleetWords

TODAY = date(2026, 11, 23)


def row(workload: str, days: int, verdict: str | None = "no-go") -> Row:
    return {"workload": workload, "days": days, "on": TODAY + timedelta(days=days), "verdict": verdict}


def test_a_calendar_has_whole_weeks_with_every_launch_on_its_day() -> None:
    made = month([row("late", 8), row("unread", 8, None), row("ready", 30, "go")], TODAY, FleetWords("en"))
    cells = list(html5lib.parseFragment(str(made), namespaceHTMLElements=False).iter("td"))
    days = [cell.find("time").get("datetime") for cell in cells]
    assert (days[0], days[-1], len(days)) == ("2026-11-23", "2026-12-27", 35)
    named = {
        day: (["".join(one.itertext()) for one in cell.iter("li")], cell.find("ul").get("aria-label"))
        for day, cell in zip(days, cells, strict=True)
        if cell.find("ul") is not None
    }
    assert named == {
        "2026-12-01": (["late", "unread"], "late: No-go, unread: Not assessed"),
        "2026-12-23": (["ready"], "ready: Go"),
    }


def test_of_many_launches_on_a_day_the_first_are_named_and_the_others_counted() -> None:
    made = str(month([row(f"w{place}", 0) for place in range(SHOWN + 2)], TODAY, FleetWords("zh-CN")))
    assert made.count("<b ") == SHOWN
    assert "w0" in made
    assert FleetWords("zh-CN")("rest", n=2) in made


def test_there_is_no_calendar_where_no_launch_lies_ahead() -> None:
    assert month([row("slipped", -3)], TODAY, FleetWords("en")) is None
