"""The language of the terminal, and texts in it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from orr.messages import DEFAULT_LANGUAGE, LANGUAGES, render, say

_asked: str | None = None

_workspace_language: str | None = None


def choose_language(words: Sequence[str]) -> None:
    """Take the language from `--lang` before any text is printed."""
    global _asked, _workspace_language
    _asked = _workspace_language = None
    for place, word in enumerate(words):
        given = word.partition("=")[2] if word.startswith("--lang=") else None
        if word == "--lang" and place + 1 < len(words):
            given = words[place + 1]
        if given in LANGUAGES:
            _asked = given


def set_workspace_language(chosen: str) -> None:
    """Set the language of `orr.yaml`, used without `--lang`."""
    global _workspace_language
    _workspace_language = chosen


def current_language() -> str:
    """Language of the terminal: `--lang`, else `orr.yaml`, else the locale."""
    if _asked is not None:
        return _asked
    if _workspace_language is not None:
        return _workspace_language
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh-CN" if locale.lower().startswith("zh") else DEFAULT_LANGUAGE


def words(key: str, /, **values: Any) -> str:
    """Render the text `cli.<key>` in the language of the terminal."""
    return render(say(f"cli.{key}", **values), current_language())


def tell(what: object) -> str:
    """Put a message or a value into the language of the terminal."""
    return render(what, current_language())
