"""The words of a review as frozen models: what stands in the files, checked for form.

Every class mirrors one mapping of the file formats; `docs/formats.md` describes them.
Nothing here opens a file or knows the date.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError


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


def _fault(kind: str, **values: Any) -> PydanticCustomError:
    """A fault whose words are `model.<kind>` in the messages."""
    return PydanticCustomError(f"orr.{kind}", "{kind}", {"kind": kind, **values})


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?")


def _day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    read = _read_moment(value) if isinstance(value, str) else None
    if read is None or isinstance(read, datetime):
        raise _fault("day", value=str(value))
    return read


def _moment(value: object) -> object:
    if isinstance(value, date):
        return value
    read = _read_moment(value) if isinstance(value, str) else None
    if read is not None:
        return read
    looks_like_a_day = isinstance(value, str) and _DAY.fullmatch(value)
    raise _fault("day" if looks_like_a_day else "moment", value=str(value))


@lru_cache(maxsize=1024)
def _read_moment(text: str) -> date | datetime | None:
    """The day or the time that a text is; the same few stand in most answers."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return None


def _days(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,4}d", value):
        return int(value[:-1])
    raise _fault("days", value=str(value))


def days(value: str) -> int:
    """Read a duration such as `90d` as a number of days.

    Raises
    ------
    ValueError
        If the text is not a positive whole number followed by `d`.
    """
    try:
        read = _days(value)
    except PydanticCustomError:
        raise ValueError(value) from None
    assert isinstance(read, int)
    return read


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, (str, int)) and not isinstance(value, bool) else value


def _sha256(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"(sha256:)?[0-9a-fA-F]{64}", value):
        return value
    raise _fault("sha256", value=str(value))


def _account(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{12}", value, re.ASCII):
        return value
    raise _fault("aws-account", value=str(value))


def _region(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}", value, re.ASCII):
        return value
    raise _fault("aws-region", value=str(value))


def _web_address(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s/]+\S*", value):
        return value
    raise _fault("url", value=str(value))


def _text(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, dict) and value:
        for language, words in value.items():
            if language not in ("en", "zh-CN"):
                raise _fault("language", value=str(language))
            if not isinstance(words, str) or not words.strip():
                raise _fault("text")
        return value
    raise _fault("text")


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A date, `YYYY-MM-DD`; it ends when the day ends in the workspace's time zone."""

Moment = Annotated[
    date | datetime,
    BeforeValidator(_moment),
    PlainSerializer(lambda value: value.isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$"}),
]
"""A date, or a date with a time; a time without offset is in the workspace's time zone."""

Days = Annotated[
    int,
    BeforeValidator(_days),
    PlainSerializer(lambda value: f"{value}d", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[1-9]\d{0,4}d$"}),
]
"""A duration in whole days, written `90d`."""

Text = Annotated[
    str | dict[str, str],
    BeforeValidator(_text),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"en": {"type": "string"}, "zh-CN": {"type": "string"}},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }
    ),
]
"""Words for people: one string, or one per language."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=128)]
KebabId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=128)]
Names = Annotated[tuple[Words, ...], BeforeValidator(_one_or_many)]
Name = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00-\x1f.][^/\\\x00-\x1f]*$", max_length=128)]
"""A name that is also a file's or folder's."""
Tier = Annotated[int, Field(ge=1, le=4, strict=True)]
Sha256 = Annotated[
    str,
    BeforeValidator(_sha256),
    WithJsonSchema({"type": "string", "pattern": "^(sha256:)?[0-9a-fA-F]{64}$"}),
]
AwsAccount = Annotated[str, BeforeValidator(_account), WithJsonSchema({"type": "string", "pattern": "^[0-9]{12}$"})]
"""The number of an AWS account; in quotes, since its zeros count."""
AwsRegion = Annotated[
    str,
    BeforeValidator(_region),
    WithJsonSchema({"type": "string", "pattern": "^[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}$"}),
]
"""The name of an AWS region; nothing else, since it becomes part of an address."""
WebAddress = Annotated[str, BeforeValidator(_web_address), WithJsonSchema({"type": "string", "format": "uri"})]


class Part(BaseModel):
    """The base of all: frozen, no unknown keys, nothing coerced."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=False, defer_build=True, use_attribute_docstrings=False
    )


# Checklists


class When(Part):
    """The workloads that an item applies to: every key given must match."""

    tier: Annotated[tuple[Tier, ...], BeforeValidator(_one_or_many)] | None = None
    tags: Names | None = None
    team: Names | None = None
    governance: Annotated[tuple[Literal["centralized", "decentralized"], ...], BeforeValidator(_one_or_many)] | None = (
        None
    )
    provider: Annotated[bool, Field(strict=True)] | None = None
    live: Annotated[bool, Field(strict=True)] | None = None


class CheckSpec(BaseModel):
    """A check that an item asks for: its kind, and the parameters of that kind."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    check: Words

    @property
    def parameters(self) -> dict[str, Any]:
        """The keys beside `check`, as they stand in the file."""
        return dict(self.model_extra or {})


class Item(Part):
    """One question of a checklist."""

    item: Id
    ask: Text
    why: Text | None = None
    fix: Text | None = None
    practice: Names = ()
    risk: Risk | None = None
    blocking: Annotated[bool, Field(strict=True)] | None = None
    waivable: Annotated[bool, Field(strict=True)] = True
    scope: Scope = Scope.WORKLOAD
    occasions: Annotated[tuple[Occasion, ...], BeforeValidator(_one_or_many)] = tuple(Occasion)
    when: When | None = None
    valid_for: Days = 365
    plan_accepted: Annotated[bool, Field(strict=True)] = False
    evidence: Literal["required", "optional"] = "optional"
    answered_by: AnsweredBy | None = None
    enforce_from: Day | None = None
    origin: Words | None = None
    checks: tuple[CheckSpec, ...] = ()

    @model_validator(mode="after")
    def _someone_decides(self) -> Self:
        if not self.checks and self.answered_by in (AnsweredBy.CHECKS, AnsweredBy.BOTH):
            raise _fault("no-checks", item=self.item)
        return self


class RiskRule(Part):
    """One line of a section's `risk_rules`: a condition over its choices, and a risk."""

    if_: Annotated[str, Field(alias="if", min_length=1)]
    risk: Literal["high", "medium", "none"]


class Section(Part):
    """A group of items; with `risk_rules` it is assessed as one item."""

    section: Id
    title: Text | None = None
    about: Text | None = None
    risk_rules: tuple[RiskRule, ...] = ()
    blocking: Annotated[bool, Field(strict=True)] | None = None
    items: tuple[Item, ...] = Field(min_length=1)


class Checklist(Part):
    """Sections of items that belong together and share an owner and a version."""

    checklist: KebabId
    version: Annotated[int, Field(strict=True, ge=1)]
    title: Text
    about: Text | None = None
    owner: Words | None = None
    sections: tuple[Section, ...] = Field(min_length=1)


# Workloads


class Owner(Part):
    """Who answers for a workload."""

    team: Name
    contact: Words | None = None


class Layer(Part):
    """Who engineers and who operates one layer; team names."""

    engineering: Words | None = None
    operations: Words | None = None


class OperatingModel(Part):
    """Who does what: two layers by two activities, their governance and provider."""

    application: Layer = Layer.model_construct()
    infrastructure: Layer = Layer.model_construct()
    governance: Literal["centralized", "decentralized"] | None = None
    provider: Words | None = None


class InAws(Part):
    """Where in AWS a workload runs, and by which tags its resources are known."""

    account: AwsAccount | None = None
    accounts: Annotated[tuple[AwsAccount, ...], BeforeValidator(_one_or_many)] = ()
    regions: Annotated[tuple[AwsRegion, ...], BeforeValidator(_one_or_many)] = ()
    tags: dict[Words, Words] = {}


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
    operating_model: OperatingModel = OperatingModel.model_construct()
    aws: InAws | None = None


# Reviews


class EvidenceEntry(Part):
    """What a person offers as proof: a file of the repository or a link."""

    title: Words | None = None
    path: Words | None = None
    url: WebAddress | None = None
    sha256: Sha256 | None = None
    collected: Day | None = None
    expires: Day | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.title is None and self.path is None and self.url is None:
            raise _fault("empty-evidence")
        if self.sha256 is not None and self.path is None:
            raise _fault("sha256-without-path")
        return self


class Plan(Part):
    """What will be done, by whom, until when (the due day included)."""

    action: Words
    owner: Words
    due: Day


class Answer(Part):
    """What a person said to an item."""

    answer: Reply | None = None
    note: Words | None = None
    reason: Words | None = None
    evidence: tuple[EvidenceEntry, ...] = ()
    plan: Plan | None = None
    by: Words
    on: Moment

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.answer is None and self.plan is None:
            raise _fault("neither-answer-nor-plan")
        if self.answer is Reply.NOT_APPLICABLE and self.reason is None:
            raise _fault("no-reason")
        return self


class Waiver(Part):
    """Leave to go on with items open, from its approval to `expires`, both included."""

    waiver: Id
    items: tuple[Words, ...] = Field(min_length=1)
    reason: Words
    compensating: Words | None = None
    requested_by: Words
    approved_by: Words | None = None
    approved_on: Day | None = None
    expires: Day
    revoked_on: Day | None = None


class SignOff(Part):
    """A role's vote on an assessment, bound to it by its digest."""

    role: Words
    by: Words
    vote: Vote
    on: Moment
    digest: Sha256


class Scenario(Part):
    """One way to fail, thought of before it happens."""

    scenario: Words
    likelihood: Level | None = None
    impact: Level | None = None
    detection: Words | None = None
    response: Words | None = None
    tested_on: Day | None = None


class Review(Part):
    """Everything that people said about a workload on an occasion."""

    review: Name
    occasion: Occasion = Occasion.LAUNCH
    answers: dict[str, Answer] = {}
    waivers: tuple[Waiver, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    pre_mortem: tuple[Scenario, ...] = ()
    benefits: Words | None = None


class TeamAnswers(Part):
    """`teams/<team>.yaml`: answers that all workloads of a team inherit."""

    team: Name
    answers: dict[str, Answer] = {}


class OrganizationAnswers(Part):
    """`organization.yaml`: answers that all workloads inherit."""

    organization: Name
    answers: dict[str, Answer] = {}


# Settings


class PolicyRow(Part):
    """What the tiers of this row demand."""

    tiers: tuple[Tier, ...] = Field(default=(1, 2, 3, 4), min_length=1)
    no_go: tuple[Risk, ...] = (Risk.HIGH,)
    conditional: tuple[Risk, ...] = (Risk.MEDIUM,)
    sign_offs: tuple[Words, ...] = ("service-owner",)
    waiver_max_days: Annotated[int, Field(strict=True, ge=1)] = 90
    recheck: Days = 30


class Channel(Part):
    """Where a team is told what drifted, and in which language."""

    to: Words
    language: Literal["en", "zh-CN"] | None = None


def _channel(value: object) -> object:
    return {"to": value} if isinstance(value, str) else value


class Settings(Part):
    """`orr.yaml`."""

    timezone: Words = "UTC"
    language: Literal["en", "zh-CN"] = "en"
    repositories: tuple[Words, ...] = ()
    checklists: tuple[Words, ...] | None = None
    allow: tuple[Words, ...] = ()
    history: Words = "sqlite:///reports/history.db"
    policy: tuple[PolicyRow, ...] = ()
    notify: dict[Name, Annotated[Channel, BeforeValidator(_channel)]] = {}
    report_url: WebAddress | None = None


def item_id(checklist: str, item: str) -> str:
    """The name of an item (or of a section with risk rules) everywhere but in its checklist."""
    return f"{checklist}/{item}"
