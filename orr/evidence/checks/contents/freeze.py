"""Whether a pipeline asks for a freeze before it deploys."""

from __future__ import annotations

import re
from collections.abc import Callable

from orr.evidence.checks.contents.pipeline import commands, no_pipeline
from orr.messages import Message, say

_GATE = re.compile(
    r"freeze|frozen|change[-_ ]?calendar|\bcalendar\b|(?:maintenance|change|deploy(?:ment)?)[-_ ]?window"
    r"|封网|冻结|变更日历",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"^[ \t]*(?:-[ \t]*)?\{?[ \t]*(?:if|unless|condition)\b.*", re.MULTILINE)
_INLINE = re.compile(r"[{,][ \t]*if:[^,}\n]*")


def no_freeze_gate(path: str, text: str, read: Callable[[str], str | None]) -> Message | None:
    """Why a build file stops no deployment in a freeze; None where it does.

    A step or a condition that asks for a freeze stops it.

    Parameters
    ----------
    path, text, read
        As for `no_pipeline`.

    Raises
    ------
    Undetermined
        As `no_pipeline`.
    """
    why = no_pipeline(path, text, read)
    if why is not None:
        return why
    asked = [*commands(text, path), *_CONDITION.findall(text), *_INLINE.findall(text)]
    return None if any(_GATE.search(one.partition(" #")[0]) for one in asked) else say("contents.no-freeze")
