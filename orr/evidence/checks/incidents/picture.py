"""Chart of incident durations against a baseline or limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median

from orr.evidence.checks.incidents.incident import Incident
from orr.evidence.checks.incidents.judge import Asked, before_window, span_in_words
from orr.messages import Said, say
from orr.model.picture import Bars

SHOWN = 20
_SPANS = ("to_recover", "to_detect")


def spans_drawn(window: Sequence[Incident], every: Sequence[Incident], asked: Asked, today: date) -> Bars | None:
    """Chart of the newest incidents' times to recover, else to detect, if asked for."""
    for span in _SPANS:
        place = 1 if span == "to_recover" else 0
        if asked.median[place] is None and asked.worst[place] is None:
            continue
        known = [one for one in window if getattr(one, span) is not None]
        newest = sorted(known, key=lambda one: one.day or today)[-SHOWN:]
        if newest:
            name = span.replace("_", "-")
            bars = tuple((one.id[:60], getattr(one, span), span_in_words(getattr(one, span))) for one in newest)
            return Bars(say(f"incidents.picture.{name}"), bars, _bound(every, asked, span, place, today))
    return None


def _bound(every: Sequence[Incident], asked: Asked, span: str, place: int, today: date) -> tuple[Said, float] | None:
    before = before_window(every, asked, span, today)
    if before:
        usual = median(before)
        return say("incidents.picture.usual", span=span_in_words(usual)), usual
    limit = asked.worst[place] if asked.worst[place] is not None else asked.median[place]
    return None if limit is None else (say("incidents.picture.limit", span=span_in_words(limit)), limit)
