"""Build HTML that is escaped at its source.

Whatever is a plain string is text and is escaped; only what these functions return is
markup. They write one plain form of markup (lower-case names, double quotes, every
element closed), the only form that `orr.report.sanitize` lets into a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import markupsafe

from orr.messages.cleaning import clean
from orr.system.addresses import read_address

VOID = frozenset({"rect", "line", "circle", "path"})
_IMPLIED_END = re.compile(r"</(?:td|th|tr|tbody|li)>")
_QUOTES = re.compile(r'="([\w./#%-]*[\w%-])"(?=[ >])', re.ASCII)
_CODE = re.compile(r"`([^`\n]+)`")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ADDRESS = r"[^\s@/:?]+@[^\s@/:?]+"
_MAIL = re.compile(rf"mailto:{_ADDRESS}(\?\S*)?", re.IGNORECASE)

Html = markupsafe.Markup
"""Markup that is safe to write as it stands."""

Content = str | None | Iterable["Content"]
"""Text (escaped), markup, nothing, or several of those."""


def _marked(text: str) -> Html:
    return str.__new__(Html, text)  # what `Html(text)` does for a plain string, in a third of the time


def escape(text: str) -> Html:
    """Write a text as text, within an element or a quoted attribute, and clean it."""
    return markupsafe.escape(clean(text))


def join(*content: Content) -> Html:
    """Write contents one after the other."""
    parts: list[str] = []
    _write(content, parts)
    return _marked("".join(parts))


def _write(content: Iterable[Content], parts: list[str]) -> None:
    for part in content:
        if isinstance(part, str):
            parts.append(part if type(part) is Html else escape(part))
        elif part is not None:
            _write(part, parts)


def tag(name: str, *content: Content, **attributes: str | float | bool | None) -> Html:
    """Write an element.

    Parameters
    ----------
    name
        The element's name.
    *content
        What it holds; an element of `VOID` holds nothing.
    **attributes
        `class_` is written `class`, `aria_label` as `aria-label`; None and False leave
        an attribute out, True writes it without a value.
    """
    opening = f"<{name}"
    for key, value in attributes.items():
        if value is not None and value is not False:
            opening += _attribute(key, value)
    if name in VOID:
        # In SVG, only a slash closes an element without content; in HTML it is ignored.
        return _marked(opening + "/>")
    if len(content) == 1 and isinstance(content[0], str):  # as most are
        only = content[0]
        return _marked(f"{opening}>{only if type(only) is Html else escape(only)}</{name}>")
    parts = [opening, ">"]
    _write(content, parts)
    parts += ("</", name, ">")
    return _marked("".join(parts))


@lru_cache(maxsize=4096, typed=True)  # a page has the same few classes again and again
def _attribute(key: str, value: str | float | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escape(f"{value:g}" if isinstance(value, float) else str(value))}"'


@lru_cache(maxsize=1024)  # all workloads are asked the same
def coded(text: str) -> Html:
    """Render text in backticks as code; everything is escaped."""
    return join(tag("code", part) if place % 2 else part for place, part in enumerate(_CODE.split(text)))


def is_safe_link(address: str) -> bool:
    """Whether an address is web, mail or relative, and unambiguous."""
    if address != address.strip() or any(ord(letter) < 32 for letter in address):
        return False
    if _SCHEME.match(address):
        on_the_web = read_address(address) is not None and not any(letter.isspace() for letter in address)
        return on_the_web or _MAIL.fullmatch(address) is not None
    # To a browser a backslash is a slash, and two of them begin another host.
    return bool(address) and not address.startswith("//") and "\\" not in address


def link(address: str | None, *content: Content) -> Html:
    """Write a link; where the address is not safe, only its content."""
    if address is None or not is_safe_link(address):
        return join(*content)
    return tag("a", *content, href=address, rel="noreferrer" if ":" in address else None)


def contact_link(contact: str) -> Html:
    """Contact as a link for web and mail addresses, else as plain text."""
    address = f"mailto:{contact}" if re.fullmatch(_ADDRESS, contact) else contact
    return link(address if ":" in address else None, contact)


def lean(markup: Html) -> Html:
    """Same document without optional end tags and quotes.

    Parameters
    ----------
    markup
        As these functions write it: its texts hold neither `<` nor `"`.
    """
    return _marked(_QUOTES.sub(r"=\1", _IMPLIED_END.sub("", markup)))
