"""What a voter votes on: the texts that checks read, and what they measured."""

from __future__ import annotations

from itertools import groupby

from orr.evaluate import Evaluation
from orr.evaluate.ballot import Part
from orr.report.html import Html, join, tag
from orr.report.marks import state_mark
from orr.report.words import Words

LINES, CHARACTERS = 30, 1_500
"""About a screen: no more of a text is shown."""


def voted_on(assessment: Evaluation, words: Words) -> Html | None:
    """Each text that a check decided on, folded by file, and each measurement; None where there is neither."""
    texts = [part for part in assessment.ballot.values() if part.kind == "content"]
    texts.sort(key=lambda part: file_of(part.about))
    measured = [
        (item, finding)
        for item in assessment.items
        for part in (item.choices or (item,))
        for finding in part.findings
        if not finding.content
    ]
    if not texts and not measured:
        return None
    rows = [
        tag("li", state_mark(item.state, words), " ", tag("code", item.name), " ", words.of(finding.says))
        for item, finding in measured
    ]
    files = [(file, list(group)) for file, group in groupby(texts, key=lambda part: file_of(part.about))]
    return tag(
        "details",
        tag("summary", tag("h3", words("voted.title")), " ", words("voted.figures", texts=len(texts), n=len(measured))),
        tag("p", words("voted.lead"), class_="note"),
        (_file(file, group, words) for file, group in files),
        tag("details", tag("summary", words("voted.measured")), tag("ul", rows, class_="ev")) if rows else None,
    )


def file_of(about: str) -> str:
    """The file that a text stands in, or what else it belongs to."""
    return about.partition("#")[0].partition(": ")[0]


def _file(file: str, parts: list[Part], words: Words) -> Html:
    return tag("details", tag("summary", tag("code", file)), (_text(part, file, words) for part in parts))


def _text(part: Part, file: str, words: Words) -> Html:
    lines = part.text.split("\n")
    shown = "\n".join(lines[:LINES])[:CHARACTERS]
    more = tag("p", words("voted.more"), class_="note") if len(shown) < len(part.text) else None
    name = part.about[len(file) :].lstrip("#: ")
    return join(tag("h4", name) if name else None, tag("p", shown, class_="long"), more)
