"""Verdict of workloads as an SVG badge, with its end of validity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from markupsafe import escape

from orr.evaluate import Verdict
from orr.formats.lines import columns
from orr.formats.unread import Outcome, Unread
from orr.messages import render, say
from orr.messages.cleaning import one_line

_SEVERITY = (Verdict.GO, Verdict.CONDITIONAL_GO, Verdict.NO_GO, None)
_FILLS = {Verdict.GO: "#1a7f37", Verdict.CONDITIONAL_GO: "#9a6700", Verdict.NO_GO: "#cf222e", None: "#57606a"}
_CHARACTER = 7


class _State(NamedTuple):
    """A workload; without a verdict where it could not be read."""

    name: str
    verdict: Verdict | None
    until: date | None
    told: str


def badge(outcomes: Iterable[Outcome], _today: date, language: str) -> str:
    """Draw a badge with the worst verdict; unreadable workloads are worse than any.

    The badge has its words as its title, so that no colour is needed to read it.
    """
    states = [_state(one, language) for one in outcomes]
    worst = max((state.verdict for state in states), key=_SEVERITY.index, default=None)
    message = render(say("formats.badge.error") if worst is None else worst, language)
    if len(states) > 1:
        n = sum(state.verdict is worst for state in states)
        message = render(say("formats.badge.of", message=message, n=n, all=len(states)), language)
    ends = [state.until for state in states if state.until is not None]
    if ends and worst in (Verdict.GO, Verdict.CONDITIONAL_GO):
        message = render(say("formats.badge.until", message=message, day=min(ends)), language)
    label = render(say("formats.badge.label"), language)
    return _drawn(label, message, _FILLS[worst], "; ".join(state.told for state in states) or message)


def _state(outcome: Outcome, language: str) -> _State:
    if isinstance(outcome, Unread):
        name = one_line(outcome.workload)
        told = render(say("formats.group", title=name, items=outcome.headline(language)), language)
        return _State(name, None, None, told)
    name = outcome.case.workload.workload
    told = render(say("formats.group", title=name, items=outcome.verdict), language)
    return _State(name, outcome.verdict, outcome.valid_until, told)


def _drawn(label: str, message: str, fill: str, title: str) -> str:
    left, right = (_CHARACTER * columns(words) + 12 for words in (label, message))
    whole = left + right

    def text(words: str, start: int, width: int) -> str:
        return (
            f'<text x="{start + width / 2:g}" y="14" textLength="{width - 12}" lengthAdjust="spacingAndGlyphs"'
            f' text-anchor="middle">{escape(words)}</text>'
        )

    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img"'
        f' aria-label="{escape(f"{label}: {message}")}">\n'
        f"<title>{escape(title)}</title>\n"
        # Two shapes without an id, since several badges may stand in one page.
        f'<rect width="{whole}" height="20" rx="3" fill="{fill}"/>\n'
        f'<path d="M3 0h{left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#24292f"/>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\n'
        f"{text(label, 0, left)}\n{text(message, left, right)}\n</g>\n</svg>\n"
    )
