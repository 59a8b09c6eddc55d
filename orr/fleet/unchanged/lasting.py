"""Until when an assessment stays the same if nobody touches anything: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from orr.evaluate.case import Case
from orr.evaluate.forecast import HORIZON_DAYS
from orr.evaluate.states import lapses
from orr.model.checklist import CheckSpec, Item, item_id

AGES = MappingProxyType(
    {
        "document": frozenset({"reviewed_within", "changed_within"}),
        "files": frozenset({"none_older_than", "newest_within"}),
    }
)
"""Kinds that look at the day only where one of these parameters asks for an age."""

DAYLESS = frozenset({"alerts", "ownership", "slo"})
"""Kinds that find the same in the same files on any day."""

BOUNDED = frozenset({*AGES, "incidents", "results", "roster"})
"""Kinds that, where they are met, say until when; otherwise what they find may be another on another day."""

DAILY = frozenset({"calendar"})
"""Kinds that read nothing but files, and may find something else on any day."""

_TOLD_AHEAD = (0, 30, 31, HORIZON_DAYS + 1)
"""How many days before something ends another day says so: then, a month ahead (lapses, waivers), in the forecast."""


class Validity(NamedTuple):
    """What of a case decides until when its assessment stays the same.

    Attributes
    ----------
    ends
        The last days before something that people wrote down takes effect or ends.
    checks
        By item the kinds of its checks, in order, each with whether the day matters to it.
    choices
        Whether choices have checks: what those found is not in the assessment.
    """

    ends: tuple[date, ...]
    checks: Mapping[str, tuple[tuple[str, bool], ...]]
    choices: bool

    @classmethod
    def of(cls, case: Case) -> Validity:
        """Take it from a case."""
        checks: dict[str, tuple[tuple[str, bool], ...]] = {}
        choices = False
        for checklist, section, unit in case.units():
            if unit is None:
                choices = choices or any(item.checks for item in section.items)
            elif unit.checks:
                checks[item_id(checklist.checklist, unit.item)] = tuple(
                    (spec.check, _looks_at_the_day(spec)) for spec in unit.checks
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
        if self.choices:
            return None
        items = {item["item"]: item for item in assessment["items"]}
        ends, daily = list(self.ends), False
        for name, kinds in self.checks.items():
            told = items.get(name)
            if told is None:
                return None
            findings = told["evidence"]
            if not findings and told["state"] == "not-applicable":
                continue  # left out: its checks did not run
            if [finding["check"] for finding in findings] != [kind for kind, _ in kinds]:
                return None
            for finding, (kind, looks_at_the_day) in zip(findings, kinds, strict=True):
                if finding["outcome"] == "unknown" or kind not in DAYLESS | BOUNDED | DAILY:
                    return None
                if looks_at_the_day:
                    daily = daily or kind in DAILY or finding["outcome"] != "met"
                if finding["holds_until"] is not None:
                    ends.append(date.fromisoformat(finding["holds_until"]))
        if daily:
            return today
        told_on = (end - timedelta(days=days) for end in ends for days in _TOLD_AHEAD if end.toordinal() > days)
        return min((day for day in told_on if day >= today), default=date.max)


def _looks_at_the_day(spec: CheckSpec) -> bool:
    if spec.check in AGES:
        return bool(AGES[spec.check] & set(spec.parameters))
    return spec.check not in DAYLESS


def asks_git(case: Case) -> bool:
    """Whether a check may ask git for tracked files or the day of a commit."""
    return any(_asks_git(spec) for item in _items(case) for spec in item.checks)


def _asks_git(spec: CheckSpec) -> bool:
    asking = {"document": {"changed_within"}, "files": {"forbidden", "none_older_than", "newest_within"}}
    if spec.check in asking:
        return bool(asking[spec.check] & set(spec.parameters))
    return spec.check in {"ownership", "results"}


def _items(case: Case) -> Iterator[Item]:
    for checklist in case.checklists:
        for section in checklist.sections:
            yield from section.items


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
