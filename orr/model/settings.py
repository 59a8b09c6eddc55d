"""Settings of a workspace: `orr.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Literal

from orr.model.base import Record, record
from orr.model.checklist import Risk
from orr.model.fields import (
    WRITTEN_DAYS,
    Before,
    DatabaseAddress,
    Days,
    KebabId,
    Name,
    PathWords,
    Person,
    Tier,
    Truth,
    WebAddress,
    Within,
    Words,
)
from orr.model.impact import DEFAULT_TABLE, ImpactRow

CRITICAL = 2
"""The last of the tiers whose votes take more than one person, unless the policy says otherwise."""


@record
class PolicyRow(Record):
    """What the tiers of this row demand."""

    tiers: Annotated[tuple[Tier, ...], Within(min_length=1)] = (1, 2, 3, 4)
    no_go: tuple[Risk, ...] = (Risk.HIGH,)
    conditional: tuple[Risk, ...] = (Risk.MEDIUM,)
    sign_offs: tuple[Words, ...] = ("service-owner",)
    waiver_max_days: Annotated[int, Within(strict=True, ge=1)] = 90
    plan_max_days: Annotated[int, Within(strict=True, ge=1)] = 90
    recheck: Days = field(default=30, metadata=WRITTEN_DAYS)
    distinct: Truth | None = None
    checklists: tuple[KebabId, ...] | None = None
    items: Literal["all", "core"] = "all"
    binds: Literal["workload", "artifact"] = "workload"
    signatures: Literal["optional", "required"] = "optional"

    @property
    def core_only(self) -> bool:
        """Whether only the core questions are asked."""
        return self.items == "core"

    @property
    def needs_signatures(self) -> bool:
        """Whether votes and approvals count only with the signature of the one who gives them."""
        return self.signatures == "required"

    def needs_distinct_voters(self, tier: int) -> bool:
        """Whether nobody may vote for two roles; by default in tiers 1 and 2."""
        return tier <= CRITICAL if self.distinct is None else self.distinct


@record
class Channel(Record):
    """Address for notifications of a team or a person, and their language."""

    to: Words
    language: Literal["en", "zh-CN"] | None = None


def channel(value: object) -> object:
    """Read a bare address as a channel."""
    return {"to": value} if isinstance(value, str) else value


Variable = Annotated[str, Within(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=128)]
"""The name of a variable of the environment."""


@record
class GitHubTarget(Record):
    """A repository of GitHub whose issues are tickets."""

    repository: Annotated[str, Within(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*/[.]?[A-Za-z0-9_-][A-Za-z0-9_.-]*$")]
    token: Variable
    url: WebAddress = "https://api.github.com"


@record
class GitLabTarget(Record):
    """A project of GitLab whose issues are tickets."""

    project: Words
    token: Variable
    url: WebAddress = "https://gitlab.com/api/v4"


@record
class Tickets(Record):
    """Where tickets for open items go."""

    per: Literal["item", "owner"] = "item"
    label: Annotated[str, Within(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:-]*$", max_length=50)] = "orr"
    github: GitHubTarget | None = None
    gitlab: GitLabTarget | None = None


SourceValue = str | int | float | tuple[str, ...]
"""What orr.yaml passes to the recipes of a source: a text, a number or a list of texts."""


def _named(value: object) -> object:
    """Read a list of names as sources that are passed nothing."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return {name: {} for name in value}
    if isinstance(value, dict):
        return {name: {} if given is None else given for name, given in value.items()}
    return value


_LIST = {"type": "array", "items": {"type": "string", "minLength": 1}}
_SOURCES = {
    "anyOf": [
        _LIST,
        {
            "type": "object",
            "additionalProperties": {
                "type": ["object", "null"],
                "additionalProperties": {"anyOf": [{"type": ["string", "number"]}, _LIST]},
            },
        },
    ]
}

Sources = Annotated[dict[Words, dict[str, SourceValue]], Before(_named, _SOURCES)]
"""By the name of a product or of a kind that acts, what its checks in groups are passed."""


@record
class Settings(Record):
    """`orr.yaml`."""

    timezone: Words = "UTC"
    language: Literal["en", "zh-CN"] = "en"
    repositories: tuple[PathWords, ...] = ()
    checklists: tuple[PathWords, ...] | None = None
    allow: tuple[Words, ...] = ()
    sources: Sources = field(default_factory=dict)
    signers: PathWords | None = None
    revoked: PathWords | None = None
    history: DatabaseAddress = "sqlite:///reports/history.db"
    policy: tuple[PolicyRow, ...] = ()
    tiers: dict[Name, Tier] = field(default_factory=dict)
    impact_tiers: Annotated[tuple[ImpactRow, ...], Within(min_length=1)] = DEFAULT_TABLE
    people: dict[Person, Annotated[Channel, Before(channel)]] = field(default_factory=dict)
    notify: dict[Name, Annotated[Channel, Before(channel)]] = field(default_factory=dict)
    report_url: WebAddress | None = None
    tickets: Tickets = Tickets()

    @property
    def asked(self) -> tuple[str, ...]:
        """What `allow` and `sources` set up, each source with what it is passed."""
        return (
            *(f"{name} ({_shown(given)})" if given else name for name, given in sorted(self.sources.items())),
            *self.allow,
        )


def _shown(given: Mapping[str, SourceValue]) -> str:
    return ", ".join(
        f"{name}: {', '.join(one) if isinstance(one, tuple) else one}" for name, one in sorted(given.items())
    )
