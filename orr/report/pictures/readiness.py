"""Draw readiness by checklist and section as stacked bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from orr.evaluate import Evaluation, State
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.effort import effort_left
from orr.evaluate.states import STATES
from orr.model.person import identity
from orr.report.html import Html, join, tag
from orr.report.marks import GLYPHS, counts_in_words, section
from orr.report.pictures.svg import fill, patterns, percent, picture
from orr.report.words import Words

SHARE_FOR_SIGN, SHARE_FOR_COUNT = 0.12, 0.045


def readiness(assessment: Evaluation, words: Words) -> Html:
    """Bars of states, one for each checklist and one for each of its sections."""
    cards = (
        _checklist(list(group), words)
        for _, group in groupby(assessment.items, key=lambda item: item.checklist.checklist)
    )
    applying = sum(item.applies for item in assessment.items)
    met = assessment.counts[State.MET]
    return section(
        "readiness",
        words("readiness.title"),
        tag("p", words("readiness.lead", met=met, n=applying), class_="lead"),
        tag("p", _effort(assessment, words), class_="effort"),
        _legend(assessment, words),
        tag("div", cards, class_="bars"),
    )


def _effort(assessment: Evaluation, words: Words) -> str:
    """Remaining time to answer, and number of people with steps to a go."""
    steps = assessment.path_to_go
    people = len({identity(step.owner) for step in steps})
    answers = effort_left(assessment.items)
    said = [words.first(answers) + words("readiness.stop")] if answers is not None else []
    if steps:
        said.append(words("readiness.people", steps=len(steps), n=people))
    return words("readiness.space").join(said)


def _legend(assessment: Evaluation, words: Words) -> Html:
    shown = [state for state in STATES if assessment.counts[state]]
    keys = (
        tag(
            "li",
            tag("svg", _rect(state, "0", "26"), _sign(GLYPHS[state], "13", state), aria_hidden="true", class_="key"),
            " ",
            words("count-of", state=state, count=assessment.counts[state]),
        )
        for state in shown
    )
    # The patterns stand here once; other bars of the page refer to them.
    ground = tag("svg", patterns(), aria_hidden="true", class_="defs", width="0", height="0")
    return join(ground, tag("ul", keys, class_="legend"))


def _checklist(members: Sequence[ItemAssessment], words: Words) -> Html:
    checklist = members[0].checklist
    parts = [list(group) for _, group in groupby(members, key=lambda item: item.section.section)]
    rows = (_row(words.text(part[0].section.title or part[0].section.section), part, words) for part in parts)
    return tag(
        "div",
        tag("h3", words.text(checklist.title), " ", tag("span", _met(members, words), class_="n")),
        _bar(words.text(checklist.title), members, words, "bar whole"),
        tag("ul", rows),
        class_="card",
    )


def _row(title: str, members: Sequence[ItemAssessment], words: Words) -> Html:
    return tag("li", tag("span", title, class_="nm"), _bar(title, members, words, "bar"))


def _met(members: Sequence[ItemAssessment], words: Words) -> str:
    applying = [item for item in members if item.applies]
    return words("readiness.met", met=sum(item.state is State.MET for item in applying), n=len(applying))


def _bar(title: str, members: Sequence[ItemAssessment], words: Words, class_: str) -> Html:
    counted = Counter(item.state for item in members)
    counts = [(state, counted[state]) for state in STATES if counted[state]]
    alternative = words("readiness.bar", title=title, counts=counts_in_words(counts, words))
    return picture(alternative, *_segments(counts), class_=class_)


def _segments(counts: Sequence[tuple[State, int]]) -> Iterable[Html]:
    total = sum(count for _, count in counts)
    start = 0
    for state, count in counts:
        share = count / total
        yield _rect(state, percent(start / total), percent(share))
        if share >= SHARE_FOR_COUNT:
            said = f"{GLYPHS[state]} {count}" if share >= SHARE_FOR_SIGN else str(count)
            yield _sign(said, percent((start + count / 2) / total), state)
        start += count


def _rect(state: State, x: str, width: str) -> Html:
    return tag("rect", x=x, width=width, fill=fill(state), class_=f"seg g-{state.value}")


def _sign(said: str, x: str, state: State) -> Html:
    return tag("text", said, x=x, y="50%", class_=f"sg g-{state.value}")
