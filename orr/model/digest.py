"""Digest of what an item demands; rewording does not change it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from orr.model.base import Record
from orr.model.checklist import Item, Section

GUIDANCE = {"core", "effort", "role", "phase", "replaces"}
"""What orders and groups items or says what they were called, and decides nothing."""

TEXTS = {"ask", "why", "fix", "practice", "origin", "title"} | GUIDANCE
"""What may change without an item being assessed otherwise."""

Unit = tuple[Section, Item | None]
"""What is assessed as one: an item, or a section with risk rules (item None)."""


def normal_digest(digest: str) -> str:
    """A digest with its prefix and in lower case, however it was written."""
    return "sha256:" + digest.removeprefix("sha256:").lower()


def demand_text(unit: Unit) -> str:
    """Canonical text of everything that an item's assessment depends on."""
    section, item = unit
    if item is not None:
        return _data(item, TEXTS)
    choices = "".join(_data(choice, TEXTS) for choice in section.items)
    return _data(section, TEXTS | {"section", "items", "about"}) + choices


def _data(record: Record, but: set[str]) -> str:
    return json.dumps(record.as_data(defaults=True, without=but), ensure_ascii=False, separators=(",", ":"))


def asked(unit: Unit) -> str:
    """A short digest of the substance, for the record of an assessment."""
    section, item = unit
    return (item or section).memoised("asked", lambda: hashlib.sha256(demand_text(unit).encode()).hexdigest()[:16])


def combined_digest(marks: Iterable[tuple[str, str]]) -> str:
    """Digest of all demands, from the name and digest of every unit."""
    lines = "".join(f"{name} {mark}\n" for name, mark in sorted(marks))
    return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()
