"""Derive the tier that counts for a workload: from its impact, or as `orr.yaml` assigns it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from orr.evaluate.proofs import NO_PROOFS, Proofs, exception_unproven
from orr.evaluate.terms import NOTHING_RECORDED, Formerly, in_a_row, why_altered, why_not_in_force
from orr.messages import Message, say
from orr.model.impact import (
    DEFAULT_TABLE,
    FIELDS,
    LEAST_CRITICAL,
    TIER_EXCEPTION,
    Impact,
    ImpactRow,
    TierException,
    amount,
    severity,
)
from orr.model.settings import PolicyRow, Settings
from orr.model.workload import Workload

SHOWN = 2
"""How many of the fields that decide a tier are told."""


@dataclass(frozen=True, slots=True)
class TierRules:
    """What a workspace says of tiers.

    Attributes
    ----------
    policy
        What tiers demand; the first row that holds a tier counts.
    table
        From which impact on a workload is of a tier.
    assigned
        The tiers that stand in the place of an impact, by workload.
    """

    policy: tuple[PolicyRow, ...] = ()
    table: tuple[ImpactRow, ...] = DEFAULT_TABLE
    assigned: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> TierRules:
        """Those of `orr.yaml`."""
        return cls(settings.policy, settings.impact_tiers, settings.tiers)

    def row(self, tier: int) -> tuple[PolicyRow, bool]:
        """What a tier demands, and whether the policy says so: the default where it does not."""
        found = next((row for row in self.policy if tier in row.tiers), None)
        return found or PolicyRow(), found is not None


class Rating(NamedTuple):
    """The tier that counts for a workload on a day.

    Attributes
    ----------
    tier, says
        The tier, and why it is this one.
    required
        The least critical tier that is allowed without an exception.
    policy, policy_found
        What the tier demands; False where `orr.yaml` has no row for it, so that the default is used.
    founded
        False where nothing gives a tier, so that it is the most critical one.
    until
        The last day of the exception that counts; None where none does.
    ineffective
        Why an exception does not count; None where it does, or where there is none.
    """

    tier: int
    says: Message
    required: int
    policy: PolicyRow
    policy_found: bool
    founded: bool
    until: date | None
    ineffective: Message | None

    @property
    def plain(self) -> str | None:
        """Source of an unremarkable tier: `impact`, `assigned` or `stricter`; else None."""
        if self.ineffective is not None:
            return None
        given = {"rule.tier.nothing": "impact", "rule.tier.assigned": "assigned", "rule.tier.stricter": "stricter"}
        if self.says.key != "rule.tier.impact":
            return given.get(self.says.key)
        return "impact" if all(one.key != "rule.impact.lacking" for one in self.says.values["because"]) else None


def rate(
    workload: Workload,
    rules: TierRules,
    today: date | None,
    formerly: Formerly = NOTHING_RECORDED,
    proofs: Proofs = NO_PROOFS,
) -> Rating:
    """Rate a workload.

    Parameters
    ----------
    workload
        Its impact, the tier that it claims, and its exception.
    rules
        Those of the workspace.
    today
        The day on which an exception counts; none counts on no day.
    formerly
        Earlier exceptions: those in a row add up, and none goes beyond what was approved.
    proofs
        What the signature of an exception is worth.

    Returns
    -------
    Rating
        Never of a tier that is less critical than the derived or assigned one, but by an exception.
    """
    required, says = _required(workload, rules)
    founded = workload.workload in rules.assigned or workload.impact is not None
    claimed, exception = workload.tier, workload.tier_exception
    tier, until, ineffective = required, None, None
    if exception is not None:
        ineffective = _why_ineffective(exception, required, rules, today, formerly)
        unproven = exception_unproven(workload, rules.row(required)[0], proofs)
        ineffective = ineffective or (unproven.why if unproven is not None else None)
    if claimed is not None and claimed < required:
        tier, says = claimed, say("rule.tier.stricter", tier=claimed, required=required)
    elif exception is not None and ineffective is None and claimed != required:
        tier, until = min(exception.tier, claimed or exception.tier), exception.expires
        says = say("rule.tier.exception", tier=tier, until=until, by=exception.approved_by, required=required)
    elif claimed is not None and claimed > required:
        why = ineffective or say("rule.tier.no-exception")
        says = say("rule.tier.refused", counts=says, claimed=claimed, why=why)
    policy, found = rules.row(tier)
    return Rating(tier, says, required, policy, found, founded, until, ineffective)


def _required(workload: Workload, rules: TierRules) -> tuple[int, Message]:
    """The least critical tier that is allowed, and why."""
    name, table = workload.workload, sorted(rules.table, key=lambda row: row.tier)
    if name in rules.assigned:
        return rules.assigned[name], say("rule.tier.assigned", tier=rules.assigned[name])
    if workload.impact is None:
        tier = table[0].tier
        return tier, say("rule.tier.no-impact", tier=tier, workload=name)
    return _derived(workload.impact, table)


def _derived(impact: Impact, table: Sequence[ImpactRow]) -> tuple[int, Message]:
    """The tier that an impact gives, and the fields that decide it."""
    reached = {name: tier for name in FIELDS if (tier := _reached(name, getattr(impact, name), table)) is not None}
    tier = min(reached.values(), default=LEAST_CRITICAL)
    deciding = [name for name in reached if reached[name] == tier]
    lacking = [name for name in deciding if getattr(impact, name) is None]
    if tier == LEAST_CRITICAL and not lacking:
        return tier, say("rule.tier.nothing", tier=tier)
    given = [name for name in deciding if name not in lacking]
    because = [_because(name, getattr(impact, name), table) for name in given[:SHOWN]]
    if len(given) > SHOWN:
        because.append(say("rule.impact.more", n=len(given) - SHOWN))
    if lacking:
        because.insert(0, say("rule.impact.lacking", fields=lacking))
    return tier, say("rule.tier.impact", tier=tier, because=because)


def _reached(name: str, value: Any, table: Sequence[ImpactRow]) -> int | None:
    """Most critical tier that a field's value reaches; None for an unused field."""
    rows = [row for row in table if getattr(row, name) is not None]
    if not rows:
        return None
    if value is None or (name == "outage_cost" and not _is_known(value, rows)):
        return rows[0].tier
    return next((row.tier for row in rows if _reaches(name, value, getattr(row, name))), LEAST_CRITICAL)


def _reaches(name: str, value: Any, bound: Any) -> bool:
    if name != "outage_cost":
        return severity(name, value) >= severity(name, bound)
    cost, currency = amount(value)
    return any(cost >= least for least, of in map(amount, bound) if of == currency)


def _is_known(cost: str, rows: Sequence[ImpactRow]) -> bool:
    """Whether each row has a bound in the currency of a cost."""
    currency = amount(cost)[1]
    return all(currency in (amount(one)[1] for one in row.outage_cost or ()) for row in rows)


def _because(name: str, value: Any, table: Sequence[ImpactRow]) -> Message:
    if name == "outage_cost" and not _is_known(value, [row for row in table if row.outage_cost is not None]):
        return say("rule.impact.currency", value=value, currency=amount(value)[1])
    shown = say(f"rule.impact.data.{value}") if name == "data" else _grouped(str(value))
    return say(f"rule.impact.{name.replace('_', '-')}", value=shown)


def _grouped(value: str) -> str:
    """An amount with its thousands apart."""
    return re.sub(r"^\d+", lambda found: f"{int(found[0]):,}", value)


def _why_ineffective(
    exception: TierException, required: int, rules: TierRules, today: date | None, formerly: Formerly
) -> Message | None:
    """Why an exception does not count; None where it does."""
    if exception.tier <= required:
        return say("rule.tier.needless", required=required)
    if required < exception.instead_of:
        return say("rule.tier.outgrown", instead_of=exception.instead_of, required=required)
    if today is None:
        return say("rule.tier.no-day")
    limit = rules.row(required)[0].waiver_max_days
    why = why_not_in_force(exception.requested_by, exception.approved_by, exception.on, exception.expires, limit, today)
    waiver = exception.as_waiver()
    why = why or why_altered(waiver, formerly)
    return why or in_a_row([waiver], limit, formerly.waivers).get(0, {}).get(TIER_EXCEPTION)
