"""The words of a review: what stands in the files, as frozen dataclasses.

Every class mirrors one mapping of the file formats; `docs/formats.md` describes them, and `orr.validation`
makes one from a file's data. Nothing here opens a file or knows the date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

from orr.annotated import Before, Within
from orr.part import Part, part, plain
from orr.values import (
    WRITTEN_DAYS,
    AwsAccount,
    AwsRegion,
    Day,
    Days,
    Id,
    KebabId,
    Moment,
    Name,
    Names,
    Sha256,
    Text,
    Tier,
    Truth,
    WebAddress,
    Words,
    one_or_many,
    unfit,
)


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


class Reply(StrEnum):
    """What a person may answer."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"


class AnsweredBy(StrEnum):
    """Who decides an item."""

    PERSON = "person"
    CHECKS = "checks"
    BOTH = "both"


class Level(StrEnum):
    """A rough size, as a pre-mortem uses for likelihood and impact."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Vote(StrEnum):
    """What a role may say to an assessment."""

    GO = "go"
    NO_GO = "no-go"


Governance = Literal["centralized", "decentralized"]


# Checklists


@part
class When(Part):
    """The workloads that an item applies to: every key given must match."""

    tier: Annotated[tuple[Tier, ...], Before(one_or_many)] | None = None
    tags: Names | None = None
    team: Names | None = None
    governance: Annotated[tuple[Governance, ...], Before(one_or_many)] | None = None
    provider: Truth | None = None
    live: Truth | None = None


@dataclass(frozen=True)
class CheckSpec(Part):
    """A check that an item asks for: its kind, and the parameters of that kind.

    Attributes
    ----------
    check
        The kind.
    parameters
        The keys beside `check`, as they stand in the file.
    """

    check: Words
    parameters: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> CheckSpec:
        """The check that a mapping with all of its keys is."""
        return cls(mapping["check"], {key: value for key, value in mapping.items() if key != "check"})

    def as_data(self, *, defaults: bool = False, without: Collection[str] = ()) -> dict[str, Any]:
        """The mapping as it stands in the file; each of its keys is somebody else's."""
        del without
        return {"check": self.check, **plain(self.parameters, defaults=defaults)}


def _spec(value: object) -> object:
    if not isinstance(value, dict):
        return value
    parameters = {key: one for key, one in value.items() if key != "check"}
    return {**({"check": value["check"]} if "check" in value else {}), "parameters": parameters}


Spec = Annotated[CheckSpec, Before(_spec)]
"""A check as it stands in a file: one mapping with all of its keys."""


@part
class Item(Part):
    """One question of a checklist."""

    item: Id
    ask: Text
    why: Text | None = None
    fix: Text | None = None
    practice: Names = ()
    risk: Risk | None = None
    blocking: Truth | None = None
    waivable: Truth = True
    scope: Scope = Scope.WORKLOAD
    occasions: Annotated[tuple[Occasion, ...], Before(one_or_many)] = tuple(Occasion)
    when: When | None = None
    valid_for: Days = field(default=365, metadata=WRITTEN_DAYS)
    plan_accepted: Truth = False
    evidence: Literal["required", "optional"] = "optional"
    answered_by: AnsweredBy | None = None
    enforce_from: Day | None = None
    origin: Words | None = None
    checks: tuple[Spec, ...] = ()

    def __post_init__(self) -> None:
        if not self.checks and self.answered_by in (AnsweredBy.CHECKS, AnsweredBy.BOTH):
            raise unfit("no-checks", item=self.item)


@part
class RiskRule(Part):
    """One line of a section's `risk_rules`: a condition over its choices, and a risk."""

    if_: Annotated[str, Within(min_length=1)]
    risk: Literal["high", "medium", "none"]


@part
class Section(Part):
    """A group of items; with `risk_rules` it is assessed as one item."""

    section: Id
    title: Text | None = None
    about: Text | None = None
    risk_rules: tuple[RiskRule, ...] = ()
    blocking: Truth | None = None
    items: Annotated[tuple[Item, ...], Within(min_length=1)]


@part
class Checklist(Part):
    """Sections of items that belong together and share an owner and a version."""

    checklist: KebabId
    version: Annotated[int, Within(strict=True, ge=1)]
    title: Text
    about: Text | None = None
    owner: Words | None = None
    sections: Annotated[tuple[Section, ...], Within(min_length=1)]


# Workloads


@part
class Owner(Part):
    """Who answers for a workload."""

    team: Name
    contact: Words | None = None


@part
class Layer(Part):
    """Who engineers and who operates one layer; team names."""

    engineering: Words | None = None
    operations: Words | None = None


@part
class OperatingModel(Part):
    """Who does what: two layers by two activities, their governance and provider."""

    application: Layer = Layer()
    infrastructure: Layer = Layer()
    governance: Governance | None = None
    provider: Words | None = None


@part
class InAws(Part):
    """Where in AWS a workload runs, and by which tags its resources are known."""

    account: AwsAccount | None = None
    accounts: Annotated[tuple[AwsAccount, ...], Before(one_or_many)] = ()
    regions: Annotated[tuple[AwsRegion, ...], Before(one_or_many)] = ()
    tags: dict[Words, Words] = field(default_factory=dict)


@part
class Workload(Part):
    """What is reviewed."""

    workload: Name
    title: Text
    tier: Tier
    owner: Owner
    launch: Moment | None = None
    live_since: Day | None = None
    repository: Words | None = None
    checklists: tuple[KebabId, ...] | None = None
    tags: Names = ()
    operating_model: OperatingModel = OperatingModel()
    aws: InAws | None = None


# Reviews


@part
class EvidenceEntry(Part):
    """What a person offers as proof: a file of the repository or a link."""

    title: Words | None = None
    path: Words | None = None
    url: WebAddress | None = None
    sha256: Sha256 | None = None
    collected: Day | None = None
    expires: Day | None = None

    def __post_init__(self) -> None:
        if self.title is None and self.path is None and self.url is None:
            raise unfit("empty-evidence")
        if self.sha256 is not None and self.path is None:
            raise unfit("sha256-without-path")


@part
class Plan(Part):
    """What will be done, by whom, until when (the due day included)."""

    action: Words
    owner: Words
    due: Day


@part
class Answer(Part):
    """What a person said to an item."""

    answer: Reply | None = None
    note: Words | None = None
    reason: Words | None = None
    evidence: tuple[EvidenceEntry, ...] = ()
    plan: Plan | None = None
    by: Words
    on: Moment

    def __post_init__(self) -> None:
        if self.answer is None and self.plan is None:
            raise unfit("neither-answer-nor-plan")
        if self.answer is Reply.NOT_APPLICABLE and self.reason is None:
            raise unfit("no-reason")


@part
class Waiver(Part):
    """Leave to go on with items open, from its approval to `expires`, both included."""

    waiver: Id
    items: Annotated[tuple[Words, ...], Within(min_length=1)]
    reason: Words
    compensating: Words | None = None
    requested_by: Words
    approved_by: Words | None = None
    approved_on: Day | None = None
    expires: Day
    revoked_on: Day | None = None


@part
class SignOff(Part):
    """A role's vote on an assessment, bound to it by its digest."""

    role: Words
    by: Words
    vote: Vote
    on: Moment
    digest: Sha256


@part
class Scenario(Part):
    """One way to fail, thought of before it happens."""

    scenario: Words
    likelihood: Level | None = None
    impact: Level | None = None
    detection: Words | None = None
    response: Words | None = None
    tested_on: Day | None = None


@part
class Review(Part):
    """Everything that people said about a workload on an occasion."""

    review: Name
    occasion: Occasion = Occasion.LAUNCH
    answers: dict[str, Answer] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    pre_mortem: tuple[Scenario, ...] = ()
    benefits: Words | None = None


@part
class TeamAnswers(Part):
    """`teams/<team>.yaml`: answers that all workloads of a team inherit."""

    team: Name
    answers: dict[str, Answer] = field(default_factory=dict)


@part
class OrganizationAnswers(Part):
    """`organization.yaml`: answers that all workloads inherit."""

    organization: Name
    answers: dict[str, Answer] = field(default_factory=dict)


# Settings


@part
class PolicyRow(Part):
    """What the tiers of this row demand."""

    tiers: Annotated[tuple[Tier, ...], Within(min_length=1)] = (1, 2, 3, 4)
    no_go: tuple[Risk, ...] = (Risk.HIGH,)
    conditional: tuple[Risk, ...] = (Risk.MEDIUM,)
    sign_offs: tuple[Words, ...] = ("service-owner",)
    waiver_max_days: Annotated[int, Within(strict=True, ge=1)] = 90
    recheck: Days = field(default=30, metadata=WRITTEN_DAYS)


@part
class Channel(Part):
    """Where a team is told what drifted, and in which language."""

    to: Words
    language: Literal["en", "zh-CN"] | None = None


def channel(value: object) -> object:
    """An address alone is a channel that says no language."""
    return {"to": value} if isinstance(value, str) else value


@part
class Settings(Part):
    """`orr.yaml`."""

    timezone: Words = "UTC"
    language: Literal["en", "zh-CN"] = "en"
    repositories: tuple[Words, ...] = ()
    checklists: tuple[Words, ...] | None = None
    allow: tuple[Words, ...] = ()
    history: Words = "sqlite:///reports/history.db"
    policy: tuple[PolicyRow, ...] = ()
    notify: dict[Name, Annotated[Channel, Before(channel)]] = field(default_factory=dict)
    report_url: WebAddress | None = None


def item_id(checklist: str, item: str) -> str:
    """The name of an item (or of a section with risk rules) everywhere but in its checklist."""
    return f"{checklist}/{item}"
