"""The formats that assessments are exported in, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from orr.formats import backstage, badge, codequality, ics, junit, listing, openmetrics, oscal, register, sarif
from orr.formats.unread import Outcome

Write = Callable[[Iterable[Outcome], date, str], str]
"""Write what became of workloads on a day, in one language."""


class Output(NamedTuple):
    """A format that assessments are exported in.

    Attributes
    ----------
    write
        The whole text of what became of workloads.
    holds_unread
        Whether a workload that could not be read has a place in it; else nothing is written where there is one.
    """

    write: Write
    holds_unread: bool = True


CHECKLISTS = ("lens", "csv", "markdown")
"""The formats that checklists are exported in instead."""

OUTPUTS = {
    "backstage": Output(backstage.backstage, holds_unread=False),
    "badge": Output(badge.badge),
    "codequality": Output(codequality.codequality),
    "ics": Output(ics.ics),
    "items": Output(lambda outcomes, _today, language: listing.assessment_csv(outcomes, language)),
    "junit": Output(lambda outcomes, _today, language: junit.junit(outcomes, language)),
    "openmetrics": Output(openmetrics.openmetrics),
    "oscal": Output(oscal.oscal),
    "path": Output(lambda outcomes, _today, language: listing.path_csv(outcomes, language)),
    "poam": Output(oscal.poam),
    "register": Output(register.register),
    "sarif": Output(sarif.sarif),
}
