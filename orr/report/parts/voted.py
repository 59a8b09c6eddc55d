"""What a voter votes on: the texts that checks read, and what they measured."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from orr.evaluate import Evaluation
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.ballot import Part
from orr.messages import Said
from orr.report.html import Html, join, tag
from orr.report.marks import state_mark
from orr.report.words import Words

LINES, CHARACTERS = 30, 1_500
"""About a screen: no more of a text is shown."""


class Text(NamedTuple):
    """Text that a check read: section or key, first screen, and completeness."""

    name: str
    shown: str
    is_cut: bool


def texts_by_file(assessment: Evaluation) -> list[tuple[str, list[Text]]]:
    """The texts that are voted on, by the file or what else they belong to."""
    parts = sorted((part for part in assessment.ballot.values() if part.kind == "content"), key=_file)
    return [(file, [_text(part, file) for part in group]) for file, group in groupby(parts, key=_file)]


def measured(assessment: Evaluation) -> list[tuple[ItemAssessment, Said]]:
    """What checks counted or measured: only its outcome is voted on."""
    return [
        (item, finding.says)
        for item in assessment.items
        for part in (item.choices or (item,))
        for finding in part.findings
        if not finding.content
    ]


def voted_on(assessment: Evaluation, words: Words) -> Html | None:
    """Texts and measurements that checks decided on, folded by file; None without any."""
    files, numbers = texts_by_file(assessment), measured(assessment)
    if not files and not numbers:
        return None
    rows = [
        tag("li", state_mark(item.state, words), " ", tag("code", item.name), " ", words.of(says))
        for item, says in numbers
    ]
    figures = words("voted.figures", texts=sum(len(texts) for _, texts in files), n=len(numbers))
    return tag(
        "details",
        tag("summary", tag("h3", words("voted.title")), " ", figures),
        tag("p", words("voted.lead"), class_="note"),
        (
            tag("details", tag("summary", tag("code", file)), (_shown(one, words) for one in texts))
            for file, texts in files
        ),
        tag("details", tag("summary", words("voted.measured")), tag("ul", rows, class_="ev")) if rows else None,
    )


def _shown(text: Text, words: Words) -> Html:
    return join(
        tag("h4", text.name) if text.name else None,
        tag("p", text.shown, class_="long"),
        tag("p", words("voted.more"), class_="note") if text.is_cut else None,
    )


def _text(part: Part, file: str) -> Text:
    shown = "\n".join(part.text.split("\n")[:LINES])[:CHARACTERS]
    return Text(part.about[len(file) :].lstrip("#: "), shown, len(shown) < len(part.text))


def _file(part: Part) -> str:
    return part.about.partition("#")[0].partition(": ")[0]
