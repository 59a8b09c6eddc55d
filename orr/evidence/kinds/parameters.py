"""Parameter types of checks, and how each is described."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Annotated

from orr.evidence.repository.conventions import PREFIX, conventions, spelled_out
from orr.evidence.repository.globs import BadPattern, read_pattern
from orr.messages import Message, Said, say
from orr.model.fields import After, Before, Within


class Refused(ValueError):
    """A parameter's value that its type refuses, with the words for it."""

    def __init__(self, wrong: Message, remedy: Message) -> None:
        self.wrong, self.remedy = wrong, remedy
        super().__init__(str(wrong))


@dataclass(frozen=True, eq=False)  # by identity: a union's annotations must have a hash
class Expects:
    """What a parameter's type expects, in words: an annotation's metadata."""

    what: Said


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def inside_repository(patterns: list[str]) -> list[str]:
    """Spell out conventions, and refuse patterns that leave the repository.

    Raises
    ------
    Refused
        With the words for the first pattern that is wrong.
    """
    if any(pattern.startswith(PREFIX) for pattern in patterns):
        patterns = _spelled_out(patterns)
    for pattern in patterns:
        try:
            read_pattern(pattern)
        except BadPattern as bad:
            raise Refused(
                say(f"evidence.pattern.{bad}", pattern=pattern), say("evidence.pattern.do", pattern=pattern)
            ) from None
    return patterns


def _spelled_out(patterns: list[str]) -> list[str]:
    try:
        return spelled_out(patterns)
    except KeyError as unknown:
        name = unknown.args[0]
        near = difflib.get_close_matches(name, conventions(), n=1)
        remedy = say("evidence.convention.near", near=PREFIX + near[0]) if near else say("evidence.convention.do")
        raise Refused(say("evidence.convention.unknown", name=name), remedy) from None


Texts = Annotated[list[str], Before(_listed), Expects(say("evidence.expects.texts"))]
"""One text or a list of them; a check receives a list."""

Globs = Annotated[Texts, After(inside_repository), Expects(say("evidence.expects.globs"))]
"""One pattern for files or a list of them, all within the repository; `convention:NAME` stands for several."""

Count = Annotated[int, Within(ge=1), Expects(say("evidence.expects.count"))]
"""A whole number of at least one: never met by nothing at all."""
