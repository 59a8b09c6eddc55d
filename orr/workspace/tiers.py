"""Faults of what `orr.yaml` says of tiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from orr.model.impact import FIELDS, ImpactRow, amount, severity
from orr.model.settings import Settings
from orr.source.faults import Fault
from orr.source.file import InputFile


def tier_faults(file: InputFile, settings: Settings, is_workload: Callable[[str], bool]) -> Iterator[Fault]:
    """Tiers of no workload, and a table that asks less of what is worse."""
    for name in settings.tiers:
        if not is_workload(name):
            yield file.fault_at(("tiers", name), "workspace.tier-of-none", name=name)
    places = {row.tier: place for place, row in enumerate(settings.impact_tiers)}
    for place, row in enumerate(settings.impact_tiers):
        if places[row.tier] != place:
            yield file.fault_at(("impact_tiers", place, "tier"), "workspace.tier-twice", tier=row.tier)
    rows = sorted(settings.impact_tiers, key=lambda row: row.tier)
    for name in FIELDS:
        holding = [row for row in rows if getattr(row, name) is not None]
        for stricter, milder in pairwise(holding):
            if not _is_milder(name, milder, stricter):
                keys = ("impact_tiers", places[milder.tier], name)
                yield file.fault_at(keys, "workspace.tiers-cross", key=name, tier=milder.tier, other=stricter.tier)
        if name == "outage_cost":
            yield from _currency_faults(file, holding, places)


def _is_milder(name: str, milder: ImpactRow, stricter: ImpactRow) -> bool:
    """Whether a less critical tier's bound is reached no later than a stricter one's."""
    if name != "outage_cost":
        return severity(name, getattr(milder, name)) <= severity(name, getattr(stricter, name))
    above = {currency: cost for cost, currency in map(amount, stricter.outage_cost or ())}
    return all(cost <= above.get(currency, cost) for cost, currency in map(amount, milder.outage_cost or ()))


def _currency_faults(file: InputFile, rows: list[ImpactRow], places: dict[int, int]) -> Iterator[Fault]:
    """Faults of currencies without a bound for every tier.

    A currency without one would be the way to a laxer tier.
    """
    known = sorted({amount(one)[1] for row in rows for one in row.outage_cost or ()})
    for row in rows:
        own = sorted(amount(one)[1] for one in row.outage_cost or ())
        if own != known:
            keys = ("impact_tiers", places[row.tier], "outage_cost")
            yield file.fault_at(keys, "workspace.currencies", tier=row.tier, currencies=known)
