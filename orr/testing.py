"""Run one check in a test, also of another package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orr.evaluate.tier import TierRules, rate
from orr.evidence.collect import run
from orr.evidence.context import Context
from orr.evidence.kinds.kind import Kind
from orr.evidence.repository.places import EvidencePlaces
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.model.settings import Settings
from orr.model.workload import Owner, Workload

TODAY = date(2026, 11, 23)


def run_check(
    check: str | Callable[..., Finding],
    repository: str | PathLike[str],
    /,
    *,
    today: date = TODAY,
    workload: Workload | None = None,
    settings: Settings | None = None,
    **parameters: Any,
) -> Finding:
    """Run one check on a repository, just as a review would.

    Parameters
    ----------
    check
        The name of a kind, or the function itself.
    repository
        The folder that the check reads.
    today
        The day of the review.
    workload
        What is reviewed; a workload of tier 3 if it does not matter.
    settings
        `orr.yaml`, with its time zone; by default every kind may act, and days end in UTC.
    parameters
        As they would stand in a checklist.

    Returns
    -------
    Finding
        What it found; `unknown` with the cause if it raised or its parameters are wrong.
    """
    folder = Path(repository).absolute()
    places = EvidencePlaces(folder, (folder,), {"workload": folder})
    if workload is None:
        workload = Workload(
            workload=folder.resolve().name or "workload", title="Test", tier=3, owner=Owner(team="team")
        )
    name = check if isinstance(check, str) else getattr(check, "__name__", "check")
    settings = settings or Settings(allow=(name,))
    if workload.tier is None:
        workload = replace(workload, tier=rate(workload, TierRules.of(settings), today).tier)
    context = Context.of(workload, places, today, ZoneInfo(settings.timezone), settings)
    kind = None if isinstance(check, str) else Kind(name, check, False)
    try:
        return run(context, CheckSpec(name, parameters), kind)
    finally:
        context.reader.close()
