"""Texts with links, as a custom lens keeps them, in one text of ours and back.

A main text may have one link, and links with texts of their own may follow::

    Deploy to one machine before deploying to all.
    <https://example.com/one-box>

    - How we bake a release <https://example.com/baking>
    - A drill to copy <https://example.com/drill>
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LINK = r"<([^<>\n]+)>"
_MAIN_LINK = re.compile(rf"(?:\A|\n){_LINK}\Z")
_ENTRY = rf"- ((?:[^\n]|\n  )*?) ?{_LINK}"
_ENTRIES = re.compile(rf"(?:\A|\n\n)({_ENTRY}(?:\n{_ENTRY})*)\Z")


@dataclass(frozen=True, slots=True)
class Resource:
    """A text for people and where it leads; either may be empty."""

    text: str = ""
    url: str = ""


def join(main: Resource, more: Sequence[Resource] = ()) -> str | None:
    """Write a main resource and further ones as one text; None if they say nothing."""
    parts = []
    if head := "\n".join(part for part in (main.text, main.url and f"<{main.url}>") if part):
        parts.append(head)
    if entries := "\n".join(_entry(resource) for resource in more if resource != Resource()):
        parts.append(entries)
    text = "\n\n".join(parts)
    return text if text.strip() else None


def _entry(resource: Resource) -> str:
    text = resource.text.replace("\n", "\n  ")
    return " ".join(part for part in (f"- {text}".rstrip(" "), resource.url and f"<{resource.url}>") if part)


def split(text: str) -> tuple[Resource, tuple[Resource, ...]]:
    """Read what `join` wrote.

    A text that `join` would have written for other resources as well (one of them without
    a link, for instance) comes back as main text.
    """
    more: tuple[Resource, ...] = ()
    if tail := _ENTRIES.search(text):
        entries = re.finditer(rf"(?:\A|\n){_ENTRY}(?=\n- |\Z)", tail.group(1))
        more = tuple(Resource(entry.group(1).replace("\n  ", "\n"), entry.group(2)) for entry in entries)
        text = text[: tail.start()]
    if link := _MAIN_LINK.search(text):
        return Resource(text[: link.start()], link.group(1)), more
    return Resource(text), more
