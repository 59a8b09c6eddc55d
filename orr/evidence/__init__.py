"""Evidence: what a machine can read, by kinds of check.

A check is a function. Its first parameter is `context`; all others are what a checklist
may write under the check, typed by their annotations. It returns a `Finding`. Its name
is that of its entry point in the group `orr.checks`, so a kind of check can live in any
installed package. `docs/checks.md` shows a complete one.

What it cannot tell it says by raising `CannotTell`: the finding is `unknown` then, with
that cause. Any other exception makes it `unknown`, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orr.evidence.places import EvidencePlaces
from orr.finding import Finding, Outcome, Table
from orr.messages import Message, say
from orr.model import CheckSpec
from orr.values import Days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orr.evidence.cannot import CannotTell
    from orr.evidence.context import Context
    from orr.evidence.parameters import Count, Globs, Texts
    from orr.evidence.traits import acting, check

__all__ = [
    "CannotTell",
    "CheckSpec",
    "Context",
    "Count",
    "Days",
    "EvidencePlaces",
    "Finding",
    "Globs",
    "Message",
    "Outcome",
    "Table",
    "Texts",
    "acting",
    "all_right",
    "check",
    "faults_of",
    "say",
]

_HOMES = {
    "CannotTell": "cannot",
    "Context": "context",
    "Count": "parameters",
    "Globs": "parameters",
    "Texts": "parameters",
    "acting": "traits",
    "check": "traits",
}


def faults_of(spec: CheckSpec) -> list[tuple[tuple[str | int, ...], Message, Message]]:
    """What is wrong with a check as it stands in a checklist: path of keys, cause, remedy."""
    from orr.evidence import kinds

    return kinds.faults_of(spec)


def all_right(text: str, specs: Sequence[CheckSpec]) -> bool:
    """Whether none of a checklist's checks has a fault, as remembered of the checklist's text."""
    from orr.evidence import kinds

    return kinds.all_right(text, specs)


def __getattr__(name: str) -> object:
    # The parts are loaded when first used: a checklist can be read without them.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"orr.evidence.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
