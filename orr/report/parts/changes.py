"""What changed since the last decision and since the last run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from orr.evaluate import Decision, Evaluation, Verdict
from orr.history.comparison import drift
from orr.messages import Message
from orr.report.html import Html, tag
from orr.report.marks import section
from orr.report.words import Words

Before = Sequence[tuple[str, Mapping[str, Any]]]
"""Earlier assessments in the form `orr.assessment/1`, each with what it was: a `run` or a `decision`."""

SHOWN = 4
"""How many changes are seen before the others unfold."""


def changes(assessment: Evaluation, before: Before | None, record: Mapping[str, Any], words: Words) -> Html:
    """Compare with each earlier assessment, what changed most first.

    Parameters
    ----------
    before
        None where the history could not be read.
    record
        The present assessment in the same form.
    """
    title = words("changes.title")
    if not before:
        why = words("changes.unreadable" if before is None else "changes.none")
        return section("changes", title, tag("p", why, class_="note"))
    asks = {item.name: words.text(item.ask) for item in assessment.items}
    return section("changes", title, (_since(kind, one, record, asks, words) for kind, one in reversed(before)))


def _since(
    kind: str, before: Mapping[str, Any], record: Mapping[str, Any], asks: Mapping[str, str], words: Words
) -> Html:
    was = Decision(before["decision"]) if kind == "decision" else Verdict(before["verdict"])
    head = tag("h3", words(f"changes.since-{kind}", on=date.fromisoformat(before["today"]), was=was))
    found = [tag("li", words.causes(_asking(one, asks, words))) for one in drift(before, record).says]
    if not found:
        return tag("div", head, tag("p", words("changes.nothing"), class_="note"))
    more = tag("summary", words("changes.rest", n=len(found) - SHOWN))
    rest = tag("details", more, tag("ul", found[SHOWN:])) if len(found) > SHOWN else None
    return tag("div", head, tag("ul", found[:SHOWN]), rest, class_="since")


def _asking(change: Message, asks: Mapping[str, str], words: Words) -> Message:
    """The same with the question in place of the item's id."""
    item = change.values.get("item")
    if item not in asks:
        return change
    return Message(change.key, {**change.values, "item": words("changes.item", ask=asks[str(item)])})
