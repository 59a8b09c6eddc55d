"""The base of orr's errors, with words in every language."""

from __future__ import annotations

import copyreg
from typing import Any

from orr.messages import DEFAULT_LANGUAGE, Said, render


class OrrError(Exception):
    """The base of every error that a public function of orr raises.

    Attributes
    ----------
    why
        The reason, and what to do about it.
    """

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.in_words(DEFAULT_LANGUAGE)

    def in_words(self, language: str) -> str:
        """The reason in a language, one of `orr.messages.LANGUAGES`."""
        return render(self.why, language)

    def __reduce__(self) -> tuple[Any, ...]:
        # Some take more than a reason, so they are not made anew by a call when they come from another process.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class BadArgument(OrrError, ValueError):
    """An argument that a public function does not accept."""
