"""Checklists: sections, items and checks.

Every class mirrors one mapping of the file formats; `docs/formats.md` describes them, and `orr.model.validation`
makes one from a file's data. Nothing here opens a file or knows the date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

from orr.model.base import Record, plain, record
from orr.model.fields import (
    WRITTEN_DAYS,
    WRITTEN_MINUTES,
    Before,
    Day,
    Days,
    Id,
    KebabId,
    Minutes,
    Names,
    Text,
    Tier,
    Truth,
    Within,
    Words,
    one_or_many,
    unfit,
)
from orr.model.release import Demand


class Risk(StrEnum):
    """How much an open item matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Scope(StrEnum):
    """Where an item's answer lives."""

    WORKLOAD = "workload"
    TEAM = "team"
    ORGANIZATION = "organization"


class Occasion(StrEnum):
    """What a review is held for."""

    LAUNCH = "launch"
    CHANGE = "change"
    RECURRING = "recurring"


class AnsweredBy(StrEnum):
    """Who decides an item."""

    PERSON = "person"
    CHECKS = "checks"
    BOTH = "both"


class Role(StrEnum):
    """Who is best asked."""

    ENGINEERING = "engineering"
    OPERATIONS = "operations"
    SECURITY = "security"
    PRODUCT = "product"
    DATA = "data"
    MANAGEMENT = "management"


class Phase(StrEnum):
    """When an item is first looked at; in the order of time."""

    DESIGN = "design"
    BUILD = "build"
    LAUNCH = "launch"
    LIVE = "live"


Governance = Literal["centralized", "decentralized"]


@record
class When(Record):
    """The workloads that an item applies to: every key given must match."""

    tier: Annotated[tuple[Tier, ...], Before(one_or_many)] | None = None
    tags: Names | None = None
    team: Names | None = None
    governance: Annotated[tuple[Governance, ...], Before(one_or_many)] | None = None
    provider: Truth | None = None
    live: Truth | None = None


ANY_OF = "any_of"
"""The key of a group of checks, and the name that stands for its kind."""


@dataclass(frozen=True)
class CheckSpec(Record):
    """Check of an item: kind and parameters, or a group of alternatives.

    Attributes
    ----------
    check
        The kind; `any_of` for a group.
    parameters
        The keys beside `check`, as they stand in the file.
    any_of
        The checks of a group, each of another source.
    """

    check: Words
    parameters: dict[str, Any] = field(default_factory=dict)
    any_of: Annotated[tuple[Spec, ...], Within(min_length=1)] = ()

    def __post_init__(self) -> None:
        if any(one.any_of for one in self.any_of):
            raise unfit("nested-group")

    @property
    def sources(self) -> tuple[CheckSpec, ...]:
        """The checks that are run for it."""
        return self.any_of or (self,)

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> CheckSpec:
        """The check that a mapping with all of its keys is."""
        if ANY_OF in mapping:
            return cls(ANY_OF, any_of=tuple(map(cls.of, mapping[ANY_OF])))
        return cls(mapping["check"], {key: value for key, value in mapping.items() if key != "check"})

    def as_data(self, *, defaults: bool = False, without: Collection[str] = ()) -> dict[str, Any]:
        """The mapping as it stands in the file."""
        del without
        if self.any_of:
            return {ANY_OF: [one.as_data(defaults=defaults) for one in self.any_of]}
        return {"check": self.check, **plain(self.parameters, defaults=defaults)}


def _spec(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if ANY_OF in value:
        if len(value) > 1:
            raise unfit("group-alone", keys=[key for key in value if key != ANY_OF])
        return {"check": ANY_OF, **value}
    parameters = {key: one for key, one in value.items() if key != "check"}
    return {**({"check": value["check"]} if "check" in value else {}), "parameters": parameters}


Spec = Annotated[CheckSpec, Before(_spec)]
"""A check as it stands in a file: one mapping with all of its keys."""


@record
class Item(Record):
    """One question of a checklist."""

    item: Id
    ask: Text
    why: Text | None = None
    fix: Text | None = None
    practice: Names = ()
    replaces: Names = ()
    core: Truth = False
    effort: Minutes | None = field(default=None, metadata=WRITTEN_MINUTES)
    role: Annotated[tuple[Role, ...], Before(one_or_many)] = ()
    phase: Phase | None = None
    risk: Risk | None = None
    blocking: Truth | None = None
    waivable: Truth = True
    scope: Scope = Scope.WORKLOAD
    occasions: Annotated[tuple[Occasion, ...], Before(one_or_many)] = tuple(Occasion)
    when: When | None = None
    valid_for: Days = field(default=365, metadata=WRITTEN_DAYS)
    plan_accepted: Truth = False
    evidence: Literal["required", "optional"] = "optional"
    subject: Annotated[tuple[Demand, ...], Before(one_or_many)] = ()
    subject_if_released: Annotated[tuple[Demand, ...], Before(one_or_many)] = ()
    answered_by: AnsweredBy | None = None
    enforce_from: Day | None = None
    origin: Words | None = None
    checks: tuple[Spec, ...] = ()

    def __post_init__(self) -> None:
        if not self.checks and self.answered_by in (AnsweredBy.CHECKS, AnsweredBy.BOTH):
            raise unfit("no-checks", item=self.item)

    @property
    def sources(self) -> tuple[CheckSpec, ...]:
        """All of its checks, those of groups one by one."""
        return tuple(one for spec in self.checks for one in spec.sources)


@record
class RiskRule(Record):
    """One line of a section's `risk_rules`: a condition over its choices, and a risk."""

    if_: Annotated[str, Within(min_length=1)]
    risk: Literal["high", "medium", "none", "unknown"]


@record
class Section(Record):
    """A group of items; with `risk_rules` it is assessed as one item."""

    section: Id
    title: Text | None = None
    about: Text | None = None
    risk_rules: tuple[RiskRule, ...] = ()
    blocking: Truth | None = None
    items: Annotated[tuple[Item, ...], Within(min_length=1)]


@record
class LensPart(Record):
    """The pillar of a custom lens that a checklist was."""

    name: Words
    pillar: Words
    place: Annotated[int, Within(strict=True, ge=1)]


@record
class Checklist(Record):
    """Sections of items that belong together and share an owner and a version."""

    checklist: KebabId
    version: Annotated[int, Within(strict=True, ge=1)]
    title: Text
    about: Text | None = None
    owner: Words | None = None
    required: Truth = True
    lens: LensPart | None = None
    sections: Annotated[tuple[Section, ...], Within(min_length=1)]

    @property
    def specs(self) -> Iterator[CheckSpec]:
        """The checks of all its items, those of groups one by one."""
        return (spec for section in self.sections for item in section.items for spec in item.sources)


ASKED = "asked"
"""The item that stands for a required checklist that a workload is not asked; no other bears its name."""


def item_id(checklist: str, item: str) -> str:
    """Global name of an item or of a section with risk rules."""
    return f"{checklist}/{item}"
