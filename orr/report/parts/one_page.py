"""Additions that make the first screen a printed page: tasks and coming changes."""

from __future__ import annotations

from orr.evaluate import Evaluation, Step
from orr.report.html import Content, Html, join, tag
from orr.report.marks import verdict_mark
from orr.report.parts.path import by_cover
from orr.report.pictures.forecast import lead
from orr.report.words import Words

STEPS, TURNS = 8, 3


def one_page(assessment: Evaluation, words: Words) -> Html:
    """Table of first steps, and the next changes of the verdict; printed only."""
    bare, covered = by_cover(assessment.path_to_go)
    steps = [*bare, *covered]
    head = (tag("th", words(f"path.{column}"), scope="col") for column in ("what", "who", "by"))
    table = tag("table", tag("thead", tag("tr", head)), tag("tbody", (_row(step, words) for step in steps[:STEPS])))
    left = len(steps) - STEPS
    return tag(
        "div",
        join(tag("h2", words("path.one-page")), table) if steps else None,
        tag("p", words("path.rest", n=left), class_="note") if left > 0 else None,
        tag("h2", words("forecast.title")),
        tag("p", lead(assessment, words)),
        (tag("p", _turn(assessment, place, words)) for place in range(min(TURNS, len(assessment.forecast)))),
        class_="one-page",
    )


def _row(step: Step, words: Words) -> Html:
    due: Content = words.day(step.due) if step.due is not None else words("path.no-date")
    return tag("tr", tag("td", words.prose(step.item.ask)), tag("td", step.owner), tag("td", due))


def _turn(assessment: Evaluation, place: int, words: Words) -> Html:
    change = assessment.forecast[place]
    return join(words.day(change.on), " ", verdict_mark(change.verdict.value, words.first(change.verdict)))
