"""Until when an assessment stays the same if nobody touches anything. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from orr.evaluate.case import Case
from orr.evaluate.forecast import HORIZON_DAYS
from orr.evaluate.states import lapses
from orr.evidence.kinds.registry import traits_of_kind
from orr.evidence.kinds.traits import Day
from orr.model.checklist import item_id

_TOLD_AHEAD = (0, 30, 31, HORIZON_DAYS + 1)
"""How many days before something ends another day shows it: then, a month ahead (lapses, waivers), in the forecast."""


class Validity(NamedTuple):
    """What of a case decides until when its assessment stays the same.

    Attributes
    ----------
    ends
        The last days before something that people wrote down takes effect or ends.
    checks
        By item its checks, in order: the kind, and how what it finds depends on the day.
    choices
        Whether choices have checks: what those found is not in the assessment.
    """

    ends: tuple[date, ...]
    checks: Mapping[str, tuple[tuple[str, Day | None], ...]]
    choices: bool

    @classmethod
    def of(cls, case: Case) -> Validity:
        """Take it from a case."""
        checks: dict[str, tuple[tuple[str, Day | None], ...]] = {}
        choices = False
        for checklist, section, unit in case.units():
            if unit is None:
                choices = choices or any(item.checks for item in section.items)
            elif unit.checks:
                checks[item_id(checklist.checklist, unit.item)] = tuple(
                    (spec.check, traits_of_kind(spec.check).day_for(spec.parameters)) for spec in unit.checks
                )
        return cls(tuple(sorted(set(_written(case)))), checks, choices)

    def last_day(self, assessment: Mapping[str, Any]) -> date | None:
        """The last day on which an assessment (`orr.assessment/1`) of the case is the same.

        Returns
        -------
        date
            Today or later; None where it may be another the next moment, since it depends on
            what is outside the files, or on something that could not be found out.
        """
        today = date.fromisoformat(assessment["today"])
        items = {item["item"]: item for item in assessment["items"]}
        if self.choices or not self.checks.keys() <= items.keys():
            return None
        ends, daily = list(self.ends), False
        for name, checks in self.checks.items():
            findings = items[name]["evidence"]
            if not findings and items[name]["state"] == "not-applicable":
                continue  # left out: its checks did not run
            if [finding["check"] for finding in findings] != [kind for kind, _ in checks]:
                return None
            for finding, (_, day) in zip(findings, checks, strict=True):
                if finding["outcome"] == "unknown" or day is None:
                    return None
                daily = daily or day == "daily" or (day == "until" and finding["outcome"] != "met")
                if finding["holds_until"] is not None:
                    ends.append(date.fromisoformat(finding["holds_until"]))
        if daily:
            return today
        shown_on = (end - timedelta(days=days) for end in ends for days in _TOLD_AHEAD if end.toordinal() > days)
        return min((day for day in shown_on if day >= today), default=date.max)


def asks_git(case: Case) -> bool:
    """Whether a check may ask git for tracked files or the day of a commit."""
    sections = (section for checklist in case.checklists for section in checklist.sections)
    specs = (spec for section in sections for item in section.items for spec in item.checks)
    return any(traits_of_kind(spec.check).asks_git(spec.parameters) for spec in specs)


def _written(case: Case) -> Iterator[date]:
    """The last days before something that people wrote down takes effect or ends."""
    day = timedelta(days=1)
    for checklist in case.checklists:
        for section in checklist.sections:
            for item in section.items:
                answer, _ = case.answer(item.scope, item_id(checklist.checklist, item.item))
                yield from lapses(item, answer, (), case.timezone)
                if item.enforce_from is not None:
                    yield item.enforce_from - day
    for waiver in case.review.waivers:
        yield waiver.expires
        for begins in (waiver.approved_on, waiver.revoked_on):
            if begins is not None:
                yield begins - day
    if case.workload.live_since is not None:
        yield case.workload.live_since - day
    if case.launch_day is not None:
        yield case.launch_day - day
        yield case.launch_day
