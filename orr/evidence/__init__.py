"""Evidence: what a machine can read, by kinds of check.

A check is a function. Its first parameter is `context`; all others are what a checklist
may write under the check, typed by their annotations. It returns a `Finding`. Its name
is that of its entry point in the group `orr.checks`, so a kind of check can live in any
installed package. `docs/checks.md` shows a complete one.

What a check cannot determine it reports by raising `Undetermined`: the finding is
`unknown` then, with that cause. Any other exception makes it `unknown`, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orr.evidence.repository.places import EvidencePlaces
from orr.messages import Message, say
from orr.model.checklist import CheckSpec
from orr.model.content import Content
from orr.model.fields import Days
from orr.model.finding import Finding, Outcome, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orr.evidence.context import Context
    from orr.evidence.errors import Undetermined
    from orr.evidence.kinds.parameters import Count, Globs, Texts
    from orr.evidence.kinds.traits import acting, check
    from orr.model.picture import Bars, Course, Heat, Stretches
    from orr.model.release import Subject, SubjectKind

__all__ = [
    "Bars",
    "CheckSpec",
    "Content",
    "Context",
    "Count",
    "Course",
    "Days",
    "EvidencePlaces",
    "Finding",
    "Globs",
    "Heat",
    "Message",
    "Outcome",
    "Stretches",
    "Subject",
    "SubjectKind",
    "Table",
    "Texts",
    "Undetermined",
    "acting",
    "all_right",
    "check",
    "faults_of",
    "say",
]

_HOMES = {
    "Bars": "model.picture",
    "Context": "evidence.context",
    "Count": "evidence.kinds.parameters",
    "Course": "model.picture",
    "Globs": "evidence.kinds.parameters",
    "Heat": "model.picture",
    "Stretches": "model.picture",
    "Subject": "model.release",
    "SubjectKind": "model.release",
    "Texts": "evidence.kinds.parameters",
    "Undetermined": "evidence.errors",
    "acting": "evidence.kinds.traits",
    "check": "evidence.kinds.traits",
}


def faults_of(spec: CheckSpec) -> list[tuple[tuple[str | int, ...], Message, Message]]:
    """Faults of a check in a checklist: path of keys, cause, remedy."""
    from orr.evidence.kinds import registry

    return registry.faults_of(spec)


def all_right(text: str, specs: Sequence[CheckSpec]) -> bool:
    """Return whether no check of a checklist has a fault, cached by its text."""
    from orr.evidence.kinds import registry

    return registry.all_right(text, specs)


def __getattr__(name: str) -> object:
    # The parts are loaded when first used: a checklist can be read without them.
    if name == "CannotTell":  # as plug-ins written for earlier versions know it
        name = "Undetermined"
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"orr.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
