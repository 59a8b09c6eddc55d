"""Shared drawing tools: patterns, clipped text, scales."""

from __future__ import annotations

import unicodedata

from orr.evaluate import State
from orr.report.html import Content, Html, tag

# A state's pattern: its lines over a tinted ground. Met and not met are plain, light and dark.
_PATTERNS = {
    State.UNKNOWN: "M-2 2L2-2M0 8L8 0M6 10L10 6",
    State.STALE: "M0 2H8M0 6H8",
    State.UNANSWERED: "M1 2H3M5 6H7",
    State.PARTIAL: "M2 0V8M6 0V8",
}


def picture(title: str, *content: Content, description: str | None = None, **attributes: str | float) -> Html:
    """An SVG with its text alternative."""
    return tag(
        "svg",
        tag("title", title),
        tag("desc", description) if description else None,
        *content,
        role="img",
        **attributes,
    )


def patterns() -> Html:
    """The patterns of the states, for every picture of the same page."""
    return tag(
        "defs",
        (
            tag(
                "pattern",
                tag("rect", width="8", height="8", class_=f"pg p-{state.value}"),
                tag("path", d=lines, class_=f"pl p-{state.value}"),
                id=f"orr-{state.value}",
                width="8",
                height="8",
                patternUnits="userSpaceOnUse",
            )
            for state, lines in _PATTERNS.items()
        ),
    )


def fill(state: State) -> str | None:
    """Pattern fill of a state; None for plain fills, which the style sets."""
    return f"url(#orr-{state.value})" if state in _PATTERNS else None


def percent(share: float) -> str:
    """A share of the picture's width."""
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


def width_of(text: str) -> int:
    """How wide a text is, in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, columns: int, lines: int) -> list[str]:
    """Break a text into lines of limited width; what does not fit ends in an ellipsis."""
    out = [""]
    pieces = text.split(" ") if " " in text else list(text)
    glue = " " if " " in text else ""
    for place, piece in enumerate(pieces):
        grown = f"{out[-1]}{glue}{piece}" if out[-1] else piece
        if width_of(grown) <= columns:
            out[-1] = grown
        elif len(out) < lines and out[-1]:
            out.append(cut(piece, columns))
        else:
            rest = glue.join(pieces[place:])
            out[-1] = cut(f"{out[-1]}{glue}{rest}" if out[-1] else rest, columns)
            break
    return out


def cut(text: str, columns: int) -> str:
    """A text of limited width; one that is longer ends in an ellipsis."""
    if len(text) * 2 <= columns or width_of(text) <= columns:
        return text
    width, kept = 1, 0  # the ellipsis takes one
    for letter in text:
        width += width_of(letter)
        if width > columns:
            break
        kept += 1
    return text[:kept].rstrip() + "…"
