"""Small marks shared by all parts: states, verdicts, facts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from orr.evaluate import State, Verdict
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.verdict import stops
from orr.model.checklist import Risk
from orr.model.settings import PolicyRow
from orr.report.html import Content, Html, join, tag
from orr.report.words import Words

GLYPHS = {
    State.NOT_MET: "×",
    State.UNKNOWN: "?",
    State.STALE: "↻",
    State.UNANSWERED: "…",
    State.PARTIAL: "½",
    State.MET: "✓",
    State.NOT_APPLICABLE: "–",
}
"""One sign per state, so that no state is told by its colour alone."""

_SHAPES = {
    "no-go": ("M14 2h20l12 12v20L34 46H14L2 34V14z", "M15 15l18 18M33 15L15 33"),
    "conditional-go": ("M24 3l22 41H2z", "M24 17v14M24 36v3"),
    "go": ("M24 2a22 22 0 1 1 0 44a22 22 0 1 1 0-44z", "M14 25l7 7l14-15"),
    "pending": ("M2 8h44v32H2z", "M13 24h2M23 24h2M33 24h2"),
}


@lru_cache(maxsize=64)  # a report has hardly more of them than there are states
def state_mark(state: State, words: Words) -> Html:
    """A state as a sign and a word."""
    return tag("span", words.of(state), class_=f"st s-{state.value}")


def shape(verdict: str) -> Html:
    """The shape of a verdict: octagon, triangle or circle; the word always stands beside it."""
    body, sign = _SHAPES[verdict]
    return tag(
        "svg",
        tag("path", d=body, class_="sh-body"),
        tag("path", d=sign, class_="sh-sign"),
        viewBox="0 0 48 48",
        class_="shape",
        aria_hidden="true",
    )


def verdict_mark(verdict: str, said: str) -> Html:
    """A verdict in a line of text: shape and word."""
    return tag("span", shape(verdict), said, class_=f"vm v-{verdict}")


def word_of(verdict: Verdict, words: Words) -> Html:
    """A verdict in a line of text."""
    return verdict_mark(verdict.value, words.of(verdict))


def weight(item: ItemAssessment, policy: PolicyRow, words: Words) -> Html:
    """How heavily an item weighs."""
    return _weight(item.risk, item.blocking, stops(item, policy), words)


@lru_cache(maxsize=64)
def _weight(risk: Risk, blocking: bool, stopping: bool, words: Words) -> Html:
    said = words("weight.blocking" if blocking else "weight.risk", risk=risk)
    return tag("span", said, class_="wt wt-stops" if stopping else "wt")


def dotted(*parts: Content) -> Html:
    """Join the non-empty parts of a line with dots."""
    there = [part for part in parts if part]
    return join(*(["\N{NO-BREAK SPACE}· " if place else None, part] for place, part in enumerate(there)))


def facts(pairs: Iterable[tuple[str, Content]], class_: str = "facts") -> Html:
    """Names and values; those without a value are left out."""
    return tag(
        "dl",
        (tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs if value),
        class_=class_,
    )


def section(key: str, title: str, *content: Content) -> Html:
    """A part of the report under its heading."""
    return tag("section", tag("h2", title, id=f"{key}-h"), *content, id=key, aria_labelledby=f"{key}-h")


def counts_in_words(counts: Iterable[tuple[State, int]], words: Words) -> str:
    """States and how many items are in each, those with none left out."""
    said = [words("count-of", state=state, count=count) for state, count in counts if count]
    return words.of(said) if said else words("nothing")


__all__ = [
    "GLYPHS",
    "counts_in_words",
    "dotted",
    "facts",
    "join",
    "section",
    "shape",
    "state_mark",
    "verdict_mark",
    "weight",
    "word_of",
]
