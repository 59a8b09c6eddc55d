"""Other people's text, made fit to be written anywhere."""

from __future__ import annotations

import json
import re

_STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls: a terminal obeys them, XML and HTML forbid most
    "\u2028\u2029"  # line ends of other conventions
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates, which put other words where these stand
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # what stands for no character
)
_BREAKS = re.compile("[\t\n]+")
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")


def clean(text: str) -> str:
    """Replace what steers a terminal, turns the direction of writing or is no character.

    Every line end becomes a line feed. A letter of a language that runs from right to left, and its marks, stay.
    """
    if text.isprintable():  # as most are
        return text
    return _STEERS.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """Clean a text and join its lines, so that it cannot imitate a list."""
    cleaned = clean(text)
    return cleaned if cleaned.isprintable() else _BREAKS.sub(" ", cleaned).strip()


def json_text(data: object) -> str:
    """Write data as JSON for a terminal, with control characters escaped."""
    written = json.dumps(data, ensure_ascii=False, indent=2)
    return _STEERS.sub(lambda match: f"\\u{ord(match.group()):04x}", written)
