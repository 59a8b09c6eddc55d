"""The exception of a check that cannot determine its outcome."""

from __future__ import annotations

from orr.messages import Said


class Undetermined(Exception):  # noqa: N818 - a word of its own: no error, but no answer either
    """What a check needs is missing, unreadable or forbidden: its finding is `unknown`.

    Parameters
    ----------
    why
        The cause, and what to do about it where that is not plain from the cause.
    """

    def __init__(self, why: Said) -> None:
        self.why = why
        super().__init__(why)
