"""Until when an assessment stays the same if nobody touches anything. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from orr.evaluate.case import Case
from orr.evaluate.forecast import HORIZON_DAYS
from orr.evaluate.states import lapses
from orr.evidence.kinds.registry import set_up, traits_of_kind
from orr.model.checklist import item_id
from orr.model.settings import Settings

_SHOWN_AHEAD = (0, 30, 31, HORIZON_DAYS + 1)
"""How many days before something ends another day shows it: then, a month ahead (lapses, waivers), in the forecast."""


def last_day(case: Case, assessment: Mapping[str, Any], settings: Settings) -> date | None:
    """The last day on which an assessment (`orr.assessment/1`) of a case is the same.

    Returns
    -------
    date
        Today or later; None where it may be another the next moment, since it depends on
        what is outside the files, or on something that could not be found out.
    """
    today = date.fromisoformat(assessment["today"])
    items = {item["item"]: item for item in assessment["items"]}
    ends, daily = set(_written(case)), False
    for checklist, section, unit in case.units():
        if unit is None:
            if any(item.checks for item in section.items):
                return None  # what checks of choices found is not in the assessment
            continue
        told = items.get(item_id(checklist.checklist, unit.item), {"state": None, "evidence": []})
        findings = told["evidence"]
        if not findings and told["state"] == "not-applicable":
            continue  # left out: its checks did not run
        if [finding["check"] for finding in findings] != [spec.check for spec in unit.checks]:
            return None
        for finding, spec in zip(findings, unit.checks, strict=True):
            for source in set_up(spec, settings)[0]:
                day = traits_of_kind(source.check).day_for(source.parameters)
                if finding["outcome"] == "unknown" or day is None:
                    return None
                daily = daily or day == "daily" or (day == "until" and finding["outcome"] != "met")
            if finding["holds_until"] is not None:
                ends.add(date.fromisoformat(finding["holds_until"]))
    if daily:
        return today
    shown_on = (end - timedelta(days=days) for end in ends for days in _SHOWN_AHEAD if end.toordinal() > days)
    return min((day for day in shown_on if day >= today), default=date.max)


def asks_git(case: Case) -> bool:
    """Whether a check may ask git for tracked files or the day of a commit."""
    specs = (spec for one in case.checklists for spec in one.specs)
    return any(traits_of_kind(spec.check).asks_git(spec.parameters) for spec in specs)


def _written(case: Case) -> Iterator[date]:
    """The last days before something that people wrote down takes effect or ends."""
    day = timedelta(days=1)
    for checklist in (*case.checklists, *case.not_asked.values()):
        for section in checklist.sections:
            for item in section.items:
                answer, _ = case.answer(item.scope, item_id(checklist.checklist, item.item))
                yield from lapses(item, answer, (), case.timezone)
                for entry in answer.evidence if answer is not None else ():
                    yield entry.expires or date.max
                if item.enforce_from is not None:
                    yield item.enforce_from - day
    for waiver in case.waivers:
        yield waiver.expires
        yield from (begins - day for begins in (waiver.approved_on, waiver.revoked_on) if begins is not None)
    if case.workload.tier_exception is not None:
        yield case.workload.tier_exception.expires
    if case.workload.live_since is not None:
        yield case.workload.live_since - day
    if case.launch_day is not None:
        yield from (case.launch_day - day, case.launch_day)
