"""The exception of a check that cannot determine its outcome."""

from __future__ import annotations

from orr.messages.errors import OrrError


class Undetermined(OrrError):
    """What a check needs is missing, unreadable or forbidden: its finding is `unknown`.

    Parameters
    ----------
    why
        The cause, and what to do about it where that is not plain from the cause.
    """
