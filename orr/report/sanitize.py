"""Refuse markup of other notebooks that could act.

A notebook is a file that anyone can edit, so its HTML is not trusted. Markup that departs
from the form in any way is not repaired but refused.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from orr.report.html import VOID, is_safe_link

_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "a article b circle code dd defs desc details div dl dt h1 h2 h3 h4 i li line ol p path pattern rect s section "
        "small span strong summary svg table tbody td text th thead time title tr ul",
    )
)
_PLAIN = frozenset(
    {"class", "id", "role", "datetime", "scope", "colspan", "rel", "aria-label", "aria-labelledby", "aria-hidden"}
)
_GEOMETRY = frozenset(
    re.findall(r"\S+", "x y x1 x2 y1 y2 cx cy r rx dx dy d width height viewBox text-anchor patternUnits")
)
_GEOMETRY_VALUE = re.compile(r"[-0-9A-Za-z., %]*")
_FILL_VALUE = re.compile(r"url\(#orr-[a-z-]+\)")
_TAG = re.compile(r"<[^<>]*>")
_PARTS = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*=\"[^\"<>]*\")*)(/?)>")
_ATTRIBUTE = re.compile(r' ([a-zA-Z][a-zA-Z0-9-]*)="([^"]*)"')


def is_allowed(markup: str) -> bool:
    """Whether markup has the form that `orr.report.html` writes, and cannot act.

    Elements are of a short list and properly nested; there is no script, style, comment,
    event handler or address but of a safe link.
    """
    stack: list[str] = []
    tags = _TAG.findall(markup)
    if not markup.count("<") == markup.count(">") == len(tags):
        return False  # one stands in the text
    for tag in tags:
        name, opens, closes = _read(tag)
        if not opens:  # it ends an element, or is not allowed and has no name
            if not stack or stack.pop() != name:
                return False
        elif name == "title" and "svg" not in stack:
            return False
        elif not closes:
            stack.append(name)
    return not stack


@lru_cache(maxsize=4096)
def _read(tag: str) -> tuple[str, bool, bool]:
    """Name of an allowed element in a tag, and whether it opens or closes."""
    refused = "", False, False
    match = _PARTS.fullmatch(tag)
    if match is None:
        return refused
    closing, name, attributes, void = match.group(1, 2, 3, 4)
    if name not in _ELEMENTS:
        return refused
    if closing:
        return refused if attributes or void else (name, False, True)
    if bool(void) != (name in VOID):
        return refused
    if not all(_attribute_allowed(name, key, value) for key, value in _ATTRIBUTE.findall(attributes)):
        return refused
    return name, True, bool(void)


def _attribute_allowed(element: str, name: str, value: str) -> bool:
    if name in _PLAIN:
        return True
    if name == "tabindex":
        return value == "0"
    if name in _GEOMETRY:
        return _GEOMETRY_VALUE.fullmatch(value) is not None
    if name == "fill":
        return _FILL_VALUE.fullmatch(value) is not None
    return name == "href" and element == "a" and is_safe_link(html.unescape(value))
