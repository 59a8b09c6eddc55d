"""All texts of orr, in every language.

A `Message` names its text and carries the values to fill in; it becomes words only
where they are shown, so one assessment can be read in either language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from orr.messages.cleaning import clean

LANGUAGES = ("en", "zh-CN")
DEFAULT_LANGUAGE = "en"
LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Message:
    """A text by its key in `messages/<area>.<language>.yaml`, with the values that it mentions."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return render(self, DEFAULT_LANGUAGE)


Said = Message | str | Mapping[str, str]
"""Words for people: a message, a plain string, or one string per language."""


def say(key: str, /, **values: Any) -> Message:
    """Shorthand for `Message(key, values)`."""
    return Message(key, values)


@cache
def texts(area: str, language: str) -> dict[str, Any]:
    """The texts of one area (the first word of a key) in one language.

    Returns
    -------
    dict
        The rest of the key to a template, or to ``{"one": template, "other": template}``
        where the wording depends on the value ``n``.
    """
    text = (LOCALES / f"{area}.{language}.yaml").read_text(encoding="utf-8")
    if text.startswith("{"):  # as JSON, which is YAML too and read far sooner where libyaml is not there
        data = json.loads(text)
    else:
        import yaml

        data = yaml.load(text, yaml.CSafeLoader)
    assert isinstance(data, dict)
    return data


def moment(at: datetime) -> Message:
    """A moment together with its time zone."""
    return say("words.moment", at=at, zone=str(at.tzinfo))


def load() -> None:
    """Load all texts in every language."""
    for path in LOCALES.glob("*.*.yaml"):
        area, language, _ = path.name.split(".")
        texts(area, language)


@cache
def template(key: str, language: str) -> Any:
    """The text of a key before its values are filled in."""
    area, _, rest = key.partition(".")
    return texts(area, language)[rest]


def render(what: object, language: str) -> str:
    """Put a value into words of one language.

    Parameters
    ----------
    what
        A `Message`; a text per language; a date, number or string; or a list or
        tuple of those, which becomes an enumeration.
    language
        One of `LANGUAGES`.

    Raises
    ------
    KeyError
        If a message's key or one of its values is missing: a mistake of ours, never
        of the user's input.
    """
    if type(what) is str:  # as most are
        return clean(what)
    if isinstance(what, Message):
        words = template(what.key, language)
        if isinstance(words, dict):
            words = words["one" if what.values.get("n") == 1 else "other"]
        values = {name: render(value, language) for name, value in what.values.items()}
        return str(words.format_map(values))
    if isinstance(what, Enum):
        return _word(what, language)
    if isinstance(what, datetime):
        return what.strftime("%Y-%m-%d %H:%M")
    if isinstance(what, date):
        return what.isoformat()
    if isinstance(what, (list, tuple)):
        parts = [render(part, language) for part in what]
        clauses = any(mark in part for part in parts for mark in "，：；")  # Chinese joins these by another mark
        return str(template(f"words.list.{'clauses' if clauses else 'separator'}", language)).join(parts)
    if isinstance(what, float):
        return f"{what:g}"
    if isinstance(what, Mapping):
        return in_language(what, language)
    return clean(str(what))


@lru_cache(maxsize=256, typed=True)  # members of two enumerations may be equal as texts
def _word(what: Enum, language: str) -> str:
    return str(template(f"words.{type(what).__name__.lower()}.{what.value}", language))


def in_language(text: str | Mapping[str, str], language: str) -> str:
    """Pick a text's language: the requested, else English, else the first."""
    if isinstance(text, str):
        return clean(text)
    return clean(text.get(language) or text.get(DEFAULT_LANGUAGE) or next(iter(text.values())))
