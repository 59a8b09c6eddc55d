"""Consent to acting checks, where opening a form does not imply it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from orr.evaluate.asked import asked_items
from orr.evidence.kinds.kind import written
from orr.evidence.kinds.registry import set_up, traits_of_kind
from orr.form.state import ReviewState

Acts = frozenset[tuple[str, str]]
"""Kinds and parameters of checks that act."""


class Consent:
    """Checks that people let act.

    Parameters
    ----------
    given
        Those that they agreed to; None where whoever opened the form ran a program themselves.
    """

    def __init__(self, given: Acts | None = None) -> None:
        self.given = given

    def missing(self, held: ReviewState) -> Counter[str]:
        """How many checks of each kind would act and were not agreed to."""
        return Counter(kind for kind, _ in acting(held) - self.given) if self.given is not None else Counter()

    def give(self, held: ReviewState) -> None:
        """Agree to all checks that act now; later ones are asked for again."""
        if self.given is not None:
            self.given |= acting(held)


def acting(held: ReviewState) -> Acts:
    """Acting checks of a review that would run: allowed, in a trusted folder."""
    workspace = held.workspace
    allow: Collection[str] = workspace.settings.allow
    if not allow or workspace.recorded is not None or workspace.untrusted is not None:
        return frozenset()
    specs = (spec for _, item in asked_items(held.case, held.today) for spec in item.checks)
    single = (one for spec in specs for one in set_up(spec, workspace.settings)[0])
    return frozenset(
        (one.check, written(one)) for one in single if one.check in allow and traits_of_kind(one.check).acts
    )
