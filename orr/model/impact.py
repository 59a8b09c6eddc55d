"""Impact of a workload's outage, and the table that derives a tier from it."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from orr.model.base import Record, record
from orr.model.fields import Before, Day, Person, Tier, Truth, Within, Words, one_or_many, unfit
from orr.model.review import Waiver

TIER_EXCEPTION = "tier_exception"
LEAST_CRITICAL = 4
"""The tier of what no row of the table reaches."""

_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(\.\d{1,3})? ?([kM]?) ([A-Z]{3})", re.ASCII)
_TIMES = {"": 1, "k": 1_000, "M": 1_000_000}
_SPAN = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?) ?%?", re.ASCII)


class Sensitivity(StrEnum):
    """How far data may spread, the most harmless first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


_CLASSES = tuple(Sensitivity)


def _money(value: object) -> object:
    found = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise unfit("money", value=str(value))
    whole, part, times, currency = found.groups()
    amount = Decimal(whole.replace(",", "") + (part or "")) * _TIMES[times]
    return f"{_plain(amount)} {currency}"


def _span(value: object) -> object:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise unfit("span", value=str(value))
    seconds = int(found[1]) * _SECONDS[found[2]]
    unit = next((unit for unit, length in _SECONDS.items() if seconds and seconds % length == 0), "m")
    return f"{seconds // _SECONDS[unit]}{unit}"


def _share(value: object) -> object:
    text = value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""
    found = _SHARE.fullmatch(text)
    if found is None or Decimal(found[1]) > 100:
        raise unfit("share", value=str(value))
    return f"{_plain(Decimal(found[1]))}%"


def _plain(number: Decimal) -> str:
    """A number without an exponent, and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Money = Annotated[str, Before(_money, {"type": "string", "pattern": f"^{_AMOUNT.pattern}$"})]
"""An amount with its currency, `20000 EUR`; also written `20,000 EUR` or `20k EUR`."""
Span = Annotated[str, Before(_span, {"type": "string", "pattern": f"^{_SPAN.pattern}$"})]
"""A duration, `30s`, `15m`, `4h` or `1d`."""
Share = Annotated[
    str,
    Before(
        _share,
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{_SHARE.pattern}$"},
                {"type": "number", "minimum": 0, "maximum": 100},
            ]
        },
    ),
]
"""A share in percent, `99.9%`."""
Count = Annotated[int, Within(strict=True, ge=0)]
Sums = Annotated[tuple[Money, ...], Before(one_or_many)]


@record
class Impact(Record):
    """What an outage means; a field that is not given counts as the most critical."""

    outage_cost: Money | None = None
    users: Count | None = None
    teams: Count | None = None
    data: Sensitivity | None = None
    safety: Truth | None = None
    legal: Truth | None = None
    availability: Share | None = None
    rto: Span | None = None
    rpo: Span | None = None


@record
class ImpactRow(Record):
    """From which impact on a workload is of a tier: from any of these on."""

    tier: Tier
    outage_cost: Sums | None = None
    users: Count | None = None
    teams: Count | None = None
    data: Sensitivity | None = None
    safety: Literal[True] | None = None
    legal: Literal[True] | None = None
    availability: Share | None = None
    rto: Span | None = None
    rpo: Span | None = None


FIELDS = tuple(Impact.__dataclass_fields__)
"""What an impact is made of, in the order in which it is told."""

DEFAULT_TABLE = (
    ImpactRow(
        tier=1,
        outage_cost=("50000 EUR", "50000 USD", "400000 CNY"),
        users=100_000,
        teams=20,
        data=Sensitivity.RESTRICTED,
        safety=True,
        availability="99.99%",
        rto="15m",
        rpo="0m",
    ),
    ImpactRow(
        tier=2,
        outage_cost=("5000 EUR", "5000 USD", "40000 CNY"),
        users=10_000,
        teams=5,
        data=Sensitivity.CONFIDENTIAL,
        legal=True,
        availability="99.9%",
        rto="1h",
        rpo="15m",
    ),
    ImpactRow(
        tier=3,
        outage_cost=("500 EUR", "500 USD", "4000 CNY"),
        users=100,
        teams=2,
        data=Sensitivity.INTERNAL,
        availability="99.5%",
        rto="8h",
        rpo="4h",
    ),
)
"""The table of a workspace that has none of its own."""


@record
class TierException(Record):
    """Permission to count as a laxer tier, from approval to `expires`, both inclusive.

    It was approved in the place of the tier `instead_of`, and does not hold where a more critical one is derived.
    """

    tier: Tier
    instead_of: Tier
    reason: Words
    requested_by: Person
    approved_by: Person | None = None
    on: Day | None = None
    expires: Day
    signature: Words | None = None

    def as_waiver(self) -> Waiver:
        """The same as a waiver of any derived tier, and of this one for that."""
        return Waiver(
            waiver=TIER_EXCEPTION,
            items=(TIER_EXCEPTION, f"tier {self.tier} for {self.instead_of}"),
            reason=self.reason,
            requested_by=self.requested_by,
            approved_by=self.approved_by,
            approved_on=self.on,
            expires=self.expires,
        )


def amount(money: str) -> tuple[Decimal, str]:
    """Split an amount from its currency."""
    number, currency = money.split(" ")
    return Decimal(number), currency


def severity(field: str, value: Any) -> Decimal:
    """A comparable measure of a field's value, but for money: the higher, the more critical."""
    if field in ("rto", "rpo"):
        return Decimal(-int(value[:-1]) * _SECONDS[value[-1]])
    if field == "availability":
        return Decimal(value.removesuffix("%"))
    return Decimal(_CLASSES.index(value) if field == "data" else int(value))
