"""Convert texts with links between a lens and a checklist.

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

_LINK = re.compile(r"<([^<>\n]+)>\Z")


@dataclass(frozen=True, slots=True)
class Resource:
    """A text for people and where it leads; either may be empty."""

    text: str = ""
    url: str = ""


def join(main: Resource, more: Sequence[Resource] = ()) -> str | None:
    """Join a main resource and further ones as one text; None if empty."""
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
    head, _, tail = text.rpartition("\n\n")
    more = _entries(tail)
    if more is None:
        head, more = text, ()
    start, _, line = head.rpartition("\n")
    link = _LINK.match(line)
    main = Resource(start, link.group(1)) if link else Resource(head)
    if join(main, more) != text:
        return Resource(text), ()
    return main, more


def _entries(text: str) -> tuple[Resource, ...] | None:
    """Entries of a list of links; None where an entry has no link."""
    entries: list[str] = []
    for line in text.split("\n"):
        if line.startswith("- "):
            entries.append(line[2:])
        elif line.startswith("  ") and entries:
            entries[-1] += "\n" + line[2:]
        else:
            return None
    more = []
    for entry in entries:
        opening = entry.rfind("<")
        link = _LINK.match(entry, opening) if opening >= 0 else None
        if link is None:
            return None
        more.append(Resource(entry[:opening].removesuffix(" "), link.group(1)))
    return tuple(more)
